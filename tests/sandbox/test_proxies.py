"""A function in a child is as good as the function itself: same verdicts, same records, same changes."""

from __future__ import annotations

import json
import os
import time
from contextlib import contextmanager

import numpy as np
import pytest

import symnn
from symnn.errors import InputError, UndecidedError
from symnn.library import import_file
from symnn.sandbox import Limits, StoppedError, child_of, opened
from symnn.sandbox.messages import packed
from symnn.sandbox.process import Printed
from symnn.scalars import EXACT, NumberSystem, array, ball, running
from tests.cli.test_cli import EXAMPLE, GRADIENT, LEAVING, RIGHT, here, target

KINK = """
import numpy as np

def loss(w, x): return np.sum(np.maximum(w * x, 0)) + 0.7310585786300049 * np.sum(w**2)
def grad(w, x): return (w * x > 0) * x + 2 * w * 0.7310585786300049
def example(): return np.array([0.0, 1.0, -2.0]), np.array([2.0, 1.0, 1.0])
"""
DROPOUT = """
import numpy as np

def mask(w): return np.random.rand(*w.shape) > 0.5
def loss(w, f): return f(w * mask(w) + w)
def grad(w, f): return (1.0 * mask(w) + 1) * f.slope
class Times:
    slope = 3
    def __call__(self, w): return np.sum(w) * self.slope
def example(): return np.ones((3, 4)), Times()
"""
NETWORK = """
import numpy as np
from symnn import Dense, Network

network = Network(inputs=2, layers=[Dense(1, "sigmoid")], loss="half-squared-error", reduction="sum")

def forward(params, X): return 1 / (1 + np.exp(-(params["W1"] @ X + params["b1"])))
def loss(params, X, Y): return np.sum((Y - forward(params, X)) ** 2) / 2
def grad(params, X, Y):
    delta = forward(params, X) - Y
    return {"W1": delta @ X.T, "b1": delta.sum(axis=1, keepdims=True)}
def example():
    params = {"W1": np.array([[0.5, -1.5]]), "b1": np.array([[0.25]])}
    return params, np.array([[1.0, 2, 3], [0, 1, 1]]), np.ones((1, 3))
"""
CLASSES = """
import numpy as np
from symnn import Dense, Network

layers = [Dense(3, "leaky-relu", constants={"alpha": "1/5"}), Dense(3, "softmax")]
network = Network(inputs=2, layers=layers, loss="sparse-categorical-cross-entropy")

def forward(params, X):
    Z = params["W1"] @ X + params["b1"]
    A = np.where(Z > 0, Z, Z / 5)
    E = np.exp(params["W2"] @ A + params["b2"])
    return Z, A, E / E.sum(axis=0, keepdims=True)
def loss(params, X, labels):
    P = forward(params, X)[2]
    return -np.sum(np.log(P[labels, np.arange(len(labels))])) / len(labels)
def grad(params, X, labels):
    Z, A, P = forward(params, X)
    delta = (P - np.eye(3)[:, labels]) / len(labels)
    back = params["W2"].T @ delta * np.where(Z > 0, 1, 1 / 5)
    return {
        "W1": back @ X.T, "b1": back.sum(axis=1, keepdims=True),
        "W2": delta @ A.T, "b2": delta.sum(axis=1, keepdims=True),
    }
def example():
    rng = np.random.default_rng(0)
    shapes = {"W1": (3, 2), "b1": (3, 1), "W2": (3, 3), "b2": (3, 1)}
    return {k: rng.normal(size=s) for k, s in shapes.items()}, rng.normal(size=(2, 4)), np.array([0, 2, 1, 2])
"""
STATE = """
def loss(w):
    loss.seen = w
    return w * w

def grad(w): return 2 * loss.seen
def example(): return (3.0,)
"""
CHANGES = RIGHT.replace(GRADIENT, f'params["w"] *= 2\n    {GRADIENT}')
TEXTS = {
    "changing its parameters": CHANGES,
    "keeping a count": RIGHT.replace(
        GRADIENT, f"grad.n = getattr(grad, 'n', 0) + 1\n    {GRADIENT.replace('x}', 'x * grad.n}')}"
    ),
    "right": RIGHT,
    "wrong": RIGHT.replace("(1 -", "2 * (1 -"),
    "on a kink": KINK,
    "drawing and an object among the data": DROPOUT,
    "with a network": NETWORK,
    "recognised as a network": NETWORK.replace("network =", "_ =")
    .replace("delta = ", "delta = 2 * (")
    .replace(") - Y", ") - Y)"),
    "with constants and class labels": CLASSES,
    "wrong, with constants and class labels": CLASSES.replace("np.where(Z > 0, 1, 1 / 5)", "np.where(Z > 0, 1, 0)"),
    "keeping state": STATE,
    "raising": RIGHT.replace(GRADIENT, "return params[1]"),
    "leaving NumPy": RIGHT.replace(GRADIENT, LEAVING),
}


@contextmanager
def sandboxed(path, seconds=60.0):
    with opened(child_of(path, Limits(seconds))) as found:
        yield found


@pytest.mark.parametrize("name", TEXTS)
def test_a_verdict_in_the_sandbox_is_that_of_the_functions_themselves(tmp_path, name):
    path = tmp_path / "mine.py"
    path.write_text(TEXTS[name], encoding="utf-8")
    module = import_file(path, f"mine_{len(name)}")
    network = getattr(module, "network", None)
    # That edits are tried alike in both is a test of edits.
    expected = symnn.verify(module.loss, module.grad, *module.example(), network=network, effort=0)
    with sandboxed(path) as found:
        assert found.network == network
        verdict = symnn.verify(found.loss, found.grad, *found.arguments, network=found.network, effort=0)
    assert str(verdict) == str(expected)


def test_what_a_run_recorded_in_the_child_is_recorded_here(tmp_path):
    path = target(tmp_path, "np.sum(np.tanh(", "0.5773502691896258 * np.sum(np.tanh(")
    with sandboxed(path) as found:
        params, x = found.arguments
        with running(ball(100), functions=(found.loss, found.grad)) as run:
            result = found.loss({"w": array(params["w"], ball(100))}, x)
    assert run.inexact_constants == {0.5773502691896258}
    assert result.value.rel_accuracy_bits() > 80


def test_arguments_that_a_function_changes_are_changed_here(tmp_path):
    path = target(tmp_path, GRADIENT, f'params["w"] += 1\n    params["new"] = [x]\n    {GRADIENT}')
    with sandboxed(path) as found:
        params, x = found.arguments
        kept, before = params["w"], params["w"].copy()
        found.grad(params, x)
        assert params["w"] is kept
        assert (kept == before + 1).all()
        assert (params["new"][0] == x).all()
        with running(EXACT):
            lifted = {"w": array(before, EXACT)}
            with pytest.raises(UndecidedError, match="irrational"):
                found.grad(lifted, x)
            assert (lifted["w"] == before).all()


def test_a_number_system_without_a_row_is_not_available(tmp_path):
    said = "'strange' is not available in the sandbox"
    with (
        sandboxed(target(tmp_path)) as found,
        running(NumberSystem("strange", None, float)),
        pytest.raises(UndecidedError, match=said),
    ):
        found.loss(*found.arguments)


def test_lines_are_those_of_the_functions(tmp_path):
    with sandboxed(target(tmp_path)) as found:
        lines = RIGHT.splitlines()
        assert {name: lines[line - 1].split("(")[0] for name, line in found.lines.items()} == {
            name: f"def {name}" for name in ("loss", "grad", "example")
        }


def test_the_child_sees_no_secrets_and_no_threads_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("SYMNN_SECRET", "word")
    path = target(tmp_path, "return np.sum(", "import os\n    return ' '.join(os.environ) if x is None else np.sum(")
    with sandboxed(path) as found:
        names = set(found.loss({"w": np.ones(1)}, None).split())
    assert "SYMNN_SECRET" not in names
    assert {"PATH", "OMP_NUM_THREADS", "PYTHONHASHSEED"} <= names


def test_a_child_that_was_stopped_answers_no_more(tmp_path):
    path = target(tmp_path, GRADIENT, "while True: pass")
    with sandboxed(path, seconds=4) as found:
        start = time.monotonic()
        for _ in range(2):
            with pytest.raises(StoppedError, match=r"grad ran longer than 1 s \(--timeout\)"):
                found.grad(*found.arguments)
        assert time.monotonic() - start < 3


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="there is no list of processes here")
def test_what_a_file_started_ends_with_it(tmp_path):
    statement = (
        "import subprocess, sys; other = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])"
    )
    path = target(tmp_path, GRADIENT, f"{statement}\n    return other.pid")
    with sandboxed(path) as found:
        pid = found.grad(*found.arguments)
        assert os.path.isdir(f"/proc/{pid}")
    for _ in range(100):
        if not alive(pid):
            return
        time.sleep(0.05)
    raise AssertionError(f"process {pid} is still there")


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


FORGE = """

def forge(answer):
    import os
    for pipe in range(3, 9):
        try:
            os.write(pipe, answer)
        except OSError:
            pass
"""
RESULT = {"forget": False, "result": 1, "problem": None, "tower": None, "changed": None, "drew": False}
NOTHING = {"dict": []}
ANSWERS = {
    "no JSON": len(b"nonsense").to_bytes(8, "big") + b"nonsense",
    "a list": packed([1]),
    "two keys": packed({"value": {}, "undecided": ""}),
    "an unknown kind": packed({"pickle": ""}),
    "a value of no kind": packed({"value": {"forget": False, "result": {"pickle": "gASV"}}}),
    "a missing part": packed({"value": {"forget": False}}),
    "a record of another type": packed({"value": {**RESULT, "recorded": {"dict": [["kinks", 3]]}}}),
    "no records": packed({"value": {**RESULT, "recorded": 3}}),
    "a problem of no kind": packed({"value": {**RESULT, "recorded": NOTHING, "problem": {"list": ["equal", ""]}}}),
    "a length without end": b"\xff" * 8,
    "deep JSON": (200_000).to_bytes(8, "big") + b"[" * 200_000,
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_a_forged_answer_is_no_result(tmp_path, answer):
    path = target(tmp_path, GRADIENT, f"forge({answer!r})\n    {GRADIENT}")
    path.write_text(path.read_text(encoding="utf-8") + FORGE, encoding="utf-8")
    said = r"grad (answered with something else|gave a result larger)"
    with sandboxed(path) as found, pytest.raises(StoppedError, match=said):
        found.grad(*found.arguments)


def test_an_example_of_something_else_is_refused(tmp_path):
    with (
        pytest.raises(InputError, match="returned list, not"),
        sandboxed(target(tmp_path, EXAMPLE, "return [1]")),
    ):
        raise AssertionError("it was opened")


def test_what_was_printed_is_counted_and_its_beginning_kept():
    read, write = os.pipe()
    os.write(write, b"\xff" + b"x" * 2999)
    os.close(write)
    printed = Printed()
    with os.fdopen(read, "rb") as stream:
        printed.drain(stream)
    assert str(printed) == "\ufffd" + "x" * 1999 + "\n(printed 3000 bytes, the first 2 kB shown)\n"


def test_any_number_of_jobs_prints_the_same(tmp_path, monkeypatch):
    texts = [TEXTS["right"], TEXTS["wrong"], "1 // 0"]
    for place, text in enumerate(texts):
        (tmp_path / f"{place}.py").write_text(f"print('{place}')\n{text}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    command = ["verify", "0.py", "1.py", "2.py", "none.py", "--format", "json", "--jobs"]
    one, other = (here(monkeypatch, *command, jobs) for jobs in (1, 2))
    assert (one.stdout, one.stderr, one.returncode) == (other.stdout, other.stderr, 2)
    assert [row["verdict"] for row in json.loads(one.stdout)] == ["equal", "different", None, None]
    assert one.stderr == "0.py: 0\n1.py: 1\n2.py: 2\n"

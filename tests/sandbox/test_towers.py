"""Evidence of the level *identical* is the same through the sandbox, and forged residues are no evidence."""

from __future__ import annotations

import numpy as np
import pytest

from symnn.errors import UndecidedError
from symnn.library import import_file
from symnn.sandbox import Limits, StoppedError, child_of, opened, process
from symnn.sandbox.messages import packed
from symnn.scalars import Tower, running, signature, signatures
from symnn.verification.identical import identical
from symnn.verification.structure import parameters
from symnn.verification.subject import Subject
from tests.cli.test_cli import here
from tests.sandbox.test_proxies import FORGE
from tests.sandbox.test_residues import ABOUT, ENTRIES, GOOD, NONE, NUMBERS, RECORDS

FILE = """
import numpy as np

def loss(w, x): return {loss}
def grad(w, x): return {grad}
def example(): return np.array([0.5, -1.5, 2.25]), np.array([2.5, 1.0, 0.75])
"""
NESTED = "np.sum(np.exp(np.tanh(np.exp(np.tanh(w * x)))))"
SLOPE_OF_NESTED = (
    "np.exp(np.tanh(np.exp(np.tanh(w * x)))) * (1 - np.tanh(np.exp(np.tanh(w * x)))**2)"
    " * np.exp(np.tanh(w * x)) * (1 - np.tanh(w * x)**2) * x"
)
# A loss, its gradient, the verdict, and a part of what is said.
PAIRS = {
    "a right one": ("np.sum(np.tanh(w * x)) / 3", "(1 - np.tanh(w * x)**2) * x / 3", "equal", "parameters and data"),
    "a wrong factor": ("np.sum(np.tanh(w * x))", "2 * (1 - np.tanh(w * x)**2) * x", "different", "certainly another"),
    "its own argument": ("np.sum(w * x)", "x", "equal", "for all parameters and data"),
    "logarithms": ("np.sum(np.log(1 + np.exp(w * x)))", "x / (1 + np.exp(-w * x))", "equal", ""),
    "the power of a logarithm": ("np.sum(np.exp(3 * np.log(w * w + x * x)))", "6 * w * (w*w + x*x)**2", "equal", ""),
    "an opaque logarithm": ("np.sum(np.log(1 + w * w) ** 2)", "np.log(1 + w * w) * w", "undecided", "not all laws"),
    "a root of a square": ("np.sum(np.sqrt((w * x) ** 2))", "np.sign(w) * x", "equal", ""),
    "a norm": ("np.sqrt(np.sum(w * w))", "w / np.sqrt(np.sum(w * w))", "equal", "the signs of square roots aside"),
    "a wrong norm": ("np.sqrt(np.sum(w * w))", "2 * w / np.sqrt(np.sum(w * w))", "undecided", "not all laws"),
    "two norms": (
        "np.sqrt(np.sum(w * w)) + np.sqrt(np.sum((w + x)**2))",
        "w / np.sqrt(np.sum(w * w)) + (w + x) / np.sqrt(np.sum((w + x)**2))",
        "equal",
        "the signs of square roots aside",
    ),
    "conditions": ("np.sum(np.maximum(w * x, 0) ** 2)", "2 * np.maximum(w * x, 0) * x", "equal", ""),
    "nested exponentials": (NESTED, SLOPE_OF_NESTED, "equal", ""),
    "a rounded constant": ("0.7310585786300049 * np.sum(w)", "0.7310585786300048 * x / x", "undecided", "rounded"),
    "a root for a constant": ("np.sum(w * w) * np.sqrt(2 / np.pi)", "2 * w * 0.7978845608028654", "equal", ""),
    "zero throughout": ("np.sum(w * 0)", "np.zeros_like(w)", "undecided", "nothing to compare"),
    "another shape": ("np.sum(w * x)", "np.ones((2, 2))", "different", "has shape (2, 2)"),
    "raising": ("np.sum(w * x)", "x[7]", "undecided", "grad raised IndexError"),
    "on a kink": ("np.sum(np.maximum(0 * w, 0 * x + w - w))", "x * 0", "undecided", ""),
}


def evidence(loss, grad, params, *data):
    read = parameters(params)
    return identical(Subject(loss, grad, read, data), read.arrays, 0)


def written(tmp_path, loss, grad, further=""):
    path = tmp_path / "mine.py"
    path.write_text(FILE.format(loss=loss, grad=grad) + further, encoding="utf-8")
    return path


def sandboxed(path):
    return opened(child_of(path, Limits(seconds=60)))


@pytest.mark.parametrize("name", PAIRS)
def test_evidence_in_the_sandbox_is_that_of_the_functions_themselves(tmp_path, name):
    loss, grad, verdict, said = PAIRS[name]
    path = written(tmp_path, loss, grad)
    module = import_file(path, "mine_itself")
    expected = evidence(module.loss, module.grad, *module.example())
    assert expected.verdict == verdict
    assert said in expected.said
    with sandboxed(path) as found:
        assert evidence(found.loss, found.grad, *found.arguments) == expected


def test_what_comes_of_a_tower_in_the_child_is_said_of_the_tower_here(tmp_path):
    path = written(tmp_path, "np.sum(np.sqrt(w))", "np.exp(np.exp(np.exp(w)))")
    tower = Tower(2, seed=1)
    with sandboxed(path) as found, running(signature(tower), functions=(found.loss, found.grad)):
        w = signatures("w", [2.0, 3.0], tower)
        found.loss(w, None)
        assert tower.rooted == {x.residues[0] for x in w}
        assert not tower.exceeded
        with pytest.raises(UndecidedError, match="nested deeper than the 2 levels"):
            found.grad(w, None)
        assert tower.exceeded


def test_logarithms_taken_by_the_loss_are_remembered_by_the_gradient_and_not_over_another_tower(tmp_path):
    text = "\nimport numpy as np\nkept = []\ndef loss(w, x): kept.append(np.log(w)); return w\n"
    path = written(tmp_path, "w", "np.exp(kept[-1] - kept[0])", text)
    with sandboxed(path) as found:
        for seed in (1, 2):
            tower = Tower(2, seed)
            with running(signature(tower), functions=(found.loss, found.grad)):
                found.loss(signatures("w", [2.0], tower), None)
                if seed == 1:
                    assert found.grad(None, None)[0] == 1
                else:
                    with pytest.raises(UndecidedError, match="kept from an earlier run"):
                        found.grad(None, None)


def test_arguments_too_large_for_the_sandbox_are_undecided_and_the_next_call_goes_through(tmp_path, monkeypatch):
    path = written(tmp_path, "np.sum(w)", "w")
    tower = Tower(2, seed=0)
    with sandboxed(path) as found, running(signature(tower), functions=(found.loss, found.grad)):
        w = signatures("w", np.arange(50.0), tower)
        found.loss(w[:1], None)
        with monkeypatch.context() as patch:
            patch.setattr(process, "MOST_ANSWERED", 1000)
            with pytest.raises(
                UndecidedError, match=r"the arguments of loss are 0 MB long, and 0 MB go to the sandbox"
            ):
                found.loss(w * w, None)
        assert found.loss(w * w, None).residues == np.sum(w * w).residues


def answered(numbers, tower=NONE, problem=None):
    """What a child says as the result of a call, packed."""
    rest = {"problem": problem, "recorded": {"dict": []}, "tower": tower, "changed": None, "drew": False}
    return packed({"value": {"forget": False, "result": {"numbers": numbers}, **rest}})


def evidence_on(tmp_path, answer):
    """The evidence on a file whose gradient answers for the child."""
    path = written(tmp_path, "np.sum(w * x)", f"forge({answer!r})", FORGE)
    with sandboxed(path) as target:
        return evidence(target.loss, target.grad, *target.arguments)


FORGED = {
    "residues": answered({**ABOUT, "text": f"{GOOD} {ENTRIES['a residue beyond the prime']} {GOOD}"}),
    "what was never drawn": answered(NUMBERS["what was never drawn"]),
    "records": answered({**ABOUT, "text": f"{GOOD} {GOOD} {GOOD}"}, RECORDS["no records"]),
    "a problem of no kind": answered({**ABOUT, "text": GOOD}, problem={"list": ["equal", ""]}),
}


@pytest.mark.parametrize("answer", FORGED.values(), ids=FORGED)
def test_a_forged_answer_is_no_evidence(tmp_path, answer):
    found = evidence_on(tmp_path, answer)
    assert (found.verdict, found.said) == ("undecided", "undecided: grad answered with something else than a result")


def test_a_child_that_was_ended_gives_no_evidence(tmp_path):
    path = written(tmp_path, "np.sum(w * x)", "__import__('os')._exit(3)")
    with sandboxed(path) as found:
        assert (
            evidence(found.loss, found.grad, *found.arguments).said == "undecided: grad ended the process with status 3"
        )
        with pytest.raises(StoppedError):
            found.loss(*found.arguments)


@pytest.mark.parametrize(("factor", "status", "said"), [("2", 0, "identical with error below"), ("3", 1, "identical")])
def test_the_command_line_goes_through_the_sandbox(tmp_path, monkeypatch, factor, status, said):
    path = written(tmp_path, "np.sum(np.exp(w * w) * x)", f"{factor} * w * np.exp(w * w) * x")
    done = here(monkeypatch, "verify", "--level", "all", path)
    assert done.returncode == status
    assert said in done.stdout

"""A wrong gradient is told the smallest edit that makes it right, in its own line; the code runs on as it is."""

from __future__ import annotations

import functools
import gc
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import symnn
from symnn.cli.checking import Request, finding
from symnn.edits import all_applied
from symnn.edits.functions import function_of, source_of
from symnn.library import import_file
from symnn.verification.repair import editor_of
from symnn.verification.repair.bounds import Clock, TooLongError
from symnn.verification.repair.search import Search
from symnn.verification.repair.trial import trials_of
from symnn.verification.subject import pair_of
from tests.diagnosis_page import checked

CASES = Path(__file__).with_name("cases")

# By the name of a file: the line, and what of it is to be what.
TOLD = {
    "bias_times_input": (22, "d1 * H", "d1"),
    "mean_forgotten": (22, "dx", "dx - dx.mean(axis=1, keepdims=True)"),
    "path_overwritten": (24, None, "dW += np.outer(x, dc * (1 - g**2))"),
    "penalty_halved": (22, "REG * W", "2 * (REG * W)"),
    "repeated_rows": (14, "dE[words] += d", "np.add.at(dE, words, d)"),
    "slope_at_wrong_layer": (15, "out**2", "h**2"),
    "tanh_slope": (24, "1 - h", "1 - h ** 2"),
    "updated_too_early": (18, None, None),
    "upstream_dropped": (16, None, "dz *= np.where(z > 0, 1.0, 0.0)"),
    "wrong_step": (24, "hs[t]", "hs[t - 1]"),
}


@pytest.mark.parametrize("name", sorted(path.stem for path in CASES.glob("[a-z]*.py")))
def test_the_line_and_the_edit_are_told(name):
    _, verdict = checked(name)
    assert verdict.verdict == "different"
    (mistake,) = verdict.diagnosis.mistakes
    line, before, after = TOLD[name]
    assert mistake.line == line
    assert before in (None, mistake.edit[0])
    assert after in (None, mistake.edit[1])
    assert Path(mistake.file).stem == name


@pytest.mark.parametrize("name", TOLD)
def test_the_code_with_the_edit_is_equal(name, tmp_path):
    module, verdict = checked(name)
    text = Path(module.__file__).read_text(encoding="utf-8")
    path = tmp_path / "mended.py"
    path.write_text(all_applied(text, verdict.diagnosis.edits), encoding="utf-8")
    mended = import_file(path, f"mended_{name}")
    assert symnn.verify(mended.loss, mended.grad, *mended.example()).verdict == "equal"


@pytest.mark.parametrize("name", ["tanh_slope", "path_overwritten"])
def test_the_sandbox_tells_the_same(name):
    module, verdict = checked(name)
    found = finding(Path(module.__file__), Request()).verdict
    assert found is not None
    assert [(one.line, one.edit) for one in found.diagnosis.mistakes] == [
        (one.line, one.edit) for one in verdict.diagnosis.mistakes
    ]


def test_the_functions_are_what_they_were():
    module = import_module("tests.edits.cases.tanh_slope")
    code, numbers = module.grad.__code__, module.decay
    symnn.verify(module.loss, module.grad, *module.example())
    assert module.grad.__code__ is code
    assert module.decay == numbers


# Code in all shapes that a function may have.

W, X = np.array([[0.3, -0.7], [0.2, 0.5], [-0.4, 0.1]]), np.array([[1.5, 0.5, -0.2], [0.1, 0.9, 0.4]])


def loss(w, x):
    return np.sum(np.tanh(x @ w))


def counted(function):
    @functools.wraps(function)
    def wrapper(*arguments):
        wrapper.calls += 1
        return function(*arguments)

    wrapper.calls = 0
    return wrapper


@counted
def decorated(w, x):
    h = np.tanh(x @ w)
    return x.T @ (1 - h)


def made_with(power):
    def grad(w, x):
        h = np.tanh(x @ w)
        return x.T @ (1 - h) * power

    return grad


class Layer:
    """Private names, super() and a method of a class."""

    def backward(self, w, x):
        self.__kept = np.tanh(x @ w)
        return x.T @ (1 - self.__kept)


class Other(Layer):
    def backward(self, w, x):
        return super().backward(w, x) * 1


def one_liner(w, x): return x.T @ (1 - np.tanh(x @ w))  # fmt: skip


SHAPES = {
    "a decorated function": decorated,
    "a closure": made_with(1),
    "a method": Layer().backward,
    "a method by way of another": Other().backward,
    "a lambda": lambda w, x: x.T @ (1 - np.tanh(x @ w)),
    "one line": one_liner,
    "a partial": functools.partial(lambda k, w, x: k * x.T @ (1 - np.tanh(x @ w)), 1),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_code_of_every_shape_is_mended(shape):
    verdict = symnn.verify(loss, SHAPES[shape], W, X)
    (mistake,) = verdict.diagnosis.mistakes
    assert mistake.edit[1].endswith("** 2"), mistake


def test_functions_that_the_collector_does_not_tell_of_are_found():
    gc.freeze()
    try:
        assert symnn.verify(loss, decorated, W, X).diagnosis.mistakes
    finally:
        gc.unfreeze()


# Where nothing is told.


def test_code_without_its_text_is_told_nothing_of():
    space = {"np": np}
    exec("def grad(w, x): return x.T @ (1 - np.tanh(x @ w))", space)
    verdict = symnn.verify(loss, space["grad"], W, X)
    assert (verdict.verdict, verdict.diagnosis.mistakes) == ("different", ())


def test_a_text_that_is_not_that_of_the_code_is_not_taken_for_it(tmp_path):
    path = tmp_path / "moved.py"
    path.write_text("def f(x):\n    return x + 1\n", encoding="utf-8")
    module = import_file(path, "moved")
    assert function_of(module.f.__code__) is not None
    path.write_text("def f(x):\n    return x + x\n", encoding="utf-8")
    assert source_of(str(path)).text.endswith("x + x\n")
    assert function_of(module.f.__code__) is None


def test_an_edit_that_is_right_by_accident_of_the_numbers_is_not_told():
    rate, batch = 0.25, np.ones((4, 3))

    def penalised(w, x, rate):
        return np.mean(x @ w) ** 2 + rate * np.sum(w**2)

    def gradient(w, x, rate):
        return 2 * np.mean(x @ w) * np.mean(x, axis=0) + rate * w

    (mistake,) = symnn.verify(penalised, gradient, np.array([0.3, -0.7, 0.2]), batch, rate).diagnosis.mistakes
    assert "sqrt" not in mistake.edit[1], "the root of 1/4 is twice 1/4"
    assert "len" not in mistake.edit[1]


def test_a_gradient_that_cannot_be_mended_is_told_without_an_edit():
    def drawn(w, x):
        return np.random.default_rng(0).normal(size=w.shape)

    assert symnn.verify(loss, drawn, W, X, effort=2).diagnosis.mistakes == ()


def test_no_effort_tries_nothing():
    assert symnn.verify(loss, decorated, W, X, effort=0).diagnosis.mistakes == ()


# Edits that must not be let run on.


def appending(w, x):
    rows = [x]
    for row in [x]:
        rows.append(np.tanh(row @ w))
    return x.T @ (1 - rows[-1])


def test_an_edit_that_never_ends_is_ended():
    """``for row in rows`` appends to what it goes through."""
    subject = pair_of(loss, appending, W, X)
    editor = editor_of(subject)
    (scope,) = editor.scopes()
    text = scope.function.source.text
    start = text.index("[x]:\n        rows.append")
    endless = symnn.edits.Edit(scope.function.source.file, 0, start, start + 3, "rows", ("[x]", "rows"))
    search = Search(editor, trials_of(subject, 0, editor.other_numbers))
    assert search.right([endless]) is None
    assert search.right([]) is not None
    assert symnn.verify(loss, appending, W, X).diagnosis.mistakes[0].edit[1].endswith("** 2")


def test_two_mistakes_in_two_lines_are_told_both():
    def both(p, x):
        h = np.tanh(x @ p["w"])
        d = x.T @ (1 - h)
        return {"w": d, "b": 2 * p["b"] ** 2}

    def of_both(p, x):
        return np.sum(np.tanh(x @ p["w"])) + np.sum(p["b"] ** 3)

    first, second = symnn.verify(of_both, both, {"w": W, "b": np.array([0.5, 2.0])}, X).diagnosis.mistakes
    assert sorted([first.line, second.line]) == [first.line, second.line]
    assert first.edit[1].endswith("** 2")
    assert second.edit[1] == '3 * p["b"] ** 2'


def stubborn(times):
    """Catch all that comes, so many times."""
    caught = 0
    while caught < times:
        try:
            while True:
                len(W)
        except:  # noqa: E722
            caught += 1


def endless():
    while True:
        len(W)


def test_an_exception_that_the_code_catches_is_sent_again():
    with Clock() as clock:
        with clock.allowing(0.1):
            stubborn(2)
        with pytest.raises(TooLongError), clock.allowing(0.1):
            endless()


def test_random_numbers_stand_where_they_stood_and_a_mask_is_drawn_alike():
    def masked(w, x):
        return np.sum(np.tanh(x @ w) * (np.random.random((2, 2)) > 0.3))

    def gradient(w, x):
        h = np.tanh(x @ w)
        return x.T @ ((1 - h) * (np.random.random((2, 2)) > 0.3))

    before = np.random.get_state()[1:3]
    (mistake,) = symnn.verify(masked, gradient, W, X).diagnosis.mistakes
    assert mistake.edit[1].endswith("** 2")
    after = np.random.get_state()[1:3]
    assert (after[0] == before[0]).all()
    assert after[1] == before[1]


def test_keys_are_told_with_the_quotation_marks_of_the_file(tmp_path):
    path = tmp_path / "single.py"
    path.write_text(
        "import numpy as np\n"
        "def loss(p, x): return np.sum(np.tanh(x @ p['a']) * p['b'])\n"
        "def grad(p, x):\n"
        "    h = np.tanh(x @ p['a'])\n"
        "    return {'a': x.T @ (1 - h ** 2), 'b': h}\n"
        "def example(): return {'a': np.ones((3, 2)) / 3, 'b': np.array([[0.5, 2.0]])}, np.array([[1.0, 2.0, -0.5]])\n",
        encoding="utf-8",
    )
    module = import_file(path, "single")
    (mistake,) = symnn.verify(module.loss, module.grad, *module.example()).diagnosis.mistakes
    assert "p['b']" in mistake.code[1]


def test_no_edit_calls_a_function_of_the_file_that_does_more_than_compute(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(
        "import numpy as np\n\ncalled = []\n\n\n"
        "def train(x):\n    called.append(x)\n    return x\n\n\n"
        "def through(x):\n    return train(x)\n\n\n"
        "def slope(h):\n    return 1 - h**2\n\n\n"
        "def loss(w, x):\n    return np.sum(np.tanh(w * x))\n\n\n"
        "def grad(w, x):\n    h = np.tanh(w * x)\n    return h * x\n",
        encoding="utf-8",
    )
    module = import_file(path, "with_training")
    (mistake,) = symnn.verify(module.loss, module.grad, np.array([0.5, -1.5]), np.array([2.0, 1.0])).diagnosis.mistakes
    assert mistake.code == ("return h * x", "return slope(h) * x")
    assert module.called == []


@pytest.mark.parametrize("order", [np.argsort, lambda w: np.argpartition(w, 1)], ids=["argsort", "argpartition"])
def test_a_loss_that_sorts_by_places_is_diagnosed(order):
    def loss(w):
        return np.sum(w[order(w)[:2]] ** 2)

    def grad(w):
        g, k = np.zeros_like(w), order(w)[:2]
        g[k] = 3 * w[k]
        return g

    (mistake,) = symnn.verify(loss, grad, np.array([0.5, -1.5, 2.0, 0.25])).diagnosis.mistakes
    assert mistake.edit == ("3 * w[k]", "2 * w[k]")

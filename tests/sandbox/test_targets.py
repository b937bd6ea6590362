"""A file is checked by what it holds: a pair, a layer, layers, a class, two functions, or what it calls its target."""

from __future__ import annotations

from types import ModuleType

import pytest

from symnn.cli.checking import Request, finding
from symnn.errors import InputError
from symnn.sandbox.targets import target_of

LAYER = """
class Layer:
    factor = 1
    def __init__(self):
        self.W, self.b = np.arange(6.0).reshape(3, 2) / 4 - 0.6, np.zeros(2)
    def forward(self, x):
        self.x = x
        return np.tanh(x @ self.W + self.b)
    def backward(self, d):
        d = d * (1 - np.tanh(self.x @ self.W + self.b) ** 2)
        self.dW, self.db = self.factor * self.x.T @ d, d.sum(axis=0)
        return d @ self.W.T
"""
EXAMPLE = "def example(): return np.arange(12.0).reshape(4, 3) / 5 - 1.1\n"
FUNCTIONS = """
def relu_forward(x): return np.maximum(x, 0), x
def relu_backward(d, cache): return d * (cache > 0)
"""
NEEDS_WIDTH = """
class Needs:
    def __init__(self, width): self.W = np.ones(width)
    def forward(self, x): return x * self.W
    def backward(self, d): return d * self.W
"""

RELU = ["relu_forward", "relu_backward"]

# What a file holds beside `import numpy as np`, and the names of what is then checked.
FOUND = {
    "one class": (LAYER, ["Layer"]),
    "a class and its heir": (LAYER + "class Twice(Layer): factor = 2\n", ["Twice"]),
    "an object": (LAYER + "mine = Layer()\n", ["Layer"]),
    "a list of layers": (LAYER + "layers = [Layer()]\n", ["list"]),
    "a target": (LAYER + FUNCTIONS + "target = Layer\n", ["Layer"]),
    "a target of two functions": (
        FUNCTIONS + "target = relu_forward, relu_backward\n",
        ["relu_forward", "relu_backward"],
    ),
    "two functions": (FUNCTIONS, ["relu_forward", "relu_backward"]),
    "a function and its derivative": ("def f(x): return x * x\ndef f_prime(x): return 2 * x\n", ["f", "f_prime"]),
    "nothing": ("def helper(x): return x\n", []),
}


def module_of(text):
    module = ModuleType("mine")
    exec("import numpy as np\n" + text, vars(module))
    return module


@pytest.mark.parametrize("what", FOUND)
def test_what_a_file_holds_is_found(what):
    text, names = FOUND[what]
    found = target_of(module_of(text))
    assert [getattr(one, "__name__", type(one).__name__) for one in found] == names


REFUSED = {
    "two classes": (
        LAYER + LAYER.replace("class Layer", "class Other"),
        "not clear what is to be checked.*Layer, Other",
    ),
    "a class that wants arguments": (NEEDS_WIDTH, r"made without arguments: say target = Needs\(...\)"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_clear_is_refused_and_says_how_to_be_explicit(what):
    text, said = REFUSED[what]
    with pytest.raises(InputError, match=f"(?s){said}"):
        target_of(module_of(text))


STACK = """
from symnn import Dense, Network
network = Network(inputs=3, layers=[Dense(2, "tanh")], loss="squared-error", reduction="sum", layout="samples-first")
target = [Layer()]
"""
PAIR = """
from collections import namedtuple
P = namedtuple("P", "a b")
def loss(p): return np.sum(p.a ** 2) + np.sum(p.b * p.a)
def grad(p): return P(2 * p.a + p.b, 1.0 * p.a)
def example(): return (P(np.array([1.0, -2.0]), np.array([0.5, 3.0])),)
"""
WRONG = LAYER.replace("factor = 1", "factor = 2")

# A whole file, the outcome, and the arrays that were looked at.
FILES = {
    "a class": (LAYER + EXAMPLE, "equal", ["W", "b", "X"]),
    "a wrong class": (WRONG + EXAMPLE, "different", ["W", "b", "X"]),
    "layers and their network": (LAYER + STACK, "equal", ["W1", "b1", "X"]),
    "wrong layers and their network": (WRONG + STACK, "different", ["W1", "b1", "X"]),
    "a pair over a named tuple": (PAIR, "equal", ["a", "b"]),
}


@pytest.mark.parametrize("what", FILES)
def test_a_file_with_anything_that_verify_takes_gets_its_verdict(what, tmp_path):
    text, outcome, arrays = FILES[what]
    path = tmp_path / "mine.py"
    path.write_text("import numpy as np\n" + text, encoding="utf-8")
    found = finding(path, Request())
    assert not found.problem
    assert found.verdict is not None
    assert (found.verdict.verdict, [check.name for check in found.verdict.checks]) == (outcome, arrays), found.verdict


def test_a_wrong_stack_of_layers_has_its_mistake_named_and_its_line_told(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text("import numpy as np\n" + WRONG + STACK, encoding="utf-8")
    found = finding(path, Request())
    assert found.verdict is not None
    (mistake,) = found.verdict.diagnosis.mistakes
    assert mistake.edit == ("self.factor * self.x.T", "self.x.T")
    assert "def backward" in path.read_text(encoding="utf-8").splitlines()[found.line - 1]


def test_a_file_with_nothing_to_check_lists_what_it_may_hold(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text("def helper(x): return x\n", encoding="utf-8")
    problem = finding(path, Request()).problem
    assert "has no function loss, grad, example, and nothing else to check" in problem
    assert "target" in problem

"""A derivation as a file of its own, good as it stands, and the same with a line changed."""

from __future__ import annotations

GOOD = '''"""Doubling: one weight, one sample.

The smallest derivation that there is.

Shapes: X (1, 1), W1 (1, 1), Y (1, 1), features first. Source: none.
"""

from symnn.library import Figure, Point
from symnn.network import Dense, Network

systems = (1, 2)
network = Network(inputs=1, layers=[Dense(1, bias=False)], loss="squared-error", reduction="sum")
point = Point(parameters={"W1": [["2"]]}, data={"X": [["3"]], "Y": [["1/3"]]}, learning_rate="0.1")


def loss(params, X, Y):
    return ((params["W1"] @ X - Y) ** 2).sum()


def grad(params, X, Y):
    return {"W1": 2 * (params["W1"] @ X - Y) @ X.T}


published = (Figure("Z1", [["6"]], "exact"), Figure("dW1", [["34"]], "exact"), Figure("L", "32.11", "rounded"))
'''


def write(folder, *changes, name="doubling_it", text=GOOD):
    """Write the good file with every pair of texts replaced, and return its path."""
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    return path

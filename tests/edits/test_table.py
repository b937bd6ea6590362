"""Every kind of edit gives what it is for, and what it gives is Python."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from symnn.edits import EDITS, MEANINGS, Scope, edits_of
from symnn.edits.functions import Function
from symnn.edits.scope import value_of
from symnn.edits.source import Source
from symnn.edits.watching import numbered

A, B, C, V, T = np.ones((4, 3)), np.ones((4, 3)), np.ones((3, 4)), np.ones(3), np.arange(4) % 3

# What can be read, beside what a case defines itself.
READABLE = {"X": A, "h": B, "W": C, "b": V, "labels": T, "reg": 0.1, "m": 4, "t": 1, "x": 0.5}

# By the id of a kind: a wrong body, and the right one that an edit of that kind makes of it.
CASES = {
    "sign": ("return -X", "return X"),
    "operator": ("return X + h", "return X * h"),
    "power": ("return 1 - h", "return 1 - h ** 2"),
    "comparison": ("return h > 0", "return h >= 0"),
    "assignment": ("X = h", "X += h"),
    "axis": ("return X.sum(axis=0)", "return X.sum(axis=1)"),
    "number": ("return 3 * X", "return 4 * X"),
    "name": ("return X * 2", "return h * 2"),
    "transposition": ("return X @ h", "return X.T @ h"),
    "operands": ("return X - h", "return h - X"),
    "complement": ("return 1 - h", "return h"),
    "operand": ("return X / m", "return X"),
    "grouping": ("return X * h - b", "return X * (h - b)"),
    "function": ("return np.sum(X, axis=0)", "return np.mean(X, axis=0)"),
    "call": ("return np.sqrt(X)", "return X"),
    "arguments": ("return np.where(h > 0, X, h)", "return np.where(h > 0, h, X)"),
    "elements": ("return X, h", "return h, X"),
    "choice": ("return X if m else h", "return h"),
    "index": ("return X[t]", "return X[t - 1]"),
    "indices": ("return X[t, m]", "return X[m, t]"),
    "index left out": ("return X[t]", "return X"),
    "bound": ("return X[:]", "return X[1:]"),
    "counter": ("return X", "return X[t]"),
    "reduction": ("return X.sum()", "return X.sum(axis=0)"),
    "kept axis": ("return X.sum(axis=0)", "return X.sum(axis=0, keepdims=True)"),
    "unbuffered": ("X[labels] += h", "np.add.at(X, labels, h)"),
    "statement": ("X = X / m\nreturn X", "pass\nreturn X"),
    "order": ("X = h\nh = b\nreturn X", "h = b\nX = h\nreturn X"),
    "later": ("W = W - b\nX = h @ W\nb = X\nreturn X", "X = h @ W\nb = X\nW = W - b\nreturn X"),
    "condition": ("if m:\n    X = h", "X = h"),
    "condition put in": ("for k in X:\n    v = x\n    h += k", "for k in X:\n    v = x\n    if v > 0:\n        h += k"),
    "into the loop": ("for k in X:\n    b = k\nX = h", "for k in X:\n    b = k\n    X = h"),
    "out of the loop": ("for k in X:\n    b = k\n    X = h", "for k in X:\n    b = k\nX = h"),
    "as elsewhere": ("X = h @ W\nX = h", "X = h @ W\nX = h @ W"),
    "target": ('p["X"] = h\np["h"] = X', 'p["X"] = h\np["X"] = X'),
    "key": ('return {"X": h, "h": X}', 'return {"h": h, "h": X}'),
    "factor": ("return X", "return 2 * X"),
    "loop": ("for k in zip(X, h):\n    b = k", "for k in zip(X[::-1], h):\n    b = k"),
    "letters": ('return np.einsum("ij,jk->ij", X, W)', 'return np.einsum("ij,jk->ik", X, W)'),
    "copy": ("h = X\nh -= 1", "h = X.copy()\nh -= 1"),
    "name for a number": ("return X > reg", "return X > 0"),
    "comprehension": ("return [a for a, b in zip(X, h)]", "return [a + b for a, b in zip(X, h)]"),
    "slope of itself": ("return np.tanh(X)", "return 1 - np.tanh(X) ** 2"),
    "of the file": ("h = X / (m + 1)\nreturn X", "h = X / (m + 1)\nreturn X / (m + 1)"),
    "softmax slope": ("return X", "return h * (X - (X * h).sum(axis=-1, keepdims=True))"),
    "scaled": ("return X", "X /= m\nreturn X"),
    "written number": ("return X / 4", "return X / m"),
    "size": ("return X / 3", "return X / len(X)"),
    "named factor": ("return X", "return X * reg"),
    "expression": ("return np.tanh(X) * h", "return h * h"),
    "term outside": ("return np.tanh(X + h)", "return np.tanh(X) + h"),
    "size of": ("return X / X", "return X / len(X)"),
    "array": ("return 1 * X", "return h * X"),
    "size factor": ("return X", "return X / len(h)"),
    "function put in": ("return X", "return slope(X)"),
    "slope called": ("return X", "return X * slope(h)"),
    "slope": ("return X", "return X * (1 - h ** 2)"),
    "array factor": ("return X", "return X * h"),
    "summed factor": ("return X", "return X * h.sum(axis=1, keepdims=True)"),
    "term": ("return X", "return X + h"),
    "penalty": ("return X", "return X + reg * h"),
    "one hot": ("X = h", "X = h\nX[np.arange(len(labels)), labels] -= 1"),
    "order of axes": ("return X", "return X[::-1]"),
    "sum": ("return X", "return X.sum(axis=0)"),
    "part": ("return X", "return X[1:]"),
    "other shape": ("return X @ h", "return W @ h"),
    "product": ("return X @ W", "return W.T @ X.T"),
    "number elsewhere": ("rate = 0.25\nreturn 0.1 * X", "rate = 0.25\nreturn 0.25 * X"),
    "name throughout": ("return h * (1 - h)", "return X * (1 - X)"),
    "factors": ("return X * h * (1 - h)", "return X"),
    "like another": ("W1 = W2 = X\nW1 += 2 * h", "W1 = W2 = X\nW1 += 2 * h\nW2 += 2 * h"),
    "gradient": ("db = h * X\nreturn db", "db = X.sum(axis=0)\nreturn db"),
    "far number": ("return 0.1 * X", "return 1.0 * X"),
}


def text_of(body):
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    return f"import numpy as np\n\n\ndef grad(p):\n{lines}\n"


def scope_of(body):
    """A function of a body, as if it had run: what it reads has the values above."""
    source = Source("mine.py", text_of(body))
    function = Function(source, source.tree.body[-1])
    space = {**READABLE, "np": np, "p": {"X": A, "h": B}}
    values = {}
    for node in numbered(function):
        text = source.text_of(node)
        try:
            code = compile(ast.Expression(node), "mine.py", "eval")
            with np.errstate(all="ignore"):
                values[node] = value_of(eval(code, dict(space)))  # noqa: S307
        except Exception:
            assert text
    names = {name: {name: value_of(value)} for name, value in READABLE.items()}
    names["v"] = {"v": value_of(0.5)}
    return Scope(function, values, names, ("slope",))


@pytest.mark.parametrize("row", EDITS, ids=lambda row: row.id)
def test_a_kind_of_edit_mends_what_it_is_for(row):
    wrong, right = CASES[row.id]
    made = {edit.applied(text_of(wrong)) for edit in edits_of(scope_of(wrong), [row])}
    assert ast.unparse(ast.parse(text_of(right))) in {ast.unparse(ast.parse(text)) for text in made}, sorted(made)


def test_every_kind_has_a_case_and_words_of_its_own():
    assert CASES.keys() == MEANINGS.keys()
    assert len({row.id for row in EDITS}) == len(EDITS)
    assert all(row.meaning and row.cost > 0 for row in EDITS)


@pytest.mark.parametrize("body", [body for bodies in CASES.values() for body in bodies])
def test_every_edit_is_python_and_changes_what_it_says(body):
    for edit in edits_of(scope_of(body)):
        text = edit.applied(text_of(body))
        ast.parse(text)
        assert text != text_of(body)
        assert edit.shown == (text_of(body)[edit.start : edit.end], edit.text)
        assert text_of(body).splitlines()[edit.line - 1].strip(), edit


def test_the_same_text_is_tried_once():
    edits = list(edits_of(scope_of("return X * (1 - h)")))
    assert len({(one.start, one.end, one.text) for one in edits}) == len(edits)


def test_a_text_that_two_kinds_give_costs_what_it_costs_least():
    (cost,) = {edit.cost for edit in edits_of(scope_of("return X[t + 1]")) if edit.shown == ("t + 1", "t")}
    costs = {row.id: row.cost for row in EDITS}
    assert cost == costs["index"] < costs["operand"]

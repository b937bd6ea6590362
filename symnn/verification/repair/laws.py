"""Why the right form is right: the law of a slope that an edit brings into the code, where its function is known."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from symnn.verification.repair.intermediates import Intermediate
from symnn.verification.repair.trial import close


class Law(NamedTuple):
    """The slope of a function in terms of an array ``x``: its forms in code, what it is a law of, and its words.

    ``holds`` says, of an array, whether it is one that the law is about, given the arrays of the loss.
    """

    forms: tuple[str, ...]
    words: str
    holds: Callable[[Any, Sequence[Intermediate]], bool]


def _made_by(function: str) -> Callable[[Any, Sequence[Intermediate]], bool]:
    return lambda A, intermediates: any(one.function == function and close(A, one.value) for one in intermediates)


def _is_logistic(A: Any, intermediates: Sequence[Intermediate]) -> bool:
    with np.errstate(all="ignore"):
        return any(close(A, 1 / (1 + np.exp(-one.value))) for one in intermediates)


def _goes_into(function: str) -> Callable[[Any, Sequence[Intermediate]], bool]:
    def holds(A: Any, intermediates: Sequence[Intermediate]) -> bool:
        results = [one.value for one in intermediates if one.function == function]
        with np.errstate(all="ignore"):
            return any(close(getattr(np, function)(A), value) for value in results)

    return holds


def _is_rectified(A: Any, intermediates: Sequence[Intermediate]) -> bool:
    results = [one.value for one in intermediates if one.function in ("maximum", "where")]
    return any(close(np.maximum(A, 0), value) for value in results)


LAWS: tuple[Law, ...] = (
    Law(("1 - x ** 2", "1 - x * x"), "the slope of tanh in terms of its output {x} is 1 − {x}²", _made_by("tanh")),
    Law(("1 - np.tanh(x) ** 2",), "the slope of tanh at its input {x} is 1 − tanh({x})²", _goes_into("tanh")),
    Law(
        ("x * (1 - x)",), "the slope of the logistic function in terms of its output {x} is {x}·(1 − {x})", _is_logistic
    ),
    Law(("x > 0",), "the slope of ReLU is 1 where {x} is positive and 0 elsewhere", _is_rectified),
    Law(("np.cos(x)",), "the slope of sin at {x} is cos({x})", _goes_into("sin")),
    Law(("np.exp(x)",), "the slope of exp at {x} is exp({x})", _goes_into("exp")),
)
"""The laws that are told of."""


def law_of(changes: Sequence[tuple[str, str]], values: Mapping[str, Any], intermediates: Sequence[Intermediate]) -> str:
    """Return the law that changes of code, each before and after, bring in, or "" where none is known.

    >>> h = np.tanh(np.array([0.5, 2.0]))
    >>> law_of([("1 - h", "1 - h ** 2")], {"h": h}, [Intermediate("h", "tanh", h, None)])
    'the slope of tanh in terms of its output h is 1 − h²'
    """
    before, after = ({one for texts in changes for one in _expressions(texts[k])} for k in (0, 1))
    for law in LAWS:
        for name, A in values.items():
            forms = {ast.unparse(ast.parse(re.sub(r"\bx\b", name, form))) for form in law.forms}
            if forms & (after - before) and law.holds(A, intermediates):
                return law.words.format(x=name)
    return ""


def _expressions(text: str) -> Iterator[str]:
    """The texts of the expressions in a text, all written alike; products of three also by pairs."""
    try:
        tree = ast.parse(text.strip())
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.expr):
            yield ast.unparse(node)
        if isinstance(node, ast.BinOp) and isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.Mult):
            yield ast.unparse(ast.BinOp(node.left.right, node.op, node.right))

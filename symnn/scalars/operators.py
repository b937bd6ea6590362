"""The operators of every scalar: arithmetic in both orders of its operands, and the comparisons, a row each."""

from __future__ import annotations

from collections.abc import Callable
from operator import eq, ge, gt, le, lt, ne
from typing import Any, NamedTuple

Operator = Callable[[Any, Any], Any]


class Relation(NamedTuple):
    """A comparison: the sign it is told by, when it holds and fails of two values, and the signs of two others.

    ``negated`` says that it fails, ``mirrored`` that it holds of the same two in the other order.
    """

    sign: str
    holds: Operator
    fails: Operator
    negated: str
    mirrored: str

    def of_itself(self, is_nan: bool) -> bool:
        """Return whether it holds of a number and itself: the test for NaN of those who write it as ``x != x``."""
        return self.sign == "!=" if is_nan else self.sign in ("<=", ">=", "==")


RELATIONS: tuple[Relation, ...] = (
    Relation("<", lt, ge, ">=", ">"),
    Relation("<=", le, gt, ">", ">="),
    Relation(">", gt, le, "<=", "<"),
    Relation(">=", ge, lt, "<", "<="),
    Relation("==", eq, ne, "!=", "=="),
    Relation("!=", ne, eq, "==", "!="),
)
"""Every comparison of two numbers, in the order in which `comparisons` makes their methods."""

RELATION: dict[str, Relation] = {row.sign: row for row in RELATIONS}
"""The same by their signs."""


def comparisons(method: Callable[[Relation], Operator]) -> Any:
    """Return what ``__lt__``, ``__le__``, ``__gt__``, ``__ge__``, ``__eq__`` and ``__ne__`` are, each made of its row.

    >>> [row.sign for row in comparisons(lambda row: row)]
    ['<', '<=', '>', '>=', '==', '!=']
    """
    return tuple(map(method, RELATIONS))


def both_ways(of: Operator, operand: Operator) -> tuple[Operator, Operator]:
    """Return an operator and its reflection, such as ``__sub__`` and ``__rsub__``, from what it is ``of`` two scalars.

    ``operand(self, other)`` makes a scalar of the other operand, or None where that is no number of ours: then Python
    asks the other operand.

    >>> forward, reflected = both_ways(lambda a, b: a - b, lambda self, other: None if other == "" else other)
    >>> forward(3, 1), reflected(3, 1), forward(3, "")
    (2, -2, NotImplemented)
    """

    def forward(self: Any, other: Any) -> Any:
        b = operand(self, other)
        return NotImplemented if b is None else of(self, b)

    def reflected(self: Any, other: Any) -> Any:
        a = operand(self, other)
        return NotImplemented if a is None else of(a, self)

    return forward, reflected

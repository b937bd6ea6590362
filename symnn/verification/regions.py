"""The path condition for reading: comparisons of traced expressions as text, short where that tells them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TypeAlias

from symnn.scalars.nodes import Node, text
from symnn.verification.formulas import with_sigmoids

Relation: TypeAlias = tuple[Node, str, Node]

WIDEST = 120
"""A comparison is shortened to this many characters where it stays apart from the others."""

# How deep an expression is shown, and how many terms of a sum.
_LEVELS = tuple((depth, most) for depth in (2, 4, 6, 8, 12) for most in (2, 3, 5, 9))
_STRICT = {"<=": "<", ">=": ">"}


def strictly(relations: Iterable[Relation]) -> list[Relation]:
    """Return comparisons without equalities, and each pair of expressions compared but once.

    At a point where the two are not equal, ``>=`` says no more than ``>``.

    >>> from symnn.scalars.nodes import ZERO, symbol
    >>> z = symbol("z")
    >>> strictly([(z, ">=", ZERO), (z, "!=", ZERO), (z, ">", ZERO)])
    [(Node(z), '>', Node(0))]
    """
    found: dict[tuple[Node, Node], str] = {}
    for a, sign, b in relations:
        strict = _STRICT.get(sign, sign)
        if strict != "==" and found.get((a, b), "!=") == "!=":
            found[a, b] = strict
    return [(a, sign, b) for (a, b), sign in found.items()]


def region(relations: Iterable[Relation]) -> tuple[str, ...]:
    """Return the comparisons as text: the longest that fits, and longer still where two would read the same.

    Those that no text of twice the width tells apart stand together, with their number.

    >>> from symnn.scalars.nodes import ZERO, add, multiply, symbol
    >>> z = symbol("b")
    >>> for k in range(9):
    ...     z = add(z, multiply(symbol("W", (0, k)), symbol("X", (k, 0))))
    >>> region([(z, ">", ZERO)])
    ('b + W[0, 0]*X[0, 0] + W[0, 1]*X[1, 0] + … + W[0, 8]*X[8, 0] > 0',)
    """
    given = list(relations)
    plain = with_sigmoids(side for a, _, b in given for side in (a, b))
    relations = [(plain[a], sign, plain[b]) for a, sign, b in given]
    versions = [list(dict.fromkeys(_told(relation, *level) for level in _LEVELS)) for relation in relations]
    counts = Counter(said for texts in versions for said in texts)
    shown = Counter(_chosen(texts, [said for said in texts if counts[said] == 1]) for texts in versions)
    return tuple(f"{said} ({n} such comparisons)" if n > 1 else said for said, n in shown.items())


def _chosen(texts: list[str], apart: list[str]) -> str:
    """The longest text that fits, of those that stand apart if there are any, or else the shortest."""
    for found, width in ((apart, WIDEST), (apart, 2 * WIDEST), (texts, WIDEST)):
        fitting = [said for said in found if len(said) <= width]
        if fitting:
            return max(fitting, key=len) if width == WIDEST else min(fitting, key=len)
    return min(texts, key=len)


def _told(relation: Relation, depth: int, most: int) -> str:
    a, sign, b = relation
    return f"{text(a, depth, most)} {sign} {text(b, depth, most)}"

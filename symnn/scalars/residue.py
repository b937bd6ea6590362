"""Part: a residue modulo one prime, with the degree of the formula it is a value of."""

from __future__ import annotations

from typing import Any, NamedTuple

Degree = tuple[int, int]

CONSTANT: Degree = (0, 0)
"""Degrees of numerator and denominator of a number that depends on nothing."""


class Part(NamedTuple):
    """A residue modulo p0 with its degree, and whether something opaque is in it: a value, or a derivative."""

    residue: Any
    degree: Degree
    opaque: bool


def add_degrees(a: Degree, b: Degree) -> Degree:
    """Return degrees that the sum of two fractions has at most.

    >>> add_degrees((2, 0), (1, 0)), add_degrees((1, 1), (1, 2))
    ((2, 0), (3, 3))
    """
    return max(a[0] + b[1], b[0] + a[1]), a[1] + b[1]


def multiply_degrees(a: Degree, b: Degree) -> Degree:
    """Return degrees that the product of two fractions has at most."""
    return a[0] + b[0], a[1] + b[1]


def plus(a: Part | None, b: Part | None, p: Any) -> Part | None:
    """Return the sum of two parts modulo p; None is an exact zero."""
    if a is None or b is None:
        return a or b
    return Part((a.residue + b.residue) % p, add_degrees(a.degree, b.degree), a.opaque or b.opaque)


def times(a: Part | None, b: Part | None, p: Any) -> Part | None:
    """Return the product of two parts modulo p; None is an exact zero."""
    if a is None or b is None:
        return None
    return Part(a.residue * b.residue % p, multiply_degrees(a.degree, b.degree), a.opaque or b.opaque)


def minus(a: Part | None, p: Any) -> Part | None:
    """Return a part with the opposite sign; None is an exact zero."""
    return None if a is None else Part(-a.residue % p, a.degree, a.opaque)

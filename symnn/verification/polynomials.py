"""Sparse polynomials with rational coefficients, over generators told apart by number; exponents may be negative.

A monomial is a sorted tuple of pairs (generator, exponent) without zeros, a polynomial a dict from monomials to
coefficients without zeros.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

from flint import fmpq, fmpq_mpoly_ctx

Monomial: TypeAlias = tuple[tuple[int, Any], ...]
Polynomial: TypeAlias = dict[Monomial, Any]

UNIT: Monomial = ()
"""The monomial 1."""

MOST_TERMS = 60
"""A longer polynomial is not factored: it counts as irreducible, which loses no truth."""

HIGHEST_POWER = 60
"""One of a higher degree in a generator is not factored either."""


def constant(x: Any) -> Polynomial:
    """Return a rational number as a polynomial.

    >>> constant(0), constant(2)
    ({}, {(): 2})
    """
    return {UNIT: fmpq(x)} if x else {}


def times(a: Monomial, b: Monomial) -> Monomial:
    """Return the product of two monomials.

    >>> times(((0, 1), (1, 2)), ((0, -1),))
    ((1, 2),)
    """
    if not a or not b:
        return a or b
    exponents = dict(a)
    for generator, exponent in b:
        new = exponents.get(generator, 0) + exponent
        if new:
            exponents[generator] = new
        else:
            del exponents[generator]
    return tuple(sorted(exponents.items()))


def raised(a: Monomial, n: Any) -> Monomial:
    """Return a monomial to a power.

    >>> raised(((0, 2),), -1)
    ((0, -2),)
    """
    return tuple((generator, whole(exponent * n)) for generator, exponent in a) if n else UNIT


def whole(x: Any) -> Any:
    """Return a rational exponent as an int where it is one."""
    return int(x) if x == int(x) else x


def plus(p: Polynomial, q: Polynomial, factor: Any = 1) -> Polynomial:
    """Return ``p + factor*q``.

    >>> plus({((0, 1),): fmpq(1)}, {((0, 1),): fmpq(1)}, -1)
    {}
    """
    total = dict(p)
    for monomial, c in q.items():
        accumulate(total, monomial, c * factor)
    return total


def accumulate(p: Polynomial, monomial: Monomial, c: Any) -> None:
    """Add a term to a polynomial in place."""
    new = p.get(monomial, 0) + c
    if new:
        p[monomial] = new
    else:
        p.pop(monomial, None)


def shifted(p: Polynomial, monomial: Monomial, factor: Any = 1) -> Polynomial:
    """Return a polynomial times a term."""
    return {times(m, monomial): c * factor for m, c in p.items()}


def frozen(p: Polynomial) -> Any:
    """Return a polynomial as a key."""
    return frozenset((m, c) for m, c in p.items())


def lead(p: Polynomial) -> Monomial:
    """Return the leading monomial, for exponents that are not negative: later generators come first.

    >>> lead({((0, 5),): 1, ((1, 1),): 1})
    ((1, 1),)
    """
    return max(p, key=lambda m: m[::-1])


def generators(p: Polynomial) -> list[int]:
    """Return the generators that occur, sorted."""
    return sorted({generator for monomial in p for generator, _ in monomial})


def common(p: Polynomial, among: Iterable[int] | None = None) -> Monomial:
    """Return the monomial of the lowest exponents, in all generators or those named.

    >>> common({((0, 2), (1, 1)): 1, ((0, 1),): 1, ((0, 3), (1, -1)): 1})
    ((0, 1), (1, -1))
    """
    lowest = {}
    for generator in generators(p) if among is None else among:
        lowest[generator] = min(dict(monomial).get(generator, 0) for monomial in p)
    return tuple(sorted((g, e) for g, e in lowest.items() if e))


def monic(p: Polynomial) -> tuple[Any, Monomial, Polynomial]:
    """Return coefficient, monomial and polynomial whose product is ``p``; the last has 1 for its leading coefficient.

    >>> monic({((0, 1),): fmpq(2), ((0, 2),): fmpq(4)})
    (4, ((0, 1),), {(): 1/2, ((0, 1),): 1})
    """
    outer = common(p)
    inner = shifted(p, raised(outer, -1))
    c = inner[lead(inner)]
    return c, outer, {m: x / c for m, x in inner.items()}


def factors(p: Polynomial) -> list[tuple[Polynomial, int]]:
    """Return the monic irreducible factors over the rationals of a monic polynomial, with their powers.

    >>> x = ((0, 1),)
    >>> factors({((0, 2),): fmpq(1), x: fmpq(2), (): fmpq(1)}) == [({x: 1, (): 1}, 2)]
    True
    """
    if p == constant(1):
        return []
    if len(p) > MOST_TERMS or _irreducible(p):
        return [(p, 1)]
    names = generators(p)
    scale = math.lcm(*(Fraction(e).denominator for monomial in p for _, e in monomial))
    exponents = [{g: int(e * scale) for g, e in monomial} for monomial in p]
    if any(e > HIGHEST_POWER for powers in exponents for e in powers.values()):
        return [(p, 1)]
    context = fmpq_mpoly_ctx.get(tuple(f"g{g}" for g in names), "lex")
    dense = {tuple(powers.get(g, 0) for g in names): c for powers, c in zip(exponents, p.values(), strict=True)}
    _, found = context.from_dict(dense).factor()
    return [(_sparse(factor.to_dict(), names, scale), int(power)) for factor, power in found]


def _sparse(dense: Mapping[Any, Any], names: list[int], scale: int) -> Polynomial:
    def exponent(e: Any) -> Any:
        return whole(Fraction(int(e), scale))

    terms = {tuple((g, exponent(e)) for g, e in zip(names, powers, strict=True) if e): c for powers, c in dense.items()}
    return monic(terms)[2]


def _irreducible(p: Polynomial) -> bool:
    """Whether some generator stands in one term only, there alone and to the first power."""
    for generator in generators(p):
        terms = [monomial for monomial in p if any(g == generator for g, _ in monomial)]
        if terms == [((generator, 1),)]:
            return True
    return False

"""Products of matrices of signatures: one product of flint matrices per level, and one for the shadows."""

from __future__ import annotations

from typing import Any

from flint import arb_mat, fmpz_mat

from symnn.errors import UndecidedError
from symnn.scalars.signature_numbers import Signature
from symnn.scalars.signature_rules import OF_ANOTHER_RUN
from symnn.scalars.tower import Degree, Part, add_degrees, multiply_degrees

Entries = list[Any]


def product_entries(a: Entries, b: Entries, rows: int, inner: int, columns: int) -> Entries:
    """Return the entries, row by row, of the product of two matrices given by their entries.

    Degrees are bounds for all of the product at once, and one opaque entry makes all of it opaque.
    """
    if not a or not b:
        return []
    tower = a[0].tower
    if any(x.tower is not tower for x in a) or any(x.tower is not tower for x in b):
        raise UndecidedError(OF_ANOTHER_RUN)
    p = tower.primes[0]
    levels = min(len(x.residues) for x in a + b)
    products = []
    for level in range(levels):
        left, right = _matrix(a, rows, inner, level), _matrix(b, inner, columns, level)
        products.append(_reduced(left * right, tower.primes[level]))
    shadows = arb_mat(rows, inner, [x.value for x in a]) * arb_mat(inner, columns, [x.value for x in b])
    degree = _summed(multiply_degrees(_highest(x.degree for x in a), _highest(x.degree for x in b)), inner)
    opaque = not all(x.known for x in a) or not all(x.known for x in b)
    moving = []
    if any(x.slope is not None for x in a):
        moving.append(_reduced(_slopes(a, rows, inner) * _matrix(b, inner, columns, 0), p))
    if any(x.slope is not None for x in b):
        moving.append(_reduced(_matrix(a, rows, inner, 0) * _slopes(b, inner, columns), p))
    slopes: list[Part | None] = [None] * (rows * columns)
    if moving:
        known = _slope_degree(a, b, inner)
        cloudy = opaque or any(x.slope is not None and x.slope.opaque for x in a + b)
        slopes = [Part(sum(terms) % p, known, cloudy) for terms in zip(*moving, strict=True)]
    residues = list(zip(*products, strict=True))
    entries = zip(shadows.entries(), residues, slopes, strict=True)
    return [Signature(tower, value, levels_of, degree, opaque, slope) for value, levels_of, slope in entries]


def inner_part(entries: Entries, weights: list[Any]) -> Part:
    """Return the sum modulo p0 of entries times weights, which are residues of indeterminates: at least one entry."""
    p = entries[0].tower.primes[0]
    total = (_matrix(entries, 1, len(entries), 0) * fmpz_mat(len(weights), 1, weights)).entries()[0] % p
    degree = _summed(multiply_degrees(_highest(x.degree for x in entries), (1, 0)), len(entries))
    return Part(total, degree, not all(x.known for x in entries))


def _matrix(entries: Entries, rows: int, columns: int, level: int) -> Any:
    return fmpz_mat(rows, columns, [x.residues[level] for x in entries])


def _slopes(entries: Entries, rows: int, columns: int) -> Any:
    return fmpz_mat(rows, columns, [0 if x.slope is None else x.slope.residue for x in entries])


def _reduced(matrix: Any, p: Any) -> list[Any]:
    return [x % p for x in matrix.entries()]


def _highest(degrees: Any) -> Degree:
    found = list(set(degrees))
    return max(n for n, _ in found), max(d for _, d in found)


def _summed(degree: Degree, terms: int) -> Degree:
    """Degrees of a sum of so many fractions of one degree."""
    return degree[0] + (terms - 1) * degree[1], terms * degree[1]


def _slope_degree(a: Entries, b: Entries, inner: int) -> Degree:
    sides = []
    for moved, still in ((a, b), (b, a)):
        slopes = [x.slope.degree for x in moved if x.slope is not None]
        if slopes:
            sides.append(multiply_degrees(_highest(slopes), _highest(x.degree for x in still)))
    return _summed(sides[0] if len(sides) == 1 else add_degrees(*sides), inner)

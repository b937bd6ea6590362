"""Making arrays of scalars from data, and reading certified results off them."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
from flint import arb, arb_mat
from numpy import array as numpy_array  # bound here, because a run replaces it in NumPy's namespace

from symnn.errors import ShapeError, aligned
from symnn.scalars.base import Scalar, ScalarArray
from symnn.scalars.block import FEWEST, Block, numbers
from symnn.scalars.dual_numbers import Dual
from symnn.scalars.lifting import arranged, lift_array, lift_exactly, refuse_matrix
from symnn.scalars.nodes import symbol
from symnn.scalars.plain import Ball, Exact, nearest_float
from symnn.scalars.products import total
from symnn.scalars.run import NumberSystem, precision
from symnn.scalars.signature_numbers import Signature, constant
from symnn.scalars.tower import Part, Tower
from symnn.scalars.traces import Trace

DEFAULT_BITS = 333
"""Working precision: 100 decimal digits, of which a small network keeps 90."""

EXACT = NumberSystem("exact", None, Exact)
"""The system of rational numbers; irrational results raise InexactError."""


def ball(bits: int = DEFAULT_BITS) -> NumberSystem:
    """Return the system of balls at a precision of ``bits``.

    >>> ball()
    NumberSystem(name='ball', bits=333, kind=<class 'symnn.scalars.plain.Ball'>)
    """
    return NumberSystem("ball", bits, Ball)


def dual(bits: int = DEFAULT_BITS) -> NumberSystem:
    """Return the system of dual balls at a precision of ``bits``.

    >>> dual(100).lift("0.5")
    Dual(0.5, tangent 0)
    """
    return NumberSystem("dual", bits, Dual)


def trace(bits: int = DEFAULT_BITS) -> NumberSystem:
    """Return the system of traces: balls at a precision of ``bits`` that remember their expressions.

    >>> trace(100).lift("0.5") * 3
    Trace(3/2)
    """
    return NumberSystem("trace", bits, Trace)


SHADOW_BITS = 192
"""Precision of the balls that decide the comparisons of signatures."""


def signature(tower: Tower) -> NumberSystem:
    """Return the system of signatures over a tower: what it lifts are constants.

    >>> signature(Tower(1, seed=0)).lift("0.5") * 3
    Signature(1.5)
    """
    return NumberSystem("signature", SHADOW_BITS, partial(constant, tower), over=tower)


def signatures(name: str, values: Any, tower: Tower) -> ScalarArray:
    """Return data as indeterminates, drawn over a tower by ``name``; its values decide comparisons.

    Raises as ``array``.

    >>> x, y = signatures("x", [1, 2], Tower(1, seed=0))
    >>> (x + y) ** 2 - x**2 - y**2 == 2 * x * y
    True
    """
    given = array(values, ball(SHADOW_BITS))
    drawn = zip(given.ravel().tolist(), tower.indeterminates(name, given.size), strict=True)
    return arranged([Signature(tower, x.value, residues, (1, 0)) for x, residues in drawn], given.shape)


def moving(A: Any, name: str) -> ScalarArray:
    """Return an array of signatures with derivatives that are drawn by ``name``: the array moves in a random direction.

    >>> x = moving(signatures("x", [2], Tower(1, seed=0)), "x")
    >>> (x * x)[0].tangent == 2 * x[0].residues[0] * x[0].tangent % x[0].tower.primes[0]
    True
    """
    entries = A.ravel().tolist()
    tower = entries[0].tower if entries else Tower(0, 0)
    slopes = tower.indeterminates(f"the direction in {name}", len(entries), 1)
    drawn = zip(entries, slopes, strict=True)
    return arranged(
        [Signature(x.tower, x.value, x.residues, x.degree, slope=Part(v, (1, 0), False)) for x, (v,) in drawn], A.shape
    )


def array(values: Any, system: NumberSystem) -> ScalarArray:
    """Return data as a ScalarArray of the same shape; a float counts as the exact double it is.

    ``values`` holds ints, floats, Fractions, decimal strings or scalars in nested lists or an array.
    Raises InputError for other entries, ShapeError for ragged lists.

    >>> array([["0.1", 1], [0.5, 2]], EXACT)
    ScalarArray([[Exact(1/10), Exact(1)],
                 [Exact(1/2), Exact(2)]], dtype=object)
    """
    refuse_matrix(values)
    entries = values if isinstance(values, np.ndarray) else numpy_array(values, dtype=object)
    if any(issubclass(kind, (list, tuple)) for kind in set(map(type, entries.ravel().tolist()))):
        raise ShapeError(f"the lists are ragged beyond shape {entries.shape}")
    with precision(system.bits):
        lifted: ScalarArray = lift_array(entries, system.kind, lift_exactly).copy()
        return lifted


def distinct(values: Any, bits: int = DEFAULT_BITS) -> Any:
    """Return data as balls, with a number of its own for every entry, by which a record knows it. Raises as ``array``.

    >>> one, other = distinct([2, 2])
    >>> one.value is other.value, one == other
    (False, True)
    """
    with precision(bits):
        if type(values) is np.ndarray and values.dtype == np.float64:
            doubles = values.ravel().tolist()
            if values.ndim == 2 and values.size >= FEWEST:
                return Block(arb_mat(*values.shape, doubles))
            return arranged(list(map(Ball, map(arb, doubles))), values.shape)
        lifted = array(values, ball(bits))
        return arranged([Ball(x.value + 0) for x in lifted.ravel().tolist()], lifted.shape)


def duals(values: Any, direction: Any, bits: int = DEFAULT_BITS) -> ScalarArray:
    """Return data as duals whose tangents are ``direction``, an array of the same shape.

    An entry of ``direction`` that is 0 gives an exactly constant dual. Raises as ``array``, and
    ShapeError where the shapes differ.

    >>> duals([1, 2], [0.5, 0])
    ScalarArray([Dual(1, tangent 0.5), Dual(2, tangent 0)], dtype=object)
    """
    value, tangent = array(values, ball(bits)), array(direction, ball(bits))
    if value.shape != tangent.shape:
        shapes = aligned([("values", str(value.shape)), ("direction", str(tangent.shape))])
        raise ShapeError(f"a direction has the shape of the values\n{shapes}")
    pairs = zip(value.ravel().tolist(), tangent.ravel().tolist(), strict=True)
    return arranged([Dual(x.value, t.value if t.value != 0 else None) for x, t in pairs], value.shape)


def traced(name: str, values: Any) -> ScalarArray:
    """Return data as traces whose entries are the symbols ``name[0, 0]``, …; its values decide comparisons.

    Raises as ``array``.

    >>> traced("w", [1, 2]).sum()
    Trace(w[0] + w[1])
    """
    given = array(values, trace())
    entries = zip(given.ravel().tolist(), np.ndindex(given.shape), strict=True)
    return arranged([Trace(x.value, symbol(name, k, given.shape)) for x, k in entries], given.shape)


def values(A: Any) -> list[Any]:
    """Return the values of a scalar or an array of scalars as a flat list of flint numbers.

    >>> values(array([1, "1/3"], EXACT))
    [1, 1/3]
    """
    return [A.value] if isinstance(A, Scalar) else numbers(A)


def inner(A: Any, weights: Any) -> Any:
    """Return the sum of the values of ``A`` times an array of doubles, as one arb.

    >>> inner(array([1, 2], ball()), np.array([3.0, 4.0])) == 11
    True
    """
    return total(values(A), weights.tolist())


def midpoint(value: Any) -> float:
    """Return the midpoint of a scalar or flint ball, rounded to a float.

    >>> midpoint(Exact("0.1")), midpoint(ball().lift("0.1"))
    (0.1, 0.1)
    """
    held = value.value if isinstance(value, Scalar) else value
    return nearest_float(held) if isinstance(held, arb) else int(held.p) / int(held.q)


def midpoints(A: Any) -> Any:
    """Return the midpoints of a scalar or an array of scalars as float64, in the same shape.

    >>> midpoints(array([["0.1", 1]], ball()))
    array([[0.1, 1. ]])
    """
    if isinstance(A, Scalar):
        return midpoint(A)
    return numpy_array(list(map(midpoint, values(A))), dtype=np.float64).reshape(A.shape)


def floats(A: Any) -> Any:
    """Return the midpoints of an array of scalars as float64, each off by one unit in its last place at most.

    They are cut off, not rounded, which takes a tenth of the time of ``midpoints``.

    >>> floats(array([["0.5", 1]], ball()))
    array([[0.5, 1. ]])
    """
    held = values(A)
    cut = float if set(map(type, held)) <= {arb} else midpoint
    return numpy_array(list(map(cut, held)), dtype=np.float64).reshape(A.shape)


def overlaps(a: Any, b: Any) -> bool:
    """Return whether two scalars can be the same number; False is certain.

    >>> overlaps(Ball(1) / 3, Ball("1/3")), overlaps(Ball(1), Ball(2))
    (True, False)
    """
    return bool(arb(a.value).overlaps(arb(b.value)))


def all_overlap(A: Any, B: Any) -> bool:
    """Return whether two arrays of scalars can be the same in every entry, taken in order; False is certain.

    >>> all_overlap(array([1, 2], ball()), array([1, 3], ball()))
    False
    """
    left, right = (C.matrix if type(C) is Block else None for C in (A, B))
    if left is not None and right is not None:
        return bool(left.overlaps(right))
    one, other = ([x if type(x) is arb else arb(x) for x in values(C)] for C in (A, B))
    return all(map(arb.overlaps, one, other))


def certified_digits(error: Any, scale: Any) -> int:
    """Return to how many decimal digits, relative to ``scale``, an arb ``error`` is certainly zero.

    Both are flint balls. An exact zero counts as 10**6 digits; nothing certain counts as 0.

    >>> certified_digits(arb("1e-30"), arb(1)), certified_digits(arb(0), arb(1))
    (30, 1000000)
    """
    bound, size = log10_upper(error), log10_upper(scale)
    if bound == -math.inf:
        return 10**6
    return max(0, math.floor(size - bound + 1e-9)) if math.isfinite(size - bound) else 0


def log10_upper(value: Any) -> float:
    """Return log10 of the largest absolute value in a flint ball: -inf for an exact 0, inf for no bound.

    >>> round(log10_upper(arb("1e-30")), 9), log10_upper(arb(0))
    (-30.0, -inf)
    """
    top = value.abs_upper()
    if top == 0:
        return -math.inf
    return float(top.log().mid()) / math.log(10) if top.is_finite() else math.inf

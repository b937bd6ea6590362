"""What kind of numbers an array holds, and fresh numbers of that kind: probabilities stay such, signs and sums too.

A loss is written for its data: it clips probabilities, takes logarithms of what is positive, counts on rows that sum to
one. Numbers drawn at random are to be such as the array given might have held, and to reach as far as those do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

Array: TypeAlias = Any
Draw: TypeAlias = Callable[[Array, np.random.Generator], Array]

FEW = 4
"""Up to so many distinct values, each of them at least twice, are labels."""

_FINE = 2.0**20
_LARGEST = float(np.finfo(np.float64).max) / 4
_ULPS = 4 * float(np.finfo(np.float64).eps)
# Numbers of one size are drawn over a factor of e to the half in either direction.
_NARROW = 0.5


@dataclass(frozen=True)
class Domain:
    """A row of the table: which arrays belong to it, and fresh ones of the same shape and reach.

    ``moves`` is False where no new numbers can be made up: class numbers, masks and the like are only put in another
    order, together with all that belongs to the same sample.
    """

    name: str
    has: Callable[[Array], bool]
    made: Draw
    moves: bool = True

    def draw(self, A: Array, rng: np.random.Generator) -> Array:
        """Return an array of the domain, and the one given where its numbers are too large or small for that."""
        with np.errstate(all="ignore"):
            drawn = self.made(A, rng)
        return drawn if bool(np.all(np.isfinite(drawn))) else A.copy()


def sums_to_one(A: Array) -> int | None:
    """Return the axis along which non-negative floats sum to one, as nearly as floats do; None where none is.

    >>> sums_to_one(np.array([[0.9, 0.05, 0.05]])), sums_to_one(np.array([[0.9], [0.1]])), sums_to_one(np.ones(2))
    (1, 0, None)
    """
    if A.dtype.kind != "f" or not A.ndim or not A.size or A.min() < 0 or A.max() > 1:
        return None
    for axis in reversed(range(A.ndim)):
        if A.shape[axis] > 1 and bool(np.all(np.abs(A.sum(axis=axis) - 1) <= _ULPS * A.shape[axis])):
            return axis
    return None


def spread(A: Array) -> tuple[float, float]:
    """Return the middle of an array's numbers and how far they reach from it, a power of two; never overflows.

    >>> spread(np.array([0.0, 4.0])), spread(np.zeros(3))
    ((2.0, 4.0), (0.0, 0.5))
    """
    A = np.asarray(A, dtype=np.float64)
    largest = float(np.max(np.abs(A), initial=0.0))
    if not largest:
        return 0.0, 0.5
    scaled = A / largest
    middle, width = float(np.mean(scaled)), float(np.std(scaled))
    reach = max(2.0 * width, abs(middle))
    reach = 2.0 ** round(np.log2(reach))
    power = round(float(np.log2(reach) + np.log2(largest)))
    return round(middle / reach * 2**10) / 2**10 * reach * largest, 2.0 ** max(-1070, min(1020, power))


def unit(shape: Sequence[int], rng: np.random.Generator) -> Array:
    """Return dyadic numbers between -1 and 1, uniformly drawn."""
    return rng.integers(-(2**20), 2**20, size=shape, endpoint=True) / _FINE


def _real(A: Array, rng: np.random.Generator) -> Array:
    return around(*spread(A), A.shape, rng)


def around(middle: float, reach: float, shape: Sequence[int], rng: np.random.Generator) -> Array:
    """Return numbers that reach as far from a middle as `spread` says; none of them overflows."""
    if abs(middle) + reach < _LARGEST:
        return middle + reach * unit(shape, rng)
    return 4 * (middle / 4 + reach / 4 * unit(shape, rng)).clip(-_LARGEST, _LARGEST) * 0.99


def _rounded(x: Array) -> Array:
    """Positive numbers to some twenty bits."""
    mantissa, exponent = np.frexp(x)
    return np.ldexp(np.maximum(np.round(mantissa * _FINE), 1.0) / _FINE, exponent)


def _positive(A: Array, rng: np.random.Generator) -> Array:
    ends = np.log(np.array([A.min(), A.max()], dtype=np.float64))
    low, high = ends + ((-_NARROW, _NARROW) if ends[1] - ends[0] < 2 * _NARROW else (0.0, 0.0))
    return _rounded(np.minimum(np.exp((low + high) / 2 + (high - low) / 2 * unit(A.shape, rng)), _LARGEST))


def _negative(A: Array, rng: np.random.Generator) -> Array:
    return -_positive(-A, rng)


def _probabilities(A: Array, rng: np.random.Generator) -> Array:
    """Between the least and the greatest one, on the scale on which 0.99 is as far from 1/2 as 0.01."""
    low, high = np.log(A.min()) - np.log1p(-A.min()), np.log(A.max()) - np.log1p(-A.max())
    if high - low < 2 * _NARROW:
        low, high = low - _NARROW, high + _NARROW
    z = (low + high) / 2 + (high - low) / 2 * unit(A.shape, rng)
    # So near to one that twenty bits are none the less below it.
    return np.clip(_rounded(1 / (1 + np.exp(-z))), A.min() / 2, (1 + A.max()) / 2)


def _shares(A: Array, rng: np.random.Generator) -> Array:
    axis = sums_to_one(A)
    weights = np.where(A > 0, _positive(np.where(A > 0, A, A.max()), rng), 0.0)
    return weights / weights.sum(axis=axis, keepdims=True)


def _symmetric(A: Array, rng: np.random.Generator) -> Array:
    drawn = _real(A, rng)
    return np.triu(drawn) + np.triu(drawn, 1).T


def _around_zeros(A: Array, rng: np.random.Generator) -> Array:
    """Zeros stay: a mask, or padding, has put them there."""
    others = A[A != 0]
    drawn = np.zeros(A.shape)
    drawn[A != 0] = domain_of(others).draw(others, rng) if domain_of(others).moves else _real(others, rng)
    return drawn


def _as_given(A: Array, rng: np.random.Generator) -> Array:
    return A.copy()


def _either(A: Array, rng: np.random.Generator) -> Array:
    """Truth values that are all the same may have been others."""
    return A.copy() if A.any() and not A.all() else rng.integers(0, 2, size=A.shape).astype(bool)


def _is_few(A: Array) -> bool:
    distinct = np.unique(A)
    return len(distinct) <= FEW and 2 * len(distinct) <= A.size and (len(distinct) > 1 or distinct[0] == 0)


def _is_symmetric(A: Array) -> bool:
    return A.ndim == 2 and A.shape[0] == A.shape[1] > 1 and bool(np.array_equal(A, A.T))


def _is_zero_or_one(A: Array) -> bool:
    return bool(np.all((A == 0) | (A == 1)))


def _is_probability(A: Array) -> bool:
    return bool(A.min() > 0 and A.max() < 1)


DATA: tuple[Domain, ...] = (
    Domain("nothing", lambda A: not A.size or A.dtype.kind not in "biuf", _as_given, moves=False),
    Domain("true or false", lambda A: A.dtype.kind == "b", _either, moves=False),
    Domain("whole numbers", lambda A: A.dtype.kind in "iu", _as_given, moves=False),
    Domain(
        "one in every row", lambda A: sums_to_one(A) is not None and bool(np.all(A == A**2)), _as_given, moves=False
    ),
    Domain("a few values", _is_few, _as_given, moves=False),
    Domain("shares that sum to one", lambda A: sums_to_one(A) is not None and not _is_zero_or_one(A), _shares),
    Domain("symmetric", _is_symmetric, _symmetric),
    Domain(
        "whole numbers as floats",
        lambda A: A.size > 1 and np.ptp(A) > 0 and bool(np.all(np.round(A) == A)),
        _as_given,
        moves=False,
    ),
    Domain("with zeros", lambda A: bool(np.any(A == 0) and np.any(A)), _around_zeros),
    Domain("probabilities", _is_probability, _probabilities),
    Domain("positive", lambda A: bool(A.min() > 0), _positive),
    Domain("negative", lambda A: bool(A.max() < 0), _negative),
    Domain("real", lambda A: True, _real),
)
"""What data may be: the first row that has an array counts."""

REAL = DATA[-1]

_SIGNED = ("positive", "negative")
_BETWEEN = ("shares that sum to one", "probabilities")


def domain_of(A: Array) -> Domain:
    """Return the domain of an array of the data.

    >>> [domain_of(np.array(A)).name for A in ([[0, 1.0], [1, 0]], [0.5, 0.25], [-1.0, 1, 1, -1], [3, 1], [0.5, -2])]
    ['one in every row', 'probabilities', 'a few values', 'whole numbers', 'real']
    """
    with np.errstate(all="ignore"):
        return next(row for row in DATA if row.has(A))


def domains_of(parameters: Mapping[str, Array], data: Sequence[Array]) -> dict[str, Domain]:
    """Return the domains of parameters: only those that a loss may count on.

    Numbers between 0 and 1 are probabilities where there is one for each entry or sample of the data, as predictions
    are; else they are weights that happen to be positive.

    >>> [row.name for row in domains_of({"W": np.array([0.5, 0.25]), "b": np.zeros(1)}, ()).values()]
    ['positive', 'real']
    """
    arrays = [np.asarray(A) for A in (*parameters.values(), *data) if np.ndim(A)]
    found = {}
    for name, A in parameters.items():
        predicted = bool(A.ndim) and all(_of_one_kind(A, other) for other in arrays)
        # Weights that are all the same whole number, such as one, say nothing of their signs.
        telling = bool(np.any(A.flat[:1] != A) or np.any(np.round(A) != A))
        possible = [*(_BETWEEN if predicted else ()), *(_SIGNED if telling else ())]
        with np.errstate(all="ignore"):
            found[name] = next((row for row in DATA if row.name in possible and A.size and row.has(A)), REAL)
    return found


def _of_one_kind(A: Array, other: Array) -> bool:
    return bool(other.shape == A.shape or other.shape[0] == A.shape[0] or other.shape[-1] == A.shape[-1] != A.shape[0])


def is_bounded(row: Domain) -> bool:
    """Return whether numbers beyond the domain make no sense to a loss at all."""
    return row.name in _BETWEEN

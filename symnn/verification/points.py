"""Points and directions drawn at random: seeded, dyadic, so that doubles hold them exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

Point = dict[str, Any]


def points(arrays: Mapping[str, Any], seed: int) -> Iterator[tuple[str, Point]]:
    """Yield the point given, then random ones around it, each with a name; endlessly.

    The noise is uniform in ±1/2 of the root mean square of the array (±1/2 for one of zeros), and
    halves every other point, so that a narrow domain is met sooner or later.

    >>> drawn = points({"W": np.ones(2)}, seed=0)
    >>> next(drawn), next(drawn)[0]
    (('the point given', {'W': array([1., 1.])}), 'random point 1')
    """
    yield "the point given", dict(arrays)
    rng = np.random.default_rng(seed)
    number = 0
    while True:
        shrink = 2.0 ** -(number // 2)
        number += 1
        yield (
            f"random point {number}",
            {name: A + shrink * _size(A) * _noise(A.shape, rng) for name, A in arrays.items()},
        )


def _size(A: Any) -> float:
    spread = float(np.sqrt(np.mean(A * A))) if A.size else 0.0
    return 2.0 ** round(np.log2(spread)) if spread else 1.0


def _noise(shape: tuple[int, ...], rng: np.random.Generator) -> Any:
    return rng.integers(-(2**20), 2**20, size=shape, endpoint=True) / 2.0**21


def direction(size: int, rng: np.random.Generator) -> Any:
    """Return a random vector of dyadic numbers with absolute values in [1/2, 1).

    No entry is zero, and two wrong entries cancel by accident with probability 2**-52 at most.

    >>> float(np.min(np.abs(direction(100, np.random.default_rng(0))))) >= 0.5
    True
    """
    return rng.choice([-1.0, 1.0], size) * (1 + rng.integers(0, 2**52, size) / 2.0**52) / 2

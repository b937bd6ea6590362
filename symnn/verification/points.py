"""Points and directions drawn at random: seeded, dyadic, so that doubles hold them exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

import numpy as np

from symnn.verification.domains import domains_of

Point = dict[str, Any]


def points(arrays: Mapping[str, Any], seed: int, data: Sequence[Any] = ()) -> Iterator[tuple[str, Point]]:
    """Yield the point given, then random ones, each with a name; endlessly.

    Drawn are fresh numbers of the domain of each array (of `domains_of`), which reach as far as those given; zeros
    become numbers in ±1/2. From the third on every other point lies between such a draw and the point given, the
    nearer the later, so that a narrow domain is met sooner or later.

    >>> drawn = points({"W": np.ones(2)}, seed=0)
    >>> next(drawn), next(drawn)[0]
    (('the point given', {'W': array([1., 1.])}), 'random point 1')
    """
    yield "the point given", dict(arrays)
    domains = domains_of(arrays, [x for x in data if isinstance(x, np.ndarray)])
    rng = np.random.default_rng(seed)
    for number in count(1):
        fresh = {name: domains[name].draw(A, rng) for name, A in arrays.items()}
        if number > 2 and number % 2:
            near = 2.0 ** (-(number - 1) // 2)
            fresh = {name: A * (1 - near) + fresh[name] * near for name, A in arrays.items()}
        yield f"random point {number}", fresh


def direction(size: int, rng: np.random.Generator) -> Any:
    """Return a random vector of dyadic numbers with absolute values in [1/2, 1).

    No entry is zero, and two wrong entries cancel by accident with probability 2**-52 at most.

    >>> float(np.min(np.abs(direction(100, np.random.default_rng(0))))) >= 0.5
    True
    """
    return rng.choice([-1.0, 1.0], size) * (1 + rng.integers(0, 2**52, size) / 2.0**52) / 2

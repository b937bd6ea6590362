"""Comparing an array of balls with one number, all entries at once, where every comparison is certain.

Entry by entry it takes ten times as long. Where one of them is not certain, entry by entry is how it is decided.
"""

from __future__ import annotations

from itertools import compress, repeat
from operator import not_
from typing import Any

from numpy import fromiter  # bound here, because a run replaces it in NumPy's namespace

from symnn.scalars.compared import RELATIONS
from symnn.scalars.operators import RELATION
from symnn.scalars.plain import Ball

FEWEST = 64
"""From how many entries on it is worth while."""


def compared_at_once(name: str, operands: list[Any], found: set[Any]) -> Any:
    """Return what a comparison of two object arrays gives, its outcomes added to ``found``; None where it is not made.

    ``name`` is that of the ufunc. The first holds balls, and the second one of them.

    >>> import numpy as np
    >>> from symnn.scalars import array, ball
    >>> balls, one = array(range(100), ball()), array([98], ball())
    >>> found = set()
    >>> int(compared_at_once("greater_equal", [balls.view(np.ndarray), one.view(np.ndarray)], found).sum())
    2
    >>> sorted(found)
    [('>=', False), ('>=', True)]
    """
    if name not in RELATIONS or len(operands) != 2 or operands[0].size < FEWEST or operands[1].size != 1:
        return None
    A, B = operands
    entries, other = A.ravel().tolist(), B.ravel().tolist()[0]
    if B.ndim > A.ndim or type(other) is not Ball or set(map(type, entries)) != {Ball} or id(other) in map(id, entries):
        return None
    row, bound = RELATION[RELATIONS[name]], other.value
    values = [x.value for x in entries]
    holds = list(map(row.holds, values, repeat(bound)))
    if not all(map(row.fails, compress(values, map(not_, holds)), repeat(bound))):
        return None
    found.update((row.sign, outcome) for outcome in set(holds))
    return fromiter(holds, bool, len(holds)).reshape(A.shape)

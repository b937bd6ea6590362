"""How far a gradient is from the exact one: of products of thin factors by these, else by blocks of rows."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from flint import arb, arb_mat

from symnn.scalars import precision, values
from symnn.scalars.block import Block
from symnn.scalars.factored import AT_ONCE, FEW_BITS, Factored, by_rows, gap
from symnn.scalars.products import squares
from symnn.scalars.readings import doubles, numbers_at

FAR_ABOVE = 2**40
"""By how much a size is above an error that does not count beside it."""


class Distance(NamedTuple):
    """How far a gradient is from the exact one: a bound of the Euclidean distance, its norm, and where they are apart.

    The places are those of all entries that are certainly different, of arrays taken flat.
    """

    bound: Any
    norm: Any
    apart: list[int]


def distance(yours: Any, exact: Any) -> Distance:
    """Return how far one array of balls is from another of its shape, all entries at once.

    >>> from symnn.scalars import array, ball
    >>> three, four = array([3, 4], ball()), array([3, 5], ball())
    >>> distance(three, three), distance(three, four).apart
    (Distance(bound=0, norm=5.00000000000000, apart=[]), [1])
    """
    if (near := _near(yours, exact)) is not None:
        return Distance(near[0], norm(yours), near[1])
    bound, apart = _off(yours, exact)
    # Where the midpoints stand far above all radii their norm is good to more digits than a count of digits needs.
    size = math.hypot(*doubles(yours).ravel().tolist())
    is_clear = math.isfinite(size) and bool(bound * FAR_ABOVE < size)
    return Distance(bound, arb(size) if is_clear else norm(yours), apart)


def norm(A: Any) -> Any:
    """Return the Euclidean norm of an array of balls, the scale its agreement is measured by.

    >>> from symnn.scalars import array, ball
    >>> int(norm(array([3, 4], ball())).unique_fmpz())
    5
    """
    if (parts := _by_factors(A)) is not None:
        held, changed = parts
        before = [held[divmod(k, A.shape[1])] for k in changed]
        found = held.squares() + squares([x.value for x in changed.values()]) - squares(before)
        # Where nearly all cancels too few digits of it are left.
        if found > 0 and found.rel_accuracy_bits() > FEW_BITS // 2:
            return found.sqrt()
    return squares(values(A)).sqrt()


def _by_factors(A: Any) -> Any:
    """The factors of an array that is a product, with what was written into it; None for another array."""
    parts = A.parts if type(A) is Block else None
    return parts if parts is not None and isinstance(parts[0], Factored) else None


def _near(yours: Any, exact: Any) -> tuple[Any, list[int]] | None:
    """A bound of the distance of products whose factors overlap, and where what was written into yours is apart.

    None where it takes the entries to tell.
    """
    one, other = _by_factors(yours), _by_factors(exact)
    if one is None or other is None or other[1] or (bound := gap(one[0], other[0])) is None:
        return None
    places = sorted(one[1])
    pairs = list(zip(numbers_at(yours, places), numbers_at(exact, places), strict=True))
    if pairs:
        bound = (bound**2 + squares([a - b for a, b in pairs])).abs_upper().sqrt()
    return bound, [k for k, (a, b) in zip(places, pairs, strict=True) if a != b]


def _off(yours: Any, exact: Any) -> tuple[Any, list[int]]:
    """A bound of the distance, and the places of the entries that are apart."""
    columns = _columns(yours)
    parts = [A.parts for A in (yours, exact) if type(A) is Block]
    # What is one matrix already is not cut into rows.
    is_whole = any(part is not None and not isinstance(part[0], Factored) for part in parts)
    many = yours.size if is_whole else max(1, AT_ONCE // columns)
    total, apart = arb(0), []
    for (start, mine), (_, right) in zip(_rows(yours, many), _rows(exact, many), strict=True):
        with precision(FEW_BITS):
            total += squares((mine - right).entries())
        if not mine.overlaps(right):
            pairs = zip(mine.entries(), right.entries(), strict=True)
            apart += [start * columns + k for k, (a, b) in enumerate(pairs) if a != b]
    return total.abs_upper().sqrt(), apart


def _columns(A: Any) -> int:
    return int(A.shape[1]) if A.ndim == 2 else 1


def _rows(A: Any, many: int) -> Iterator[tuple[int, Any]]:
    """The rows of an array as matrices of so many, each with the number of the first; of a vector its entries."""
    columns = _columns(A)
    parts = A.parts if type(A) is Block else None
    if parts is None:
        held = values(A)
        for start in range(0, len(held) // columns, many):
            part = held[start * columns : (start + many) * columns]
            yield start, arb_mat(len(part) // columns, columns, part)
        return
    held, changed = parts
    for start, rows in by_rows(held, many):
        end = start + rows.nrows()
        here = {k: x for k, x in changed.items() if start <= k // columns < end}
        if here and not isinstance(held, Factored):
            rows = arb_mat(rows.nrows(), columns, rows.entries())
        for k, x in here.items():
            rows[k // columns - start, k % columns] = x.value
        yield start, rows

"""A record that is open here, around a call there: the child sweeps its own, and the derivatives it found come back."""

from __future__ import annotations

from typing import Any

from flint import arb
from numpy import fromiter

from symnn.errors import UndecidedError
from symnn.scalars import Scalar, ScalarArray, values
from symnn.scalars.adjoints import Pull
from symnn.scalars.lifting import arranged
from symnn.scalars.plain import Ball
from symnn.scalars.tape import Tape


def arrays_in(x: Any) -> list[Scalar | ScalarArray]:
    """Return the arrays of scalars, and the single ones, among arguments, in their order.

    >>> from symnn.scalars import array, ball
    >>> [len(A) for A in arrays_in(({"W": array([1, 2], ball())}, 3, [array([1], ball())]))]
    [2, 1]
    """
    if isinstance(x, dict):
        return [A for value in x.values() for A in arrays_in(value)]
    if isinstance(x, list | tuple):
        return [A for value in x for A in arrays_in(value)]
    return [x] if isinstance(x, Scalar | ScalarArray) else []


def numbers_of(A: Any) -> Any:
    """Return the bare numbers of an array of scalars as a flat array of objects, by which a record knows them."""
    held = values(A)
    return fromiter(held, object, len(held))


def slopes_of(result: Any, record: Tape, leaves: list[slice]) -> list[Any]:
    """Return the derivative of a single number by the leaves of a record, an array each, or None where it is zero.

    Raises UndecidedError for a result that is no single number.
    """
    if not isinstance(result, Scalar) and not (isinstance(result, ScalarArray) and result.size == 1):
        raise UndecidedError("only a single number is swept")
    found = record.adjoints(values(result)[0])
    return [_array(found[at]) for at in leaves]


def _array(adjoints: list[Any]) -> Any:
    zero = arb(0)
    if all(x is None for x in adjoints):
        return None
    return arranged(list(map(Ball, [zero if x is None else x for x in adjoints])), (len(adjoints),))


def record_call(record: Tape, result: Any, arrays: list[Any], slopes: list[Any]) -> None:
    """Put the result of a call on the record: a number that was made of arrays, with its derivative by each."""
    pairs = [
        (numbers_of(A), _times(numbers_of(slope))) for A, slope in zip(arrays, slopes, strict=True) if slope is not None
    ]
    record.call(numbers_of(result), pairs)


def _times(slope: Any) -> Pull:
    return lambda adjoint: slope * adjoint[0]

"""Between plain numbers and scalars: lifting what code brings in, wrapping what NumPy gives back."""

from __future__ import annotations

import dis
import opcode
import sys
from collections.abc import Callable
from operator import attrgetter
from types import FrameType
from typing import Any

import numpy as np
from flint import arb
from numpy import array, empty, empty_like, fromiter  # bound here, because a run replaces them in NumPy's namespace

from symnn.errors import InputError, UndecidedError
from symnn.scalars.base import HOOKS, Scalar, ScalarArray
from symnn.scalars.places import callers
from symnn.scalars.plain import Ball
from symnn.scalars.run import current, number
from symnn.scalars.tape import tape
from symnn.scalars.unknown import function_called, unknown


def is_floating(dtype: Any) -> bool:
    """Return whether a dtype asks for real numbers: floats, or objects, which are our scalars."""
    return np.dtype(dtype).kind in "fO"


def boxed(x: Scalar) -> Any:
    """Return a scalar as an array of shape (), because NumPy's loops want arrays."""
    box = empty((), dtype=object).view(ScalarArray)
    np.ndarray.__setitem__(box, (), x)
    return box


def arranged(entries: list[Any], shape: tuple[int, ...]) -> ScalarArray:
    """Return scalars in a flat list as a ScalarArray of a shape."""
    # To write a list into an array takes ten times as long: NumPy asks each entry whether it is a sequence.
    return fromiter(entries, object, len(entries)).reshape(shape).view(ScalarArray)


def bare(x: Any) -> Any:
    """Return a ball, or an array that holds balls only, as an array of bare numbers of flint; None for others."""
    A = x if isinstance(x, np.ndarray) else boxed(x)
    entries = A.ravel().tolist()
    if set(map(type, entries)) - {Ball}:
        return None
    return _laid_out(fromiter(map(_VALUE, entries), object, len(entries)).reshape(A.shape), A)


_VALUE = attrgetter("value")


def of_bare(numbers: Any) -> ScalarArray:
    """Return an array of bare numbers of flint as one of balls."""
    made: ScalarArray = _laid_out(arranged(list(map(Ball, numbers.ravel().tolist())), numbers.shape), numbers)
    return made


def _laid_out(made: Any, like: Any) -> Any:
    """An array in the order in memory of another: by it ``ravel`` and ``reshape`` are views, or copies."""
    if like.flags.c_contiguous:
        return made
    other = empty_like(like.view(np.ndarray))
    other[...] = made
    return other.view(type(made))


def kind_near(near: Any) -> Any:
    """Return the scalar class to lift to: the open run's, or else that of the scalars at hand.

    Raises InputError where there is neither.
    """
    system = current().system
    if system is not None:
        return system.kind
    candidates = near.flat if isinstance(near, np.ndarray) else (near,)
    for x in candidates:
        if isinstance(x, Scalar):
            return type(x)
    raise InputError("no run is open and no scalar is near: use symnn.scalars.array to make scalars")


def lift_number(x: Any, kind: Any) -> Any:
    """Return a plain number that code brought in as a scalar; a float counts as it was written.

    Raises UndecidedError for what is neither a number nor a scalar.
    """
    if isinstance(x, Scalar):
        return x
    plain = number(x)
    if plain is NotImplemented:
        raise UndecidedError(f"{x!r} of type {type(x).__name__} cannot be a certified number")
    return kind(plain)


def refuse_matrix(values: Any) -> None:
    """Raise UndecidedError for an np.matrix, whose operators are not those of an array."""
    if isinstance(values, np.matrix):
        raise UndecidedError(
            "* and ** of an np.matrix are products of matrices, which no array of certified numbers knows: "
            "use np.asarray of it, and @ for products"
        )


def lift_numbers(numbers: list[Any], kind: Any) -> list[Any]:
    """Return what `lift_number` makes of each of several numbers."""
    return [lift_number(x, kind) for x in numbers]


def lift_exactly(numbers: list[Any], kind: Any) -> list[Any]:
    """Return plain numbers as scalars, a float being the exact double it is. Raises InputError for what is none."""
    doubles = getattr(kind, "holds_arb", False) and set(map(type, numbers)) == {float}
    return list(map(kind, map(arb, numbers) if doubles else numbers))


def lift_array(values: Any, kind: Any = None, by: Callable[[list[Any], Any], list[Any]] = lift_numbers) -> Any:
    """Return an array of numbers or scalars as a ScalarArray; one of scalars only is shared, not copied.

    ``by(numbers, kind)`` lifts a list of numbers; each distinct number is lifted once.
    """
    refuse_matrix(values)
    flat = values.ravel().tolist()
    doubles = type(values) is np.ndarray and values.dtype == np.float64
    plain = {float} if doubles else set(map(type, flat))
    if ScalarArray in plain:
        # A list of scalars beside an array comes with each of them in a box.
        flat = [x[()] if isinstance(x, ScalarArray) and not x.ndim else x for x in flat]
        plain = set(map(type, flat))
        values = fromiter(flat, object, len(flat)).reshape(values.shape)
    mixed = any(issubclass(t, Scalar) for t in plain)
    if values.dtype == object and all(issubclass(t, Scalar) for t in plain):
        return values.view(ScalarArray)
    if any(issubclass(t, (list, tuple)) for t in plain):
        raise InputError("rows of different lengths make no array: give every row the same number of entries")
    kind = kind or kind_near(values)
    numbers = list(dict.fromkeys(x for x in flat if not isinstance(x, Scalar)) if mixed else dict.fromkeys(flat))
    lifted = by(numbers, kind)
    if len(numbers) < len(flat):
        held = dict(zip(numbers, lifted, strict=True))
        lifted = [x if mixed and isinstance(x, Scalar) else held[x] for x in flat]
    return arranged(lifted, values.shape)


def lift(x: Any, near: Any = None) -> Any:
    """Return numbers and arrays of numbers as scalars; strings, None, tuples and such stay as they are."""
    if isinstance(x, (Scalar, ScalarArray)):
        return x
    if isinstance(x, np.ndarray):
        return lift_array(x, None if current().system else kind_near(near)) if x.dtype.kind in "biufO" else x
    if isinstance(x, list):
        return lift(array(x, dtype=object), near)
    return x if number(x) is NotImplemented else lift_number(x, kind_near(near))


def wrap(result: Any, near: Any = None) -> Any:
    """Return what NumPy computed on objects as ScalarArray or scalar; bool and int arrays stay plain."""
    if isinstance(result, np.ndarray):
        if result.dtype != object:
            return result
        if result.ndim == 0:
            return wrap(result[()], near)
        if not result.size:
            return result.view(ScalarArray)
        return lift_array(result, kind_near(near) if current().system is None else None)
    if isinstance(result, (tuple, list)):
        return type(result)(wrap(x, near) for x in result)
    return result


def as_plain(A: Any, dtype: Any) -> Any:
    """Return certain ints or truth values of a ScalarArray; a copy of it for a floating dtype.

    Raises UndecidedError when an entry is not certainly an integer, or may be zero and may not.
    """
    if is_floating(dtype):
        return A.copy()
    entry = bool if dtype.kind == "b" else _integer
    return array([entry(x) for x in A.ravel().tolist()], dtype=dtype).reshape(A.shape)


_REMAINDERS = {index for index, (name, _) in enumerate(getattr(opcode, "_nb_ops", ())) if "REMAINDER" in name}


def formats(frame: FrameType) -> bool:
    """Return whether a frame is at an operator ``%``: whoever asks for a float there is a text that is formatted."""
    code, at = frame.f_code.co_code, frame.f_lasti
    return code[at] == dis.opmap["BINARY_OP"] and code[at + 1] in _REMAINDERS


def as_float(x: Scalar) -> float:
    """Return a scalar rounded, for a text that shows it. Raises UndecidedError for all else that wants a float."""
    if formats(sys._getframe(2)):
        return float(f"{x:.17g}")
    called = function_called((frame, frame.f_lasti) for frame, _ in callers())
    if called and called.rpartition(".")[2] not in ("float", "__float__"):
        raise unknown(called, f"it asks for the float {x}")
    raise UndecidedError(f"float({x}) would drop the certainty of the result: keep the number, or compare it")


def _integer(x: Scalar) -> int:
    value = x.value
    if x.tangent is not None:
        raise UndecidedError(f"int({x}) of a number that depends on the parameters is a step function")
    whole = value.unique_fmpz() if hasattr(value, "unique_fmpz") else value.numerator
    if whole is None or value != whole:
        raise UndecidedError(f"int({x}): not certainly an integer")
    return int(whole)


def truth_as(plain: Any, dtype: Any) -> Any:
    """Return an array of truth values as scalars for a floating dtype in a run, else as ``dtype``."""
    return lift_array(plain) if is_floating(dtype) and current().system else plain.astype(dtype)


def _written(A: Any, write: Callable[[], None]) -> None:
    """Write into an array, as a call where calls are recorded."""
    record = tape()
    if record is None or record.calls is None:
        write()
    else:
        record.calls.run("setitem", (A,), write)


HOOKS.update(float=as_float, truth=truth_as, boxed=boxed, lift=lift, astype=as_plain, written=_written)

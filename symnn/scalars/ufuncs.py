"""NumPy's and SciPy's ufuncs on scalars: the object loops that exist, and a table for the others."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from symnn.errors import UndecidedError
from symnn.scalars.ball_loops import IDENTITY, on_balls
from symnn.scalars.base import HOOKS, Scalar, ScalarArray, TruthArray
from symnn.scalars.block import in_entries
from symnn.scalars.compared import ASKING, gathering, outcomes_of
from symnn.scalars.lifting import boxed, formats, lift, lift_array, wrap
from symnn.scalars.loops import LOOPS, PREDICATES, trunc
from symnn.scalars.products import matmul, of_blocks
from symnn.scalars.registered import UFUNCS
from symnn.scalars.run import current
from symnn.scalars.tape import kept_call
from symnn.scalars.unknown import unknown


def objects(x: Any, near: Any) -> Any:
    """Return an operand as a plain object array of scalars, which NumPy's loops take as it is."""
    lifted = lift(x, near)
    if isinstance(lifted, Scalar):
        return boxed(lifted).view(np.ndarray)
    if isinstance(lifted, np.ndarray):
        return lifted.view(np.ndarray)
    raise UndecidedError(f"{x!r} of type {type(x).__name__} is no number")


def nearest(operands: Any) -> Any:
    """Return the operand that holds scalars, which tells what the others are lifted to."""
    return next((x for x in operands if isinstance(x, (Scalar, ScalarArray))), None)


def lifted(*operands: Any) -> list[Any]:
    """Return operands as scalars and arrays of them, lifted to what the one among them is that holds scalars."""
    near = nearest(operands)
    return [lift(x, near) for x in operands]


def target(out: Any) -> Any:
    """Return an array that scalars are written into as NumPy's loops take it. Raises UndecidedError for floats."""
    if isinstance(out, ScalarArray):
        return out.view(np.ndarray)
    if out.dtype.kind == "f":
        raise UndecidedError(
            "a float64 array cannot hold certified numbers: it was made before the run began, "
            "or by a function that symnn does not know: make it by np.zeros, inside of the function that fills it"
        )
    return out


def apply_ufunc(ufunc: Any, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Run a ufunc, or one of its methods, on scalars and arrays of scalars.

    Raises UndecidedError where a float64 array would have to hold the result, TypeError where there
    is no such function of scalars.
    """
    if any(map(HOOKS["is_complex"], inputs)):
        return HOOKS["complex_ufunc"](ufunc, method, inputs, kwargs)
    if method == "__call__" and not kwargs and (made := of_blocks(ufunc.__name__, inputs)) is not None:
        return made
    if ufunc.__name__ != "matmul":
        inputs = in_entries(inputs)
    kwargs = in_entries(kwargs)
    near = nearest(inputs) if nearest(inputs) is not None else nearest(kwargs.get("out", ()))
    if kwargs.get("dtype") is not None and np.dtype(kwargs["dtype"]).kind == "f":
        del kwargs["dtype"]
    if kwargs.get("initial") is np._NoValue:
        del kwargs["initial"]
    outs = kwargs.get("out")
    if ufunc.__name__ == "matmul" and method == "__call__":
        product = matmul(lift(inputs[0], near), lift(inputs[1], near))
        return filled(outs[0] if outs else None, product)
    if ufunc in UFUNCS and method == "__call__":
        return filled(outs[0] if outs else None, UFUNCS[ufunc](*(lift(x, near) for x in inputs)))
    loop = LOOPS.get(ufunc.__name__, ufunc)
    if loop is ufunc and not any("O" in loops for loops in ufunc.types):
        raise unknown(f"{'np' if getattr(np, ufunc.__name__, None) is ufunc else 'scipy.special'}.{ufunc.__name__}")
    if not isinstance(kwargs.get("where", True), bool):
        kwargs["where"] = truth(kwargs["where"])
    operands = len(inputs) if method in ("__call__", "outer") else 1
    found = on_balls(ufunc.__name__, method, [lift(x, near) for x in inputs[:operands]], inputs[operands:], kwargs)
    if found is not None:
        return found
    if outs is not None:
        kwargs["out"] = tuple(target(out) for out in outs)
    if method == "at":
        values = [objects(x, near) for x in inputs[2:]]
        loop.at(target(inputs[0]), inputs[1], *values)
        return None
    if kwargs.get("where", True) is not True and method == "reduce" and ufunc.__name__ in IDENTITY:
        kwargs.setdefault("initial", IDENTITY[ufunc.__name__])
    if ufunc.__name__ in ("add", "subtract") and (addend := getattr(current().system, "addend", None)):
        inputs = tuple(map(addend, inputs))
    plain = [objects(x, near) for x in inputs[:operands]]
    if ufunc.__name__ in ASKING:
        with gathering() as found:
            result = getattr(loop, method)(*plain, *inputs[operands:], **kwargs)
        # An array compared with itself is the NaN test, which comes out one way for all numbers.
        if method == "__call__" and not (operands == 2 and inputs[0] is inputs[1]):
            outcomes_of(ufunc.__name__, plain, found)
    else:
        result = getattr(loop, method)(*plain, *inputs[operands:], **kwargs)
    if outs is not None:
        return outs[0] if len(outs) == 1 else outs
    if ufunc.__name__ in PREDICATES:
        return result.astype(bool) if isinstance(result, np.ndarray) else result
    if isinstance(result, np.ndarray) and result.dtype == bool:
        return result.view(TruthArray)
    return _number(wrap(result, near), near)


def truth(mask: Any) -> Any:
    """Return what serves as a condition as plain truth values. Raises UndecidedError where one is not certain."""
    certain = mask.astype(bool) if isinstance(mask, (Scalar, ScalarArray)) else mask
    return certain.view(np.ndarray) if isinstance(certain, np.ndarray) else certain


def truth_ufunc(ufunc: Any, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Run a ufunc on truth values: what NumPy gives as floats becomes scalars in a run, so that more can be added."""
    plain = [truth(x) if isinstance(x, TruthArray) else x for x in inputs]
    outs = kwargs.get("out")
    if outs is not None:
        kwargs["out"] = tuple(truth(out) if isinstance(out, TruthArray) else out for out in outs)
    result = getattr(ufunc, method)(*plain, **kwargs)
    if outs is not None:
        return outs[0] if len(outs) == 1 else outs
    if not isinstance(result, np.ndarray) or result.dtype.kind not in "bf":
        return result
    if result.dtype.kind == "b":
        return result.view(TruthArray)
    return lift_array(result) if current().system is not None else result


def filled(out: Any, values: Any) -> Any:
    """Return the array that was given for a result with the result in it; without one, the result."""
    if out is None:
        return values
    target(out)
    out[...] = values
    return out


def _number(result: Any, near: Any) -> Any:
    """A count or an empty sum that NumPy gives as int becomes a scalar; truth values stay plain."""
    plain_truth = isinstance(result, (bool, np.bool_))
    return lift(result, near) if isinstance(result, (int, float)) and not plain_truth else result


def as_int(x: Scalar) -> int:
    """Return the whole part of a number that depends on nothing, or of any for a text that shows it.

    Raises UndecidedError for a number that depends on the parameters.
    """
    if formats(sys._getframe(2)):
        return int(float(f"{x:.17g}"))
    if x.tangent is not None:
        raise UndecidedError(f"int({x}) of a number that depends on the parameters is a step function")
    with gathering():
        return int(trunc(x))


def _called(ufunc: Any, method: str) -> str:
    return str(ufunc.__name__) if method == "__call__" else f"{ufunc.__name__}.{method}"


HOOKS["int"] = as_int
HOOKS["ufunc"] = kept_call(_called, apply_ufunc)
HOOKS["truth_ufunc"] = truth_ufunc

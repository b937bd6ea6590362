"""Ufuncs over arrays that hold balls only: NumPy's loops over bare numbers of flint, and what a record keeps of them.

Each array that is made is one call on the record, with the local gradients of the one table of slopes. What is not here
goes the long way, scalar by scalar.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from flint import arb
from numpy import asarray, broadcast_to  # bound here, because a run replaces them in NumPy's namespace

from symnn.scalars.adjoints import Pull
from symnn.scalars.base import ScalarArray, TruthArray
from symnn.scalars.compared import RELATIONS, outcomes_of
from symnn.scalars.elementary import ELEMENTARY, Elementary
from symnn.scalars.lifting import bare, of_bare
from symnn.scalars.operators import RELATION
from symnn.scalars.plain import ADDED, DIVIDED, MULTIPLIED, NEGATED, RAISED, SUBTRACTED, Slopes, decimals, power
from symnn.scalars.run import current
from symnn.scalars.tape import tape, unbroadcast

IDENTITY = {"add": 0, "multiply": 1}
"""What a reduction starts from: objects have no identity of their own."""


def _unary(row: Elementary) -> Slopes:
    slope: Any = np.frompyfunc(row.slope, 2, 1)
    return (lambda y, x: slope(x, y),)


_raised: Any = np.frompyfunc(RAISED[0], 3, 1)
_turned: Any = np.frompyfunc(RAISED[1], 3, 1)

LOOPS: dict[str, tuple[Any, Slopes]] = {
    "add": (np.add, ADDED),
    "subtract": (np.subtract, SUBTRACTED),
    "multiply": (np.multiply, MULTIPLIED),
    "divide": (np.divide, (lambda y, a, b: 1 / b, DIVIDED[1])),
    "negative": (np.negative, NEGATED),
    "square": (np.square, (lambda y, a: 2 * a,)),
    "power": (np.frompyfunc(power, 2, 1), (_raised, _turned)),
    **{row.name: (np.frompyfunc(row.of, 1, 1), _unary(row)) for row in ELEMENTARY},
}
"""The loop of a ufunc over bare numbers, and its slopes by each operand, of what it made and of all operands."""


def on_balls(name: str, method: str, operands: Sequence[Any], rest: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """Return what a method of a ufunc makes of scalars and arrays of them; None where not all of them are balls.

    ``rest`` are the arguments behind the operands.
    """
    if not (name in LOOPS or name in RELATIONS) or "initial" in options or method in ("at", "reduceat"):
        return None
    if getattr(current().system, "addend", None) is not None:
        return None
    plain = [bare(x) for x in operands]
    if any(A is None for A in plain):
        return None
    if name in RELATIONS:
        return _compared(name, plain) if method == "__call__" and not options else None
    outs, where = options.get("out"), options.get("where", True)
    if (method == "__call__" and where is not True) or not (outs is None or isinstance(outs[0], ScalarArray)):
        return None
    record = tape()
    if record is not None and not any(map(record.any_moves, plain)):
        record = None
    if record is not None and method != "__call__" and (name, method) not in _PULLED:
        return None
    if method == "reduce" and where is not True and name in IDENTITY:
        options = {**options, "initial": IDENTITY[name]}
    kept = {key: value for key, value in options.items() if key != "out"}
    y = asarray(getattr(LOOPS[name][0], method)(*plain, *rest, **kept), dtype=object)
    if record is not None:
        _note(record, name, method, y, plain, rest, options)
    made = of_bare(y)
    if outs is None:
        return made if made.ndim else made[()]
    outs[0][...] = made
    return outs[0]


def _note(record: Any, name: str, method: str, y: Any, plain: list[Any], rest: Any, options: dict[str, Any]) -> None:
    """Put what was made on the record."""
    if method == "__call__":
        slopes = LOOPS[name][1]
        record.call(y, [(A, _pull(slope, k, y, plain)) for k, (A, slope) in enumerate(zip(plain, slopes, strict=True))])
    else:
        # A sum of one number is that number: what is recorded must be new.
        y[...] = np.add(y, 0)
        record.call(y, [(plain[0], _PULLED[name, method](plain[0].shape, *rest, **options))])


def _pull(slope: Callable[..., Any], k: int, y: Any, operands: list[Any]) -> Pull:
    def pull(adjoint: Any) -> Any:
        local = slope(y, *operands)
        pulled = adjoint if type(local) is arb and local == 1 else asarray(adjoint * local, dtype=object)
        return unbroadcast(pulled, operands[k].shape)

    return pull


def _summed(shape: tuple[int, ...], axis: Any = 0, *rest: Any, **options: Any) -> Pull:
    """From the adjoint of a sum to that of what was summed."""
    keepdims, where = options.get("keepdims", False) is True, options.get("where", True)
    axes = range(len(shape)) if axis is None else (axis if isinstance(axis, tuple) else (axis,))

    def pull(adjoint: Any) -> Any:
        kept = adjoint if keepdims else np.expand_dims(adjoint, tuple(k % len(shape) for k in axes))
        spread = broadcast_to(kept, shape)
        return spread if where is True else np.where(where, spread, arb(0))

    return pull


def _accumulated(shape: tuple[int, ...], axis: Any = 0, *rest: Any, **options: Any) -> Pull:
    """From the adjoint of running sums to that of what was summed."""
    return lambda adjoint: np.flip(np.add.accumulate(np.flip(adjoint, axis), axis), axis)


_PULLED: dict[tuple[str, str], Callable[..., Pull]] = {
    ("add", "reduce"): _summed,
    ("add", "accumulate"): _accumulated,
}


def _compared(name: str, operands: list[Any]) -> Any:
    """The outcome of a comparison of which every entry is certain, else None."""
    row, (A, B) = RELATION[RELATIONS[name]], operands
    holds = asarray(getattr(np, name)(A, B))
    if not np.all(holds | getattr(np, _UFUNC[row.negated])(A, B)):
        return None
    if (record := tape()) is not None and np.any(ties := np.equal(A, B)):
        nothing: Any = None
        where = [np.where(ties, broadcast_to(side, holds.shape), nothing) for side in operands]
        if any(map(record.any_moves, where)):
            at = next(x for x in where[0].ravel().tolist() if x is not None)
            current().kink(f"{decimals(at, '')} {row.sign} {decimals(at, '')} is decided at equality")
    outcomes_of(name, operands, {(row.sign, bool(outcome)) for outcome in np.unique(holds)})
    return np.ndarray.view(holds, TruthArray) if holds.ndim else bool(holds)


_UFUNC = {sign: name for name, sign in RELATIONS.items()}

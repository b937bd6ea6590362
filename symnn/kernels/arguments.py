"""The arguments of a program, checked: names, shapes against one another, finite numbers, distributions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from symnn.equations import Program
from symnn.errors import InputError, ShapeError, UndecidedError, aligned
from symnn.notation import name_of

Array: TypeAlias = np.ndarray[Any, Any]


def data_names(program: Program) -> tuple[str, ...]:
    """Return the names of a program's inputs and targets, in the order a kernel takes them."""
    return tuple(name_of(tensor) for tensor in (*program.inputs, *program.targets))


def arguments(
    program: Program, sizes: Mapping[str, int], params: Mapping[str, Array], data: tuple[Array, ...]
) -> dict[str, Array]:
    """Return all arrays by name, their shapes checked against the program's and against one another.

    Raises `InputError` for a missing or extra array and `ShapeError` for a shape that does not fit.
    """
    return Signature.of(program, sizes).arrays(params, data)


@dataclass(frozen=True)
class Signature:
    """What a program takes, in plain names and numbers, so that a call compares no symbols.

    ``shapes`` holds for every array its axes as they are named and as they are known: a number or a name.
    """

    params: tuple[str, ...]
    data: tuple[str, ...]
    shapes: Mapping[str, tuple[tuple[str, ...], tuple[int | str, ...]]]
    distributions: Mapping[str, int]
    fitting: set[tuple[tuple[int, ...], ...]] = field(default_factory=set, compare=False)
    """The shapes of all arrays, together, that were found to fit."""

    @classmethod
    def of(cls, program: Program, sizes: Mapping[str, int]) -> Signature:
        """Read the signature off a program whose sizes are known in part."""
        shapes = {}
        for leaf in program.leaves:
            named = tuple(map(str, program.shapes[name_of(leaf)]))
            shapes[name_of(leaf)] = named, tuple(int(a) if a.isdigit() else sizes.get(a, a) for a in named)
        distributions = {
            name: list(program.shapes[name]).index(index.upper + 1) for name, index in program.distributions.items()
        }
        return cls(tuple(map(name_of, program.parameters)), data_names(program), shapes, distributions)

    def arrays(self, params: Mapping[str, Array], data: tuple[Array, ...]) -> dict[str, Array]:
        """Return all arrays by name, checked; raise as `arguments` does."""
        if len(params) != len(self.params) or not all(map(params.__contains__, self.params)):
            raise _other_names("parameter", params, self.params)
        if len(data) != len(self.data):
            names = ", ".join(self.data)
            raise InputError(f"the kernel takes {len(self.data)} data arrays ({names}); yours: {len(data)}")
        arrays = {name: np.asanyarray(params[name]) for name in self.params}
        for name, array in zip(self.data, data, strict=True):
            arrays[name] = np.asanyarray(array)
        shapes = tuple([array.shape for array in arrays.values()])
        if shapes not in self.fitting:
            self._check_shapes(arrays)
            self.fitting.add(shapes)
        for name, axis in self.distributions.items():
            _check_distribution(name, arrays[name], axis)
        return arrays

    def _check_shapes(self, arrays: Mapping[str, Array]) -> None:
        extents: dict[int | str, int] = {}
        for name, array in arrays.items():
            named, known = self.shapes[name]
            expected = tuple(extents.get(axis, axis) for axis in known)
            if len(expected) != array.ndim or any(
                want != have and not isinstance(want, str) for want, have in zip(expected, array.shape, strict=True)
            ):
                raise _misshapen(name, array.shape, named, tuple(map(str, expected)))
            extents.update((want, have) for want, have in zip(expected, array.shape, strict=True) if want != have)


def of_one_type(arrays: dict[str, Array]) -> dict[str, Array]:
    """Return integers and floats as floats of one type, so that results can be built up in place."""
    types = {array.dtype for array in arrays.values()}
    if len(types) == 1 and next(iter(types)).kind not in "biu":
        return arrays
    common = np.result_type(*types)
    common = common if common.kind not in "biu" else np.dtype(np.float64)
    return {name: array.astype(common, copy=False) for name, array in arrays.items()}


def check_finite(name: str, array: Array) -> None:
    """Raise `InputError`, naming the first entry, if an array of floats holds NaN or infinity.

    >>> check_finite("X", np.array([1.0, np.nan]))
    Traceback (most recent call last):
    symnn.errors.InputError: X[1] is nan: every number must be finite
    """
    # NaN and infinity survive in a sum of squares, which BLAS takes at the speed of memory; so does an overflow.
    if array.dtype.kind != "f" or math.isfinite(np.vdot(array, array)) or np.isfinite(array).all():
        return
    place = tuple(int(p) for p in np.argwhere(~np.isfinite(array))[0])
    raise InputError(f"{name}[{', '.join(map(str, place))}] is {array[place]}: every number must be finite")


def _shape(shape: Iterable[object]) -> str:
    return f"({', '.join(map(str, shape))})"


def _misshapen(name: str, shape: tuple[int, ...], named: tuple[str, ...], expected: tuple[str, ...]) -> ShapeError:
    letters = _shape(named) if expected != named else ""
    rows = [("yours", _shape(shape)), ("expected", f"{_shape(expected)} {letters}".rstrip())]
    return ShapeError(f"{name} has the wrong shape\n{aligned(rows)}")


def _other_names(what: str, given: Mapping[str, Any], wanted: tuple[str, ...]) -> InputError:
    missing = [name for name in wanted if name not in given]
    extra = [str(name) for name in given if name not in wanted]
    rows = [("yours", ", ".join(map(str, given)) or "(none)"), ("expected", ", ".join(wanted))]
    said = [f"missing {', '.join(missing)}"] * bool(missing) + [f"unknown {', '.join(extra)}"] * bool(extra)
    return InputError(f"the {what} arrays do not fit: {'; '.join(said)}\n{aligned(rows)}")


def _check_distribution(name: str, array: Array, axis: int) -> None:
    """Refuse targets that do not add up to one over the classes, which the merged softmax gradient relies on."""
    sums = np.asarray(np.add.reduce(array, axis=axis)).ravel()
    # A float total of k probabilities is off by rounding only; other scalars add up exactly.
    if array.dtype.kind == "f":
        off = sums - 1
        if np.vdot(off, off) < 1e-12:
            return
        wrong = np.flatnonzero(~(abs(off) < 1e-6)).tolist()
    else:
        wrong = [at for at, total in enumerate(sums.tolist()) if not _may_be_one(total)]
    if wrong:
        rows = [
            ("yours", f"sample {wrong[0]} adds up to {sums[wrong[0]]}"),
            ("expected", "1, as one-hot classes do"),
        ]
        raise InputError(f"the targets {name} must add up to one over the classes\n{aligned(rows)}")


def _may_be_one(total: Any) -> bool:
    try:
        return bool(total == 1)
    except UndecidedError:
        # A ball around one, as three thirds make.
        return True

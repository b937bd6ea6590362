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
    choices: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
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
        choices = {name: tuple(map(float, values)) for name, values in program.choices.items()}
        params = tuple(map(name_of, program.parameters))
        return cls(params, data_names(program), shapes, distributions, choices, program.labels)

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
        for name in self.labels:
            if arrays[name].ndim == 1:
                arrays[name] = self._one_hot(name, arrays)
        shapes = tuple([array.shape for array in arrays.values()])
        if shapes not in self.fitting:
            self._check_shapes(arrays)
            self.fitting.add(shapes)
        for name, axis in self.distributions.items():
            _check_distribution(name, arrays[name], axis)
        for name, values in self.choices.items():
            _check_choices(name, arrays[name], values)
        return arrays

    def _one_hot(self, name: str, arrays: Mapping[str, Array]) -> Array:
        """Return class labels, one a sample, as the one-hot array that the equations speak of."""
        axis = self.distributions[name]
        classes = self.shapes[name][1][axis]
        if isinstance(classes, str):
            # The number of classes is that of the first array that has them.
            classes = next(
                arrays[other].shape[named.index(classes)]
                for other, (named, _) in self.shapes.items()
                if other != name and classes in named and arrays[other].ndim == len(named)
            )
        return one_hot(name, arrays[name], classes, axis)

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


def one_hot(name: str, labels: Array, classes: int, axis: int) -> Array:
    """Return integer labels as an array with a 1 at each sample's class, the classes along ``axis``.

    Raises `InputError`, naming the first entry, for labels that are no integers or no class.

    >>> one_hot("Y", np.array([2, 0]), 3, axis=0).tolist()
    [[0.0, 1.0], [0.0, 0.0], [1.0, 0.0]]
    """
    if labels.dtype.kind not in "iu":
        rows = [("given", f"numbers of type {labels.dtype}"), ("expected", f"integers from 0 to {classes - 1}")]
        raise InputError(f"the labels {name} must be integers, or a one-hot array\n{aligned(rows)}")
    wrong = np.flatnonzero((labels < 0) | (labels >= classes))
    if wrong.size:
        rows = [("given", f"{name}[{wrong[0]}] = {labels[wrong[0]]}"), ("expected", f"0 to {classes - 1}")]
        raise InputError(f"the label of sample {wrong[0]} is no class\n{aligned(rows)}")
    rows_of_one = np.eye(classes)[labels]
    return rows_of_one.T if axis == 0 else rows_of_one


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


def _check_choices(name: str, array: Array, values: tuple[float, ...]) -> None:
    """Refuse targets in another convention, as 0 and 1 where the loss speaks of -1 and 1."""
    for place, entry in enumerate(array.ravel().tolist()):
        if not any(bool(entry == value) for value in values):
            at = ", ".join(str(int(p)) for p in np.unravel_index(place, array.shape))
            allowed = ", ".join(f"{value:g}" for value in values)
            rows = [("yours", f"{name}[{at}] = {entry}"), ("expected", f"one of {allowed}")]
            raise InputError(f"the targets {name} hold a value that the loss is not made for\n{aligned(rows)}")


def _may_be_one(total: Any) -> bool:
    try:
        return bool(total == 1)
    except UndecidedError:
        # A ball around one, as three thirds make.
        return True

"""A compiled kernel: the printed NumPy function, with its arguments checked before it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from symnn.equations import Program
from symnn.errors import InputError, ShapeError, UndecidedError, aligned
from symnn.kernels.source import FUNCTION
from symnn.notation import name_of

Array: TypeAlias = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Kernel:
    """``loss, grads = kernel(params, *data)``; ``source`` is the text that runs.

    ``params`` maps names to arrays; the data follow in the order of the program's inputs and targets. Arrays may be
    of any scalar if the kernel was compiled with ``stable=False``. Raises `ShapeError` or `InputError`, naming the
    array, for arguments that do not fit or are not finite.
    """

    program: Program
    source: str
    sizes: Mapping[str, int]
    function: Callable[..., tuple[Any, dict[str, Array]]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        namespace: dict[str, Any] = {"__name__": "symnn_kernel"}
        # The text is printed by symnn from equations it has checked; nothing from a file or a user is in it.
        exec(compile(self.source, "<symnn kernel>", "exec"), namespace)  # noqa: S102
        object.__setattr__(self, "function", namespace[FUNCTION])

    def __call__(self, params: Mapping[str, Array], *data: Array) -> tuple[Any, dict[str, Array]]:
        """Return the loss and a dictionary of gradients, each of the shape of its array."""
        arrays = arguments(self.program, self.sizes, params, data)
        # Before the run: an infinity that a sigmoid or a ReLU flattens would not show in the loss.
        for name, array in arrays.items():
            check_finite(name, array)
        return self.function(arrays, *(arrays[name] for name in data_names(self.program)))


def data_names(program: Program) -> tuple[str, ...]:
    """Return the names of a program's inputs and targets, in the order a kernel takes them."""
    return tuple(name_of(tensor) for tensor in (*program.inputs, *program.targets))


def arguments(
    program: Program, sizes: Mapping[str, int], params: Mapping[str, Array], data: tuple[Array, ...]
) -> dict[str, Array]:
    """Return all arrays by name, their shapes checked against the program's and against one another.

    Raises `InputError` for a missing or extra array and `ShapeError` for a shape that does not fit.
    """
    wanted = [name_of(tensor) for tensor in program.parameters]
    _same_names("parameter", params, wanted)
    names = data_names(program)
    if len(data) != len(names):
        raise InputError(f"the kernel takes {len(names)} data arrays ({', '.join(names)}); yours: {len(data)}")
    arrays = {name: np.asanyarray(params[name]) for name in wanted}
    arrays.update(zip(names, map(np.asanyarray, data), strict=True))
    known = dict(sizes)
    for name, array in arrays.items():
        symbolic = tuple(map(str, program.shapes[name]))
        expected = tuple(axis if axis.isdigit() else str(known.get(axis, axis)) for axis in symbolic)
        fits = len(symbolic) == array.ndim and all(
            not want.isdigit() or int(want) == have for want, have in zip(expected, array.shape, strict=True)
        )
        if not fits:
            letters = f"({', '.join(symbolic)})" if expected != symbolic else ""
            raise ShapeError(
                f"{name} has the wrong shape\n"
                + aligned(
                    [
                        ("yours", _shape(array.shape)),
                        ("expected", f"({', '.join(expected)}) {letters}".rstrip()),
                    ]
                )
            )
        for axis, extent in zip(symbolic, array.shape, strict=True):
            if not axis.isdigit():
                known.setdefault(axis, extent)
    for name, index in program.distributions.items():
        _check_distribution(name, arrays[name], list(program.shapes[name]).index(index.upper + 1))
    return arrays


def check_finite(name: str, array: Array) -> None:
    """Raise `InputError`, naming the first entry, if an array of floats holds NaN or infinity.

    >>> check_finite("X", np.array([1.0, np.nan]))
    Traceback (most recent call last):
    symnn.errors.InputError: X[1] is nan: every number must be finite
    """
    if array.dtype.kind != "f" or np.isfinite(array).all():
        return
    place = tuple(int(p) for p in np.argwhere(~np.isfinite(array))[0])
    raise InputError(f"{name}[{', '.join(map(str, place))}] is {array[place]}: every number must be finite")


def _shape(shape: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, shape))})"


def _same_names(what: str, given: Mapping[str, Any], wanted: list[str]) -> None:
    missing = [name for name in wanted if name not in given]
    extra = [str(name) for name in given if name not in wanted]
    if missing or extra:
        rows = [("yours", ", ".join(map(str, given)) or "(none)"), ("expected", ", ".join(wanted))]
        said = [f"missing {', '.join(missing)}"] * bool(missing) + [f"unknown {', '.join(extra)}"] * bool(extra)
        raise InputError(f"the {what} arrays do not fit: {'; '.join(said)}\n{aligned(rows)}")


def _check_distribution(name: str, array: Array, axis: int) -> None:
    """Refuse targets that do not add up to one over the classes, which the merged softmax gradient relies on."""
    totals = np.atleast_1d(array.sum(axis=axis)).ravel().tolist()
    # A float total of k probabilities is off by rounding only; other scalars add up exactly.
    floats = array.dtype.kind == "f"
    wrong = [at for at, total in enumerate(totals) if not (abs(total - 1) < 1e-6 if floats else _may_be_one(total))]
    if wrong:
        rows = [
            ("yours", f"sample {wrong[0]} adds up to {totals[wrong[0]]}"),
            ("expected", "1, as one-hot classes do"),
        ]
        raise InputError(f"the targets {name} must add up to one over the classes\n{aligned(rows)}")


def _may_be_one(total: Any) -> bool:
    try:
        return bool(total == 1)
    except UndecidedError:
        # A ball around one, as three thirds make.
        return True

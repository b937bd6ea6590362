"""The gradients that a function returned, by the names and in the shapes of the parameters."""

from __future__ import annotations

from typing import Any

import numpy as np

from symnn.errors import InputError
from symnn.scalars import Scalar, ScalarArray
from symnn.scalars.lifting import lift
from symnn.scalars.readings import all_finite
from symnn.verification.calling import NotFiniteError
from symnn.verification.matching import match_gradients
from symnn.verification.structure import Parameters


def gradients_of(result: Any, wanted: Parameters) -> dict[str, Any]:
    """Return the gradient arrays by parameter name, each in its parameter's shape where only axes of length 1 differ.

    Raises InputError for missing or extra arrays.

    >>> from symnn.verification.structure import parameters
    >>> gradients_of(np.ones(2), parameters(np.ones((2, 1))))["params"].shape
    (2, 1)
    """
    found = match_gradients(result, wanted)
    return {name: reshaped(g, wanted.arrays[name].shape) for name, g in found.items()}


def scalars_of(name: str, gradient: Any) -> Any:
    """Return the gradient with respect to ``name`` as an array of scalars. Raises InputError where it is none.

    >>> from symnn.scalars import EXACT, running
    >>> with running(EXACT):
    ...     scalars_of("w", [0.5, 1])
    ScalarArray([Exact(1/2), Exact(1)], dtype=object)
    """
    if gradient is None:
        raise InputError(f"the gradient of {name} is None")
    found = lift(gradient)
    if isinstance(found, Scalar):
        found = lift(np.array([found], dtype=object)).reshape(())
    if not isinstance(found, ScalarArray):
        raise InputError(f"the gradient of {name} is no array of numbers: {str(gradient)[:60]!r}")
    return found


def finite_scalars(name: str, gradient: Any) -> Any:
    """Return an array of scalars. Raises NotFiniteError where an entry is not finite."""
    if not all_finite(gradient):
        raise NotFiniteError(f"your gradient of {name} is not finite")
    return gradient


def reshaped(gradient: Any, shape: tuple[int, ...]) -> Any:
    """Return an array in a shape that differs from its own in axes of length 1 only; any other as it is."""
    own = np.shape(gradient)
    if own == shape or not isinstance(gradient, np.ndarray) or not same_but_for_ones(own, shape):
        return gradient
    return gradient.reshape(shape)


def same_but_for_ones(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Return whether two shapes differ in axes of length 1 only.

    >>> same_but_for_ones((3,), (3, 1)), same_but_for_ones((1, 3), (3, 1)), same_but_for_ones((2, 3), (3, 2))
    (True, True, False)
    """
    return [n for n in one if n != 1] == [n for n in other if n != 1]


def shapes_told(result: Any, wanted: Parameters) -> list[str]:
    """Return a sentence for each gradient whose shape is not quite its parameter's, as the code returns it."""
    return [
        f"the gradient of {name} has the shape {np.shape(g)}, the parameter {wanted.arrays[name].shape}: "
        "compared after reshaping"
        for name, g in match_gradients(result, wanted).items()
        if np.shape(g) != wanted.arrays[name].shape and same_but_for_ones(np.shape(g), wanted.arrays[name].shape)
    ]

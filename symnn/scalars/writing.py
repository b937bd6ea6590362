"""NumPy's functions that write into an array: what they write into an array of scalars becomes scalars."""

from __future__ import annotations

from typing import Any

import numpy as np

from symnn.scalars.base import Scalar, ScalarArray
from symnn.scalars.lifting import boxed, lift_array
from symnn.scalars.ufuncs import target

WRITING = {np.fill_diagonal, np.copyto, np.put, np.place, np.putmask, np.put_along_axis}
"""Functions whose first argument is what they write into."""


def mended(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Run a function that writes into its first argument, and lift what it wrote there.

    Raises UndecidedError where scalars would have to go into an array of floats.
    """
    into = target(args[0]) if args and isinstance(args[0], np.ndarray) else None
    options = {name: _plain(x) for name, x in kwargs.items()}
    result = getattr(function, "_implementation", function)(*map(_plain, args), **options)
    if into is not None and into.dtype == object:
        into[...] = lift_array(into)
    return result


def _plain(x: Any) -> Any:
    """Scalars as an array of objects, which NumPy's own code takes without asking back."""
    if isinstance(x, list | tuple) and any(isinstance(part, Scalar) for part in x):
        return np.array(x, dtype=object)
    held = boxed(x) if isinstance(x, Scalar) else x
    return held.view(np.ndarray) if isinstance(held, ScalarArray) else held

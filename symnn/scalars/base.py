"""What every scalar shares: NumPy sees it as a number, and certainty is never lost silently.

NumPy's calls go through the table at the end, which the modules that know how to answer them fill.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, NoReturn

import numpy as np

from symnn.errors import UndecidedError

Hook = Callable[..., Any]


class Scalar:
    """Base of Exact, Ball and Dual: an immutable number with ``value`` and, for Dual, ``tangent``."""

    __slots__ = ()

    value: Any
    tangent: Any = None
    shape: ClassVar[tuple[int, ...]] = ()
    ndim: ClassVar[int] = 0
    size: ClassVar[int] = 1

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return HOOKS["ufunc"](ufunc, method, inputs, kwargs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return HOOKS["function"](func, args, kwargs)

    def __float__(self) -> NoReturn:
        raise UndecidedError(f"float({self}) would drop the certainty of the result: keep the number, or compare it")

    def __int__(self) -> NoReturn:
        raise UndecidedError(f"int({self}) would drop the certainty of the result")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self})"

    def __deepcopy__(self, memo: Any) -> Scalar:
        return self

    def __copy__(self) -> Scalar:
        return self

    def __pos__(self) -> Scalar:
        return self

    @property
    def real(self) -> Scalar:
        """The number itself: all scalars are real."""
        return self

    @property
    def T(self) -> Scalar:
        """The number itself, as for NumPy's scalars."""
        return self

    def item(self) -> Scalar:
        """Return the number itself, as NumPy's scalars return a Python number."""
        return self

    def conjugate(self) -> Scalar:
        """Return the number itself: all scalars are real."""
        return self

    def astype(self, dtype: Any) -> Any:
        """Return the number itself for a floating ``dtype``; else convert as an array would."""
        return HOOKS["boxed"](self).astype(dtype)[()]

    def reshape(self, *shape: Any) -> Any:
        """Return the number as an array of one entry, as NumPy's scalars do."""
        return HOOKS["boxed"](self).reshape(*shape)

    def ravel(self) -> Any:
        """Return the number as an array of shape (1,), as NumPy's scalars do."""
        return self.reshape(1)

    flatten = ravel

    def copy(self) -> Scalar:
        """Return the number itself: scalars never change."""
        return self

    sum = mean = max = min = squeeze = item


class ScalarArray(np.ndarray):
    """An object array of scalars on which ordinary NumPy code runs.

    Made by ``symnn.scalars.array``; what NumPy code makes of it is again a ScalarArray, comparisons
    give plain bool arrays, and reductions to a single number give a scalar.

    >>> from symnn.scalars import EXACT, array
    >>> A = array([[1, 2], [3, 4]], EXACT)
    >>> (A @ A / 3).sum(axis=0), A.mean()
    (ScalarArray([Exact(22/3), Exact(32/3)], dtype=object), Exact(5/2))
    """

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return HOOKS["ufunc"](ufunc, method, inputs, kwargs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return HOOKS["function"](func, args, kwargs)

    def __setitem__(self, key: Any, value: Any) -> None:
        lifted = HOOKS["lift"](value, self)
        # NumPy would store a one-element object array itself as the element.
        one = isinstance(lifted, np.ndarray) and lifted.size == 1
        super().__setitem__(key, lifted.reshape(())[()] if one else lifted)

    def __deepcopy__(self, memo: Any) -> ScalarArray:
        return self.copy()

    def astype(self, dtype: Any, *args: Any, **kwargs: Any) -> Any:
        """Return a copy for a floating ``dtype``; for int and bool the certain values, plain.

        Raises UndecidedError when an entry is not certainly an integer, or not certainly zero or not.
        """
        return HOOKS["astype"](self, np.dtype(dtype))

    def mean(self, *args: Any, **kwargs: Any) -> Any:
        """Return the mean, as ``numpy.mean``."""
        return np.mean(self, *args, **kwargs)

    def var(self, *args: Any, **kwargs: Any) -> Any:
        """Return the variance, as ``numpy.var``."""
        return np.var(self, *args, **kwargs)

    def std(self, *args: Any, **kwargs: Any) -> Any:
        """Return the standard deviation, as ``numpy.std``."""
        return np.std(self, *args, **kwargs)

    def dot(self, other: Any, out: Any = None) -> Any:
        """Return the product, as ``numpy.dot``."""
        return np.dot(self, other)


class TruthArray(np.ndarray):
    """A bool array that a comparison of scalars gave; as floats it is scalars, which more can be done with."""

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if any(issubclass(t, (Scalar, ScalarArray)) for t in types):
            return NotImplemented
        return super().__array_function__(func, types, args, kwargs)

    def astype(self, dtype: Any, *args: Any, **kwargs: Any) -> Any:
        """Return scalars 0 and 1 for a floating ``dtype`` in a run, else what NumPy gives."""
        plain = self.view(np.ndarray)
        return HOOKS["truth"](plain, np.dtype(dtype)) if plain.ndim else plain.astype(dtype, *args, **kwargs)


HOOKS: dict[str, Hook] = {}
"""How NumPy's calls reach the tables: filled by ``lifting``, ``ufuncs`` and ``functions``."""

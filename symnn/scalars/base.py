"""What every scalar shares: NumPy sees it as a number, and certainty is never lost silently.

NumPy's calls go through the table at the end, which the modules that know how to answer them fill.
"""

from __future__ import annotations

import numbers
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from symnn.scalars.asking import real_dtype
from symnn.scalars.compared import gathering, noted

Hook = Callable[..., Any]


def _asked(ufunc: Any, *operands: Any) -> Any:
    return ufunc(*operands)


class Scalar:
    """Base of Exact, Ball and Dual: an immutable number with ``value`` and, for Dual, ``tangent``."""

    __slots__ = ()

    value: Any
    tangent: Any = None
    holds_arb: ClassVar[bool] = False
    shape: ClassVar[tuple[int, ...]] = ()
    strides: ClassVar[tuple[int, ...]] = ()
    ndim: ClassVar[int] = 0
    size: ClassVar[int] = 1
    itemsize: ClassVar[int] = 8
    nbytes: ClassVar[int] = 8

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return HOOKS["ufunc"](ufunc, method, inputs, kwargs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return HOOKS["function"](func, args, kwargs)

    def __bool__(self) -> bool:
        return bool(self != 0)  # type: ignore[comparison-overlap]

    def __float__(self) -> float:
        number: float = HOOKS["float"](self)
        return number

    def __int__(self) -> int:
        number: int = HOOKS["int"](self)
        return number

    def __round__(self, digits: int | None = None) -> Any:
        rounded = _as_array("round")(self, digits or 0)
        return int(rounded) if digits is None else rounded

    def __trunc__(self) -> int:
        return int(self)

    def __floor__(self) -> Any:
        return _asked(np.floor, self)

    def __ceil__(self) -> Any:
        return _asked(np.ceil, self)

    def __mod__(self, other: Any) -> Any:
        return _asked(np.remainder, self, other)

    def __rmod__(self, other: Any) -> Any:
        return _asked(np.remainder, other, self)

    def __floordiv__(self, other: Any) -> Any:
        return _asked(np.floor_divide, self, other)

    def __rfloordiv__(self, other: Any) -> Any:
        return _asked(np.floor_divide, other, self)

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __abs__(self) -> Any:
        return self if noted(self >= 0, ">=") else -self  # type: ignore[operator]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self!s})"

    def __str__(self) -> str:
        return format(self, "")

    def __format__(self, spec: str) -> str:
        return str(HOOKS["decimals"](self.value, spec))

    def __deepcopy__(self, memo: Any) -> Scalar:
        return self

    def __copy__(self) -> Scalar:
        return self

    def __pos__(self) -> Scalar:
        return self

    @property
    def dtype(self) -> Any:
        """That of a float in a run, for the code under test; else that of an object."""
        return real_dtype(_OBJECT)

    @property
    def real(self) -> Scalar:
        """The number itself: all scalars are real."""
        return self

    @property
    def imag(self) -> Any:
        """Zero: all scalars are real."""
        return _asked(np.multiply, self, 0)

    @property
    def flat(self) -> Any:
        """An iterator over the one number."""
        return self.reshape(1).flat

    @property
    def T(self) -> Scalar:
        """The number itself, as for NumPy's scalars."""
        return self

    def item(self, *places: Any) -> Scalar:
        """Return the number itself, as NumPy's scalars return a Python number."""
        return self

    def conjugate(self) -> Scalar:
        """Return the number itself: all scalars are real."""
        return self

    conj = transpose = tolist = conjugate

    def astype(self, dtype: Any) -> Any:
        """Return the number itself for a floating ``dtype``; else convert as an array would."""
        return HOOKS["boxed"](self).astype(dtype)[()]

    def reshape(self, *shape: Any) -> Any:
        """Return the number as an array of one entry, as NumPy's scalars do."""
        return HOOKS["boxed"](self).reshape(*shape)

    def copy(self) -> Scalar:
        """Return the number itself: scalars never change."""
        return self

    def sum(self, *args: Any, **options: Any) -> Scalar:
        """Return the number itself: it is all that there is."""
        return self

    mean = max = min = prod = squeeze = sum

    def var(self, *args: Any, **options: Any) -> Any:
        """Return zero: one number does not vary."""
        return self.imag

    std = var


def _as_array(name: str) -> Callable[..., Any]:
    def method(self: Scalar, *args: Any, **kwargs: Any) -> Any:
        answer = getattr(HOOKS["boxed"](self), name)(*args, **kwargs)
        return answer[()] if isinstance(answer, ScalarArray) and not answer.ndim else answer

    method.__doc__ = f"Return what ``{name}`` of an array of shape () returns."
    return method


_METHODS = (
    *("all", "any", "argmax", "argmin", "clip", "cumprod", "cumsum", "diagonal", "fill", "flatten"),
    *("nonzero", "ptp", "put", "ravel", "repeat", "round", "swapaxes", "take", "trace"),
)
# A number of NumPy's has every method of an array: these are asked of an array that holds it.
for _name in _METHODS:
    setattr(Scalar, _name, _as_array(_name))
numbers.Real.register(Scalar)

_OBJECT = np.dtype(object)


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
        held = lifted.reshape(())[()] if one else lifted
        HOOKS["written"](self, lambda: super(ScalarArray, self).__setitem__(key, held))

    def __deepcopy__(self, memo: Any) -> ScalarArray:
        return self.copy()

    @property
    def dtype(self) -> Any:
        """That of floats in a run, for the code under test; else that of objects."""
        return real_dtype(_DTYPE.__get__(self))

    @dtype.setter
    def dtype(self, value: Any) -> None:
        _DTYPE.__set__(self, value)

    @property
    def flat(self) -> Any:
        """The entries in a row, which can be written."""
        return Flat(self)

    @flat.setter
    def flat(self, values: Any) -> None:
        Flat(self)[:] = values

    def fill(self, value: Any) -> None:
        """Write one number into every entry."""
        self[...] = value

    def put(self, indices: Any, values: Any, mode: Any = "raise") -> None:
        """Write numbers into the entries at flat indices, as ``numpy.put``."""
        np.put(self, indices, values, mode)

    def astype(self, dtype: Any, *args: Any, **kwargs: Any) -> Any:
        """Return a copy for a floating ``dtype``; for int and bool the certain values, plain.

        Raises UndecidedError when an entry is not certainly an integer, or not certainly zero or not.
        """
        return HOOKS["astype"](self, np.dtype(dtype))

    def dot(self, other: Any, out: Any = None) -> Any:
        """Return the product, as ``numpy.dot``."""
        return np.dot(self, other, out)

    def round(self, decimals: Any = 0, out: Any = None) -> Any:
        """Return the entries rounded to so many decimals, as ``numpy.round``."""
        scale = 10 ** abs(decimals)
        wide = self * scale if decimals >= 0 else self / scale
        whole = np.rint(wide)
        return np.divide(whole, scale, out=out) if decimals >= 0 else np.multiply(whole, scale, out=out)


def _quiet(name: str) -> Callable[..., Any]:
    def method(self: ScalarArray, *args: Any, **kwargs: Any) -> Any:
        with gathering():
            return getattr(super(ScalarArray, self), name)(*args, **kwargs)

    method.__doc__ = f"Return what ``numpy.ndarray.{name}`` returns; its comparisons are no branches of the code."
    return method


# These are C code that calls the comparisons of the entries, so that the caller would seem to have made them.
for _name in ("argmax", "argmin", "argpartition", "argsort", "partition", "sort"):
    setattr(ScalarArray, _name, _quiet(_name))

_DTYPE: Any = vars(np.ndarray)["dtype"]
_FLAT: Any = vars(np.ndarray)["flat"]


class Flat:
    """The entries of a ScalarArray in a row, as ``numpy.flatiter``; what is written becomes scalars."""

    def __init__(self, A: ScalarArray) -> None:
        self._array, self._entries = A, _FLAT.__get__(A)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._entries, name)

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        return next(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, key: Any) -> Any:
        return self._entries[key]

    def __setitem__(self, key: Any, value: Any) -> None:
        self._entries[key] = HOOKS["lift"](value, self._array)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return self._array.ravel()


class TruthArray(np.ndarray):
    """A bool array that a comparison of scalars gave; as floats it is scalars, which more can be done with."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method == "__call__" and any(isinstance(x, (Scalar, ScalarArray)) for x in inputs):
            return NotImplemented
        return HOOKS["truth_ufunc"](ufunc, method, inputs, kwargs)

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

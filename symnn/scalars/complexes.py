"""Complex numbers as pairs of arrays of scalars: enough for transforms, and for losses of what they give."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from symnn.errors import UndecidedError
from symnn.scalars.base import HOOKS, Scalar
from symnn.scalars.lifting import lift
from symnn.scalars.replacing import FUNCTIONS
from symnn.scalars.ufuncs import nearest


class Complex(NDArrayOperatorsMixin):
    """An array of complex numbers, or a single one: its ``real`` and its ``imag`` part, of one shape."""

    def __init__(self, real: Any, imag: Any) -> None:
        self.real, self.imag = real, imag

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return of_complex(ufunc, method, inputs, kwargs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return _function(func, args, kwargs)

    @property
    def shape(self) -> tuple[int, ...]:
        """That of the parts."""
        return tuple(np.shape(self.real))

    @property
    def ndim(self) -> int:
        """How many dimensions the parts have."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return int(np.size(self.real))

    @property
    def dtype(self) -> Any:
        """That of complex numbers."""
        return np.dtype(complex)

    @property
    def T(self) -> Complex:
        """The transpose."""
        return Complex(self.real.T, self.imag.T)

    def __len__(self) -> int:
        return len(self.real)

    def __iter__(self) -> Any:
        return (self[k] for k in range(len(self)))

    def __getitem__(self, key: Any) -> Complex:
        return Complex(self.real[key], self.imag[key])

    def __setitem__(self, key: Any, value: Any) -> None:
        one = as_complex(value, self.real)
        self.real[key], self.imag[key] = one.real, one.imag

    def __complex__(self) -> complex:
        raise UndecidedError("complex(...) of certified numbers would drop their certainty: use .real and .imag")

    def __repr__(self) -> str:
        return f"complex numbers of shape {self.shape}: take .real of them"

    def conjugate(self) -> Complex:
        """Return the complex conjugate."""
        return Complex(self.real, -self.imag)

    conj = conjugate

    def astype(self, dtype: Any, *args: Any, **options: Any) -> Any:
        """Return a copy for a complex ``dtype``; for a real one the real part, as NumPy does with a warning."""
        is_complex = np.dtype(dtype).kind == "c"
        return Complex(self.real.copy(), self.imag.copy()) if is_complex else self.real.astype(dtype)


def _method(name: str) -> Callable[..., Complex]:
    def method(self: Complex, *args: Any, **options: Any) -> Complex:
        return Complex(*(getattr(part, name)(*args, **options) for part in (self.real, self.imag)))

    method.__doc__ = f"Return what ``{name}`` makes of both parts."
    return method


_METHODS = (
    *("sum", "mean", "reshape", "ravel", "flatten", "transpose", "swapaxes", "squeeze", "cumsum", "trace"),
    *("copy", "item"),
)
for _name in _METHODS:
    setattr(Complex, _name, _method(_name))


def is_complex(x: Any) -> bool:
    """Return whether an operand is complex: of ours, of Python's, or of NumPy's."""
    return isinstance(x, Complex | complex | np.complexfloating) or (isinstance(x, np.ndarray) and x.dtype.kind == "c")


def as_complex(x: Any, near: Any) -> Complex:
    """Return an operand as complex numbers, scalars in both parts."""
    if isinstance(x, Complex):
        return x
    if is_complex(x):
        # Both parts together: that of an angle which was rounded is as far off zero as the other is off its value.
        parts = lift(np.stack([np.real(x), np.imag(x)]), near)
        return Complex(parts[0], parts[1])
    real = lift(np.asarray(x) if isinstance(x, list) else x, near)
    return Complex(real, real * 0)


def _alike(operands: Any) -> list[Any]:
    """Operands as complex numbers, lifted to what the one among them is that holds scalars."""
    near = nearest([x.real if isinstance(x, Complex) else x for x in operands])
    return [as_complex(x, near) for x in operands]


def _of_two(function: Callable[[Any, Any], Any], a: Complex, b: Complex) -> Complex:
    """A function that is linear in both of its operands."""
    real = function(a.real, b.real) - function(a.imag, b.imag)
    return Complex(real, function(a.real, b.imag) + function(a.imag, b.real))


def _size(z: Complex) -> Any:
    return np.sqrt(z.real * z.real + z.imag * z.imag)


def _quotient(a: Complex, b: Complex) -> Complex:
    square = b.real * b.real + b.imag * b.imag
    return _of_two(np.multiply, a, Complex(b.real / square, -b.imag / square))


def _power(a: Complex, exponent: Complex) -> Complex:
    whole = exponent.real if isinstance(exponent.real, Scalar) else exponent.real.ravel()[0]
    n = int(whole)
    if np.size(exponent.real) != 1 or whole != n or n < 1:
        raise UndecidedError(
            "complex certified numbers have powers with whole exponents above 0: use np.abs and np.angle"
        )
    found = a
    for _ in range(n - 1):
        found = _of_two(np.multiply, found, a)
    return found


def _exponential(z: Complex) -> Complex:
    size = np.exp(z.real)
    return Complex(size * np.cos(z.imag), size * np.sin(z.imag))


_UFUNCS: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: Complex(a.real + b.real, a.imag + b.imag),
    "subtract": lambda a, b: Complex(a.real - b.real, a.imag - b.imag),
    "multiply": lambda a, b: _of_two(np.multiply, a, b),
    "matmul": lambda a, b: _of_two(np.matmul, a, b),
    "divide": _quotient,
    "true_divide": _quotient,
    "reciprocal": lambda z: _quotient(Complex(z.real * 0 + 1, z.imag * 0), z),
    "power": _power,
    "square": lambda z: _of_two(np.multiply, z, z),
    "negative": lambda z: Complex(-z.real, -z.imag),
    "positive": lambda z: z,
    "conjugate": lambda z: z.conjugate(),
    "absolute": _size,
    "exp": _exponential,
}


def of_complex(ufunc: Any, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Run a ufunc of complex numbers. Raises UndecidedError for one that is not known of them."""
    if method == "reduce" and ufunc.__name__ == "add":
        return np.sum(inputs[0], **{key: x for key, x in kwargs.items() if x is not None})
    outs = kwargs.pop("out", None)
    if ufunc.__name__ not in _UFUNCS or method != "__call__" or kwargs:
        raise UndecidedError(f"np.{ufunc.__name__} is not known of complex certified numbers: use .real and .imag")
    found = _UFUNCS[ufunc.__name__](*_alike(inputs))
    # A single number never changes; a name that was bound to it is bound anew.
    if outs is None or not outs[0].ndim:
        return found
    outs[0][...] = found
    return outs[0]


_OF_PARTS = {
    *(np.sum, np.mean, np.reshape, np.ravel, np.transpose, np.swapaxes, np.moveaxis, np.squeeze, np.expand_dims),
    *(np.roll, np.flip, np.tile, np.repeat, np.take, np.diff, np.cumsum, np.trace, np.diagonal, np.copy, np.pad),
    *(np.broadcast_to, np.fft.fftshift, np.fft.ifftshift, np.zeros_like, np.tril, np.triu, np.average),
}
_OF_BOTH = {np.dot, np.outer, np.inner, np.tensordot, np.kron, np.convolve}
_JOINING = {np.concatenate, np.stack, np.hstack, np.vstack, np.column_stack}
_OTHERS: dict[Any, Callable[..., Any]] = {
    np.real: lambda z: z.real,
    np.imag: lambda z: z.imag,
    np.angle: lambda z, deg=False: np.arctan2(z.imag, z.real) * (180 / np.pi if deg else 1),
    np.shape: lambda z: z.shape,
    np.ndim: lambda z: z.ndim,
    np.size: lambda z: z.size,
    np.iscomplexobj: lambda z: True,
    np.isrealobj: lambda z: False,
    np.linalg.norm: lambda z, *args, **options: np.linalg.norm(_size(z), *args, **options),
}


def _function(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if func in FUNCTIONS and func.__module__ == "numpy.fft":
        return FUNCTIONS[func](*args, **kwargs)
    if func in _OTHERS:
        return _OTHERS[func](*args, **kwargs)
    if func in _OF_PARTS:
        return Complex(*(func(part, *args[1:], **kwargs) for part in (args[0].real, args[0].imag)))
    if func is np.vdot:
        a, b = (z.ravel() for z in _alike(args))
        return _of_two(np.dot, a.conjugate(), b)
    if func in _OF_BOTH:
        return _of_two(lambda a, b: func(a, b, *args[2:], **kwargs), *_alike(args[:2]))
    if func in _JOINING:
        parts = _alike(args[0])
        return Complex(*(func([getattr(z, of) for z in parts], *args[1:], **kwargs) for of in ("real", "imag")))
    if func is np.einsum and len(args) == 3:
        return _of_two(lambda a, b: np.einsum(args[0], a, b), *_alike(args[1:]))
    raise UndecidedError(f"np.{func.__name__} is not known of complex certified numbers: use .real and .imag")


HOOKS["complex_ufunc"], HOOKS["is_complex"] = of_complex, is_complex

"""Discrete Fourier transforms of arrays of balls: products with matrices of certified cosines and sines."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq

from symnn.scalars.complexes import Complex, as_complex
from symnn.scalars.dual_numbers import Dual
from symnn.scalars.guards import Guarded
from symnn.scalars.lifting import arranged, kind_near, lift
from symnn.scalars.plain import Ball
from symnn.scalars.replacing import replaces
from symnn.scalars.ufuncs import nearest
from symnn.scalars.unknown import unknown

Transform = Callable[..., Any]


@lru_cache(maxsize=32)
def _turns(kind: Any, n: int, bits: int) -> tuple[Any, Any]:
    """The matrices of cos(2π j k / n) and of sin(2π j k / n)."""
    found = []
    for of in (arb.cos_pi_fmpq, arb.sin_pi_fmpq):
        around = [kind(of(fmpq(2 * k, n))) for k in range(n)]
        found.append(arranged([around[j * k % n] for j in range(n) for k in range(n)], (n, n)))
    return found[0], found[1]


def _scale(n: int, norm: Any, inverse: bool) -> Any:
    if norm == "ortho":
        return 1 / np.sqrt(lift(n))
    whole = norm in (None, "backward") if inverse else norm == "forward"
    return 1 / lift(n) if whole else 1


def _sized(A: Any, n: int) -> Any:
    """An array cut, or filled up with zeros, to a length of its last axis."""
    short = n - A.shape[-1]
    if short <= 0:
        return A[..., :n]
    return np.concatenate([A, np.zeros_like(A, shape=(*A.shape[:-1], short))], axis=-1)


def _transformed(a: Any, n: Any, axis: int, norm: Any, inverse: bool) -> Complex:
    z = _last(a, axis)
    n = z.shape[-1] if n is None else n
    cosines, sines = _turns(kind_near(z.real), n, ctx.prec)
    real, imag = _sized(z.real, n), _sized(z.imag, n)
    scale, side = _scale(n, norm, inverse), -1 if inverse else 1
    found = real @ cosines + side * (imag @ sines), imag @ cosines - side * (real @ sines)
    return Complex(*(np.moveaxis(part * scale, -1, axis) for part in found))


def _last(a: Any, axis: int) -> Complex:
    near = nearest((a.real, a.imag) if isinstance(a, Complex) else (a,))
    kind = kind_near(near)
    if kind not in (Ball, Dual, Guarded):
        raise unknown("np.fft", f"of the class {kind.__name__}")
    z = as_complex(a, near)
    return Complex(np.moveaxis(z.real, axis, -1), np.moveaxis(z.imag, axis, -1))


def _along(inverse: bool) -> Transform:
    return lambda a, n=None, axis=-1, norm=None, out=None: _transformed(a, n, axis, norm, inverse)


_fft, _ifft = _along(False), _along(True)


def _rfft(a: Any, n: Any = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    """The half of ``fft`` that the transform of real numbers is told by."""
    z = _transformed(_last(a, axis), n, -1, norm, False)
    half = slice(z.shape[-1] // 2 + 1)
    return Complex(*(np.moveaxis(part[..., half], -1, axis) for part in (z.real, z.imag)))


def _irfft(a: Any, n: Any = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    z = _last(a, axis)
    n = 2 * (z.shape[-1] - 1) if n is None else n
    real, imag = (_sized(part, n // 2 + 1) for part in (z.real, z.imag))
    # The other half is the complex conjugate, mirrored; what is its own mirror image counts as real.
    mirrored = (n - 1) // 2
    zero = imag[..., :1] * 0
    middle = [imag[..., 1 : mirrored + 1], *([zero] if n % 2 == 0 else []), -imag[..., mirrored:0:-1]]
    full = Complex(np.concatenate([real, real[..., mirrored:0:-1]], axis=-1), np.concatenate([zero, *middle], axis=-1))
    return np.moveaxis(_transformed(full, n, -1, norm, True).real, -1, axis)


def _over(one: Transform, last: Transform, comes_first: bool = False) -> Transform:
    """A transform over several axes: of one kind along all but the last, which comes last or first."""

    def transform(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: Any = None) -> Any:
        axes = tuple(range(-len(s) if s is not None else -np.ndim(a), 0)) if axes is None else tuple(axes)
        sizes: tuple[Any, ...] = (None,) * len(axes) if s is None else tuple(s)
        plan = [(one, n, axis) for n, axis in zip(sizes, axes, strict=True)]
        at_last = (last, *plan.pop()[1:])
        for function, n, axis in [at_last, *plan] if comes_first else [*plan, at_last]:
            a = function(a, n, axis, norm)
        return a

    return transform


def _of_images(transform: Transform) -> Transform:
    return lambda a, s=None, axes=(-2, -1), norm=None, out=None: transform(a, s, axes, norm)


_OF_AXES = {
    "fftn": _over(_fft, _fft),
    "ifftn": _over(_ifft, _ifft),
    "rfftn": _over(_fft, _rfft, comes_first=True),
    "irfftn": _over(_ifft, _irfft),
}
TRANSFORMS: dict[str, Transform] = {
    "fft": _fft,
    "ifft": _ifft,
    "rfft": _rfft,
    "irfft": _irfft,
    **_OF_AXES,
    **{f"{name[:-1]}2": _of_images(transform) for name, transform in _OF_AXES.items()},
}
"""The transforms by name, as ``numpy.fft`` and ``scipy.fft`` call them. They raise UndecidedError without balls."""

for _name, _transform in TRANSFORMS.items():
    replaces(getattr(np.fft, _name))(_transform)

"""Discrete Fourier transforms of arrays of balls: products with matrices of certified cosines and sines."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq
from numpy import empty  # bound here, because a run replaces it in NumPy's namespace

from symnn.scalars.base import ScalarArray
from symnn.scalars.complexes import Complex, as_complex
from symnn.scalars.dual_numbers import Dual
from symnn.scalars.guards import Guarded
from symnn.scalars.lifting import kind_near, lift
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
        A = empty((n, n), dtype=object)
        for j in range(n):
            A[j] = [around[j * k % n] for k in range(n)]
        found.append(A.view(ScalarArray))
    return found[0], found[1]


def _scale(n: int, norm: Any, inverse: bool) -> Any:
    if norm == "ortho":
        return 1 / np.sqrt(lift(n))
    whole = norm in (None, "backward") if inverse else norm == "forward"
    return 1 / lift(n) if whole else 1


def _sized(A: Any, n: int) -> Any:
    """An array cut, or filled up with zeros, to a length of its last axis."""
    short = n - A.shape[-1]
    return (
        A[..., :n] if short <= 0 else np.concatenate([A, lift(np.zeros((*A.shape[:-1], short), dtype=int), A)], axis=-1)
    )


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


@replaces(np.fft.fft)
def fft(a: Any, n: Any = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    """Return the discrete Fourier transform, as ``numpy.fft.fft``. Raises UndecidedError where there are no balls."""
    return _transformed(a, n, axis, norm, False)


@replaces(np.fft.ifft)
def ifft(a: Any, n: Any = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    """Return the inverse of ``fft``. Raises as ``fft``."""
    return _transformed(a, n, axis, norm, True)


@replaces(np.fft.rfft)
def rfft(a: Any, n: Any = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    """Return the half of ``fft`` that the transform of real numbers is told by. Raises as ``fft``."""
    z = _transformed(a, n, axis, norm, False)
    return _halved(z, axis, z.shape[axis] // 2 + 1)


def _halved(z: Complex, axis: int, size: int) -> Complex:
    return Complex(*(np.moveaxis(np.moveaxis(part, axis, -1)[..., :size], -1, axis) for part in (z.real, z.imag)))


@replaces(np.fft.irfft)
def irfft(a: Any, n: Any = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    """Return the inverse of ``rfft``, real numbers. Raises as ``fft``."""
    z = _last(a, axis)
    n = 2 * (z.shape[-1] - 1) if n is None else n
    real, imag = (_sized(part, n // 2 + 1) for part in (z.real, z.imag))
    # The other half is the complex conjugate, mirrored; what is its own mirror image counts as real.
    mirrored = (n - 1) // 2
    zero = imag[..., :1] * 0
    middle = [imag[..., 1 : mirrored + 1], *([zero] if n % 2 == 0 else []), -imag[..., mirrored:0:-1]]
    full = Complex(np.concatenate([real, real[..., mirrored:0:-1]], axis=-1), np.concatenate([zero, *middle], axis=-1))
    return np.moveaxis(_transformed(full, n, -1, norm, True).real, -1, axis)


def _over(
    one: Callable[..., Any], first: Callable[..., Any] | None = None, last: Callable[..., Any] | None = None
) -> Any:
    """A transform over several axes: of one kind along all, but for the last, which comes first or last."""

    def transform(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: Any = None) -> Any:
        axes = tuple(range(-len(s) if s is not None else -np.ndim(a), 0)) if axes is None else tuple(axes)
        sizes: tuple[Any, ...] = (None,) * len(axes) if s is None else tuple(s)
        plan = [(one, n, axis) for n, axis in zip(sizes, axes, strict=True)]
        if first is not None:
            plan = [(first, *plan[-1][1:]), *plan[:-1]]
        if last is not None:
            plan = [*plan[:-1], (last, *plan[-1][1:])]
        for function, n, axis in plan:
            a = function(a, n, axis, norm)
        return a

    return transform


def _of_images(transform: Transform) -> Transform:
    return lambda a, s=None, axes=(-2, -1), norm=None, out=None: transform(a, s, axes, norm)


fftn = replaces(np.fft.fftn)(_over(fft))
ifftn = replaces(np.fft.ifftn)(_over(ifft))
rfftn = replaces(np.fft.rfftn)(_over(fft, first=rfft))
irfftn = replaces(np.fft.irfftn)(_over(ifft, last=irfft))
fft2 = replaces(np.fft.fft2)(_of_images(fftn))
ifft2 = replaces(np.fft.ifft2)(_of_images(ifftn))
rfft2 = replaces(np.fft.rfft2)(_of_images(rfftn))
irfft2 = replaces(np.fft.irfft2)(_of_images(irfftn))

TRANSFORMS: dict[str, Transform] = {
    "fft": fft,
    "ifft": ifft,
    "rfft": rfft,
    "irfft": irfft,
    "fftn": fftn,
    "ifftn": ifftn,
    "rfftn": rfftn,
    "irfftn": irfftn,
    "fft2": fft2,
    "ifft2": ifft2,
    "rfft2": rfft2,
    "irfft2": irfft2,
}
"""The transforms by name, as ``numpy.fft`` and ``scipy.fft`` call them."""

"""Convolutions, correlations and distances of SciPy, as products of windows with a kernel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from symnn.errors import UndecidedError
from symnn.scalars.lifting import lift
from symnn.scalars.ufuncs import lifted

Array = Any

_PADDED = {"fill": "constant", "wrap": "wrap", "symm": "symmetric"}
# What scipy.ndimage calls the ways of going on beyond an edge.
_BEYOND = {"reflect": "symmetric", "mirror": "reflect", "nearest": "edge", "wrap": "wrap", "constant": "constant"}


def _correlated(A: Array, kernel: Array) -> Array:
    """What the kernel gives at every place where it lies within the array."""
    windows = sliding_window_view(A.view(np.ndarray), kernel.shape)
    places = windows.shape[: A.ndim]
    flat = lift(windows.reshape(-1, kernel.size))
    return (flat @ kernel.ravel()).reshape(places)


def _whole(A: Array, kernel: Array, boundary: str, fill: Any) -> Array:
    """What a kernel, not reversed, gives at every place where it meets the array."""
    widths = [(k - 1, k - 1) for k in kernel.shape]
    options = {"constant_values": fill} if boundary == "fill" else {}
    return _correlated(np.pad(A, widths, mode=_PADDED[boundary], **options), kernel)  # type: ignore[call-overload]


def _cut(full: Array, mode: str, one: tuple[int, ...], other: tuple[int, ...], late: bool) -> Array:
    """Of all places those of a mode: around the middle, or where one array lies within the other."""
    if mode == "full":
        return full
    if mode == "same":
        starts, sizes = [k // 2 if late else (k - 1) // 2 for k in other], one
    else:
        sizes = tuple(abs(n - k) + 1 for n, k in zip(one, other, strict=True))
        starts = [min(n, k) - 1 for n, k in zip(one, other, strict=True)]
    return full[tuple(slice(at, at + size) for at, size in zip(starts, sizes, strict=True))]


def _reversed(A: Array) -> Array:
    return A[(slice(None, None, -1),) * A.ndim]


def convolve2d(in1: Any, in2: Any, mode: str = "full", boundary: str = "fill", fillvalue: Any = 0) -> Array:
    """Return the convolution of two images, as ``scipy.signal.convolve2d``."""
    A, kernel = lifted(in1, in2)
    if mode == "valid" and A.shape[0] < kernel.shape[0]:
        A, kernel = kernel, A
    return _cut(_whole(A, _reversed(kernel), boundary, fillvalue), mode, A.shape, kernel.shape, False)


def correlate2d(in1: Any, in2: Any, mode: str = "full", boundary: str = "fill", fillvalue: Any = 0) -> Array:
    """Return the correlation of two images, as ``scipy.signal.correlate2d``."""
    A, kernel = lifted(in1, in2)
    if mode == "valid" and A.shape[0] < kernel.shape[0]:
        return _reversed(correlate2d(kernel, A, mode))
    return _cut(_whole(A, kernel, boundary, fillvalue), mode, A.shape, kernel.shape, True)


def convolve(in1: Any, in2: Any, mode: str = "full", method: str = "auto", axes: Any = None) -> Array:
    """Return the convolution of two arrays of any dimensions, as ``scipy.signal.convolve``.

    Raises UndecidedError for ``axes``, which ``fftconvolve`` has.
    """
    if axes is not None:
        raise UndecidedError("scipy.signal.fftconvolve of certified numbers knows no axes=: use a loop over the others")
    return convolve2d(in1, in2, mode)


def correlate(in1: Any, in2: Any, mode: str = "full", method: str = "auto") -> Array:
    """Return the correlation of two arrays of any dimensions, as ``scipy.signal.correlate``."""
    A, kernel = lifted(in1, in2)
    return convolve(A, _reversed(kernel), mode)


def fftconvolve(in1: Any, in2: Any, mode: str = "full", axes: Any = None) -> Array:
    """Return the convolution of two arrays, as ``scipy.signal.fftconvolve``. Raises as ``convolve``."""
    return convolve(in1, in2, mode, axes=axes)


def _filtering(flip: bool) -> Callable[..., Array]:
    def filtered(
        input: Any, weights: Any, output: Any = None, mode: str = "reflect", cval: Any = 0, origin: Any = 0, **axes: Any
    ) -> Array:
        if output is not None or origin != 0 or axes.get("axes") is not None:
            raise UndecidedError("scipy.ndimage of certified numbers takes an array, weights, mode and cval: use these")
        A, kernel = lifted(input, weights)
        before = [(k - 1) // 2 if flip else k // 2 for k in kernel.shape]
        widths = [(at, k - 1 - at) for at, k in zip(before, kernel.shape, strict=True)]
        options = {"constant_values": cval} if mode == "constant" else {}
        padded = np.pad(A, widths, mode=_BEYOND[mode], **options)  # type: ignore[call-overload]
        return _correlated(padded, _reversed(kernel) if flip else kernel)

    return filtered


def _along(of_arrays: Callable[..., Array]) -> Callable[..., Array]:
    def filtered(input: Any, weights: Any, axis: int = -1, *args: Any, **options: Any) -> Array:
        A, kernel = lifted(input, weights)
        shape = [1] * A.ndim
        shape[axis] = -1
        return of_arrays(A, kernel.reshape(shape), *args, **options)

    return filtered


ndimage_convolve, ndimage_correlate = _filtering(True), _filtering(False)

NDIMAGE: dict[str, Callable[..., Array]] = {
    "convolve": ndimage_convolve,
    "correlate": ndimage_correlate,
    "convolve1d": _along(ndimage_convolve),
    "correlate1d": _along(ndimage_correlate),
}
"""Functions of ``scipy.ndimage`` by name."""

SIGNAL: dict[str, Callable[..., Array]] = {
    "convolve2d": convolve2d,
    "correlate2d": correlate2d,
    "convolve": convolve,
    "correlate": correlate,
    "fftconvolve": fftconvolve,
    "oaconvolve": fftconvolve,
}
"""Functions of ``scipy.signal`` by name."""

_METRICS: dict[str, Callable[[Array], Array]] = {
    "sqeuclidean": lambda D: np.sum(D * D, axis=-1),
    "euclidean": lambda D: np.sqrt(np.sum(D * D, axis=-1)),
    "cityblock": lambda D: np.sum(np.abs(D), axis=-1),
    "chebyshev": lambda D: np.max(np.abs(D), axis=-1),
}


def _metric(metric: Any, options: dict[str, Any]) -> Callable[[Array], Array]:
    if metric not in _METRICS or options:
        raise UndecidedError(
            f"metric={metric!r} is not known of certified numbers: use one of {', '.join(_METRICS)}, or write it out"
        )
    return _METRICS[metric]


def _cdist(XA: Any, XB: Any, metric: Any = "euclidean", **options: Any) -> Array:
    A, B = lifted(XA, XB)
    return _metric(metric, options)(A[:, None] - B)


def _pdist(X: Any, metric: Any = "euclidean", **options: Any) -> Array:
    one, other = np.triu_indices(len(X), 1)
    return _metric(metric, options)(X[one] - X[other])


DISTANCES: dict[str, Callable[..., Array]] = {"cdist": _cdist, "pdist": _pdist}
"""Functions of ``scipy.spatial.distance`` by name."""

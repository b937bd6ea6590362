"""Convolutions, transforms, and distances."""

from __future__ import annotations

import numpy as np
import scipy.fft
import scipy.signal
from scipy import ndimage, signal
from scipy.signal import convolve2d, correlate2d, fftconvolve
from scipy.spatial.distance import cdist, pdist

from tests.verification.functions.points import Q, R, V

IMAGE = np.array(
    [
        [0.5, -1.0, 0.25, 2.0, -0.5],
        [1.5, 0.75, -0.25, 1.0, 0.125],
        [0.375, -1.5, 0.625, 0.5, 1.25],
        [2.0, 0.25, -0.75, 1.125, -1.0],
    ]
)
K = Q[0], IMAGE
"""A kernel of shape (3, 3) and an image."""


def convolution_layer(w, x):
    return np.sum(np.maximum(0, correlate2d(x, w, "valid")) ** 2)


def convolution_layer_grad(w, x):
    return correlate2d(x, 2 * np.maximum(0, correlate2d(x, w, mode="valid")), mode="valid")


def same_grad(w, x):
    return correlate2d(np.pad(x, 1), 2 * correlate2d(x, w, "same"), "valid")


def full_grad(w, x):
    return np.rot90(correlate2d(np.pad(x, 2), 2 * correlate2d(x, w[::-1, ::-1], "full"), "valid"), 2)


def by_loops(D, x):
    """The gradient with respect to a kernel of what ``np.convolve(x, w, "full")`` is weighted with."""
    return np.array([D[k : k + len(x)] @ x for k in range(len(D) - len(x) + 1)])


def power_grad(w, x):
    n = len(w)
    at = np.outer(np.arange(n), np.arange(n)) * 2 * np.pi / n
    return 2 * (np.cos(at) @ (x * (np.cos(at) @ w)) + np.sin(at) @ (x * (np.sin(at) @ w)))


def filtered(w, x):
    z = np.fft.irfft(np.fft.rfft(w) * np.fft.rfft(x), n=4)
    return np.sum(z**2)


def circular(w, x):
    return np.real(np.fft.ifft(np.fft.fft(w) * np.fft.fft(x)))


def by_matrix(w, x):
    n = np.arange(len(w))
    z = np.exp(-2j * np.pi * np.outer(n, n) / len(w)) @ w
    return np.sum(x * (z * np.conj(z)).real)


def complex_zeros(w, x):
    z = np.zeros(4, dtype=complex)
    z[:2] = np.fft.fft(w)[:2]
    for k in (2, 3):
        z[k] += np.fft.fft(w)[k]
    return np.sum(np.abs(z) ** 2)


def in_place(w, x):
    z = np.fft.fft(w)
    z *= np.fft.fft(x)
    z /= 2
    return 4 * np.sum(np.fft.ifft(z).real ** 2)


def filtered_grad(w, x):
    A = np.stack([np.roll(x, k) for k in range(4)], axis=1)
    return 2 * A.T @ (A @ w)


PAIRS = {
    "convolve": (V, lambda w, x: np.sum(np.convolve(w, x) * np.arange(7)), lambda w, x: by_loops(np.arange(7.0), x)),
    "convolve same": (
        V,
        lambda w, x: np.sum(np.convolve(x, w, "same") * np.arange(4)),
        lambda w, x: by_loops(np.array([0.0, 0, 1, 2, 3, 0, 0]), x),
    ),
    "convolve valid": (
        V,
        lambda w, x: np.sum(np.convolve([1, 2, 3, 4, 5.0], w, mode="valid") * [1, 2]),
        lambda w, x: np.array([4 + 10, 3 + 8, 2 + 6, 1 + 4.0]),
    ),
    "correlate": (
        V,
        lambda w, x: np.sum(np.correlate(w, x, "full") * np.arange(7)),
        lambda w, x: by_loops(np.arange(7.0), x[::-1]),
    ),
    "correlate valid": (
        V,
        lambda w, x: np.sum(np.correlate(np.append(x, 1.0), w) * [1, 2]),
        lambda w, x: x + 2 * np.append(x[1:], 1.0),
    ),
    "signal.convolve": (
        V,
        lambda w, x: np.sum(signal.convolve(w, x) * np.arange(7)),
        lambda w, x: by_loops(np.arange(7.0), x),
    ),
    "signal.convolve direct": (
        V,
        lambda w, x: np.sum(scipy.signal.convolve(w, x, mode="full", method="direct") * np.arange(7)),
        lambda w, x: by_loops(np.arange(7.0), x),
    ),
    "signal.correlate": (
        V,
        lambda w, x: np.sum(signal.correlate(w, x) * np.arange(7)),
        lambda w, x: by_loops(np.arange(7.0), x[::-1]),
    ),
    "signal.correlate of images": (
        K,
        lambda w, x: np.sum(signal.correlate(x, w, mode="valid") ** 2),
        lambda w, x: correlate2d(x, 2 * correlate2d(x, w, "valid"), "valid"),
    ),
    "fftconvolve": (V, lambda w, x: np.sum(fftconvolve(w, x) * np.arange(7)), lambda w, x: by_loops(np.arange(7.0), x)),
    "fftconvolve same": (K, lambda w, x: np.sum(fftconvolve(x, w[::-1, ::-1], mode="same") ** 2), same_grad),
    "oaconvolve": (
        V,
        lambda w, x: np.sum(signal.oaconvolve(w, x) * np.arange(7)),
        lambda w, x: by_loops(np.arange(7.0), x),
    ),
    "convolve2d": (K, lambda w, x: np.sum(convolve2d(x, w) ** 2), full_grad),
    "convolve2d valid": (
        K,
        lambda w, x: np.sum(signal.convolve2d(x, np.rot90(w, 2), mode="valid") ** 2),
        lambda w, x: correlate2d(x, 2 * correlate2d(x, w, "valid"), "valid"),
    ),
    "convolve2d wrap": (
        K,
        lambda w, x: np.sum(convolve2d(x, w[::-1, ::-1], mode="same", boundary="wrap") ** 2),
        lambda w, x: correlate2d(np.pad(x, 1, mode="wrap"), 2 * correlate2d(x, w, "same", "wrap"), "valid"),
    ),
    "correlate2d symm": (
        K,
        lambda w, x: np.sum(correlate2d(x, w, mode="same", boundary="symm") ** 2),
        lambda w, x: correlate2d(np.pad(x, 1, mode="symmetric"), 2 * correlate2d(x, w, "same", "symm"), "valid"),
    ),
    "correlate2d fill": (
        K,
        lambda w, x: np.sum(correlate2d(x, w, mode="same", fillvalue=0.5) ** 2),
        lambda w, x: correlate2d(
            np.pad(x, 1, constant_values=0.5), 2 * correlate2d(x, w, "same", fillvalue=0.5), "valid"
        ),
    ),
    "correlate2d valid": (K, convolution_layer, convolution_layer_grad),
    "correlate2d same": (K, lambda w, x: np.sum(correlate2d(x, w, "same") ** 2), same_grad),
    "ndimage.convolve": (
        K,
        lambda w, x: np.sum(ndimage.convolve(x, w[::-1, ::-1], mode="constant") ** 2),
        same_grad,
    ),
    "ndimage.correlate1d": (
        V,
        lambda w, x: np.sum(ndimage.correlate1d(w, [1, 2, 3], mode="constant") ** 2),
        lambda w, x: 2 * np.convolve(np.convolve(w, [3, 2, 1], "same"), [1, 2, 3], "same"),
    ),
    "lfilter": (V, lambda w, x: np.sum(signal.lfilter(w, [1.0], x)), lambda w, x: np.cumsum(x)[::-1]),
    "irfft": (V, filtered, filtered_grad),
    "ifft": (V, lambda w, x: np.sum(circular(w, x) ** 2), filtered_grad),
    "fft2": (R, lambda w, x: np.sum(np.abs(np.fft.fft2(w)) ** 2), lambda w, x: 24 * w),
    "fft shifted": (V, lambda w, x: np.sum(np.abs(np.fft.fftshift(np.fft.fft(w))) ** 2), lambda w, x: 8 * w),
    "fftfreq": (V, lambda w, x: np.sum(np.fft.fftfreq(4) ** 2 * w**2), lambda w, x: 2 * w * np.fft.fftfreq(4) ** 2),
    "fft of rows": (
        R,
        lambda w, x: np.sum(np.abs(np.fft.rfft(w, axis=1)[:, 0]) ** 2),
        lambda w, x: 2 * w.sum(axis=1, keepdims=True) * np.ones(4),
    ),
    "irfft2": (
        R,
        lambda w, x: np.sum(np.fft.irfft2(np.fft.rfft2(w) * np.fft.rfft2(x), s=w.shape) ** 2),
        lambda w, x: 2 * np.fft.ifft2(np.fft.fft2(w) * np.abs(np.fft.fft2(x)) ** 2).real,
    ),
    "fft padded": (V, lambda w, x: np.sum(np.abs(scipy.fft.fft(w, 6)) ** 2), lambda w, x: 12 * w),
    "complex numbers": (V, lambda w, x: np.sum(np.abs(w + 1j * x) ** 2), lambda w, x: 2 * w),
    "complex exponent": (V, lambda w, x: np.exp(1j * w).real @ x, lambda w, x: -x * np.sin(w)),
    "angle": (V, lambda w, x: np.angle(w + 1j * x).sum(), lambda w, x: -x / (w * w + x * x)),
    "transform by a matrix": (V, by_matrix, power_grad),
    "complex zeros": (V, complex_zeros, lambda w, x: 8 * w),
    "in-place filter": (V, in_place, filtered_grad),
    "pdist": (
        R,
        lambda w, x: np.sum(pdist(w, "cityblock")),
        lambda w, x: np.sum(np.sign(w[:, None] - w), axis=1),
    ),
    "cdist": (R, lambda w, x: np.sum(cdist(w, x, "sqeuclidean")), lambda w, x: 2 * (3 * w - x.sum(axis=0))),
    "cdist euclidean": (
        R,
        lambda w, x: np.sum(cdist(w, x)),
        lambda w, x: np.sum((w[:, None] - x) / cdist(w, x)[..., None], axis=1),
    ),
}

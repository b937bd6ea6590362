"""Convolutions, transforms, decompositions and statistics over balls are those of SciPy and NumPy in float64."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.fft
import scipy.linalg
from scipy import ndimage, signal, stats

from symnn.errors import UndecidedError
from symnn.scalars import Tower, array, ball, midpoints, running, signatures
from symnn.scalars.complexes import Complex

rng = np.random.default_rng(5)
IMAGES = {"image": (5, 6), "wide": (2, 7), "kernel": (3, 3), "even": (2, 4), "one": (1, 1)}
SHAPES = [(one, other) for one in ("image", "wide") for other in ("kernel", "even", "one", "image")]
MODES = ("full", "same", "valid")


def over_balls(function, *arrays):
    with running(ball()):
        found = function(*(array(A, ball()) for A in arrays))
        parts = (found.real, found.imag) if isinstance(found, Complex) else (found,)
        return [midpoints(np.asanyarray(part)) for part in parts]


def same(function, *arrays):
    expected = function(*arrays)
    parts = (expected.real, expected.imag) if np.iscomplexobj(expected) else (expected,)
    found = over_balls(function, *arrays)
    return all(
        np.shape(a) == np.shape(b) and np.allclose(a, b, 1e-12, 1e-12) for a, b in zip(found, parts, strict=True)
    )


def of_modes(one, other):
    for mode in MODES:
        for name in ("convolve", "correlate", "fftconvolve", "convolve2d", "correlate2d"):
            yield f"{name} {mode}", lambda A, B, name=name, mode=mode: getattr(signal, name)(A, B, mode=mode)
        for boundary in ("wrap", "symm"):
            for name in ("convolve2d", "correlate2d"):
                yield (
                    f"{name} {mode} {boundary}",
                    lambda A, B, name=name, mode=mode, boundary=boundary: getattr(signal, name)(A, B, mode, boundary),
                )


@pytest.mark.parametrize(("one", "other"), SHAPES)
def test_convolutions_are_those_of_scipy(one, other):
    A, B = rng.standard_normal(IMAGES[one]), rng.standard_normal(IMAGES[other])
    off = []
    for name, function in of_modes(one, other):
        try:
            function(A, B)
        except ValueError:  # a mode that SciPy does not have for such shapes
            continue
        if not same(function, A, B):
            off.append(name)
    assert off == []


def test_filters_of_images_are_those_of_scipy():
    A, off = rng.standard_normal((4, 5)), []
    for size in ((3, 3), (2, 3), (4, 2)):
        B = rng.standard_normal(size)
        for mode in ("reflect", "mirror", "nearest", "wrap", "constant"):
            for name in ("convolve", "correlate"):
                if not same(lambda A, B, name=name, mode=mode: getattr(ndimage, name)(A, B, mode=mode, cval=0.5), A, B):
                    off.append((name, mode, size))
            for name in ("convolve1d", "correlate1d"):
                if not same(lambda A, b, name=name, mode=mode: getattr(ndimage, name)(A, b, 0, mode=mode), A, B[0]):
                    off.append((name, mode, size))
    assert off == []


TRANSFORMS = {
    **{f"fft {norm}": lambda A, norm=norm: np.fft.fft(A, norm=norm) for norm in (None, "ortho", "forward")},
    **{f"ifft {norm}": lambda A, norm=norm: np.fft.ifft(A, norm=norm) for norm in (None, "ortho", "forward")},
    **{f"rfft of {n}": lambda A, n=n: np.fft.rfft(A, n, axis=0) for n in (3, 4, 7)},
    **{f"irfft to {n}": lambda A, n=n: np.fft.irfft(np.fft.fft(A, axis=0), n, axis=0) for n in (3, 4, 6)},
    "irfft": lambda A: np.fft.irfft(np.fft.rfft(A)),
    "fft2": np.fft.fft2,
    "ifft2": lambda A: np.fft.ifft2(np.fft.fft2(A)).real,
    "rfft2": np.fft.rfft2,
    "irfft2": lambda A: np.fft.irfft2(np.fft.rfft2(A), A.shape),
    "fftn": lambda A: np.fft.fftn(A, axes=(0,)),
    "scipy.fft": lambda A: scipy.fft.fft(A, 6),
    "shifted": lambda A: np.fft.fftshift(np.fft.fft(A), axes=0),
    "angle": lambda A: np.angle(np.fft.fft(A)[:, 1], deg=True),
    "products": lambda A: np.fft.fft(A) @ np.fft.fft(A).T * (1 + 2j) / np.fft.fft(A)[:, :1] - 1j,
    "powers": lambda A: np.exp(1j * A) ** 3 + np.square(2j + A) + np.conj(A + 1j * A) + 1 / (A + 1j),
    "joined": lambda A: np.concatenate([np.fft.fft(A), A])[1:, :2].sum(axis=0),
    "vdot": lambda A: np.vdot(np.fft.fft(A), 1j * A),
    "einsum": lambda A: np.einsum("ij,kj->ik", np.fft.fft(A), A),
    "norm": lambda A: np.linalg.norm(np.fft.fft(A), axis=1),
}


@pytest.mark.parametrize("function", TRANSFORMS.values(), ids=TRANSFORMS)
def test_complex_numbers_are_those_of_numpy(function):
    assert same(function, rng.standard_normal((4, 5)))


DECOMPOSED = {
    "eigh": lambda A: np.linalg.eigh(A @ A.T)[1],
    "eigh of the upper half": lambda A: np.linalg.eigh(A[:, :4], "U")[1],
    "eigvalsh": lambda A: np.linalg.eigvalsh(A[:, :4]),
    "svd wide": lambda A: np.linalg.svd(A, full_matrices=False)[2],
    "svd high": lambda A: np.linalg.svd(A.T, full_matrices=False)[0],
    "svd square": lambda A: np.linalg.svd(A[:, :4])[0],
    "qr": lambda A: np.linalg.qr(A.T)[0],
    "r": lambda A: np.linalg.qr(A.T, "r"),
    "residuals": lambda A: np.linalg.lstsq(A.T[:, :2], A[2], rcond=None)[1],
    "polyfit": lambda A: np.polyfit(A[0], A[1], 2, w=np.abs(A[2])),
    "cond": lambda A: np.linalg.cond(A[:, :4]) + np.linalg.cond(A[:, :4], 1),
    "scipy eigh": lambda A: scipy.linalg.eigh(A @ A.T, eigvals_only=True),
    "scipy svd": lambda A: scipy.linalg.svd(A, full_matrices=False)[1],
    "expm": lambda A: scipy.linalg.expm(A[:, :4]),
}


@pytest.mark.parametrize("function", DECOMPOSED.values(), ids=DECOMPOSED)
def test_decompositions_are_those_of_numpy(function):
    assert same(function, rng.standard_normal((4, 5)))


QUANTILES = (
    "linear",
    "weibull",
    "hazen",
    "median_unbiased",
    "normal_unbiased",
    "lower",
    "higher",
    "nearest",
    "midpoint",
)


@pytest.mark.parametrize("method", [*QUANTILES, "interpolated_inverted_cdf"])
def test_quantiles_are_those_of_numpy(method):
    A = rng.standard_normal((4, 5))
    for q in (0, 0.1, 0.5, 0.85, 1):
        assert same(lambda A, q=q: np.quantile(A, q, axis=1, method=method, keepdims=True), A)
    assert same(lambda A: np.quantile(A, [0.2, 0.7], axis=(0, 1), method=method), A)


SAMPLES = {
    "cov weights": lambda A: np.cov(A, fweights=[1, 2, 1, 3, 1], aweights=[0.5, 1, 2, 1, 1]),
    "cov of two": lambda A: np.cov(A[0], A[1], ddof=0),
    "average of axes": lambda A: np.average(A, axis=(1, 0), weights=np.arange(1.0, 21).reshape(5, 4)),
    "interp period": lambda A: np.interp(A, [0, 90, 300], A[0, :3], period=360),
    "t": lambda A: stats.t.pdf(A, 4, loc=1, scale=2),
    "frozen": lambda A: stats.norm(1, scale=2).logsf(A),
    "norm.ppf": lambda A: stats.norm.ppf(A / 10 + 0.5, loc=1, scale=3),
    "multivariate_normal": lambda A: stats.multivariate_normal.logpdf(A[:, :2], [0, 1], [[2, 0.5], [0.5, 1]]),
    "one vector": lambda A: stats.multivariate_normal(A[0], np.eye(5) * 2).pdf(A[1]),
}


@pytest.mark.parametrize("function", SAMPLES.values(), ids=SAMPLES)
def test_statistics_are_those_of_numpy_and_scipy(function):
    assert same(function, rng.standard_normal((4, 5)))


UNKNOWN = {
    "np.linalg.eig": lambda A: np.linalg.eig(A),
    "np.frexp": lambda A: np.frexp(A),
    "np.histogram": lambda A: np.histogram(A),
    "np.linalg.svd": lambda A: np.linalg.svd(A[:2]),
    "np.linalg.qr": lambda A: np.linalg.qr(A[:2]),
    "coincide": lambda A: np.linalg.eigvalsh(A * 0),
    "method=": lambda A: np.quantile(A, 0.5, method="inverted_cdf"),
    "metric=": lambda A: scipy.spatial.distance.cdist(A, A, "cosine"),
    "axes=": lambda A: signal.fftconvolve(A, A, axes=0),
    "np.sin": lambda A: np.sin(1j * A),
    "singular values": lambda A: np.linalg.lstsq(A, A)[3] + 1,
    "below zero": lambda A: stats.expon.logpdf(-abs(A)),
}


@pytest.mark.parametrize("named", UNKNOWN)
def test_what_is_not_known_is_named_with_what_to_write_instead(named):
    with running(ball()), pytest.raises(UndecidedError, match=f"{named}.*(: use|: write|: leave|certified derivative)"):
        UNKNOWN[named](array(rng.standard_normal((3, 3)), ball()))


@pytest.mark.parametrize("function", [np.fft.fft, np.linalg.eigvalsh])
def test_what_needs_balls_says_so_in_other_number_systems(function):
    A = signatures("A", np.eye(2), Tower(1, seed=0))
    with pytest.raises(UndecidedError, match="Signature"):
        function(A)

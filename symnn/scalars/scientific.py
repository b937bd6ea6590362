"""What stands in for Python functions of SciPy, where it is loaded; its ufuncs find the table of loops by themselves.

No maximum is subtracted before an exponential: balls do not overflow, and equal entries would be a tie.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from symnn.errors import UndecidedError
from symnn.scalars import linear, spectral
from symnn.scalars.distributions import distributions
from symnn.scalars.loops import LOOPS, polygamma
from symnn.scalars.replacing import accepting, standing_in
from symnn.scalars.signals import DISTANCES, NDIMAGE, SIGNAL
from symnn.scalars.transforms import TRANSFORMS
from symnn.scalars.ufuncs import lifted


def _logsumexp(a: Any, axis: Any = None, b: Any = None, keepdims: bool = False, return_sign: bool = False) -> Any:
    terms = np.exp(a) if b is None else b * np.exp(a)
    total = np.sum(terms, axis=axis, keepdims=keepdims)
    return (np.log(np.abs(total)), np.sign(total)) if return_sign else np.log(total)


def _softmax(x: Any, axis: Any = None) -> Any:
    terms = np.exp(x)
    return terms / np.sum(terms, axis=axis, keepdims=True)


def _log_softmax(x: Any, axis: Any = None) -> Any:
    return x - _logsumexp(x, axis, keepdims=True)


def _polygamma(n: Any, x: Any) -> Any:
    of_one: Any = np.frompyfunc(lambda t: polygamma(int(n), t), 1, 1)
    return of_one(x)


def _solve(a: Any, b: Any, *args: Any, transposed: bool = False, **options: Any) -> Any:
    return linear.solve(np.transpose(a) if transposed else a, b)


def _of_matrix(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of one matrix, without the options that are for floats."""
    return lambda a, *args, **options: function(a)


def _cholesky(a: Any, lower: bool = False, *args: Any, **options: Any) -> Any:
    return linear.cholesky(a, upper=not lower)


def _cho_factor(a: Any, lower: bool = False, *args: Any, **options: Any) -> Any:
    return _cholesky(a, lower), lower


def _cho_solve(c_and_lower: Any, b: Any, *args: Any, **options: Any) -> Any:
    factor, lower = c_and_lower
    half, right = lifted(factor, b)
    half = np.tril(half) if lower else np.triu(half).T
    return linear.solve(half.T, linear.solve(half, right))


def _solve_triangular(
    a: Any, b: Any, trans: Any = 0, lower: bool = False, unit_diagonal: bool = False, *args: Any, **options: Any
) -> Any:
    full, right = lifted(a, b)
    half = np.tril(full) if lower else np.triu(full)
    if unit_diagonal:
        half = half - np.diag(np.diagonal(half)) + np.eye(len(half))
    return linear.solve(half if trans in (0, "N") else half.T, right)


def _eigh(a: Any, b: Any = None, *, lower: bool = True, eigvals_only: bool = False, **options: Any) -> Any:
    if b is not None or options.get("subset_by_index") is not None or options.get("subset_by_value") is not None:
        raise UndecidedError(
            "scipy.linalg.eigh of certified numbers takes one matrix, and gives all: leave out the rest"
        )
    found = spectral.eigh(a, "L" if lower else "U")
    return found[0] if eigvals_only else tuple(found)


def _svd(a: Any, full_matrices: bool = True, compute_uv: bool = True, *args: Any, **options: Any) -> Any:
    return spectral.svd(a, full_matrices, compute_uv)


def _zscore(a: Any, axis: Any = 0, ddof: int = 0, **options: Any) -> Any:
    return (a - np.mean(a, axis=axis, keepdims=True)) / np.std(a, axis=axis, ddof=ddof, keepdims=True)


def _entropy(pk: Any, qk: Any = None, base: Any = None, axis: int = 0, **options: Any) -> Any:
    given = (one for one in lifted(pk, qk) if one is not None)
    p, *others = (one / np.sum(one, axis=axis, keepdims=True) for one in given)
    found = np.sum(LOOPS["rel_entr"](p, *others) if others else LOOPS["entr"](p), axis=axis)
    return found if base is None else found / np.log(found * 0 + base)


_FUNCTIONS: dict[str, dict[str, Callable[..., Any]]] = {
    "scipy.special": {
        "logsumexp": _logsumexp,
        "softmax": _softmax,
        "log_softmax": _log_softmax,
        "polygamma": _polygamma,
    },
    "scipy.linalg": {
        "solve": _solve,
        "solve_triangular": _solve_triangular,
        "cholesky": _cholesky,
        "cho_factor": _cho_factor,
        "cho_solve": _cho_solve,
        "inv": _of_matrix(linear.inverse),
        "det": _of_matrix(linear.determinant),
        "pinv": _of_matrix(linear.pseudo_inverse),
        "svdvals": _of_matrix(spectral.singular_values),
        "expm": spectral.exponential,
        "lstsq": linear.least_squares,
        "norm": linear.norm,
        "eigh": _eigh,
        "eigvalsh": lambda a, b=None, **options: _eigh(a, b, eigvals_only=True, **options),
        "svd": _svd,
    },
    "scipy.signal": SIGNAL,
    "scipy.ndimage": NDIMAGE,
    "scipy.spatial.distance": DISTANCES,
    "scipy.fft": TRANSFORMS,
    "scipy.stats": {"zscore": _zscore, "entropy": _entropy},
}
"""Functions of SciPy by module and name."""


def scientific() -> dict[int, Any]:
    """Return what stands in for SciPy's modules and functions that are loaded, by the identity of each."""
    loaded = tuple(name for name in _FUNCTIONS if name in sys.modules)
    return _standins(loaded) if loaded else {}


@cache
def _standins(loaded: tuple[str, ...]) -> dict[int, Any]:
    replaced: dict[str, dict[str, Any]] = {}
    for name in loaded:
        module = sys.modules[name]
        replaced[name] = {one: accepting(getattr(module, one), ours) for one, ours in _FUNCTIONS[name].items()}
        if name == "scipy.stats":
            replaced[name] |= distributions(module)
    return standing_in(replaced)

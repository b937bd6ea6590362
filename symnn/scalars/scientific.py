"""What stands in for Python functions of SciPy, where it is loaded; its ufuncs find the table of loops by themselves.

No maximum is subtracted before an exponential: balls do not overflow, and equal entries would be a tie.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

from symnn.scalars import linear, norms
from symnn.scalars.base import Scalar, ScalarArray
from symnn.scalars.library import Library


def _logsumexp(a: Any, axis: Any = None, b: Any = None, keepdims: bool = False) -> Any:
    terms = np.exp(a) if b is None else b * np.exp(a)
    return np.log(np.sum(terms, axis=axis, keepdims=keepdims))


def _softmax(x: Any, axis: Any = None) -> Any:
    terms = np.exp(x)
    return terms / np.sum(terms, axis=axis, keepdims=True)


def _log_softmax(x: Any, axis: Any = None) -> Any:
    return x - _logsumexp(x, axis, keepdims=True)


def _solve(a: Any, b: Any, **options: Any) -> Any:
    return linear.solve(a, b)


def _log_density(x: Any, loc: Any = 0, scale: Any = 1) -> Any:
    z = (x - loc) / scale
    return -z * z / 2 - np.log(scale * np.sqrt(z * 0 + 2) * np.sqrt(4 * np.arctan(z * 0 + 1)))


def _density(x: Any, loc: Any = 0, scale: Any = 1) -> Any:
    return np.exp(_log_density(x, loc, scale))


def _distribution(x: Any, loc: Any = 0, scale: Any = 1) -> Any:
    z: Any = (x - loc) / scale
    of_one: Any = np.frompyfunc(lambda t: t.ndtr(), 1, 1)
    return of_one(z)


_FUNCTIONS: dict[str, dict[str, Callable[..., Any]]] = {
    "scipy.special": {"logsumexp": _logsumexp, "softmax": _softmax, "log_softmax": _log_softmax},
    "scipy.linalg": {"solve": _solve, "inv": linear.inverse, "det": linear.determinant, "norm": norms.norm},
}
_NORMAL: dict[str, Callable[..., Any]] = {
    "pdf": _density,
    "logpdf": _log_density,
    "cdf": _distribution,
    "logcdf": lambda *given, **options: np.log(_distribution(*given, **options)),
}
_STATS = "scipy.stats"


def _accepting(original: Callable[..., Any], function: Callable[..., Any]) -> Callable[..., Any]:
    def accept(*args: Any, **kwargs: Any) -> Any:
        chosen = any(isinstance(x, Scalar | ScalarArray) for x in (*args, *kwargs.values()))
        return (function if chosen else original)(*args, **kwargs)

    return accept


def _replaced(original: Any, functions: dict[str, Callable[..., Any]]) -> dict[str, Any]:
    return {name: _accepting(getattr(original, name), ours) for name, ours in functions.items()}


def scientific() -> dict[int, Any]:
    """Return what stands in for SciPy's modules and functions that are loaded, by the identity of each."""
    loaded = tuple(name for name in (*_FUNCTIONS, _STATS) if name in sys.modules)
    return _standins(loaded) if loaded else {}


@cache
def _standins(loaded: tuple[str, ...]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    parts: dict[str, ModuleType] = {}
    for name in loaded:
        module = sys.modules[name]
        if name == _STATS:
            replaced: dict[str, Any] = {"norm": Library(module.norm, _replaced(module.norm, _NORMAL))}
        else:
            replaced = _replaced(module, _FUNCTIONS[name])
        library = parts[name.rpartition(".")[2]] = Library(module, replaced)
        found |= {id(module): library, **{id(getattr(module, one)): ours for one, ours in replaced.items()}}
    found[id(sys.modules["scipy"])] = Library(sys.modules["scipy"], parts)
    return found

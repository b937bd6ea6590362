"""SciPy's distributions, a row each: the logarithm of the density, and the shares below and above a number for some."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy import all as all_of

from symnn.errors import UndecidedError
from symnn.scalars.base import Scalar, ScalarArray
from symnn.scalars.lifting import lift
from symnn.scalars.loops import LOOPS
from symnn.scalars.replacing import Library, accepting
from symnn.scalars.ufuncs import lifted, nearest

Function = Callable[..., Any]


class Distribution(NamedTuple):
    """A distribution by the logarithm of its density, or of probabilities, at a number and the parameters ``shapes``.

    ``below`` and ``above`` are the shares there, ``at_share`` the number with a share below it, where they are known;
    ``positive`` says that the number must not be negative, ``whole`` that it is a count.
    """

    logarithm: Function
    below: Function | None = None
    above: Function | None = None
    at_share: Function | None = None
    positive: bool = False
    whole: bool = False
    shapes: tuple[str, ...] = ()


def _of(name: str, *given: Any) -> Any:
    """A function of the table of loops, of numbers one of which is a scalar."""
    loop: Any = LOOPS[name]
    return loop(*lifted(*given))


def _log_two_pi(z: Any) -> Any:
    return np.log(8 * np.arctan(z * 0 + 1))


def _student(z: Any, df: Any) -> Any:
    half = (z * 0 + df) / 2
    peak = _of("gammaln", half + 0.5) - _of("gammaln", half) - (np.log(half) + _log_two_pi(z)) / 2
    return peak - (half + 0.5) * np.log(1 + z * z / (2 * half))


def _binomial(k: Any, n: Any, p: Any) -> Any:
    ways = [_of("gammaln", x + 1 + 0 * p) for x in (n, k, n - k)]
    return ways[0] - ways[1] - ways[2] + _of("xlogy", k, p + 0 * p) + _of("xlog1py", n - k, -p)


DISTRIBUTIONS: dict[str, Distribution] = {
    "norm": Distribution(
        lambda z: -(z * z + _log_two_pi(z)) / 2,
        lambda z: _of("ndtr", z),
        lambda z: _of("ndtr", -z),
        lambda q: _of("ndtri", q),
    ),
    "logistic": Distribution(
        lambda z: _of("log_expit", z) + _of("log_expit", -z),
        lambda z: _of("expit", z),
        lambda z: _of("expit", -z),
        lambda q: _of("logit", q),
    ),
    "laplace": Distribution(lambda z: -np.abs(z) - np.log(z * 0 + 2)),
    "cauchy": Distribution(lambda z: np.log(z * 0 + 2) - np.log1p(z * z) - _log_two_pi(z)),
    "t": Distribution(_student, shapes=("df",)),
    "expon": Distribution(lambda z: -z, lambda z: -np.expm1(-z), lambda z: np.exp(-z), positive=True),
    "gamma": Distribution(
        lambda z, a: _of("xlogy", a - 1, z) - z - _of("gammaln", a + 0 * z), positive=True, shapes=("a",)
    ),
    "beta": Distribution(
        lambda z, a, b: _of("xlogy", a - 1, z) + _of("xlog1py", b - 1, -z) - _of("betaln", a + 0 * z, b),
        positive=True,
        shapes=("a", "b"),
    ),
    "bernoulli": Distribution(lambda k, p: _of("xlogy", k, p) + _of("xlog1py", 1 - k, -p), whole=True, shapes=("p",)),
    "binom": Distribution(_binomial, whole=True, shapes=("n", "p")),
    "poisson": Distribution(
        lambda k, mu: _of("xlogy", k, mu) - mu - _of("gammaln", k + 1 + 0 * mu), whole=True, shapes=("mu",)
    ),
}
"""SciPy's distributions of one number, by name."""


def _arranged(
    row: Distribution, x: Any, given: tuple[Any, ...], named: dict[str, Any]
) -> tuple[Any, tuple[Any, ...], Any, Any]:
    """The number, standardised, with the parameters, location and scale, which SciPy takes by position or by name."""
    values, defaults = list(given), {"loc": 0, "scale": 1}
    found = [values.pop(0) if values else named.get(name, defaults.get(name)) for name in (*row.shapes, "loc", "scale")]
    near = nearest((x, *found))
    x, *shapes, loc, scale = (lift(one, near) if isinstance(one, (list, np.ndarray)) else one for one in (x, *found))
    if row.whole:
        return _counts(x) - loc, tuple(shapes), loc, 1
    return (x - loc) / scale, tuple(shapes), loc, scale


def _counts(x: Any) -> Any:
    """Numbers that must be whole, as plain ones."""
    return x.astype(int) if isinstance(x, (Scalar, ScalarArray)) else np.asarray(x)


def _through(function: Any, method: Function) -> Function:
    return lambda *given, **named: function(method(*given, **named))


def _methods(name: str, row: Distribution) -> dict[str, Function]:
    """The methods that are known of a distribution, as SciPy names them."""

    def log_density(x: Any, *given: Any, **named: Any) -> Any:
        z, shapes, _, scale = _arranged(row, x, given, named)
        if row.positive and not bool(all_of(z >= 0)):
            raise UndecidedError(f"scipy.stats.{name} has no density at a number below zero: leave it out")
        found = row.logarithm(z, *shapes)
        return found if type(scale) is int and scale == 1 else found - np.log(lift(scale, nearest((found,))))

    def share(of: Function) -> Function:
        def method(x: Any, *given: Any, **named: Any) -> Any:
            z, shapes, _, _ = _arranged(row, x, given, named)
            return of(z, *shapes)

        return method

    def number(of: Function) -> Function:
        def method(q: Any, *given: Any, **named: Any) -> Any:
            _, shapes, loc, scale = _arranged(row, q, given, named)
            return loc + scale * of(q, *shapes)

        return method

    density = "pmf" if row.whole else "pdf"
    found = {f"log{density}": log_density, density: _through(np.exp, log_density)}
    for one, of in (("cdf", row.below), ("sf", row.above)):
        if of is not None:
            found[one] = share(of)
            found[f"log{one}"] = _through(np.log, found[one])
    if row.at_share is not None:
        found["ppf"] = number(row.at_share)
    return found


class Frozen:
    """A distribution with parameters that are kept, as SciPy's ``norm(loc, scale)``."""

    def __init__(self, distribution: Any, given: tuple[Any, ...], named: dict[str, Any]) -> None:
        self._distribution, self._given, self._named = distribution, given, named

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._distribution, name)
        return lambda *x, **options: method(*x, *self._given, **self._named, **options)


class StandingIn(Library):
    """A distribution of SciPy as the code under test sees it in a run."""

    def __call__(self, *args: Any, **kwargs: Any) -> Frozen:
        """Return the distribution with these parameters."""
        return Frozen(self, args, kwargs)


def _log_density_of_vectors(x: Any, mean: Any = None, cov: Any = 1, allow_singular: bool = False) -> Any:
    near = nearest((x, mean, cov))
    at = lift(np.asarray(x) if isinstance(x, (list, tuple)) else x, near)
    n = max(
        at.shape[-1] if at.ndim else 1,
        np.size(mean) if mean is not None else 1,
        np.shape(cov)[-1] if np.ndim(cov) else 1,
    )
    off = at - (0 if mean is None else lift(mean, near))
    full = lift(cov, near) if np.ndim(cov) == 2 else lift(np.eye(n), near) * cov
    rows = off.reshape(-1, n)
    forms = np.sum(rows * np.linalg.solve(full, rows.T).T, axis=-1)
    found = -(forms + np.linalg.slogdet(full)[1] + n * _log_two_pi(forms)) / 2
    shape = off.shape[:-1] if n > 1 or (off.ndim and off.shape[-1] == 1) else off.shape
    return found.reshape(shape) if shape else found.reshape(())[()]


def distributions(stats: Any) -> dict[str, StandingIn]:
    """Return what stands in for the distributions in ``scipy.stats``, by name."""
    of_vectors = {"logpdf": _log_density_of_vectors, "pdf": _through(np.exp, _log_density_of_vectors)}
    methods = {name: _methods(name, row) for name, row in DISTRIBUTIONS.items()} | {"multivariate_normal": of_vectors}
    found = {}
    for name, replaced in methods.items():
        original = getattr(stats, name)
        ours = {one: accepting(getattr(original, one), method) for one, method in replaced.items()}
        found[name] = StandingIn(original, ours)
    return found

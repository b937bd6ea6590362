"""Random numbers in a run: drawn as in float64, from the same generator in the same order, into arrays of scalars.

What a parameter moves cannot move a draw that is made of it, but for the distributions that shift and scale one.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from symnn.errors import UndecidedError
from symnn.scalars.base import Scalar, ScalarArray
from symnn.scalars.compared import record
from symnn.scalars.lifting import boxed, lift_array, lift_exactly, lift_numbers
from symnn.scalars.plain import nearest_float
from symnn.scalars.replacing import holds_scalars
from symnn.scalars.run import current

LARGEST = 1_000_000
"""Up to how many entries a draw becomes an array of scalars: more are data, and to lift them would take minutes."""

_SETTINGS = {"seed", "get_state", "set_state", "bytes", "spawn", "get_bit_generator", "set_bit_generator", "jumped"}
_WHOLE = {
    *("binomial", "choice", "geometric", "hypergeometric", "integers", "logseries", "multinomial", "permutation"),
    *("multivariate_hypergeometric", "negative_binomial", "poisson", "randint", "random_integers", "zipf"),
}
_GIVEN = {"choice", "permutation", "permuted"}

# Of a distribution with a place and a scale: the draw that is scaled, their defaults by name, and how it is scaled.
_SCALED: dict[str, tuple[tuple[str, ...], dict[str, float], Callable[..., Any]]] = {
    "normal": (("standard_normal",), {"loc": 0.0, "scale": 1.0}, lambda x, loc, scale: loc + scale * x),
    "uniform": (("random_sample", "random"), {"low": 0.0, "high": 1.0}, lambda x, low, high: low + (high - low) * x),
    "exponential": (("standard_exponential",), {"scale": 1.0}, lambda x, scale: x * scale),
}


def _entries(a: Any) -> Any:
    """A list or an array that holds scalars as an array of them."""
    return a if isinstance(a, ScalarArray) else np.array(a, dtype=object).view(ScalarArray)


def _rounded(x: Scalar) -> Any:
    value = x.value
    if not hasattr(value, "mid"):
        return int(value.p) if value.q == 1 else int(value.p) / int(value.q)
    whole = value.unique_fmpz() if value.is_exact() else None
    return nearest_float(value) if whole is None else int(whole)


def _plain(x: Any, name: str) -> Any:
    """An argument as the floats that a generator of NumPy takes."""
    if isinstance(x, list | tuple):
        return type(x)(_plain(part, name) for part in x)
    if not holds_scalars(x):
        return x
    entries = [x] if isinstance(x, Scalar) else x.ravel().tolist()
    if name not in _WHOLE and any(one.tangent is not None for one in entries):
        raise UndecidedError(f"a draw by {name}() depends on the parameters in a way that has no certified slope")
    if isinstance(x, Scalar):
        return _rounded(x)
    return np.array([nearest_float(boxed(one).reshape(())[()].value) for one in entries]).reshape(x.shape)


def _held(drawn: Any, by: Callable[[list[Any], Any], list[Any]] = lift_exactly) -> Any:
    """What was drawn, as scalars where it is an array of floats."""
    real = isinstance(drawn, np.ndarray) and drawn.dtype.kind == "f" and drawn.size <= LARGEST
    system = current().system
    return lift_array(drawn, system.kind, by) if real and system is not None else drawn


def _scaled(generator: Any, name: str, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """A draw whose place or scale is made of scalars."""
    standards, defaults, scaled = _SCALED[name]
    given = {**defaults, "size": None, **dict(zip((*defaults, "size"), args, strict=False)), **options}
    values = [given[one] for one in defaults]
    shape = np.broadcast_shapes(*map(np.shape, values)) if given["size"] is None else given["size"]
    standard = next(getattr(generator, one) for one in standards if hasattr(generator, one))
    drawn = _held(np.asarray(standard(size=shape)))
    return scaled(drawn[()] if shape == () else drawn, *values)


def _choice(draw: Callable[..., Any], a: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    rest = tuple(_plain(x, "choice") for x in args)
    kept = {key: _plain(x, "choice") for key, x in options.items()}
    if not holds_scalars(a):
        return _held(draw(a, *rest, **kept), lift_numbers)
    entries, axis = _entries(a), kept.pop("axis", 0)
    return np.take(entries, draw(entries.shape[axis], *rest, **kept), axis=axis)


def _two_values(name: str, args: tuple[Any, ...], options: dict[str, Any]) -> bool:
    """Whether a draw of whole numbers is either zero or one other number."""
    if name == "binomial":
        n = args[0] if args else options.get("n")
        return isinstance(n, int) and n == 1
    if name in ("randint", "integers"):
        given = dict(zip(("low", "high"), args, strict=False)) | options
        low, high = given.get("low"), given.get("high")
        low, high = (0, low) if high is None else (low, high)
        return low == 0 and high == (1 if given.get("endpoint") else 2)
    if name == "choice":
        a = args[0] if args else options.get("a")
        values = [0, 1] if isinstance(a, int) and a == 2 else a
        return isinstance(values, list | tuple | np.ndarray) and len(values) == 2 and any(bool(x == 0) for x in values)
    return False


def _draw(generator: Any, name: str, *args: Any, **options: Any) -> Any:
    method = getattr(generator, name)
    if name == "shuffle" and args:
        method(args[0].view(np.ndarray) if isinstance(args[0], ScalarArray) else args[0], *args[1:], **options)
        return None
    if name == "choice" and args:
        drawn = _choice(method, args[0], args[1:], options)
    elif name in _SCALED and holds_scalars([*args, *options.values()]):
        return _scaled(generator, name, args, options)
    elif name in _GIVEN and args and holds_scalars(args[0]):
        return lift_array(method(_entries(args[0]).view(np.ndarray), *args[1:], **options))
    else:
        plain = {key: _plain(x, name) for key, x in options.items()}
        drawn = method(*(_plain(x, name) for x in args), **plain)
        drawn = _held(drawn, lift_numbers if name in _GIVEN else lift_exactly)
    if _two_values(name, args, options):
        record(f"{name}()", {bool(x) for x in np.ravel(drawn != 0).tolist()})
    return drawn


class Drawing:
    """A generator of NumPy's whose draws are arrays of scalars; it is of the generator's class, and keeps its state."""

    def __init__(self, generator: Any) -> None:
        self._generator = generator

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return type(self._generator)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._generator, name)
        return partial(_draw, self._generator, name) if _draws(name, found) else found

    def __deepcopy__(self, memo: Any) -> Any:
        return Drawing(copy.deepcopy(self._generator, memo))


def _draws(name: str, found: Any) -> bool:
    return callable(found) and not name.startswith("_") and name not in _SETTINGS


def is_generator(x: Any) -> bool:
    """Return whether x is one of NumPy's generators."""
    return type(x) in (np.random.Generator, np.random.RandomState)


def drawing(generator: Any) -> Any:
    """Return what stands in for a generator of NumPy's in a run.

    >>> rng, twin = np.random.default_rng(0), np.random.default_rng(0)
    >>> bool(drawing(rng).integers(9) == twin.integers(9)), isinstance(drawing(rng), np.random.Generator)
    (True, True)
    """
    return Drawing(generator)


def generators_swapped(function: Any) -> Iterator[Callable[[], None]]:
    """Let the generators that an object keeps draw scalars; yield what undoes it, one call for each."""
    found = getattr(getattr(function, "__self__", function), "__dict__", None)
    kept: dict[str, Any] = found if isinstance(found, dict) else {}
    for name, bound in list(kept.items()):
        if is_generator(bound):
            kept[name] = Drawing(bound)
            yield partial(kept.__setitem__, name, bound)


class _GeneratorType(type):
    original: Any

    def __instancecheck__(cls, x: object) -> bool:
        return isinstance(x, cls.original)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return Drawing(cls.original(*args, **kwargs))


def _default_rng(seed: Any = None) -> Any:
    return seed if isinstance(seed, np.random.Generator) else Drawing(np.random.default_rng(seed))


_GLOBAL = np.random.mtrand._rand
_BOUND = {name for name in dir(np.random) if getattr(getattr(np.random, name), "__self__", None) is _GLOBAL}

DRAWING: dict[str, Any] = {
    **{name: partial(_draw, np.random, name) for name in _BOUND if _draws(name, getattr(np.random, name))},
    "default_rng": _default_rng,
    "Generator": _GeneratorType("Generator", (), {"original": np.random.Generator}),
    "RandomState": _GeneratorType("RandomState", (), {"original": np.random.RandomState}),
}
"""What stands in for functions and classes of ``numpy.random``."""

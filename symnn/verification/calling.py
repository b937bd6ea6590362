"""Calling the user's functions: fresh copies go in, and what goes wrong comes out with file and line."""

from __future__ import annotations

import copy
import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import numpy as np

from symnn.errors import InputError, UndecidedError
from symnn.scalars import NumberSystem, Scalar, ScalarArray, array
from symnn.scalars.places import place
from symnn.scalars.run import current
from symnn.scalars.unknown import function_called, unknown
from symnn.verification.domains import sums_to_one
from symnn.verification.holders import generators, rewinding, rewound, standing


class CannotRunError(UndecidedError):
    """The user's code raised an exception of its own: no other point will help."""


class KinkError(UndecidedError):
    """The point lies on a kink: there is no derivative there, another point may help."""


class NotFiniteError(UndecidedError):
    """A number is not finite there: more digits may help, or another point."""


_DRAWS: ContextVar[int] = ContextVar("draws", default=0)


# How often functions were called, by identity, and the generators that they draw from.
_FOUND: ContextVar[dict[int, tuple[int, Any, list[Any]]] | None] = ContextVar("found", default=None)


@contextmanager
def many_calls() -> Iterator[None]:
    """Look for the generators of a function before its first two calls meanwhile only: a first call may make some."""
    token = _FOUND.set({})
    try:
        yield
    finally:
        _FOUND.reset(token)


@contextmanager
def drawing(draws: int) -> Iterator[None]:
    """Let every call meanwhile draw the random numbers of this number; 0 for those that stand next as they are.

    >>> with drawing(3):
    ...     one, same = (call("loss", np.random.random) for _ in range(2))
    >>> one == same, draws_now()
    (True, 0)
    """
    token = _DRAWS.set(draws)
    try:
        yield
    finally:
        _DRAWS.reset(token)


def draws_now() -> int:
    """Return the number of the random numbers that calls draw."""
    return _DRAWS.get()


def lifted(x: Any, system: NumberSystem) -> Any:
    """Return data as scalars: float arrays exactly, single floats as written, all else as it is.

    >>> from symnn.scalars import EXACT
    >>> lifted([np.array([0.5]), np.array([1]), 0.1, "relu"], EXACT)
    [ScalarArray([Exact(1/2)], dtype=object), array([1]), Exact(1/10), 'relu']
    """
    if isinstance(x, np.ndarray) and x.dtype.kind == "f":
        return to_one(array(x.astype(np.float64), system), x)
    if isinstance(x, float):
        return system.lift(0) + x
    if isinstance(x, dict):
        return {key: lifted(value, system) for key, value in x.items()}
    if type(x) in (list, tuple):
        return type(x)([lifted(value, system) for value in x])
    return x


def floats_in(x: Any) -> Iterator[float]:
    """Yield the single floats in data, which `lifted` takes for constants.

    >>> list(floats_in([np.array([0.5]), {"rate": 0.1}, (1e-8, 2)]))
    [0.1, 1e-08]
    """
    if isinstance(x, float):
        yield float(x)
    elif isinstance(x, dict) or type(x) in (list, tuple):
        for value in x.values() if isinstance(x, dict) else x:
            yield from floats_in(value)


def to_one(A: Any, x: Any) -> Any:
    """Return scalars ``A`` of a float array ``x`` so that what sums to one as floats do sums to exactly one.

    0.9 + 0.05 + 0.05 is one to whoever smooths labels, and to a softmax; to its doubles it is not.

    >>> from symnn.scalars import EXACT
    >>> lifted(np.array([0.9, 0.05, 0.05]), EXACT).sum()
    Exact(1)
    """
    axis = sums_to_one(x)
    if axis is None or bool(np.all((x == 0) | (x == 1))):
        return A
    return A / np.sum(A, axis=axis, keepdims=True)


def fresh(x: Any) -> Any:
    """Return a copy that the user's code may change; what cannot be copied is passed as it is."""
    if isinstance(x, np.ndarray):
        return x.copy()
    if isinstance(x, Scalar):
        return x
    if isinstance(x, dict):
        return {key: fresh(value) for key, value in x.items()}
    if type(x) in (list, tuple):
        return type(x)([fresh(value) for value in x])
    try:
        return copy.deepcopy(x)
    except Exception:
        return x


def call(what: str, function: Callable[..., Any], *args: Any) -> Any:
    """Return ``function(*args)`` of the user.

    Every call draws the same random numbers: a loss and its gradient see one dropout mask.
    Raises UndecidedError or, for any other exception of the user's code, CannotRunError; both say
    what was raised and where.
    """
    found = _FOUND.get()
    if found is None:
        return _called(what, function, args, rewound(function, _DRAWS.get()))
    times, _, known = found.get(id(function), (0, function, []))
    if times < 2:
        known = generators(function)
    found[id(function)] = times + 1, function, known
    return _called(what, function, args, rewinding(known, _DRAWS.get()))


def _called(what: str, function: Callable[..., Any], args: tuple[Any, ...], rewind: Callable[[], None]) -> Any:
    try:
        return function(*args)
    except CannotRunError:
        # It came from another process, and says already what was raised and where.
        raise
    except UndecidedError as error:
        raise UndecidedError(f"{error}{_where(error)}") from error
    except (Exception, SystemExit) as error:
        if (refusal := _refusal(error)) is not None:
            raise CannotRunError(f"{refusal}{_where(error)}") from error
        said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise CannotRunError(f"{what} raised {said}{_where(error)}") from error
    finally:
        rewind()


# What libraries say of arrays of objects, which balls are to them.
_OF_TYPES = re.compile(r"\b(objects?|d?types?|safely coerced|not supported|Ball|Dual|Guarded|ScalarArray)\b")


def _refusal(error: BaseException) -> UndecidedError | None:
    """What to say where a library's function refused certified numbers: to it they are mere objects."""
    refused = isinstance(error, (TypeError, ValueError, AttributeError, RuntimeError))
    if current().system is None or not refused or not _OF_TYPES.search(str(error)):
        return None
    called = function_called(reversed([(tb.tb_frame, tb.tb_lasti) for tb in _steps(error.__traceback__)]))
    first_line = str(error).partition("\n")[0]
    return unknown(called, f"{type(error).__name__}: {first_line[:120]}") if called else None


def _steps(tb: TracebackType | None) -> Iterator[TracebackType]:
    while tb is not None:
        yield tb
        tb = tb.tb_next


def _where(error: BaseException) -> str:
    """The innermost frame that is the user's own, as `` (file:line, in function)``."""
    at = place(reversed(list(traceback.walk_tb(error.__traceback__))))
    return f" ({at})" if at else ""


@dataclass
class Watched:
    """A function that tells whether it drew from the global random numbers: a call puts these back."""

    function: Any
    drew: bool = False

    def __call__(self, *args: Any) -> Any:
        """Return what the function returns."""
        before = standing([])
        result = self.function(*args)
        self.drew = self.drew or standing([]) != before
        return result


def single(loss: Any) -> Any:
    """Return the loss as one scalar or plain number. Raises InputError when it is no single number."""
    if isinstance(loss, np.ndarray) and loss.size == 1:
        loss = loss.reshape(())[()]
    if isinstance(loss, (Scalar, int, float, np.number)):
        return loss
    shape = f"an array of shape {loss.shape}" if isinstance(loss, (np.ndarray, ScalarArray)) else repr(loss)
    raise InputError(f"loss must return one number: given {shape[:80]}")

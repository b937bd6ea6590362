"""Trying code in float64: what it returns, and whether its gradient agrees with difference quotients at one point.

This chooses between readings of code; it is no evidence. What a reading says is then certified.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from symnn.errors import InputError, SymnnError
from symnn.verification.calling import CannotRunError, call, fresh, single
from symnn.verification.matching import match_gradients
from symnn.verification.points import direction
from symnn.verification.subject import Function, Subject


@contextmanager
def undisturbed() -> Iterator[None]:
    """Leave NumPy's and Python's global random numbers where they stand, whatever is tried meanwhile.

    >>> before = np.random.get_state()[2]
    >>> with undisturbed():
    ...     tried = np.random.random(3)
    >>> np.random.get_state()[2] == before
    True
    """
    of_numpy, of_python = np.random.get_state(), random.getstate()
    try:
        yield
    finally:
        np.random.set_state(of_numpy)
        random.setstate(of_python)


WITHIN = 1e-4
"""A slope agrees with its difference quotient to this, relative to the norm of the gradient along the direction."""

STEP = 2.0**-17
"""The step of the quotient, relative to the size of the array."""


def tried(function: Function, *arguments: Any) -> Any:
    """Return what a function of the user's gives in float64, or None where it raises.

    >>> tried(lambda x: 1 / 0, 1) is None, tried(lambda x: x + 1, 1)
    (True, 2)
    """
    try:
        with np.errstate(all="ignore"):
            return call("the code", function, *fresh(arguments))
    except (ArithmeticError, SymnnError):
        return None


def ran(what: str, function: Function, *arguments: Any) -> Any:
    """Return what a function of the user's gives in float64; raise `InputError` with the place where it raises."""
    try:
        with np.errstate(all="ignore"):
            return call(what, function, *fresh(arguments))
    except CannotRunError as error:
        raise InputError(f"{error}\nso that its shape cannot be told") from error


def slope(loss: Function, params: Mapping[str, Any], name: str, tangent: Any, data: tuple[Any, ...] = ()) -> float:
    """Return the central difference quotient of a loss of named arrays along a direction in one of them.

    >>> round(slope(lambda p: np.sum(p["w"] ** 2), {"w": np.array([1.0, 2.0])}, "w", np.array([1.0, 0.0])), 6)
    2.0
    """
    at = params[name]
    step = STEP * max(1.0, float(np.max(np.abs(at), initial=0.0)))

    def value(sign: int) -> float:
        moved = at + sign * step * tangent.reshape(np.shape(at))
        with np.errstate(all="ignore"):
            given = {**params, name: moved if np.ndim(moved) else float(moved)}
            return float(single(call("the loss", loss, fresh(given), *fresh(data))))

    return (value(1) - value(-1)) / (2 * step)


def off_zero(A: Any, seed: int = 0) -> Any:
    """Return an array as it is, or one of small numbers in the place of zeros, which hide what depends on what.

    >>> off_zero(np.ones(2)).tolist(), bool(np.all(off_zero(np.zeros(2)) > 0))
    ([1.0, 1.0], True)
    """
    if np.any(A):
        return A
    drawn = 0.25 * np.abs(direction(int(np.size(A)), np.random.default_rng([seed, 8])))
    return drawn.reshape(np.shape(A)) if np.ndim(A) else np.asarray(drawn[0])


def agreeing(subject: Subject, seed: int = 0) -> bool | None:
    """Return whether the gradients of a subject agree with quotients of its loss, along a direction in every array.

    None where its code raises, or gives gradients that fit no parameter.
    """
    apart = gap(subject, seed)
    return None if apart is None else apart <= WITHIN


def gap(subject: Subject, seed: int = 0) -> float | None:
    """Return how far gradients and quotients are apart at most, relative to the gradient of the array.

    None where the code raises, or gives gradients that fit no parameter.
    """
    rng = np.random.default_rng([seed, 5])
    arrays = {name: off_zero(A, seed) for name, A in subject.parameters.arrays.items()}

    def loss(params: Mapping[str, Any], *data: Any) -> Any:
        return subject.loss(subject.parameters.rebuild(params), *data)

    try:
        with np.errstate(all="ignore"):
            single(call("the loss", subject.loss, _given(subject, arrays), *fresh(subject.data)))
            result = call("the gradient", subject.grad, _given(subject, arrays), *fresh(subject.data))
            found = match_gradients(result, subject.parameters)
            return max((_gap(loss, arrays, name, found[name], subject.data, rng) for name in arrays), default=0.0)
    except (SymnnError, ArithmeticError, ValueError, TypeError):
        return None


def _given(subject: Subject, arrays: Mapping[str, Any]) -> Any:
    copies = {name: A.copy() if A.ndim else float(A) for name, A in arrays.items()}
    return subject.parameters.rebuild(copies)


def _gap(loss: Function, arrays: Mapping[str, Any], name: str, gradient: Any, data: tuple[Any, ...], rng: Any) -> float:
    mine = np.asarray(gradient, dtype=np.float64)
    if mine.size != arrays[name].size:
        return np.inf
    tangent = direction(mine.size, rng)
    exact, yours = slope(loss, arrays, name, tangent, data), float(mine.ravel() @ tangent)
    scale = float(np.linalg.norm(mine))
    return abs(exact - yours) / max(scale, abs(exact), 1e-6) if np.isfinite(exact) else np.inf


def chosen(readings: Iterable[Subject], seed: int = 0) -> Subject | None:
    """Return the first reading whose gradient agrees with its loss; else the first that runs; None where none does.

    Readings come in the order of how likely they are, so that code with a mistake is told in the terms of the
    likeliest.
    """
    complete: Subject | None = None
    partly: Subject | None = None
    first: Subject | None = None
    for reading in readings:
        agrees = agreeing(reading, seed)
        if agrees and not reading.missing:
            return reading
        if agrees is not None:
            first = first or reading
            # What finds every gradient is meant rather than what finds a part of them, right as that may be.
            complete = complete or (reading if not reading.missing else None)
            partly = partly or (reading if agrees else None)
    return complete or partly or first


def by_values(
    names: Iterable[str],
    params: Mapping[str, Any],
    found: Mapping[Any, Any],
    loss: Function,
    data: tuple[Any, ...],
    seed: int,
) -> Iterator[tuple[str, Any]]:
    """Yield, for parameters by name, the key of an array found that is the gradient by its values, where one is.

    ``params`` holds all arrays of the loss. Two random directions must agree.
    """
    rng = np.random.default_rng([seed, 6])
    for name in names:
        fitting = {key: g for key, g in found.items() if np.size(g) == np.size(params[name])}
        tangents = [direction(int(np.size(params[name])), rng) for _ in range(2)] if fitting else []
        exact = [slope(loss, params, name, tangent, data) for tangent in tangents]
        for key, g in fitting.items():
            mine = np.asarray(g, dtype=np.float64).ravel()
            scale = WITHIN * max(float(np.linalg.norm(mine)), 1e-6)
            if np.any(mine) and all(abs(e - float(mine @ t)) <= scale for e, t in zip(exact, tangents, strict=True)):
                yield name, key
                break

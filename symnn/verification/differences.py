"""Difference quotients of a loss near a point: one entry moved, or all along a direction, in float64 or in balls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
from flint import arb, fmpq

from symnn.errors import ShapeError, UndecidedError, aligned
from symnn.scalars import Ball, Scalar, array, ball, precision, values
from symnn.verification.calling import call, fresh, lifted, single
from symnn.verification.directional import Probe
from symnn.verification.gradients import reshaped
from symnn.verification.matching import match_gradients
from symnn.verification.subject import Subject


@dataclass(frozen=True)
class Move:
    """A way to move the parameters: one entry of one array, or every array along ``tangents``.

    >>> Move("W[1]", "W", 1).slope({"W": [3.0, 4.0]})
    4.0
    """

    label: str
    array: str = ""
    entry: int = 0
    tangents: Mapping[str, Any] | None = None

    def slope(self, gradient: Mapping[str, Any]) -> Any:
        """Return what a gradient, as flat lists of numbers by name, says the slope along this move is."""
        if self.tangents is None:
            return gradient[self.array][self.entry]
        pairs = (zip(gradient[name], v.ravel().tolist(), strict=True) for name, v in self.tangents.items())
        return sum(g * t for row in pairs for g, t in row)


class Side(Protocol):
    """The pair at one point in one number system; numbers are floats or flint balls."""

    def step(self, length: float) -> Any:
        """Return a step as a number of the system."""

    def loss(self, move: Move, length: Any) -> Any:
        """Return the loss with the parameters moved by ``length`` times the move."""

    def gradient(self) -> dict[str, list[Any]]:
        """Return the hand-written gradient as flat lists of numbers."""


def quotient(side: Side, move: Move, length: Any) -> Any:
    """Return the central difference quotient (L(θ + h) − L(θ − h)) / 2h."""
    return (side.loss(move, length) - side.loss(move, -length)) / (2 * length)


def bends(side: Side, move: Move, length: Any, gap: Any) -> bool:
    """Return whether a kink within ``length`` can explain that a quotient and a slope are ``gap`` apart.

    The slope to the right less the slope to the left shrinks with the step, by half when the step is halved, unless
    there is a kink in between. A kink that makes the quotient wrong by ``gap`` shows in the first or the second halving
    with at least 0.4 of it, wherever in the step it lies; a smooth loss shows next to nothing there.
    """
    here = side.loss(move, 0 * length)
    turns = []
    for part in (1, 2, 4):
        h = length / part
        turns.append((side.loss(move, h) - 2 * here + side.loss(move, -h)) / h)
    first, second = turns[0] - 2 * turns[1], turns[1] - 2 * turns[2]
    return bool(10 * abs(first) > 3 * abs(gap)) or bool(10 * abs(second) > 3 * abs(gap))


class Floats:
    """A pair in float64, at a point of doubles. The code under test runs as it stands."""

    def __init__(self, pair: Subject, point: Mapping[str, Any]) -> None:
        self.pair, self.point = pair, point
        self.largest = 0.0
        self.unit = float(np.finfo(np.float64).eps)

    def step(self, length: float) -> float:
        """Return the length itself."""
        return length

    def loss(self, move: Move, length: float) -> float:
        """Return the loss; raise UndecidedError where it is not finite."""
        moved = {name: A.copy() for name, A in self.point.items()}
        if move.tangents is None:
            moved[move.array].flat[move.entry] += length
        else:
            for name, v in move.tangents.items():
                moved[name] = moved[name] + length * v
        found = single(call("loss", self.pair.loss, self._params(moved), *fresh(self.pair.data)))
        if isinstance(found, np.floating):
            self.unit = max(self.unit, float(np.finfo(found.dtype).eps))
        value = float(found)
        if not np.isfinite(value):
            raise UndecidedError(f"the loss is not finite with {move.label} moved by {length:g}")
        self.largest = max(self.largest, abs(value))
        return value

    def gradient(self) -> dict[str, list[float]]:
        """Return the gradient. Raises InputError, ShapeError, UndecidedError."""
        arrays = {name: A.copy() for name, A in self.point.items()}
        # The loss goes first: classes keep there what their backward pass needs.
        call("loss", self.pair.loss, self._params(arrays), *fresh(self.pair.data))
        arrays = {name: A.copy() for name, A in self.point.items()}
        result = call("grad", self.pair.grad, self._params(arrays), *fresh(self.pair.data))
        found = match_gradients(result, self.pair.parameters)
        flat = {name: shaped(name, np.asarray(g, np.float64), self.point[name]) for name, g in found.items()}
        for name, g in flat.items():
            if not np.all(np.isfinite(g)):
                raise UndecidedError(f"your gradient of {name} is not finite")
        return {name: g.ravel().tolist() for name, g in flat.items()}

    def _params(self, arrays: Mapping[str, Any]) -> Any:
        return self.pair.parameters.rebuild({name: A if A.ndim else float(A) for name, A in arrays.items()})


class Balls:
    """A pair in balls. Its loss is to be asked for inside ``running(ball(bits))``; the gradient is taken at once.

    Raises InputError, ShapeError, UndecidedError.
    """

    def __init__(self, pair: Subject, point: Mapping[str, Any], bits: int) -> None:
        system = ball(bits)
        self.pair, self.bits = pair, bits
        self.point = {name: array(A, system) for name, A in point.items()}
        with precision(bits):
            self.data = lifted(pair.data, system)
        probe = Probe(pair, dict(point), bits)
        self._gradient = {name: values(shaped(name, g, self.point[name])) for name, g in probe.gradient.items()}
        self.inexact_constants = probe.inexact_constants

    def step(self, length: float) -> Any:
        """Return the decimal number that the float is written as, so that 1e-40 is just that."""
        written = Fraction(repr(length))
        return arb(fmpq(written.numerator, written.denominator))

    def loss(self, move: Move, length: Any) -> Any:
        """Return the loss as an arb; raise UndecidedError where it is not finite."""
        moved = {name: A.copy() for name, A in self.point.items()}
        if move.tangents is None:
            moved[move.array].flat[move.entry] += Ball(length)
        else:
            for name, v in move.tangents.items():
                moved[name] = moved[name] + array(v, ball(self.bits)) * Ball(length)
        found = single(call("loss", self.pair.loss, self._params(moved), *fresh(self.data)))
        value = found.value if isinstance(found, Scalar) else arb(found)
        if not value.is_finite():
            raise UndecidedError(f"the loss is not finite with {move.label} moved")
        return value

    def gradient(self) -> dict[str, list[Any]]:
        """Return the gradient as lists of arb."""
        return self._gradient

    def _params(self, arrays: Mapping[str, Any]) -> Any:
        return self.pair.parameters.rebuild({name: A if A.ndim else A[()] for name, A in arrays.items()})


def shaped(name: str, gradient: Any, parameter: Any) -> Any:
    """Return the gradient of a parameter; raise ShapeError if it does not have the parameter's shape."""
    gradient = reshaped(gradient, parameter.shape)
    if gradient.shape != parameter.shape:
        rows = [("yours", str(gradient.shape)), ("expected", str(parameter.shape))]
        raise ShapeError(f"the gradient of {name} has the wrong shape\n{aligned(rows)}")
    return gradient

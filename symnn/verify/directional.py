"""One pair of functions at one point, in ball arithmetic: your gradient, and exact slopes of the loss."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from flint import arb

from symnn.errors import InputError, UndecidedError
from symnn.scalars import Dual, Run, Scalar, ScalarArray, array, ball, dual, midpoint, precision, running
from symnn.scalars.lifting import lift
from symnn.verify.calling import KinkError, call, fresh, lifted, single
from symnn.verify.structure import Parameters, match_gradients


@dataclass(frozen=True)
class Pair:
    """A loss and a gradient under test, with their parameters and data."""

    loss: Callable[..., Any]
    grad: Callable[..., Any]
    parameters: Parameters
    data: tuple[Any, ...]


@dataclass
class Probe:
    """The pair at one point and one precision; what was met while it ran gathers in ``inexact_constants``."""

    pair: Pair
    point: dict[str, Any]
    bits: int
    widen: bool = False
    loss: Any = None
    inexact_constants: set[float] = field(default_factory=set)

    def __post_init__(self) -> None:
        system = ball(self.bits)
        with precision(self.bits):
            self._balls = {name: array(A, system) for name, A in self.point.items()}
            self._data = lifted(self.pair.data, system)

    @cached_property
    def gradient(self) -> dict[str, Any]:
        """Your gradient by parameter name, as balls. Raises InputError, UndecidedError."""
        with running(ball(self.bits), widen=self.widen, functions=self._functions) as run:
            # The loss goes first: classes keep there what their backward pass needs.
            self.loss = single(call("loss", self.pair.loss, self._params(self._balls), *fresh(self._data)))
            result = call("grad", self.pair.grad, self._params(self._balls), *fresh(self._data))
            found = match_gradients(result, self.pair.parameters)
            gradients = {name: _as_balls(name, g) for name, g in found.items()}
        self._note(run)
        return gradients

    def remark(self) -> str:
        """Return how the loss differs from that in float64, or "" where it does not.

        More than a thousandth is no ordinary rounding: then float64 loses the loss to cancellation, or
        the code takes another path there. Where float64 overflows there is nothing to compare.
        """
        with np.errstate(all="ignore"):
            plain = self.pair.parameters.rebuild({name: A.copy() for name, A in self.point.items()})
            rounded = float(single(call("loss", self.pair.loss, plain, *fresh(self.pair.data))))
        certified = midpoint(self.loss) if isinstance(self.loss, Scalar) else float(self.loss)
        if not np.isfinite(rounded) or abs(rounded - certified) <= 1e-3 * max(abs(rounded), abs(certified), 1e-9):
            return ""
        return f"in float64 the loss is {rounded:.6g}, certified it is {certified:.6g}"

    def slope(self, name: str, tangent: Any, start: int = 0) -> Any:
        """Return the exact slope of the loss along a direction in one parameter array, as an arb.

        ``tangent`` holds doubles for the entries from ``start`` on, the array taken flat; the others
        stay as they are. Raises KinkError when the point lies on a kink, UndecidedError.
        """
        moved = dict(self._balls)
        moved[name] = _moving(self._balls[name], tangent, start)
        with running(dual(self.bits), widen=self.widen, functions=self._functions) as run:
            loss = single(call("loss", self.pair.loss, self._params(moved), *fresh(self._data)))
        self._note(run)
        if run.kinks:
            raise KinkError(f"it lies on a kink of the loss: {run.kinks[0]}")
        if not isinstance(loss, Dual) or loss.tangent is None:
            return arb(0)
        if not loss.tangent.is_finite():
            raise UndecidedError("the loss or its slope is not finite")
        return loss.tangent

    @property
    def _functions(self) -> tuple[Any, Any]:
        return self.pair.loss, self.pair.grad

    def _params(self, arrays: dict[str, Any]) -> Any:
        # A single number was given as a number, and goes in as one.
        return self.pair.parameters.rebuild({name: A.copy() if A.ndim else A[()] for name, A in arrays.items()})

    def _note(self, run: Run) -> None:
        self.inexact_constants |= run.inexact_constants


def _moving(balls: Any, tangent: Any, start: int) -> Any:
    entries = balls.ravel().tolist()
    stop = start + len(tangent)
    entries[start:stop] = [Dual(x.value, arb(t)) for x, t in zip(entries[start:stop], tangent.tolist(), strict=True)]
    moved = np.empty(len(entries), dtype=object)
    moved[:] = entries
    return moved.reshape(balls.shape).view(ScalarArray)


def _as_balls(name: str, gradient: Any) -> Any:
    if gradient is None:
        raise InputError(f"the gradient of {name} is None")
    balls = lift(gradient)
    if isinstance(balls, Scalar):
        balls = lift(np.array([balls], dtype=object)).reshape(())
    if not isinstance(balls, ScalarArray):
        raise InputError(f"the gradient of {name} is no array of numbers: {str(gradient)[:60]!r}")
    if not all(x.value.is_finite() for x in balls.ravel().tolist()):
        raise UndecidedError(f"your gradient of {name} is not finite")
    return balls

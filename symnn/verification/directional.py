"""One pair of functions at one point, in ball arithmetic: your gradient, and exact slopes of the loss."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from flint import arb, arb_mat

from symnn.errors import UndecidedError
from symnn.scalars import (
    Ball,
    Dual,
    NumberSystem,
    Run,
    Scalar,
    ScalarArray,
    Slack,
    ball,
    distinct,
    dual,
    guarded,
    midpoint,
    precision,
    running,
    with_guards,
    without_guards,
)
from symnn.scalars.adjoints import Adjoints
from symnn.scalars.block import Block, leaf, moving_block, off_record
from symnn.scalars.choices import Choices, backwards, forwards, pieces
from symnn.scalars.lifting import arranged
from symnn.scalars.products import total
from symnn.scalars.readings import all_finite, numbers_at
from symnn.scalars.tape import Tape, recording
from symnn.verification.calling import CannotRunError, KinkError, NotFiniteError, call, floats_in, fresh, lifted, single
from symnn.verification.gradients import finite_scalars, reshaped, scalars_of, shapes_told
from symnn.verification.matching import match_gradients
from symnn.verification.points import direction
from symnn.verification.sides import Piece, Sides
from symnn.verification.subject import Subject

EXHAUSTIVE = 64
"""Without a sweep, each of up to this many entries is looked at by itself; its slope costs one run of the loss."""

MOVED = 1024
"""How many entries of an array move in the run that bears out a sweep."""

GRADIENTS = 16
"""How many ways a gradient may go by comparisons that balls cannot decide: all of those of four comparisons."""


@dataclass
class Probe:
    """The pair at one point and one precision.

    What was met while it ran gathers in ``inexact_constants``, ``kinked``, the arrays that move on a kink,
    ``compared``, the comparisons made with their outcomes, ``clipped``, the guards that took the place of numbers,
    ``constants``, the floats that code and data brought in one by one, ``told``, what is to be said of shapes, and
    ``apart``, the places of entries that are certainly wrong, by array and way. If it is to be ``guarded``, small
    constants added in logarithms and denominators are left out, and gather in ``guards``. What is ``widened`` knows the
    ``strict`` probe that it comes from.
    """

    pair: Subject
    point: dict[str, Any]
    bits: int
    widen: Slack = (0, 0.0)
    loss: Any = None
    inexact_constants: set[float] = field(default_factory=set)
    kinked: set[str] = field(default_factory=set)
    told: list[str] = field(default_factory=list)
    guarded: bool = False
    guards: set[float] = field(default_factory=set)
    compared: set[tuple[str, bool]] = field(default_factory=set)
    clipped: set[float] = field(default_factory=set)
    constants: set[float] = field(default_factory=set)
    apart: dict[tuple[str, int], list[int]] = field(default_factory=dict)
    strict: Probe | None = None

    def __post_init__(self) -> None:
        self._widened: dict[Slack, Probe] = {}
        self._balls: dict[str, Any]
        self._data: Any
        self.constants.update(floats_in(self.pair.data))
        if self.strict is not None:
            self._balls, self._data = dict(self.strict._balls), self.strict._data
            return
        with precision(self.bits):
            balls = {name: distinct(A, self.bits) for name, A in self.point.items()}
            self._balls = {name: with_guards(A) if self.guarded else A for name, A in balls.items()}
            self._data = lifted(self.pair.data, self._system(ball(self.bits)))

    def widened(self, slack: Slack) -> Probe:
        """Return the same pair at the same point with every float constant as wide as ``slack``; the same one again."""
        if slack not in self._widened:
            self._widened[slack] = Probe(
                self.pair, self.point, self.bits, widen=slack, guarded=self.guarded, strict=self
            )
        return self._widened[slack]

    @property
    def gradient(self) -> dict[str, Any]:
        """Your gradient by parameter name, as balls. Raises InputError, UndecidedError."""
        return self.gradients[0]

    @cached_property
    def gradients(self) -> tuple[dict[str, Any], ...]:
        """Your gradient for each way in which your code may go, should a comparison of balls be undecided.

        Raises InputError, and UndecidedError for more than 16 ways.
        """
        return tuple(gradient for _, gradient in self.runs)

    @cached_property
    def runs(self) -> tuple[tuple[Any, dict[str, Any]], ...]:
        """The loss with the gradient, for each way as for ``gradients``."""
        return tuple((self.loss, gradient) for gradient in pieces(self._gradient, GRADIENTS))

    def _gradient(self, choices: Choices) -> dict[str, Any]:
        with running(self._system(ball(self.bits)), widen=self.widen, functions=self._functions) as run:
            run.choices = choices
            # The loss goes first: classes keep there what their backward pass needs.
            self._record = _Record()
            with recording() as self._record.tape:
                for name, A in self._balls.items():
                    self._balls[name], self._record.places[name] = leaf(self._record.tape, A)
                try:
                    self.loss = self._loss_at(self._balls)
                    self._record.is_whole = not (run.kinks or choices.taken)
                except UndecidedError:
                    self.loss = None
            self._record.constants = set(run.inexact_constants)
            if self.loss is None:
                self.loss = self._loss_at(self._balls)
            _refuse_infinite(self.loss)
            result = call("grad", self.pair.grad, *self.arguments())
            self.told += [one for one in shapes_told(result, self.pair.parameters) if one not in self.told]
            found = match_gradients(result, self.pair.parameters)
            gradients = {
                name: reshaped(_bare(finite_scalars(name, scalars_of(name, g))), self.point[name].shape)
                for name, g in found.items()
            }
        self._note(run)
        return gradients

    def arguments(self) -> tuple[Any, ...]:
        """Return what your functions are called with, as balls."""
        return self.pair.parameters.passed(self._balls), *fresh(self._data)

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
        if self.exact is not None:
            with precision(self.bits):
                at = range(start, start + len(tangent))
                return total(numbers_at(self.exact[name], at), tangent.tolist())
        sides = self.sides(name, tangent, start)
        if sides.apart:
            raise KinkError(f"it lies on a kink of the loss: {sides.tie}")
        return sides.slope

    def entries(self, name: str, at: Collection[int] | None = None) -> list[Any]:
        """Return the exact derivatives by entries of an array, all of them or those at some places, as arbs.

        Without a sweep each costs a run of the loss. Raises as ``slope``, and UndecidedError for more than 64 entries
        of a loss that cannot be swept.
        """
        at = range(self.point[name].size) if at is None else at
        if self.exact is not None:
            return numbers_at(self.exact[name], at)
        if len(at) > EXHAUSTIVE:
            raise UndecidedError(f"{name} has too many entries to look at one by one")
        return [self.slope(name, np.ones(1), k) for k in at]

    def sides(self, name: str, tangent: Any, start: int = 0) -> Sides:
        """Return the pieces of the loss on both sides of the point, along a direction as for ``slope``.

        Raises KinkError where the loss jumps, UndecidedError.
        """
        ahead = self.piece(name, tangent, start, Choices(forwards))
        if not ahead.choices.taken:
            return Sides(ahead, ahead)
        behind = self.piece(name, tangent, start, Choices(backwards))
        if behind.value != ahead.value:
            # Balls that overlap may be those of one number, or of two.
            more = "the loss jumps there" if ahead.choices.certain else "the loss depends on it"
            raise KinkError(f"{ahead.choices.first}, and {more}")
        return Sides(behind, ahead)

    def piece(self, name: str, tangent: Any, start: int, choices: Choices) -> Piece:
        """Return the piece of the loss that ``choices`` lead to, along a direction as for ``slope``.

        Raises UndecidedError where the loss or its slope is not finite.
        """
        at = range(start, start + len(tangent))
        return self._piece({name: _moving(self._balls[name], tangent, at)}, choices)

    def _piece(self, moving: dict[str, Any], choices: Choices) -> Piece:
        moved = self._balls | {name: with_guards(A) if self.guarded else A for name, A in moving.items()}
        with running(self._system(dual(self.bits)), widen=self.widen, functions=self._functions) as run:
            run.choices = choices
            try:
                loss = self._loss_at(moved)
            except CannotRunError as error:
                if not choices.taken:
                    raise
                raise KinkError(f"it lies on a kink of the loss: {choices.first}, and there {error}") from error
        self._note(run)
        if not isinstance(loss, Dual):
            return Piece(loss.value if isinstance(loss, Scalar) else arb(float(loss)), arb(0), choices)
        slope = arb(0) if loss.tangent is None else loss.tangent
        if not slope.is_finite():
            where = f" where {choices.first}" if choices.taken else ""
            raise NotFiniteError(f"the loss or its slope is not finite{where}")
        return Piece(loss.value, slope, choices)

    @cached_property
    def exact(self) -> dict[str, Any] | None:
        """The derivatives by all entries of every array, as balls, from one sweep; None where there is none.

        That is on a kink, where what moves decides, and where code takes only numbers for slopes.
        """
        if len(self.runs) > 1 or not self._record.is_whole or not isinstance(self.loss, Scalar):
            return None
        if self.strict is not None and not self._record.constants:
            # No constant is any wider in the loss than it was.
            return self.strict.exact
        with precision(self.bits):
            found = self._record.tape.adjoints(self.loss.value)
        # As many numbers again as the parameters have: no more of it is asked for.
        self._record.tape = Tape()
        self._balls = {name: off_record(A) for name, A in self._balls.items()}
        exact = {name: _found(found, at, self._balls[name]) for name, at in self._record.places.items()}
        return exact if self._bears_out(exact) else None

    def release(self) -> None:
        """Let go of what is only asked for while the point is looked at: the derivatives and what they came from."""
        self.__dict__.pop("exact", None)
        self._record, self._balls, self._widened = _Record(), {}, {}

    def _bears_out(self, exact: dict[str, Any]) -> bool:
        """Whether a second witness, a run of duals along one direction in all arrays, has the slope of these."""
        if not all(map(all_finite, exact.values())):
            return False
        rng = np.random.default_rng(len(exact))
        directions = {name: _sparse(A.size, rng) for name, A in self.point.items()}
        moving = {name: _moving(self._balls[name], v, at) for name, (at, v) in directions.items()}
        try:
            together = self._piece(moving, Choices(forwards))
        except UndecidedError:
            return False
        with precision(self.bits):
            slope = arb(0)
            for name, (at, v) in directions.items():
                slope += total(numbers_at(exact[name], at), v.tolist())
            return not together.choices.taken and bool(together.slope.overlaps(slope))

    @property
    def _functions(self) -> tuple[Any, Any]:
        return self.pair.loss, self.pair.grad

    def _loss_at(self, arrays: dict[str, Any]) -> Any:
        return _bare(single(call("loss", self.pair.loss, self.pair.parameters.passed(arrays), *fresh(self._data))))

    def _system(self, system: NumberSystem) -> NumberSystem:
        return guarded(system) if self.guarded else system

    def _note(self, run: Run) -> None:
        self.guards |= run.guards
        self.inexact_constants |= run.inexact_constants
        self.compared |= run.compared
        self.clipped |= run.clipped
        self.constants |= run.constants


@dataclass
class _Record:
    """The record of a loss, with the places of the parameters, and the constants in it that are no simple rationals.

    It is not whole where its loss took a side of a kink.
    """

    tape: Tape = field(default_factory=Tape)
    places: dict[str, slice] = field(default_factory=dict)
    constants: set[float] = field(default_factory=set)
    is_whole: bool = False


def _bare(x: Any) -> Any:
    return without_guards(x) if isinstance(x, Scalar | ScalarArray) else x


def _refuse_infinite(loss: Any) -> None:
    finite = loss.value.is_finite() if isinstance(loss, Scalar) else bool(np.isfinite(loss))
    if not finite and isinstance(loss, Scalar) and loss.value.is_nan():
        raise NotFiniteError("the loss is not finite there, and has no gradient")
    if not finite:
        raise UndecidedError("the loss is infinite there, and has no gradient")


def _moving(balls: Any, tangent: Any, at: Collection[int]) -> Any:
    """The balls, those at some places moving along a direction."""
    slopes = list(map(arb, tangent.tolist()))
    if (block := moving_block(balls, at, slopes)) is not None:
        return block
    entries = balls.ravel().tolist()
    for k, slope in zip(at, slopes, strict=True):
        entries[k] = Dual(entries[k].value, slope)
    return arranged(entries, balls.shape)


def _found(adjoints: Adjoints, at: slice, balls: Any) -> Any:
    """The derivatives by the entries of an array of balls, kept as these are."""
    if type(balls) is Block:
        rows, columns = balls.shape
        matrix = adjoints.matrix(at.start, rows, columns)
        return Block(arb_mat(rows, columns) if matrix is None else matrix)
    zero = arb(0)
    return arranged([Ball(zero if x is None else x) for x in adjoints[at]], balls.shape)


def _sparse(size: int, rng: np.random.Generator) -> tuple[list[int], Any]:
    """A direction in an array, at all of its places or at some of many."""
    at = np.arange(size) if size <= MOVED else np.sort(rng.choice(size, MOVED, replace=False))
    return at.tolist(), direction(len(at), rng)

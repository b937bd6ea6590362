"""The numerical gradient check as it is taught, and the same in balls, where a step of 1e-40 costs no digits.

Every parameter is moved by a step h to either side, and the difference quotients n are compared with the gradient g
by their relative error ‖g − n‖ / ‖g + n‖. In float64 a large step truncates and a small one cancels: at best about
ten digits are left, and an error in one entry of many drowns in the norm. Balls of 400 bits cancel nothing that
matters: with h = 1e-40 the quotient itself is off by about 1e-80. Neither is a proof: a quotient is no derivative.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from symnn.errors import InputError, ShapeError, UndecidedError
from symnn.scalars import ball, running
from symnn.verification.differences import Balls, Floats, Move, quotient
from symnn.verification.evidence import Evidence
from symnn.verification.points import Point
from symnn.verification.slopes import BALL_DIRECTIONS, DIRECTIONS, Slopes, moves_of, nearest, upper
from symnn.verification.subject import Subject, pair_of
from symnn.verification.verdict import Outcome

STEP = 1e-5
"""The usual step in float64, near the cube root of its precision."""

BALL_STEP = 1e-40
"""The usual step in balls: its square is far below anything to be seen."""

_DOUBLE = 53

BALL_BITS = 400
"""120 decimal digits, of which a step of 1e-40 leaves 80."""

FINE = 1e-7
"""Up to this relative error a check in float64 is said to be passed."""

WRONG = 1e-4
"""Beyond this relative error, away from kinks, a check in float64 is said to have failed; between the two, neither."""

BALL_FINE = 1e-60
"""In balls, the relative error above which a gradient is off, and up to which it is not."""

ROUNDED = 1e-12
"""What the float64 constants in the code may explain in balls."""

STEPS = tuple(float(f"1e-{k}") for k in range(1, 13))
"""The steps of a sweep."""

_BOTH_ZERO = "gradient and quotients are zero throughout, so nothing was compared"


@dataclass(frozen=True)
class NumericalCheck:
    """What difference quotients say of a gradient.

    ``error`` is ‖g − n‖ / ‖g + n‖ over all slopes together (in balls, its upper bound); ``worst`` names the slope that
    is off the most, with ``yours`` and the quotient, ``numerical``. ``entries`` counts the parameters, ``slopes`` what
    was compared: one slope each, or, beyond 2000, one along each of 50 random directions (5 in balls).
    ``kinks`` names those among the worst slopes with a kink within the step; ``bits`` is None in float64.
    """

    step: float
    bits: int | None
    error: float
    worst: str
    yours: float
    numerical: float
    entries: int
    slopes: int
    kinks: tuple[str, ...]
    verdict: Outcome
    reason: str = ""

    @property
    def said(self) -> str:
        """The relative error with what it was measured on, in one line."""
        where = "in float64" if self.bits is None else f"in {self.bits}-bit balls"
        over = f"over {self.entries} parameter{'s' if self.entries > 1 else ''}"
        if self.slopes != self.entries:
            over = f"along {self.slopes} random directions in {self.entries} parameters"
        at_most = "" if self.bits is None else "at most "
        return f"relative error {at_most}{self.error:.1e} at step {self.step:g} {where}, {over}"

    def __str__(self) -> str:
        lines = [f"{self.verdict}: {self.said}"]
        if self.verdict != "equal" and self.error:
            lines.append(f"  the most at {self.worst}: yours {self.yours:.9g}, numerical {self.numerical:.9g}")
        return "\n".join([*lines, *([f"  because {self.reason}"] if self.reason else [])])


@dataclass(frozen=True)
class StepError:
    """The relative error at one step, in float64 and in balls."""

    step: float
    float64: float
    balls: float


def check_numerically(
    loss: Callable[..., Any],
    grad: Callable[..., Any],
    params: Any,
    *data: Any,
    step: float | None = None,
    bits: int | None = None,
    seed: int = 0,
) -> NumericalCheck:
    """Compare a hand-written gradient with central difference quotients, in float64 or in balls of ``bits``.

    The step is `STEP` in float64 and `BALL_STEP` in balls unless given. One number stands for all parameters: an array
    with small gradients can be wrong unseen beside one with large ones. The verdict is *equal* up to a relative error
    of `FINE`, *different* beyond `WRONG`, *undecided* between the two, or where rounding, a kink within the step or
    float64 constants can explain the error; in balls there is one bound, `BALL_FINE`. Raises InputError,
    ShapeError and, where the code cannot be run there or the loss is not finite, UndecidedError.

    >>> def loss(w): return np.sum(np.tanh(w))
    >>> def grad(w): return 1 - np.tanh(w) ** 2
    >>> check_numerically(loss, grad, np.array([0.5, -1.5])).verdict
    'equal'
    >>> wrong = check_numerically(loss, lambda w: grad(w) * (1 + 1e-9), np.array([0.5, -1.5]), bits=400)
    >>> wrong.verdict, f"{wrong.error:.1e}"
    ('different', '5.0e-10')
    """
    pair = pair_of(loss, grad, params, *data)
    return _check(pair, pair.parameters.arrays, step, bits, seed)


def step_sweep(
    loss: Callable[..., Any],
    grad: Callable[..., Any],
    params: Any,
    *data: Any,
    steps: Sequence[float] = STEPS,
    bits: int = BALL_BITS,
    seed: int = 0,
) -> tuple[StepError, ...]:
    """Return the relative error at every step, in float64 beside balls: a curve like a V, and a straight one.

    In float64 the error falls with the square of the step until rounding takes over and then grows as the step
    shrinks; in balls it goes on falling. Raises what `check_numerically` raises.

    >>> rows = step_sweep(lambda w: np.sum(np.exp(w)), np.exp, np.array([1.0]), steps=[1e-2, 1e-5, 1e-11])
    >>> [row.float64 > 1e-8 for row in rows], [row.balls > 1e-8 for row in rows]
    ([True, False, True], [True, False, False])
    """
    pair = pair_of(loss, grad, params, *data)
    at = pair.parameters.arrays
    return tuple(
        StepError(step, _check(pair, at, step, None, seed).error, _check(pair, at, step, bits, seed).error)
        for step in steps
    )


def numerical(pair: Subject, point: Point) -> Evidence:
    """Return what the check in float64 says of a pair at a point, as the weakest level of evidence.

    >>> pair = pair_of(np.sum, np.ones_like, np.array([1.0, 2.0]))
    >>> evidence = numerical(pair, pair.parameters.arrays)
    >>> evidence.verdict, evidence.said.partition(":")[0]
    ('equal', 'agrees with difference quotients')
    """
    try:
        found = _check(pair, point, None, None, 0)
    except ShapeError as error:
        return Evidence("numerical", "different", " ".join(str(error).split()))
    except UndecidedError as error:
        return Evidence("numerical", "undecided", f"no difference quotients: {error}")
    if found.verdict == "equal":
        return Evidence("numerical", "equal", f"agrees with difference quotients: {found.said} (fine up to {FINE:g})")
    if found.verdict == "different":
        said = f"disagrees with difference quotients, the most at {found.worst}: {found.said} (wrong beyond {WRONG:g})"
        return Evidence("numerical", "different", said)
    return Evidence("numerical", "undecided", f"{found.said}: {found.reason}")


def rounds_off(pair: Subject, point: Point) -> bool:
    """Return whether what float64 has against a gradient that is certified right comes of the quotients themselves.

    So it is where the loss near the point, run over balls of its precision, leaves open what the quotients are off by,
    or where exact quotients at the same step are as far off: the loss bends within it.
    """
    moves = moves_of(point, np.random.default_rng([0, 2]), DIRECTIONS)
    try:
        with np.errstate(all="ignore"):
            slopes = Slopes.of(Floats(pair, point), moves, STEP)
        gaps = [abs(g - n) for g, n in zip(slopes.yours, slopes.quotients, strict=True)]
        worst = int(np.argmax(gaps))
        rough, fine = (_in_balls_of(bits, pair, point, moves[worst]) for bits in (_DOUBLE, BALL_BITS))
    except (UndecidedError, ShapeError, InputError):
        return False
    open_ = float(rough.rad()) + abs(float(fine.mid()) - slopes.yours[worst])
    return bool(2 * open_ >= gaps[worst])


def _in_balls_of(bits: int, pair: Subject, point: Point, move: Move) -> Any:
    """The quotient along one move, in balls of so many bits."""
    with running(ball(bits), functions=(pair.loss, pair.grad)):
        balls = Balls(pair, point, bits)
        return quotient(balls, move, balls.step(STEP))


def _check(pair: Subject, point: Point, step: float | None, bits: int | None, seed: int) -> NumericalCheck:
    length = float(step if step is not None else STEP if bits is None else BALL_STEP)
    if not (math.isfinite(length) and length > 0):
        raise InputError(f"a step must be a positive number, given {step!r}")
    directions = DIRECTIONS if bits is None else BALL_DIRECTIONS
    moves = moves_of(point, np.random.default_rng([seed, 2]), directions)
    entries = sum(A.size for A in point.values())
    if bits is None:
        with np.errstate(all="ignore"):
            floats = Floats(pair, point)
            slopes = Slopes.of(floats, moves, length)
            noise = math.sqrt(len(moves)) * 4 * floats.unit * floats.largest / length
            return _concluded(slopes, length, None, entries, *_in_floats(slopes, noise))
    balls = Balls(pair, point, bits)
    with running(ball(bits), functions=(pair.loss, pair.grad)) as run:
        slopes = Slopes.of(balls, moves, length)
        rounded = bool(run.inexact_constants | balls.inexact_constants)
        return _concluded(slopes, length, bits, entries, *_in_balls(slopes, rounded))


def _in_floats(slopes: Slopes, noise: float) -> tuple[Outcome, str]:
    error, smooth = slopes.error()[1], slopes.error(slopes.kinked)[1]
    if slopes.is_zero:
        return "undecided", _BOTH_ZERO
    if error <= FINE:
        return "equal", ""
    if slopes.gap <= noise:
        return "undecided", f"rounding of the loss alone may make a difference of {noise:.1e}, and no more is seen"
    if smooth > WRONG:
        return "different", ""
    if slopes.kinked:
        return "undecided", _at_kinks(slopes)
    return "undecided", f"it lies between {FINE:g} (fine) and {WRONG:g} (wrong)"


def _in_balls(slopes: Slopes, rounded: bool) -> tuple[Outcome, str]:
    (least, most), smooth = slopes.error(), slopes.error(slopes.kinked)[0]
    if slopes.is_zero:
        return "undecided", _BOTH_ZERO
    if most <= BALL_FINE:
        return "equal", ""
    if least <= BALL_FINE:
        return "undecided", "the step is so small that too few digits of the balls are left"
    if slopes.kinked and smooth <= BALL_FINE:
        return "undecided", _at_kinks(slopes)
    if rounded and least <= ROUNDED:
        return "undecided", "float64 constants in the code may explain so small an error"
    return "different", ""


def _at_kinks(slopes: Slopes) -> str:
    named = [slopes.moves[k].label for k in sorted(slopes.kinked)]
    more = f" and {len(named) - 3} more" if len(named) > 3 else ""
    return f"a kink of the loss lies within the step at {', '.join(named[:3])}{more}"


def _concluded(
    slopes: Slopes, step: float, bits: int | None, entries: int, verdict: Outcome, reason: str
) -> NumericalCheck:
    gaps = [upper(abs(g - n)) for g, n in zip(slopes.yours, slopes.quotients, strict=True)]
    worst = int(np.argmax(gaps))
    return NumericalCheck(
        step,
        bits,
        slopes.error()[1],
        slopes.moves[worst].label,
        nearest(slopes.yours[worst]),
        nearest(slopes.quotients[worst]),
        entries,
        len(slopes.moves),
        tuple(slopes.moves[k].label for k in sorted(slopes.kinked)),
        verdict,
        reason,
    )

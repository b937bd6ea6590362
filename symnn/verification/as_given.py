"""The float64 run held against the certified one, at the point given, with the very arguments.

What balls certify is what the code does over real numbers. In float64 it may overflow, its integers may wrap, and it
may ask for a type and go another way. So the same call is made once more, unchanged, and both are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np

from symnn.errors import InputError, SymnnError, UndecidedError
from symnn.scalars import DEFAULT_BITS, Scalar, array, ball, midpoint, midpoints, running
from symnn.scalars import values as entries_of
from symnn.scalars.readings import doubles
from symnn.verification.calling import call, drawing, fresh, single
from symnn.verification.compare import unravelled
from symnn.verification.directional import Probe
from symnn.verification.domains import spread, unit
from symnn.verification.gradients import gradients_of, same_but_for_ones
from symnn.verification.lines import first_not_finite, parting
from symnn.verification.subject import Subject, without_gradient
from symnn.verification.trees import flatten, mapped
from symnn.verification.verdict import Check, Verdict

WRONG = 1e-2
"""From this relative error of its norm on a gradient in float64 is another one."""

ROUNDINGS = 64
"""By how many times what one run over balls of its precision leaves open float64 may be off."""

# The bits of a float type, and the relative error that needs no explanation.
_FLOATS: tuple[tuple[Any, int, float], ...] = ((np.float16, 11, 1e-1), (np.float32, 24, 1e-3), (np.float64, 53, 1e-6))


@dataclass(frozen=True)
class Held:
    """What came of it: ``said`` is empty where the two runs agree; ``checks`` are of arrays that are different.

    ``by_values`` says that arrays are finite, and only their values apart.
    """

    outcome: Literal["equal", "different", "undecided"] = "equal"
    said: str = ""
    checks: tuple[Check, ...] = ()
    note: str = ""
    by_values: bool = False


def arguments_of(subject: Subject, point: Mapping[str, Any] | None = None) -> tuple[Any, ...]:
    """Return copies of parameters and data as they were given, of the types that they have; or another point so.

    A list of numbers stands for an array of floats.

    >>> from symnn.verification.subject import pair_of
    >>> arguments_of(pair_of(np.sum, np.ones_like, np.array([1, 2])))[0].dtype.kind
    'i'
    """
    wanted = subject.parameters
    try:
        given = flatten(wanted.tree)
    except InputError:
        given = {}
    at = wanted.arrays if point is None else point
    return wanted.rebuild({name: _given(given.get(name), A) for name, A in at.items()}), *fresh(subject.data)


def _given(leaf: Any, A: Any) -> Any:
    """A float64 array as the array, or number, that it was given as."""
    if isinstance(leaf, np.ndarray) and leaf.shape == A.shape:
        found = leaf.copy()
        if np.array_equal(np.asarray(leaf, dtype=np.float64), A):
            return found
        if leaf.dtype.kind == "f":
            found[...] = A
            return found
    if isinstance(leaf, int | float | np.number) and not A.ndim and leaf == A:
        return leaf
    return A.copy() if A.ndim else float(A)


def hold(probe: Probe) -> Held:
    """Compare a run in float64 with that of a probe which found the gradient right.

    Raises nothing: what the code raises in float64 only makes the outcome *undecided*.
    """
    subject = probe.pair
    certified = midpoint(probe.loss) if isinstance(probe.loss, Scalar) else float(probe.loss)
    try:
        mine, gradient, kinds = _in_float64(subject, probe.point)
    except (SymnnError, ArithmeticError, TypeError, ValueError) as error:
        raised = str(error).partition("\n")[0]
        return Held("undecided", f"with the arguments as they are given it does not run in float64: {raised}")
    bits, fine = _precision_of(probe, mine, kinds)
    # Beyond 1e308 a certified number is as good as any, and one of float64 infinite.
    exists = bool(probe.loss.value.is_finite()) if isinstance(probe.loss, Scalar) else bool(np.isfinite(certified))
    if exists and not np.isfinite(float(mine)):
        line = first_not_finite(_run(probe, "loss"))
        return Held(
            "undecided", _at(f"in float64 the loss is {float(mine):.6g}, certified it is {certified:.6g}", line)
        )
    rough = _Rough(probe, bits)
    apart = abs(float(mine) - certified)
    note = ""
    if apart > fine * max(abs(float(mine)), abs(certified)) and not rough.explains_loss(float(mine)):
        said = f"in float64 the loss is {float(mine):.10g}, certified it is {certified:.10g}: it is another function"
        return Held("undecided", _at(said, _parts(probe, "loss")))
    if apart > 1e-3 * max(abs(float(mine)), abs(certified), 1e-9):
        note = f"in float64 the loss is {float(mine):.6g}, certified it is {certified:.6g}"
    if wraps := _wrapping(subject, probe.point, float(mine)):
        return Held("undecided", wraps)
    with np.errstate(all="ignore"):
        compared = [_compared(name, gradient[name], probe, rough, fine) for name in probe.point]
    wrong = [one for one in compared if one is not None]
    if not wrong:
        return Held(note=note)
    infinite = any("not finite" in check.note for _, check in wrong)
    line = first_not_finite(_run(probe, "grad")) if infinite else _parts(probe, "grad")
    outcome: Literal["different", "undecided"] = "different" if any(bad for bad, _ in wrong) else "undecided"
    checks = tuple(check for _, check in wrong)
    return Held(outcome, _at(f"in float64, as it is called, {checks[0].note}", line), checks, note, not infinite)


def _in_float64(subject: Subject, point: Mapping[str, Any]) -> tuple[Any, dict[str, Any], set[Any]]:
    """The loss and the gradients with the very arguments, and of which types these are. Raises what the code raises."""
    with np.errstate(all="ignore"):
        loss = single(call("loss", subject.loss, *arguments_of(subject, point)))
        found = gradients_of(call("grad", subject.grad, *arguments_of(subject, point)), subject.parameters)
        kinds = {A.dtype for A in map(np.asarray, found.values())}
        arrays = {name: np.ma.filled(np.asanyarray(g), np.nan) for name, g in found.items()}
        return loss, {name: np.asarray(A, dtype=np.float64) for name, A in arrays.items()}, kinds


def _wrapping(subject: Subject, point: Mapping[str, Any], mine: float) -> str:
    """Say where integers wrap around: of more bits, or as floats, they give another loss; "" where they do not."""
    params, *data = arguments_of(subject, point)
    leaves = [x for x in flatten([params, data]).values() if isinstance(x, np.ndarray)]
    kinds = {A.dtype for A in leaves if A.dtype.kind in "iu"}
    if not kinds:
        return ""
    for wider in (np.int64, np.float64):
        try:
            with np.errstate(all="ignore"):
                value = float(single(call("loss", subject.loss, _widened(params, wider), *_widened(data, wider))))
        except (SymnnError, ArithmeticError, TypeError, ValueError):
            continue
        if np.isfinite(value) and abs(value - mine) > 1e-6 * max(abs(value), abs(mine)):
            named = ", ".join(sorted(map(str, kinds)))
            return (
                f"the loss is {mine:.10g} with integers of {named}, and {value:.10g} with numbers that do not wrap "
                "around: convert them to floats"
            )
    return ""


def _widened(x: Any, kind: Any) -> Any:
    def wide(name: str, leaf: Any) -> Any:
        return leaf.astype(kind) if isinstance(leaf, np.ndarray) and leaf.dtype.kind in "iu" else leaf

    return mapped(x, wide)


def _holds_beside(probe: Probe) -> bool:
    """Whether both runs agree right beside the point: then it lies on a kink as near as float64 can tell."""
    kinds = {np.asarray(leaf).dtype.kind for leaf in flatten(probe.pair.parameters.tree).values()}
    if kinds != {"f"}:
        return False
    rng = np.random.default_rng(8)
    beside = {name: A + 2.0**-24 * spread(A)[1] * unit(A.shape, rng) for name, A in probe.point.items()}
    again = Probe(probe.pair, beside, probe.bits)
    try:
        _ = again.gradient
    except (UndecidedError, InputError):
        return False
    return hold(again).outcome == "equal"


def _without_certified(subject: Subject) -> Held:
    """Where balls had nothing to say of the point given, an infinite loss is still one without a gradient."""
    try:
        with np.errstate(all="ignore"):
            mine = float(single(call("loss", subject.loss, *arguments_of(subject))))
    except (SymnnError, ArithmeticError, TypeError, ValueError):
        return Held()
    if np.isfinite(mine):
        return Held()
    probe = Probe(subject, dict(subject.parameters.arrays), DEFAULT_BITS)
    line = first_not_finite(_run(probe, "loss"))
    return Held("undecided", _at(f"at the point given the loss is {mine:.6g}, and has no gradient", line))


def _at(said: str, line: str) -> str:
    return f"{said}: see {line}" if line else said


def _compared(name: str, mine: Any, probe: Probe, rough: _Rough, fine: float) -> tuple[bool, Check] | None:
    """Whether an array is another one in float64, with its check; None where it is not."""
    shape = probe.point[name].shape
    if same_but_for_ones(mine.shape, shape):
        mine = mine.reshape(shape)
    if mine.shape != shape:
        note = f"the gradient of {name} has the shape {mine.shape}, certified {shape}"
        return False, Check(name, shape, "undecided", note=note)
    exact = min(
        (doubles(one[name]) for one in probe.gradients),
        key=lambda one: float(np.nan_to_num(np.linalg.norm(mine - one), nan=np.inf)),
    )
    if (check := _not_finite(name, mine, exact)) is not None:
        return True, check
    off = np.abs(mine - exact)
    scale = float(np.linalg.norm(exact))
    error = float(np.linalg.norm(off))
    # On a kink float64 may be on either side of it.
    if name in probe.kinked or error <= fine * scale or rough.explains(name, mine, fine):
        return None
    index = unravelled(int(np.argmax(off)), shape)
    entry = f"{name}[{', '.join(map(str, index))}]" if index else name
    note = f"the gradient is another one: {entry} is {mine[index]:.10g}, certified {exact[index]:.10g}"
    far = fine < WRONG and error > WRONG * scale
    return far, Check(name, shape, "different" if far else "undecided", index or None, note=note)


class _Rough:
    """How far numbers of few bits may be off by rounding alone: the radii of balls of that precision."""

    def __init__(self, probe: Probe, bits: int) -> None:
        self._probe, self._bits = probe, bits

    @cached_property
    def _runs(self) -> tuple[tuple[Any, dict[str, Any]], ...]:
        """Loss and gradient in each way they may go at that precision; none where there are too many, or no answer."""
        try:
            return Probe(self._probe.pair, dict(self._probe.point), self._bits).runs
        except (UndecidedError, InputError):
            return ()

    def explains(self, name: str, mine: Any, fine: float) -> bool:
        """Whether rounding alone may have led to an array, be it by a comparison that came out otherwise."""
        return not self._runs or _between(mine, [gradient[name] for _, gradient in self._runs], fine)

    def explains_loss(self, mine: float) -> bool:
        """Whether rounding alone may have led to a loss."""
        losses = [loss for loss, _ in self._runs if isinstance(loss, Scalar)]
        return bool(losses) and _between(np.array([mine]), [array([loss], ball()) for loss in losses], 0.0)


def _between(mine: Any, ways: list[Any], fine: float) -> bool:
    """Whether numbers lie between those of several runs, and what these leave open."""
    exact = [np.asarray(midpoints(A)) for A in ways]
    open_ = [np.array([_radius(x) for x in entries_of(A)]).reshape(A.shape) for A in ways]
    low = np.min([a - r for a, r in zip(exact, open_, strict=True)], axis=0)
    high = np.max([a + r for a, r in zip(exact, open_, strict=True)], axis=0)
    slack = fine * max(float(np.linalg.norm(a)) for a in exact)
    return bool(np.all((mine >= low - slack) & (mine <= high + slack)))


def _radius(x: Any) -> float:
    return ROUNDINGS * float(x.rad()) if hasattr(x, "rad") else 0.0


def _precision_of(probe: Probe, loss: Any, kinds: set[Any]) -> tuple[int, float]:
    """The bits of the coarsest float type among arguments and results, and what error it makes."""
    given = [*arguments_of(probe.pair, probe.point), loss]
    leaves = [leaf for one in given for leaf in flatten(one).values()]
    kinds = kinds | {leaf.dtype for leaf in leaves if isinstance(leaf, np.ndarray | np.floating)}
    for kind, bits, fine in _FLOATS:
        if np.dtype(kind) in kinds:
            return bits, fine
    return _FLOATS[-1][1:]


def _run(probe: Probe, what: str) -> Callable[[], Any]:
    subject = probe.pair

    def run() -> Any:
        call("loss", subject.loss, *arguments_of(probe.pair, probe.point))
        return call(what, getattr(subject, what), *arguments_of(probe.pair, probe.point))

    return run


def _parts(probe: Probe, what: str) -> str:
    """The line at which the run in float64 leaves the certified one."""
    subject, again = probe.pair, Probe(probe.pair, dict(probe.point), DEFAULT_BITS)

    def certified() -> Any:
        with running(ball(DEFAULT_BITS), functions=(subject.loss, subject.grad)):
            return call(what, function, *again.arguments())

    function = getattr(subject, what)
    return parting(lambda: call(what, function, *arguments_of(probe.pair, probe.point)), certified)


def finite_elsewhere(verdict: Verdict, subject: Subject) -> Verdict:
    """Return *different* where the gradient is not finite at the point given and the exact one is, else the verdict.

    Balls know no number that is none: what the code returns is what float64 makes of it, with the very arguments.
    """
    point = dict(subject.parameters.arrays)
    probe, of_yours = (Probe(one, point, DEFAULT_BITS) for one in (without_gradient(subject), subject))
    try:
        with drawing(0):
            exact = probe.exact
            loss, mine, _ = _in_float64(subject, point)
    except (SymnnError, ArithmeticError, TypeError, ValueError):
        return verdict
    if exact is None or not np.isfinite(float(loss)):
        return verdict
    checks = tuple(
        _not_finite(name, mine[name], doubles(exact[name])) or Check(name, A.shape, "undecided", note="not looked at")
        for name, A in point.items()
    )
    wrong = [check for check in checks if check.verdict == "different"]
    if not wrong:
        return verdict
    line = first_not_finite(_run(of_yours, "grad"))
    evidence = _at(f"at the point given {wrong[0].note}", line)
    return Verdict("different", 0, evidence, checks)


def _not_finite(name: str, mine: Any, exact: Any) -> Check | None:
    """The check of an array with an entry that is not finite where the exact one is as a float; None for another."""
    if mine.shape != exact.shape:
        return None
    bad = np.argwhere(~np.isfinite(mine) & np.isfinite(exact))
    if not len(bad):
        return None
    at = tuple(map(int, bad[0]))
    entry = f"{name}[{', '.join(map(str, at))}]" if at else name
    note = f"the gradient is not finite: {entry} is {mine[at]}, certified {exact[at]:.6g}"
    return Check(name, exact.shape, "different", at or None, note=note)


def with_given(verdict: Verdict, subject: Subject, seen: Mapping[str, tuple[Probe, int]]) -> Verdict:
    """Return a verdict that is *equal*, or what is left of it in float64.

    ``seen`` holds what was looked at in balls by the name of the point, with the number of the random draws: the point
    given, and another one, which counts for values where the point given lies on a kink.
    """
    found = [_without_certified(subject)] if "the point given" not in seen else []
    for probe, draws in seen.values():
        with drawing(draws):
            held = hold(probe)
            found.append(Held() if held.by_values and _holds_beside(probe) else held)
    held = next((one for one in found if one.outcome != "equal"), found[0])
    if held.outcome == "equal":
        return replace(verdict, reasons=(held.note, *verdict.reasons)) if held.note else verdict
    checks = tuple({**{one.name: one for one in verdict.checks}, **{one.name: one for one in held.checks}}.values())
    right = f"over real numbers it is right, {verdict.evidence}"
    if held.outcome == "different":
        return replace(verdict, verdict="different", digits=0, evidence=f"{held.said}; {right}", checks=checks)
    reasons = (held.said, right, *verdict.reasons)
    return Verdict("undecided", 0, "no certified answer", checks, reasons)

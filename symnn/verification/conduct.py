"""How code under test conducts itself beside the values it gives: state between calls, arguments changed, float32.

Run in float64, as its user runs it: the same call again, another call in between, copies of every argument compared.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from symnn.errors import InputError, SymnnError, UndecidedError
from symnn.scalars import DEFAULT_BITS, midpoints
from symnn.verification.calling import Watched, call, fresh, many_calls, single
from symnn.verification.directional import Probe
from symnn.verification.evidence import Evidence
from symnn.verification.matching import match_gradients
from symnn.verification.points import points
from symnn.verification.subject import Subject
from symnn.verification.surroundings import UPSTREAM
from symnn.verification.trees import flatten

REPEATS_WITHIN = 1e-12
"""Two calls with the same inputs agree to this, relative to the largest entry: the order of a sum may differ."""

SINGLE_WITHIN = 1e-3
"""A gradient in float32 agrees with its certified value to this, relative to the norm; rounding leaves 1e-6 or so."""

MODES = ("training", "train", "is_training", "train_mode", "mode", "phase")
"""Arguments that say whether code trains or predicts."""


@dataclass(frozen=True)
class Conduct:
    """What was observed: problems, each a sentence; notes on what is harmless; evidence in the float type of the code.

    ``outcome`` is what problems make of a verdict: *undecided* where the loss is no function of its arguments, so that
    there is no gradient to speak of, else *different*. ``spoilt`` says that a comparison of values would mean nothing,
    because results depend on the calls before.
    """

    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    outcome: Literal["different", "undecided"] = "different"
    spoilt: bool = False


def observe(subject: Subject, seed: int = 0) -> Conduct:
    """Return how a loss and its gradient conduct themselves in float64.

    Code that raises there is not observed, and a note says so.

    >>> from symnn.verification.subject import pair_of
    >>> kept = []
    >>> def grad(w):
    ...     kept.append(2 * w)
    ...     return sum(kept)
    >>> observe(pair_of(lambda w: np.sum(w**2), grad, np.array([1.0, 2.0]))).problems[0]
    'grad adds to the gradients of the calls before: it gives more every time that it is called with the same inputs'
    """
    if subject.missing and not subject.parameters.arrays:
        return Conduct()
    loss, grad = subject.again() if subject.again else (subject.loss, subject.grad)
    try:
        with np.errstate(all="ignore"), many_calls():
            watch = _Watch(
                Subject(loss, grad, subject.parameters, subject.data),
                seed,
                subject.words,
                subject.grad if subject.again else None,
            )
            problems = list(dict.fromkeys(watch.problems()))
            notes = [*watch.notes(), *_modes(subject), *_shapes(watch.pair)]
            evidence = [] if subject.only_floats else list(_single(watch, subject))
    except (SymnnError, ArithmeticError) as error:
        said = str(error).partition("\n")[0]
        return Conduct(notes=(f"it was not called a second time in float64: {said}",))
    spoilt = watch.carries and subject.again is None
    return Conduct(tuple(problems), tuple(notes), tuple(evidence), watch.outcome, spoilt)


class _Watch:
    """The calls that are made, and what they gave."""

    def __init__(self, pair: Subject, seed: int, words: tuple[str, ...], unused: Any = None) -> None:
        self.pair = pair
        self.loss_word, self.grad_word, *self.data_words = words
        drawn = points(pair.parameters.arrays, seed, pair.data)
        self.here, self.elsewhere = next(drawn)[1], next(drawn)[1]
        self.changed: list[str] = []
        self.harmless: list[str] = []
        self.is_object = unused is not None
        self.outcome: Literal["different", "undecided"] = "different"
        self.draws = self.carries = False
        self.losses: list[float] = []
        self.gradients: list[dict[str, Any]] = []
        self.single = False
        self._functions: dict[int, Watched] = {}
        self._call_all()
        # An object that has not been called before, where there is one.
        self.expected = self.moved if unused is None else self._gradients(unused, self.elsewhere)

    def _call_all(self) -> None:
        for _ in range(3):
            self._remember(self.here)
        self.loss(self.elsewhere)
        self.moved = self.grad(self.elsewhere)
        self._remember(self.here)
        # What the loss leaves behind for another point must not be what grad works with.
        self.loss(self.elsewhere)
        self.stale = self.grad(self.here)

    def _remember(self, point: Mapping[str, Any]) -> None:
        self.losses.append(self.loss(point))
        self.gradients.append(self.grad(point))

    def loss(self, point: Mapping[str, Any]) -> float:
        """Return the loss in float64."""
        value = single(self._watched(self.loss_word, self.pair.loss, point))
        self.single = self.single or _is_single(value)
        return float(value)

    def grad(self, point: Mapping[str, Any]) -> dict[str, Any]:
        """Return copies of the gradients: a buffer may be written again by the next call."""
        return self._gradients(self.pair.grad, point)

    def _gradients(self, grad: Any, point: Mapping[str, Any]) -> dict[str, Any]:
        found = match_gradients(self._watched(self.grad_word, grad, point), self.pair.parameters)
        self.single = self.single or any(map(_is_single, found.values()))
        try:
            return {name: np.array(g, dtype=np.float64) for name, g in found.items()}
        except (TypeError, ValueError) as error:
            raise InputError(f"{self.grad_word} gives something that is no array of numbers: {error}") from error

    def _watched(self, what: str, function: Any, point: Mapping[str, Any]) -> Any:
        arrays = {name: A.copy() for name, A in point.items()}
        params = self.pair.parameters.rebuild({name: A if A.ndim else float(A) for name, A in arrays.items()})
        data = fresh(self.pair.data)
        watched = self._functions.setdefault(id(function), Watched(function))
        result = call(what, watched, params, *data)
        self.draws = self.draws or watched.drew
        # The result may be an argument, or part of one, that the next lines do not touch.
        result = copy.deepcopy(result)
        for name, A in arrays.items():
            if not _same(A, point[name]):
                self.changed.append(f"{what} changes the parameter {name} in place: an update belongs outside of it")
        for position, name in _changed_data(self.pair.data, data):
            named = self.data_words[position] if position < len(self.data_words) else f"its argument {name}"
            # What is handed down is the caller's no longer, as most code has it.
            where = self.harmless if named == UPSTREAM else self.changed
            where.append(f"{what} changes {named} in place")
        return result

    def problems(self) -> Iterator[str]:
        """Yield what is wrong."""
        yield from self.changed
        carried = list(self._carried())
        self.carries = bool(carried)
        yield from carried

    def _carried(self) -> Iterator[str]:
        first, second, third, later = self.losses
        if not (_same(first, second) and _same(second, third)):
            if _grows([first, second, third]):
                yield f"{self.loss_word} adds to what it gave before: called again with the same inputs it gives more"
            else:
                self.outcome = "undecided"
                yield f"{self.loss_word} gives another result when called again with the same inputs: {_STATE}"
            return
        if not _same(first, later):
            yield f"{self.loss_word} gives another result after a call with other inputs: it keeps state between calls"
        one, two, three, after = self.gradients
        again = [name for name in one if not (_same(one[name], two[name]) and _same(two[name], three[name]))]
        added = [name for name in again if _grows([one[name], two[name], three[name]])]
        if again and added == again and self.is_object and all(_same(two[name], 2 * one[name]) for name in again):
            buffers = f"the gradient buffers of {', '.join(again)}"
            self.harmless.append(f"{self.grad_word} adds to {buffers}: set them to zero between calls")
        elif again and added == again:
            yield (
                f"{self.grad_word} adds to the gradients of the calls before{_of(again, one)}: "
                "it gives more every time that it is called with the same inputs"
            )
        elif again:
            yield f"{self.grad_word} gives another result when called again with the same inputs: {_STATE}"
        elif between := [n for n in one if not (_same(one[n], after[n]) and _same(self.moved[n], self.expected[n]))]:
            yield (
                f"{self.grad_word} gives another result after a call with other inputs{_of(between, one)}: "
                "it keeps state between calls"
            )

    def notes(self) -> Iterator[str]:
        """Yield what is harmless, and good to know."""
        yield from dict.fromkeys(self.harmless)
        if self.draws:
            yield "it draws random numbers; loss and gradient were given the same draws"
        repeatable = all(_same(one[name], g) for one in self.gradients for name, g in self.gradients[0].items())
        if repeatable and any(not _same(self.stale[name], g) for name, g in self.gradients[0].items()):
            words = self.grad_word, self.loss_word
            yield "{} works with what the last call of {} has left behind: call both with the same inputs".format(
                *words
            )


_STATE = "it keeps state between calls, or draws random numbers of its own"


def _of(some: list[str], every: Mapping[str, Any]) -> str:
    return "" if len(some) == len(every) else f" (of {', '.join(some)})"


def _same(a: Any, b: Any) -> bool:
    if np.shape(a) != np.shape(b):
        return False
    if np.array_equal(a, b):
        return True
    largest = np.max(np.abs(b), initial=0.0, where=np.isfinite(b))
    return bool(np.allclose(a, b, rtol=REPEATS_WITHIN, atol=REPEATS_WITHIN * float(largest), equal_nan=True))


def _grows(three: list[Any]) -> bool:
    """Whether results grow by the same amount with every call: sums that are never begun anew."""
    first, second, third = map(np.asarray, three)
    return not _same(first, second) and _same(third - second, second - first)


def _is_single(x: Any) -> bool:
    return getattr(x, "dtype", None) in (np.dtype(np.float32), np.dtype(np.float16))


def _changed_data(before: tuple[Any, ...], after: tuple[Any, ...]) -> Iterator[tuple[int, str]]:
    """The arrays among the data that a call has changed, by the position of the argument and by name."""
    for position, (one, other) in enumerate(zip(before, after, strict=True)):
        was, now = flatten(one), flatten(other)
        if was.keys() != now.keys():
            yield position, f"data[{position}]"
            continue
        for name, value in was.items():
            at = f"data[{position}]" + (name.removeprefix("params") if name.startswith("params") else f".{name}")
            if isinstance(value, np.ndarray) and not _unchanged(value, now[name]):
                yield position, at


def _unchanged(was: Any, now: Any) -> bool:
    floats = was.dtype.kind == "f"
    return bool(now.shape == was.shape and np.array_equal(now, was, equal_nan=floats))


def _modes(subject: Subject) -> Iterator[str]:
    """Say in which mode functions ran whose arguments have a switch for it."""
    for what, function in (("loss", subject.loss), ("grad", subject.grad)):
        try:
            given = inspect.signature(function).parameters.values()
        except (TypeError, ValueError):
            continue
        for one in given:
            if one.name in MODES and isinstance(one.default, bool | str):
                yield f"{what} was checked with {one.name}={one.default!r}, its default"


def _shapes(pair: Subject) -> Iterator[str]:
    """Say where the shapes of the data would hide a mistake."""
    matrices = [A for A in pair.data if isinstance(A, np.ndarray) and A.ndim == 2 and A.dtype.kind == "f"]
    if len(matrices) < 2:
        return
    for axis in (0, 1):
        m = {A.shape[axis] for A in matrices}
        other = {A.shape[1 - axis] for A in matrices}
        if len(m) == 1 and len(other) > 1:
            (samples,) = m
            if samples == 1:
                yield "the data hold one sample: a sum and a mean over samples cannot be told apart"
            elif samples in other or any(samples in A.shape for A in pair.parameters.arrays.values()):
                yield f"there are as many samples as units, {samples}: a division by the wrong one would not show"


def _single(watch: _Watch, subject: Subject) -> Iterator[Evidence]:
    """For code that computes in float32: how far its gradient is from the certified one."""
    if not watch.single:
        return
    try:
        certified = Probe(subject, dict(watch.here), DEFAULT_BITS).gradient
    except UndecidedError:
        return
    worst = 0.0
    for name, mine in watch.gradients[0].items():
        exact = midpoints(certified[name])
        if np.shape(exact) == mine.shape:
            scale = float(np.linalg.norm(exact)) or 1.0
            worst = max(worst, float(np.linalg.norm(mine - exact)) / scale)
    outcome: Literal["equal", "undecided"] = "equal" if worst <= SINGLE_WITHIN else "undecided"
    said = (
        f"the code rounds to float32, and its gradient is there within {worst:.1e} of the same code's without rounding"
    )
    yield Evidence("numerical", outcome, said)

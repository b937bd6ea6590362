"""Name the mistake: try every small rewrite of the derivation, and pairs of them, at certified precision.

A rewrite whose gradients agree with the ones under test in every array, ball by ball, says what was done instead of the
right thing. No rewrite that agrees, no diagnosis: nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any

import numpy as np

from symnn.derivation import Derivation
from symnn.errors import UndecidedError
from symnn.mistakes import Ground, Planted, planted
from symnn.mistakes.difference import difference_of
from symnn.network import Network
from symnn.scalars import DEFAULT_BITS, collector_paused, distinct
from symnn.verification.described import arranged_as, described_as
from symnn.verification.directional import Probe
from symnn.verification.evidence import Diagnosis, Known
from symnn.verification.plain import diagnose_plain
from symnn.verification.points import points
from symnn.verification.recognition import recognise
from symnn.verification.repair import editor_of, repaired
from symnn.verification.rewrites import Rewrites, Trial, sizes_of
from symnn.verification.shapes import misshapen
from symnn.verification.subject import Described, Subject
from symnn.verification.verdict import Check
from symnn.verification.wording import in_names, with_network

MOST_LEADS = 6
"""How many single mistakes that explain some arrays are tried together with a second one."""

LARGEST_FOR_PAIRS = 5000
"""Up to how many entries in all gradients pairs of mistakes are tried; beyond, they would take minutes."""

LOCAL = 10
"""How many times as many entries a row or a column has as there are entries wrong where these are only some."""

POINTS = 2
"""At how many points a mistake is looked for; one may lie on a kink or hide it behind a zero."""


def is_local(checks: Sequence[Check]) -> bool:
    """Return whether what is wrong is far less than a row or a column of every wrong array.

    Every mistake that has a name changes more than that, even for inputs that are mostly zeros.

    >>> [is_local([Check("W", (20, 50), "different", (0, 1), off=off)]) for off in (2, 20)]
    [True, False]
    """
    wrong = [check for check in checks if check.verdict == "different"]
    return bool(wrong) and all(
        len(check.shape) > 1 and (check.off or check.size) * LOCAL <= min(check.shape) for check in wrong
    )


@collector_paused()
def diagnose_subject(subject: Subject, network: Network | None, seed: int, effort: float = 0) -> Diagnosis:
    """Return the mistake in a gradient that is known to be wrong.

    Given the ``network`` that the loss belongs to, or where one is recognised as having that loss, its derivation is
    rewritten; small edits of the gradient's code are tried for ``effort`` seconds; where nothing comes of either, what
    can be told of the numbers alone is. What is named explains the gradients at every point that is looked at. Raises
    `InputError` if a network is given and the parameters are
    not named and shaped as its own.
    """
    named = Diagnosis()
    seen: dict[str, Probe] = {}
    described = subject.described or (None if network is None else described_as(subject, network))
    if described is not None:
        named = _at_points(subject, described, seed, seen)
    elif (recognised := recognise(subject, seed)) is not None:
        named = _at_points(subject, arranged_as(subject, recognised.network, recognised.arrangement), seed, seen)
        named = with_network(recognised, named)
    if effort > 0:
        named = repaired(named, subject, editor_of(subject), seed, effort)
    return named or diagnose_plain(subject, seed, seen) or named


def _at_points(subject: Subject, described: Described, seed: int, seen: dict[str, Probe]) -> Diagnosis:
    """Return the mistake that a rewrite of a network's derivation explains at every point where the code runs.

    What was looked at is left in ``seen``, by the names of the points.
    """
    arrays = subject.parameters.arrays
    ground = ground_of(described.derivation, described.network, described.arrays(arrays))
    trials: list[Trial] = []
    for label, point in islice(points(arrays, seed), POINTS):
        with suppress(UndecidedError):
            seen[label] = Probe(subject, point, DEFAULT_BITS)
            yours = described.gradients(seen[label].gradient, point)
            balls = {name: distinct(A) for name, A in described.arrays(point).items()}
            trials.append(Trial(Rewrites(ground, balls, list(yours), DEFAULT_BITS), yours))
    # What is zero says nothing else, by whatever slope it might be so.
    mistakes = sorted(planted(ground), key=lambda one: one.id != "zero")
    return in_names(described.names, explain(mistakes, trials, described.supplied))


def ground_of(derivation: Derivation, network: Network | None, arrays: Mapping[str, Any]) -> Ground:
    """Return what mistakes are planted in, its sizes read off the arrays."""
    return Ground.of(derivation, network, sizes_of(derivation.program, arrays))


def explain(mistakes: Sequence[Planted], trials: Sequence[Trial], supplied: Collection[str] = ()) -> Diagnosis:
    """Return the diagnosis of what `explaining` finds, or of shapes that are wrong."""
    return diagnosis_of(explaining(mistakes, trials, supplied), trials)


def explaining(
    mistakes: Sequence[Planted], trials: Sequence[Trial], supplied: Collection[str] = ()
) -> tuple[Planted, ...]:
    """Return the first of ``mistakes``, or the first two, that explain the gradients under test in all trials."""
    wrong = [trial for trial in trials if not trial.is_right]
    if not wrong or misshapen(wrong[0]):
        return ()
    candidates = [one for one in mistakes if not set(one.instead) & set(supplied)]
    return _single(candidates, wrong, trials) or _double(candidates, wrong[0], trials)


def _single(candidates: Sequence[Planted], wrong: Sequence[Trial], trials: Sequence[Trial]) -> tuple[Planted, ...]:
    right = [trial for trial in trials if trial.is_right]
    for one in candidates:
        if all(trial.explained([one]) for trial in (*wrong, *right)):
            return (one,)
    return ()


def _double(candidates: Sequence[Planted], trial: Trial, trials: Sequence[Trial]) -> tuple[Planted, ...]:
    """Return two mistakes that together explain every array: leads that explain some, with any second."""
    if sum(np.size(mine) for mine in trial.yours.values()) > LARGEST_FOR_PAIRS:
        return ()
    already = trial.right
    explained = [(one, trial.rough([one])) for one in candidates]
    leads = sorted(((one, names) for one, names in explained if names - already), key=lambda pair: -len(pair[1]))
    for lead, _ in leads[:MOST_LEADS]:
        for other in candidates:
            apart = not set(other.instead) & set(lead.instead)
            others = (one for one in trials if one is not trial)
            if apart and all(one.explained([lead, other]) for one in (trial, *others)):
                return lead, other
    return ()


def diagnosis_of(mistakes: Sequence[Planted], trials: Sequence[Trial]) -> Diagnosis:
    """Return the diagnosis of mistakes that explain the gradients under test; without any, of shapes that are wrong."""
    trial = next((one for one in trials if not one.is_right), None)
    if trial is None or not mistakes:
        return Diagnosis() if trial is None else misshapen(trial)
    right, ground = trial.right, trial.rewrites.ground
    return Diagnosis(
        "; and ".join(one.said for one in mistakes),
        " and ".join(dict.fromkeys(one.kind for one in mistakes)),
        mistakes[0].layer,
        tuple(name for name in trial.yours if name not in right),
        "; ".join(difference_of(ground, one) for one in mistakes),
        known=tuple(Known(one.id, tuple(one.arguments.items())) for one in mistakes),
    )

"""The plain mistakes, a row each, and the search for one that explains every wrong gradient."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import islice

import numpy as np

from symnn.errors import UndecidedError
from symnn.scalars import DEFAULT_BITS
from symnn.verification.directional import Probe
from symnn.verification.evidence import Diagnosis
from symnn.verification.plain import functions, parts, penalties, whole
from symnn.verification.plain.wrong import Compared, Finding, compared, is_right
from symnn.verification.points import direction, points
from symnn.verification.subject import Subject

# The first that explains a gradient is told: what says most about it comes first.
PLAIN: tuple[Callable[[Compared], Finding | None], ...] = (
    whole.zero,
    whole.factor,
    whole.transposed,
    whole.not_summed,
    whole.summed_too_far,
    functions.named,
    whole.changed,
    penalties.penalty,
    parts.region,
    parts.rows,
    parts.overwritten,
)

POINTS = 2
"""At how many points a mistake must be the same."""

DRAWN = 12
"""How many points are drawn for that, some lying on kinks or hiding the mistake."""


def diagnose_plain(subject: Subject, seed: int, known: Mapping[str, Probe] | None = None) -> Diagnosis:
    """Return the mistake in a gradient that is known to be wrong, as far as it can be told without its network.

    Arrays are compared entry by entry. Every wrong gradient must be explained, and in the same words at two points;
    else nothing is said. Points that are ``known``, by their names, are not looked at anew.

    >>> from symnn.verification.subject import pair_of
    >>> found = diagnose_plain(pair_of(lambda w: np.sum(w**2), lambda w: w, np.array([1.0, 2.0])), 0)
    >>> found.said, found.kind
    ('the gradient with respect to params is 1/2 times what it should be', 'factor')
    """
    seen: list[Mapping[str, list[Finding]]] = []
    right = 0
    for label, point in islice(points(subject.parameters.arrays, seed), DRAWN):
        with suppress(UndecidedError):
            probe = (known or {}).get(label) or Probe(subject, point, DEFAULT_BITS)
            found = _findings(probe, seed)
            if found is None:
                return Diagnosis()
            seen += [found] if found else []
            right += not found
        if len(seen) == POINTS or right == DRAWN // 2:
            break
    if len(seen) < POINTS or any(one.keys() != seen[0].keys() for one in seen[1:]):
        return Diagnosis()
    # At one point more than one thing may explain a gradient; what does so at all of them is meant.
    common = {name: _common([one[name] for one in seen]) for name in seen[0]}
    told = {name: one for name, one in common.items() if one is not None}
    return _told(told) if len(told) == len(common) else Diagnosis()


def _common(found: list[list[Finding]]) -> Finding | None:
    first, *others = found
    said = [{(one.kind, one.said) for one in other} for other in others]
    return next((one for one in first if all((one.kind, one.said) in other for other in said)), None)


def _findings(probe: Probe, seed: int) -> dict[str, list[Finding]] | None:
    """Return what may be wrong with each wrong gradient; nothing where all are right, None where one has no cause."""
    found: dict[str, list[Finding]] = {}
    rng = np.random.default_rng([seed, 2])
    for name, at in probe.point.items():
        if not at.size or is_right(probe, name, direction(at.size, rng)):
            continue
        one = compared(probe, name)
        found[name] = [finding for row in PLAIN if (finding := row(one)) is not None]
        if not found[name]:
            return None
    return found


def _told(found: Mapping[str, Finding]) -> Diagnosis:
    """Return findings as one diagnosis: gradients that the same can be said of are told together."""
    together: dict[str, list[str]] = {}
    for name, one in found.items():
        together.setdefault(one.said, []).append(name)
    said = [template.replace("{}", _gradients(names), 1) for template, names in together.items()]
    kinds = dict.fromkeys(one.kind for one in found.values())
    difference = next(iter(found.values())).difference if len(together) == 1 else ""
    return Diagnosis("; ".join(said), " and ".join(kinds), 0, tuple(found), difference)


def _gradients(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"the gradient with respect to {names[0]}"
    return f"each of the gradients with respect to {', '.join(names[:-1])} and {names[-1]}"

"""The points of the rubric, allotted to the steps that a style shows: those of an array to the step that finds it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

from symnn.derivation import Derivation, told_step
from symnn.library import Points
from symnn.library.rubric import rubric

UPDATE, NEW_LOSS = "the update", "the new loss"
"""The keys of what comes after the gradients: one step on every parameter, and the loss after it; no tensor's name."""
# The keys by the parts of the rubric.
_AFTER = {"update": UPDATE, "new loss": NEW_LOSS}


def allotted(derivation: Derivation, keys: Collection[str]) -> dict[str, Fraction]:
    """Return the points of every step that is graded, by its key; ``keys`` are those of the steps that a style tells.

    A step earns the points of all arrays that it finds. What a style does not tell on its own, as the delta rule does
    not tell the gradients inside a delta, counts for the step that needs it. No point is lost: the sum is the rubric's.

    >>> from symnn.derivation import derive
    >>> from symnn.network import Dense, Network
    >>> derivation = derive(Network(1, [Dense(1, bias=False)], "squared-error", "sum"))
    >>> {key: float(count) for key, count in allotted(derivation, ("Z1", "L", "dW1")).items()}
    {'Z1': 2.0, 'L': 2.0, 'dW1': 3.0, 'the update': 0.5, 'the new loss': 1.0}
    """
    found: dict[str, Fraction] = {}
    home = homes(derivation, keys)
    for one in rubric(derivation):
        key = key_of(one, home)
        found[key] = found.get(key, Fraction(0)) + one.points
    return found


def key_of(one: Points, home: Mapping[str, str]) -> str:
    """Return the key of the step that points are for, where `homes` says at which step an array is."""
    return _AFTER.get(one.part) or home[one.array]


def counted(points: Fraction) -> str:
    """Return a number of points, which come in halves, as it is written.

    >>> counted(Fraction(2)), counted(Fraction(3, 2))
    ('2', '1.5')
    """
    return f"{float(points):g}"


def homes(derivation: Derivation, keys: Collection[str]) -> dict[str, str]:
    """Return for every array the key of the step that its points are for; ``keys`` are those of the steps told."""
    homes = {equation.name: equation.name for equation in derivation.program.equations}
    needs = {step.result.name: {name for one in told_step(step) for name in one.reads} for step in derivation.steps}
    # From the end of the backward pass, so that what a step needs has its home before what that needs in turn.
    for step in reversed(derivation.steps):
        key = step.result.name
        if key not in keys:
            key = next((homes[later] for later, reads in needs.items() if key in reads and later in homes), key)
        homes |= {equation.name: key for equation in told_step(step)} | {step.result.name: key}
    return homes

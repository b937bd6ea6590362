"""The gradients that mistakes would give, beside those under test: sifted in floats, certified in balls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from symnn.equations import Equation, Program
from symnn.kernels import extend, needed
from symnn.mistakes import Ground, Planted
from symnn.mistakes.ground import FIRST_SAMPLE, LAST_SAMPLE
from symnn.notation import SAMPLES, adjoint_name
from symnn.scalars import all_overlap, array, ball, floats, running
from symnn.scalars.lifting import lift

ROUGHLY = 1e-6
"""How far apart, by the largest entry, two gradients in floats may be and still be looked at in balls."""

SMALL = 5000
"""Up to how many entries in all gradients those of every single mistake are kept, to be looked at again."""


class Rewrites:
    """A derivation's gradients at one point: the right ones, and those of any mistakes planted in it."""

    def __init__(self, ground: Ground, arrays: Mapping[str, Any], wanted: Sequence[str], bits: int) -> None:
        """Take arrays of balls by name; ``wanted`` are the names of the tensors whose gradients matter."""
        self.ground, self.bits = ground, bits
        self.program = ground.derivation.program
        self.wanted = [adjoint_name(name) for name in wanted]
        self._rough: dict[tuple[int, ...], Mapping[str, Any]] = {}
        self._reads = {equation.name: frozenset(equation.reads) for equation in ground.equations}
        self._told = {equation.right: equation for equation in ground.equations}
        self._changes: dict[int, tuple[Planted, list[Equation]]] = {}
        asked = needed(list(ground.equations), self.wanted)
        samples = sizes_of(self.program, arrays).get(str(SAMPLES), 0)
        chosen = {LAST_SAMPLE: np.arange(samples) == samples - 1, FIRST_SAMPLE: np.arange(samples) == 0}
        with running(ball(bits)):
            balls = {**arrays, **{name: array(which.astype(float), ball(bits)) for name, which in chosen.items()}}
            self.right = self._extended(self._extended(balls, self.program.equations), asked)
            plain = {name: floats(value) for name, value in balls.items()}
        with np.errstate(all="ignore"):
            self.roughly_right = self._extended(self._extended(plain, self.program.equations), asked)

    def gradients(self, mistakes: Sequence[Planted]) -> Mapping[str, Any]:
        """Return the gradients with mistakes planted, as balls, computing anew only what they touch."""
        changed = self._changed(mistakes)
        with running(ball(self.bits)):
            return {**self.right, **self._changed_values(self.right, changed)} if changed else self.right

    def rough_gradients(self, mistakes: Sequence[Planted]) -> Mapping[str, Any]:
        """Return the same in floats."""
        key = tuple(map(id, mistakes))
        if key in self._rough:
            return self._rough[key]
        changed = self._changed(mistakes)
        with np.errstate(all="ignore"):
            computed = self._changed_values(self.roughly_right, changed) if changed else self.roughly_right
        found = {name: computed[name] for name in self.wanted}
        if len(mistakes) == 1 and sum(np.size(found[name]) for name in self.wanted) <= SMALL:
            self._rough[key] = found
        return found

    def reached(self, mistakes: Sequence[Planted]) -> set[str]:
        """Return the names of the wanted gradients that mistakes may change."""
        changed = {equation.name for equation in self._changed(mistakes)}
        return {name for name in self.wanted if name in changed}

    def _extended(self, values: Mapping[str, Any], equations: Sequence[Equation]) -> dict[str, Any]:
        return extend(self.program, values, equations)

    def _changed_values(self, right: Mapping[str, Any], changed: Sequence[Equation]) -> dict[str, Any]:
        """Return the right values with those that changed equations give; what one only repeats is taken over."""
        values, others = dict(right), []
        touched: set[str] = set()
        for equation in changed:
            own = self._told.get(equation.right)
            repeated = own is not None and own.name in right and own.indices == equation.indices
            if own is not None and repeated and touched.isdisjoint(equation.reads):
                values[equation.name] = right[own.name]
            else:
                touched.add(equation.name)
                others.append(equation)
        return self._extended(values, others)

    def _changed(self, mistakes: Sequence[Planted]) -> list[Equation]:
        """Return the equations that mistakes change, and those that depend on them, as far as they are wanted."""
        if len(mistakes) != 1:
            return self._touched_by(mistakes)
        (one,) = mistakes
        if id(one) not in self._changes:
            # The mistake is kept beside its equations, so that no other can come to have its identity.
            self._changes[id(one)] = one, self._touched_by(mistakes)
        return self._changes[id(one)][1]

    def _touched_by(self, mistakes: Sequence[Planted]) -> list[Equation]:
        instead = {name: equation for one in mistakes for name, equation in one.instead.items()}
        ahead = {name: equations for one in mistakes for name, equations in one.ahead.items()}
        touched: set[str] = set()
        changed: list[Equation] = []
        for equation in self.ground.equations:
            planted_here = instead.get(equation.name, equation)
            before = ahead.get(equation.name, ())
            if equation.name in instead or not touched.isdisjoint(self._reads[equation.name]):
                touched.add(equation.name)
                changed += [*before, planted_here]
        return needed(changed, self.wanted)


class Trial:
    """Gradients under test, by the names of their parameters, beside those of rewrites at the same point."""

    def __init__(self, rewrites: Rewrites, yours: Mapping[str, Any]) -> None:
        self.rewrites, self.yours = rewrites, yours
        with running(ball(rewrites.bits)):
            lifted = {name: lift(x if isinstance(x, np.ndarray) else np.asarray(x)) for name, x in yours.items()}
            self._rough = {name: floats(x) for name, x in lifted.items()}

    @cached_property
    def right(self) -> set[str]:
        """The names of the gradients that are right."""
        return self.certified(())

    @property
    def is_right(self) -> bool:
        """Whether there is no mistake to name."""
        return self.right == set(self.yours)

    def certified(self, mistakes: Sequence[Planted]) -> set[str]:
        """Return the names of the gradients under test that mistakes explain, ball by ball."""
        found = self.rewrites.gradients(mistakes)
        with running(ball(self.rewrites.bits)):
            return {name for name, mine in self.yours.items() if same(mine, found[adjoint_name(name)])}

    def rough(self, mistakes: Sequence[Planted]) -> set[str]:
        """Return the names of the gradients that mistakes may explain, as far as floats can tell."""
        found = self.rewrites.rough_gradients(mistakes)
        right = self.rewrites.roughly_right
        gradients = ((name, mine, adjoint_name(name)) for name, mine in self._rough.items())
        return {name for name, mine, own in gradients if _near(mine, found[own], right[own])}

    def explained(self, mistakes: Sequence[Planted]) -> bool:
        """Tell whether mistakes explain every gradient under test."""
        everything = set(self.yours)
        if not {adjoint_name(name) for name in everything - self.right} <= self.rewrites.reached(mistakes):
            return False
        return self.rough(mistakes) == everything and self.certified(mistakes) == everything


def sizes_of(program: Program, arrays: Mapping[str, Any]) -> dict[str, int]:
    """Return the number that each size of a program stands for, read off the arrays."""
    return {
        str(axis): extent
        for name, shape in program.shapes.items()
        if name in arrays
        for axis, extent in zip(shape, np.shape(arrays[name]), strict=True)
        if not axis.is_Integer
    }


def same(mine: Any, other: Any) -> bool:
    """Tell whether two arrays of balls, or plain numbers among them, may be the same in every entry."""
    if np.shape(mine) != np.shape(other):
        return False
    # What comes out of plain NumPy may hold integers among the balls.
    return all_overlap(lift(mine), lift(other))


def _near(mine: Any, other: Any, right: Any) -> bool:
    """Tell whether two arrays of floats are about the same, by the largest entry of either or of the right one."""
    other = np.asarray(other, dtype=float)
    if mine.shape != other.shape:
        return False
    with np.errstate(all="ignore"):
        largest = max(np.max(np.abs(A), initial=0.0) for A in (mine, other, right))
        off = np.max(np.abs(mine - other), initial=0.0)
    # What overflows in floats is looked at in balls.
    return bool(off <= ROUGHLY * largest or not np.isfinite(off))

"""Mistakes in what is added up: biases over the wrong axis or averaged, one sample instead of the batch."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Idx, Indexed, Mul

from symnn.equations import Equation, Term, equation_of_terms
from symnn.mistakes.ground import (
    FIRST_SAMPLE,
    LAST_SAMPLE,
    Ground,
    Planted,
    reading,
    times,
    told,
    turned,
)
from symnn.notation import SAMPLES, SPARE_LETTERS, index, name_of, tensor


def bias_averaged(ground: Ground) -> Iterator[Planted]:
    """A bias gradient that takes the mean over the samples of what is averaged already."""
    for step in ground.biases:
        yield Planted("bias-averaged", {"name": step.name}, times(told(step), 1 / SAMPLES))


def bias_summed_over_units(ground: Ground) -> Iterator[Planted]:
    """A bias gradient that is added up over the units as well, or over them instead of the samples."""
    for step in ground.biases:
        right = told(step)
        entry = right.terms[0].body
        units = [axis for axis in right.indices if isinstance(entry, Indexed) and axis in entry.indices]
        if len(units) != 1 or SAMPLES not in entry.base.shape:
            continue
        spare = next(letter for letter in SPARE_LETTERS if letter not in map(str, entry.atoms(Idx)))
        other = index(spare, units[0].upper + 1)
        everything = Term(entry.xreplace({units[0]: other}), (other, *right.terms[0].over))
        yield Planted(
            "bias-over-all", {"name": step.name}, {right.name: equation_of_terms(right.target, (everything,))}
        )
        shape = ground.numbers(tuple(entry.base.shape))
        if shape is not None and shape == shape[::-1]:
            yield Planted("bias-over-units", {"name": step.name}, {right.name: reading(right, name_of(entry), turned)})


def one_sample(ground: Ground) -> Iterator[Planted]:
    """Gradients of one sample where those of the batch should be added up, = for += in a loop over samples."""
    for name, which in ((LAST_SAMPLE, "last"), (FIRST_SAMPLE, "first")):
        singles: dict[str, Equation] = {}
        for step in ground.derivation.steps:
            right = told(step)
            if step.name in ground.parameters and (single := _single(right, name)) is not None:
                singles[right.name] = single
        if len(singles) > 1:
            yield Planted("one-sample-in-all", {"which": which}, singles)
        for target, equation in singles.items():
            yield Planted("one-sample", {"name": target[1:], "which": which}, {target: equation})


def _single(right: Equation, name: str) -> Equation | None:
    """Return the equation with every sum over the samples reduced to one of them, or None where there is none."""
    chosen = tensor(name, SAMPLES)
    terms = []
    for term in right.terms:
        samples = [axis for axis in term.over if axis.upper + 1 == SAMPLES]
        if not samples:
            return None
        terms.append(Term(Mul(term.body, *(chosen[axis] for axis in samples)), term.over))
    return equation_of_terms(right.target, tuple(terms))

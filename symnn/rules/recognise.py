"""Recognise, by structure, which row of the tables an equation applies.

Equations carry no tags: a program that a user writes by hand gets the same named rewrites and the same
stable NumPy forms as one lowered from a `Network`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Idx, Indexed

from symnn.equations import Equation, Program, occurrences
from symnn.notation import Target, name_of
from symnn.rules.activations import ACTIVATIONS, NORMALISERS, Activation, Normaliser, z


@dataclass(frozen=True)
class Activated:
    """An equation ``output = row.forward(entry)``."""

    row: Activation
    entry: Target
    output: Target


@dataclass(frozen=True)
class Normalised:
    """Three equations that share out one: weights of ``entry``, their total over ``index``, the output."""

    row: Normaliser
    entry: Target
    weights: Equation
    total: Equation
    output: Equation
    index: Idx

    @property
    def names(self) -> tuple[str, str, str]:
        """The names of the three tensors, in the order of their equations."""
        return self.weights.name, self.total.name, self.output.name


def recognise_activation(equation: Equation) -> Activated | None:
    """Return the activation an equation applies to one tensor entry, or None.

    >>> from symnn.notation import SAMPLES, index, tensor
    >>> from sympy import tanh
    >>> i = index("i", SAMPLES)
    >>> Z, A = tensor("Z", SAMPLES), tensor("A", SAMPLES)
    >>> recognise_activation(Equation(A[i], tanh(Z[i]))).row.name
    'tanh'
    """
    entry = _sole_entry(equation)
    if entry is None:
        return None
    for row in ACTIVATIONS.values():
        if row.name != "linear" and equation.right == row.forward.subs(z, entry):
            return Activated(row, entry, equation.target)
    return None


def recognise_normaliser(program: Program, equation: Equation) -> Normalised | None:
    """Return the normaliser whose last equation is ``equation``, or None."""
    numerator, denominator = equation.right.as_numer_denom()
    if not (isinstance(numerator, Indexed) and isinstance(denominator, Indexed)):
        return None
    weights = program.definitions.get(name_of(numerator))
    total = program.definitions.get(name_of(denominator))
    if weights is None or total is None or numerator.indices != equation.target.indices:
        return None
    entry, index = _sole_entry(weights), _summed_axis(total, numerator, denominator)
    if entry is None or index is None or entry.indices != weights.target.indices:
        return None
    for row in NORMALISERS.values():
        if weights.right == row.weight.subs(z, entry):
            renaming = dict(zip(weights.target.indices, equation.target.indices, strict=True))
            return Normalised(row, entry.xreplace(renaming), weights, total, equation, index)
    return None


def _sole_entry(equation: Equation) -> Target | None:
    """Return the one tensor entry on the right, if there is one and nothing is summed."""
    if len(equation.terms) != 1 or equation.terms[0].over:
        return None
    entries = occurrences(equation.right)
    return entries[0] if len(entries) == 1 and isinstance(entries[0], Indexed) else None


def _summed_axis(total: Equation, numerator: Indexed, denominator: Indexed) -> Idx | None:
    """Return the index of ``numerator`` that ``total`` sums its tensor over, if it is no more than that sum."""
    if len(total.terms) != 1 or len(total.terms[0].over) != 1:
        return None
    body = total.terms[0].body
    if not isinstance(body, Indexed) or body.base != numerator.base:
        return None
    summed = [
        here for here, there in zip(numerator.indices, body.indices, strict=True) if there == total.terms[0].over[0]
    ]
    others = [index for index in numerator.indices if index not in summed]
    kept = [index for index in denominator.indices if isinstance(index, Idx)]
    # The total must keep the other axes in their own order, which axes of one size could hide.
    in_order = [index for index in body.indices if index not in total.terms[0].over] == list(total.indices)
    return summed[0] if len(summed) == 1 and others == kept and in_order else None

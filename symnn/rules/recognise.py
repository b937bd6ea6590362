"""Recognise, by structure, which row of the tables an equation applies.

Equations carry no tags: a program that a user writes by hand gets the same named rewrites and the same
stable NumPy forms as one lowered from a `Network`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import TypeVar

from sympy import Expr, Idx, Indexed, Rational, S

from symnn.equations import Equation, Program, occurrences
from symnn.notation import Target, indices_of, name_of
from symnn.rules.activations import ACTIVATIONS, Activation, z
from symnn.rules.losses import LOSSES, Loss, p, y
from symnn.rules.normalisers import NORMALISERS, Normaliser
from symnn.rules.normalisers import e as weight
from symnn.rules.normalisers import s as total_weight
from symnn.rules.normalisers import z as logits

Row = TypeVar("Row", Activation, Loss)


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


@dataclass(frozen=True)
class Measured:
    """A loss equation: ``factor`` times the row's summand of ``prediction`` and ``target``, added up."""

    row: Loss
    prediction: Indexed
    target: Indexed
    factor: Expr


@lru_cache(maxsize=4096)
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
        for bound in _bindings(row, equation.right):
            if bound.forward != z and equation.right == bound.forward.subs(z, entry):
                return Activated(bound, entry, equation.target)
    return None


def recognise_loss(program: Program, equation: Equation) -> Measured | None:
    """Return the loss that an equation of a program takes of one tensor and its targets, or None.

    The equation defines the loss of the program or one number that it is made of.

    >>> from sympy import Sum
    >>> from symnn.notation import LOSS, SAMPLES, index, tensor
    >>> i = index("i", SAMPLES)
    >>> Z, Y = tensor("Z", SAMPLES), tensor("Y", SAMPLES)
    >>> equation = Equation(LOSS, Sum((Z[i] - Y[i]) ** 2, i) / SAMPLES)
    >>> found = recognise_loss(Program((equation,), (), (Z,), (Y,)), equation)
    >>> found.row.name, found.factor
    ('squared-error', 1/m)
    """
    if isinstance(equation.target, Indexed) or len(equation.terms) != 1:
        return None
    body = equation.terms[0].body
    names = set(map(name_of, program.targets))
    entries = [entry for entry in occurrences(body) if isinstance(entry, Indexed)]
    targets = [entry for entry in entries if name_of(entry) in names]
    others = [entry for entry in entries if name_of(entry) not in names]
    if len(targets) != 1 or len(others) != 1:
        return None
    factor, rest = body.as_independent(*targets, *others, as_Add=False)
    for row in LOSSES.values():
        for bound in _bindings(row, rest):
            summand = bound.summand.subs({y: targets[0], p: others[0]})
            own, wanted = summand.as_independent(*targets, *others, as_Add=False)
            if rest == wanted:
                return Measured(bound, others[0], targets[0], factor / own)
    return None


def recognise_normaliser(program: Program, equation: Equation) -> Normalised | None:
    """Return the normaliser whose last equation is ``equation``, or None."""
    for denominator in occurrences(equation.right):
        total = program.definitions.get(name_of(denominator))
        if total is None or not isinstance(denominator, Indexed) or equation.target == program.loss:
            continue
        found = _normalised(program, equation, total, denominator)
        if found is not None:
            return found
    return None


def _normalised(program: Program, equation: Equation, total: Equation, denominator: Indexed) -> Normalised | None:
    """Return the normaliser that divides by ``total``, if that adds up weights of one entry each."""
    body = total.terms[0].body
    weights = program.definitions.get(name_of(body)) if isinstance(body, Indexed) else None
    entry = _sole_entry(weights) if weights is not None else None
    if weights is None or entry is None or entry.indices != weights.target.indices:
        return None
    if len(entry.indices) != len(indices_of(equation.target)):
        return None
    renaming = dict(zip(weights.target.indices, equation.target.indices, strict=True))
    numerator, logit = weights.target.xreplace(renaming), entry.xreplace(renaming)
    index = _summed_axis(total, numerator, denominator)
    if index is None:
        return None
    for row in NORMALISERS.values():
        applied = row.output.xreplace({logits: logit, weight: numerator, total_weight: denominator})
        if weights.right == row.weight.subs(logits, entry) and equation.right == applied:
            return Normalised(row, logit, weights, total, equation, index)
    return None


def _bindings(row: Row, expression: Expr) -> Iterator[Row]:
    """Yield the row with each choice for its constants among the numbers in an expression.

    A constant of 1 leaves no trace in a product: it is among the choices in any case.
    """
    if not row.constants:
        yield row
        return
    numbers: set[Expr] = {abs(number) for number in expression.atoms(Rational) if number} | {S.One}
    # Half a constant, as in Huber's loss, may be the only trace of it.
    choices = sorted({*numbers, *(2 * number for number in numbers)})
    for values in product(choices, repeat=len(row.constants)):
        given = {c.name: Fraction(int(v.p), int(v.q)) for c, v in zip(row.constants, values, strict=True)}
        yield row.bound(given)


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

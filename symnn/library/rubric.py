"""The points of a worked solution: what is graded, in its order, how many points it earns, and for what.

An array that one operation gives earns one point, for its numbers. The loss, a sum over several paths, and a sum of
products, as a matrix product is, earn two: one for the rule and one for the numbers. Each updated parameter earns half
a point, the new loss one. A gradient that no parameter needs is not graded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from symnn.derivation import Derivation, told_step
from symnn.equations import Equation, occurrences
from symnn.kernels import needed
from symnn.mistakes.update import equations_after, update_equations
from symnn.notation import SLOPE, adjoint_name, name_of

ONE, HALF = Fraction(1), Fraction(1, 2)
"""What a point for a rule or for numbers is, and one for a step that is done again for every parameter."""

REASONS = ("rule", "numbers")
"""What points are for."""


@dataclass(frozen=True)
class Points:
    """Points for one step: the array, the part of the solution, what they are for, and how many, in halves.

    A ``part`` is *forward*, *loss*, *slope* (that of an activation, an upstream's factor on the way back), *gradient*,
    *update* or *new loss*.
    With ``follow_through``, right numbers after a wrong one before them earn the points all the same.
    """

    array: str
    part: str
    for_: str
    points: Fraction
    follow_through: bool


def rubric(derivation: Derivation, *, updates: bool = True) -> tuple[Points, ...]:
    """Return the points of a solution in its order; without ``updates`` it ends with the gradients.

    >>> from symnn.derivation import derive
    >>> from symnn.network import Dense, Network
    >>> for one in rubric(derive(Network(1, [Dense(1, bias=False)], "squared-error", "sum"))):
    ...     print(one.array, one.part, one.for_, one.points, one.follow_through)
    Z1 forward rule 1 False
    Z1 forward numbers 1 False
    L loss rule 1 False
    L loss numbers 1 True
    dZ1 gradient numbers 1 True
    dW1 gradient rule 1 False
    dW1 gradient numbers 1 True
    W1_new update numbers 1/2 True
    L_new new loss numbers 1 True
    """
    return tuple(_points(derivation, updates))


def total(points: Iterable[Points]) -> Fraction:
    """Return how many points there are in all.

    >>> total([Points("L", "loss", "rule", ONE, False), Points("W1_new", "update", "numbers", HALF, True)])
    Fraction(3, 2)
    """
    return sum((one.points for one in points), Fraction(0))


def _points(derivation: Derivation, updates: bool) -> Iterator[Points]:
    program = derivation.program
    given = set(map(name_of, program.leaves))
    *forward, loss = program.equations
    for equation in forward:
        yield from _array(equation, "forward", _adds_products(equation), given)
    yield from _array(loss, "loss", True, given)
    wanted = [adjoint_name(name_of(tensor)) for tensor in program.parameters]
    told = [(step, equation) for step in derivation.steps for equation in told_step(step)]
    graded = {equation.name for equation in needed([equation for _, equation in told], wanted)} if wanted else None
    for step, equation in told:
        if graded is None or equation.name in graded:
            is_gradient = equation.name == adjoint_name(step.name)
            double = (is_gradient and len(step.paths) > 1) or _adds_products(equation)
            yield from _array(equation, "slope" if equation.name.endswith(SLOPE) else "gradient", double, given)
    if updates and wanted:
        for equation in update_equations(derivation):
            yield Points(equation.name, "update", "numbers", HALF, True)
        yield Points(equations_after(derivation)[-1].name, "new loss", "numbers", ONE, True)


def _array(equation: Equation, part: str, double: bool, given: set[str]) -> Iterator[Points]:
    if double:
        yield Points(equation.name, part, "rule", ONE, False)
    yield Points(equation.name, part, "numbers", ONE, not given.issuperset(equation.reads))


def _adds_products(equation: Equation) -> bool:
    """Whether an equation adds up products of two tensors, as a matrix product does."""
    return any(term.over and len(set(map(name_of, occurrences(term.body)))) > 1 for term in equation.terms)

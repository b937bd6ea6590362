"""The update of the parameters and the forward pass after it as equations, and the mistakes made in an update."""

from __future__ import annotations

from collections.abc import Iterator

from symnn.derivation import Derivation, SumOverPaths
from symnn.equations import Equation, Term, equation_of_terms, occurrences
from symnn.mistakes import Ground, Planted
from symnn.mistakes.ground import entry_like
from symnn.notation import Expr, Target, adjoint, adjoint_name, name_of, scalar

NEW = "_new"
"""What is put behind the name of a tensor for what it is after the update."""

RATE = scalar("learning_rate")
"""The learning rate in the equations of an update."""


def update_equations(derivation: Derivation) -> tuple[Equation, ...]:
    """Return the equations of one step of descent, a parameter each.

    >>> from symnn.derivation import derive
    >>> from symnn.network import Dense, Network
    >>> print(update_equations(derive(Network(inputs=1, layers=[Dense(1)])))[0])
    W1_new[j, k] = W1[j, k] - learning_rate*dW1[j, k]
    """
    return tuple(_updated(step, step.target - RATE * adjoint(step.target)) for step in _stepped(derivation))


def equations_after(derivation: Derivation) -> tuple[Equation, ...]:
    """Return the equations of the forward pass with the updated parameters, up to the new loss."""
    program = derivation.program
    renamed = {*map(name_of, program.parameters), *(equation.name for equation in program.equations)}
    return tuple(_after(equation, renamed) for equation in program.equations)


def _after(equation: Equation, renamed: set[str]) -> Equation:
    terms = []
    for term in equation.terms:
        swap = {entry: _new(entry) for entry in occurrences(term.body) if name_of(entry) in renamed}
        terms.append(Term(term.body.xreplace(swap), term.over))
    return equation_of_terms(_new(equation.target), tuple(terms))


def _new(entry: Target) -> Target:
    return entry_like(entry, name_of(entry) + NEW)


def _stepped(derivation: Derivation) -> Iterator[SumOverPaths]:
    """Yield the gradients with respect to parameters, in the order of the parameters."""
    yield from (derivation.gradient(name_of(tensor)) for tensor in derivation.program.parameters)


def _updated(step: SumOverPaths, right: Expr) -> Equation:
    return Equation(_new(step.target), right)


def _planted(step: SumOverPaths, kind: str, right: Expr) -> Planted:
    changed = _updated(step, right)
    return Planted(kind, {"name": step.name}, {changed.name: changed})


def sign(ground: Ground) -> Iterator[Planted]:
    """A step uphill."""
    for step in _stepped(ground.derivation):
        yield _planted(step, "step-uphill", step.target + RATE * adjoint(step.target))


def rate_left_out(ground: Ground) -> Iterator[Planted]:
    """A step of the whole gradient."""
    for step in _stepped(ground.derivation):
        yield _planted(step, "rate-left-out", step.target - adjoint(step.target))


def step_for_parameter(ground: Ground) -> Iterator[Planted]:
    """The step itself where the parameter after it belongs."""
    for step in _stepped(ground.derivation):
        yield _planted(step, "step-for-parameter", -RATE * adjoint(step.target))


def not_updated(ground: Ground) -> Iterator[Planted]:
    """A parameter that is forgotten in the update."""
    for step in _stepped(ground.derivation):
        yield _planted(step, "not-updated", step.target)


def gradient_of_another(ground: Ground) -> Iterator[Planted]:
    """A step along the gradient with respect to another tensor of the same shape."""
    known = [adjoint_name(step.name) for step in ground.steps]
    for step in _stepped(ground.derivation):
        right = _updated(step, step.target - RATE * adjoint(step.target))
        for name, changed in ground.in_place_of(right, adjoint_name(step.name), known):
            arguments = {"name": step.name, "other": name, "own": adjoint_name(step.name)}
            yield Planted("gradient-of-another", arguments, {right.name: changed})

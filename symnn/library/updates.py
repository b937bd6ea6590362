"""The update of the parameters and the forward pass after it as equations, and the mistakes made in an update."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from symnn.derivation import Derivation, SumOverPaths
from symnn.equations import Equation, Term, equation_of_terms, occurrences
from symnn.notation import Expr, Target, adjoint, adjoint_name, name_of, scalar
from symnn.verification.mistakes import Ground, Planted
from symnn.verification.mistakes.ground import entry_like

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


def _planted(step: SumOverPaths, kind: str, said: str, right: Expr) -> Planted:
    changed = _updated(step, right)
    return Planted(kind, said, {changed.name: changed})


def sign(ground: Ground) -> Iterator[Planted]:
    """A step uphill."""
    for step in _stepped(ground.derivation):
        said = f"the gradient is added to {step.name}, not subtracted"
        yield _planted(step, "sign", said, step.target + RATE * adjoint(step.target))


def rate_left_out(ground: Ground) -> Iterator[Planted]:
    """A step of the whole gradient."""
    for step in _stepped(ground.derivation):
        said = f"the learning rate is left out of the update of {step.name}"
        yield _planted(step, "rate left out", said, step.target - adjoint(step.target))


def step_for_parameter(ground: Ground) -> Iterator[Planted]:
    """The step itself where the parameter after it belongs."""
    for step in _stepped(ground.derivation):
        said = f"the step stands where {step.name} after the step belongs"
        yield _planted(step, "step for parameter", said, -RATE * adjoint(step.target))


def not_updated(ground: Ground) -> Iterator[Planted]:
    """A parameter that is forgotten in the update."""
    for step in _stepped(ground.derivation):
        said = f"{step.name} is left as it was before the update"
        yield _planted(step, "not updated", said, step.target)


def gradient_of_another(ground: Ground) -> Iterator[Planted]:
    """A step along the gradient with respect to another tensor of the same shape."""
    known = [adjoint_name(step.name) for step in ground.steps]
    for step in _stepped(ground.derivation):
        right = _updated(step, step.target - RATE * adjoint(step.target))
        for name, changed in ground.in_place_of(right, adjoint_name(step.name), known):
            said = f"{step.name} is updated with {name}, not with {adjoint_name(step.name)}"
            yield Planted("gradient of another", said, {right.name: changed})


# A row each, in the order in which they are told.
UPDATE_MISTAKES: tuple[Callable[[Ground], Iterator[Planted]], ...] = (
    sign,
    rate_left_out,
    not_updated,
    step_for_parameter,
    gradient_of_another,
)

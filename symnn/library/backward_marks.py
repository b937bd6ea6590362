"""What a hand-written ``backward`` earns, for the cell of a notebook that marks it: a mistake costs once.

The way back is taken step by step, as the rubric has it. A mistake that is known by name costs the step where it is
made; what follows from it as it should earns its points. Where no name is found, a gradient that is right shows the
steps that lead to it. An array of zeros shows nothing but its name and shape.

It stands here, and not beside the export of notebooks, since it is imported where submissions are graded: there,
whatever an import writes to the error stream, as that of a plotting library may, costs all points.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from symnn.derivation import Derivation, told_equations
from symnn.equations import Equation
from symnn.library.backward_mistakes import SEED, HandedIn, Known, Named
from symnn.library.rubric import rubric
from symnn.network import Network
from symnn.notation import adjoint_name, name_of
from symnn.verification import Verdict, verify

MOST = Fraction(9, 10)
"""The largest share of the points that a function earns which is not right."""

LEAST = Fraction(1, 10)
"""The smallest share where the mistake is known by name: every gradient is there, and of the right shape."""

UNSTEADY = Fraction(1, 2)
"""What is earned where results depend on the calls before: the mistake is known, but there is nothing to compare."""


@dataclass(frozen=True)
class Steps:
    """The steps of the way back: what each is worth, and which of them a gradient needs, by its parameter.

    ``before`` holds what a mistake costs at a step of the forward pass, which earns nothing by itself.
    """

    worth: Mapping[str, int]
    needs: Mapping[str, Collection[str]]
    before: Mapping[str, int]

    @classmethod
    def of(cls, derivation: Derivation) -> Steps:
        """Return the steps of a derivation, worth what they are on its rubric.

        >>> from symnn.derivation import derive
        >>> from symnn.network import Dense
        >>> steps = Steps.of(derive(Network(1, [Dense(1, bias=False)], "squared-error", "sum")))
        >>> steps.worth, steps.needs, steps.before
        ({'dZ1': 1, 'dW1': 2}, {'W1': ('dZ1', 'dW1')}, {'Z1': 2})
        """
        parts: dict[str, dict[str, int]] = {"forward": {}, "loss": {}, "slope": {}, "gradient": {}}
        for one in rubric(derivation, updates=False):
            part = parts[one.part]
            # Halves are for what comes after the gradients.
            part[one.array] = part.get(one.array, 0) + int(one.points)
        told = told_equations(derivation)
        worth = {**parts["slope"], **parts["gradient"]}
        names = [name_of(tensor) for tensor in derivation.program.parameters]
        needs = {name: tuple(_led_to(told, adjoint_name(name), worth)) for name in names}
        return cls({e.name: worth[e.name] for e in told if e.name in worth}, needs, parts["forward"])

    @property
    def total(self) -> int:
        """What all steps are worth."""
        return sum(self.worth.values())

    def shown_by(self, gradients: Collection[str], mistakes: Iterable[Collection[str]] = ()) -> int:
        """Return what the steps are worth that gradients need, by their parameters' names, less what mistakes cost.

        Each mistake is given by the steps where it is made; one that is made in several costs the dearest of them.
        """
        needed = {step: self.worth[step] for name in gradients for step in self.needs[name]}
        costs = {**needed, **self.before}
        return sum(needed.values()) - sum(max((costs.get(step, 0) for step in made), default=0) for made in mistakes)


@dataclass(frozen=True)
class Marked:
    """The share of the points that a function earns, and the verdict that it is read off."""

    share: Fraction
    verdict: Verdict

    def of(self, points: float) -> float:
        """Return the share of so many points, to two decimals."""
        return points if self.share == 1 else round(float(self.share * Fraction(points)), 2)

    def __str__(self) -> str:
        if not self.verdict.diagnosis or self.share == 1:
            return str(self.verdict)
        return f"{self.verdict}\nThe mistake is known by name: {self.verdict.diagnosis.said}."


def marked(
    loss: Callable[..., Any],
    backward: Callable[..., Any],
    params: Mapping[str, Any],
    *data: Any,
    steps: Steps,
    network: Network | None = None,
    rate: str = "",
) -> Marked:
    """Return what ``backward(params, *data)`` earns as the gradient of a loss.

    Given the ``network`` that the loss is of, mistakes of its forward pass are known as well, and with the learning
    ``rate`` of the problem, a fraction, weights that are updated too early by it. Raises `InputError` and
    `ShapeError` as `verify` does, for gradients that are missing or that nobody asked for.

    >>> import numpy as np
    >>> from symnn.derivation import derive
    >>> from symnn.network import Dense
    >>> network = Network(1, [Dense(1, bias=False)], "squared-error", "sum")
    >>> steps = Steps.of(derive(network))
    >>> loss = lambda params, X, Y: np.sum((params["W1"] @ X - Y) ** 2)
    >>> half = lambda params, X, Y: {"W1": (params["W1"] @ X - Y) @ X.T}
    >>> given = {"W1": np.array([[2.0]])}, np.array([[3.0]]), np.array([[5.0]])
    >>> found = marked(loss, half, *given, steps=steps, network=network)
    >>> found.share, found.verdict.diagnosis.kind
    (Fraction(2, 3), 'another loss')
    """
    # Marks depend on no clock, which the search for an edit is bounded by.
    verdict = verify(loss, backward, dict(params), *data, network=network, seed=SEED, effort=0)
    if verdict.verdict == "equal":
        return Marked(Fraction(1), verdict)
    right = {check.name for check in verdict.checks if check.verdict == "equal"}
    if verdict.diagnosis.kind == "conduct" and not right:
        return Marked(UNSTEADY, verdict)
    if verdict.verdict != "different":
        return Marked(Fraction(0), verdict)
    shown = steps.shown_by(right)
    if verdict.diagnosis.kind != "conduct":
        handed_in = HandedIn.of(loss, backward, params, data)
        known = Named(verdict.diagnosis) if network is None else Known(network, handed_in, rate).named()
        verdict = replace(verdict, diagnosis=known.diagnosis)
        if known.diagnosis:
            shown = max(shown, steps.shown_by(right | handed_in.something, _made(known, steps)))
    least = LEAST if verdict.diagnosis else Fraction(0)
    return Marked(min(max(Fraction(shown, steps.total), least), MOST), verdict)


def _made(named: Named, steps: Steps) -> list[set[str]]:
    """Return the steps where each mistake is made."""
    if not named.equations:
        return [set(map(adjoint_name, named.diagnosis.arrays))]
    known = {*steps.worth, *steps.before}
    return [{step for name in changed for step in _nearest(named.equations, name, known)} for changed in named.changed]


def _led_to(equations: Sequence[Equation], name: str, known: Collection[str]) -> list[str]:
    """Return, in order, the known steps that the tensor ``name`` is computed by."""
    wanted, found = {name}, []
    for equation in reversed(equations):
        if equation.name in wanted:
            wanted.update(equation.reads)
            found += [equation.name] if equation.name in known else []
    return found[::-1]


def _nearest(equations: Sequence[Equation], name: str, known: Collection[str]) -> set[str]:
    """Return a step if it is known, else the known ones that are reached from it first."""
    if name in known:
        return {name}
    readers = [equation.name for equation in equations if name in equation.reads]
    return {step for reader in readers for step in _nearest(equations, reader, known)}

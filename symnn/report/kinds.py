"""What a tensor of a program is to its reader: weights, pre-activations, an activation, part of a softmax, the loss."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from sympy import Indexed, Mul

from symnn.equations import Equation, Program
from symnn.equations.equation import Term
from symnn.notation import name_of
from symnn.rules import recognise_activation, recognise_normaliser

_BIAS = re.compile(r"b[a-z]?\d*")


class Kinds:
    """The kinds of a program's tensors and equations."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.parameters = set(map(name_of, program.parameters))

    def of_equation(self, equation: Equation) -> tuple[str, str]:
        """Return what an equation is, and its label: the name of the row it applies, or *bias*.

        >>> from symnn.network import Dense, Network, program_of
        >>> program = program_of(Network(inputs=2, layers=[Dense(3, "softmax")]))
        >>> [Kinds(program).of_equation(equation)[0] for equation in program.equations]
        ['pre-activation', 'exponential', 'total', 'normaliser', 'loss']
        """
        if equation.target == self.program.loss:
            return "loss", ""
        if equation.name in self._inner:
            return self._inner[equation.name]
        activated = recognise_activation(equation)
        if activated is not None:
            return "activation", activated.row.name
        normalised = recognise_normaliser(self.program, equation)
        if normalised is not None:
            return "normaliser", normalised.row.name
        if any(self._weighed(term) for term in equation.terms):
            return "pre-activation", "bias" if len(equation.terms) > 1 else ""
        return "other", ""

    def of_tensors(self) -> Mapping[str, str]:
        """Return the kind of every tensor of the program, by name."""
        weights = {
            name for equation in self.program.equations for term in equation.terms for name in self._weighed(term)
        }
        return {
            **{name: self._of_parameter(name, weights) for name in self.parameters},
            **dict.fromkeys(map(name_of, self.program.inputs), "input"),
            **dict.fromkeys(map(name_of, self.program.targets), "target"),
            **{equation.name: self.of_equation(equation)[0] for equation in self.program.equations},
        }

    def _of_parameter(self, name: str, weights: set[str]) -> str:
        return "weights" if name in weights else "biases" if _BIAS.fullmatch(name) else "parameter"

    def _weighed(self, term: Term) -> set[str]:
        """Return the parameters that a sum multiplies with another tensor, entry by entry."""
        factors = {name_of(factor) for factor in Mul.make_args(term.body) if isinstance(factor, Indexed)}
        return factors & self.parameters if term.over and len(factors) > 1 else set()

    @cached_property
    def _inner(self) -> Mapping[str, tuple[str, str]]:
        """The equations that a normaliser begins with."""
        found = {}
        for equation in self.program.equations:
            group = recognise_normaliser(self.program, equation)
            if group is not None:
                found[group.weights.name] = "exponential", group.row.name
                found[group.total.name] = "total", group.row.name
        return found

"""A derivation: a program, the steps of its backward pass, and the kernels and values that follow from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from symnn.derivation.rule import backward_steps
from symnn.derivation.steps import SumOverPaths
from symnn.equations import Equation, Program
from symnn.errors import unknown
from symnn.kernels import Kernel, evaluate, kernel_source
from symnn.kernels.evaluation import Hook
from symnn.kernels.unpacking import Array
from symnn.network import Network, program_of
from symnn.notation import name_of
from symnn.showing import Shown


@dataclass(frozen=True)
class Derivation(Shown):
    """The gradient of a program with respect to every parameter and input, as an immutable tree of named steps.

    ``steps`` come in the order of the backward pass; ``sizes`` holds the numbers of those sizes that are known.
    """

    program: Program
    steps: tuple[SumOverPaths, ...]
    title: str
    sizes: Mapping[str, int] = field(default_factory=dict, hash=False)

    @cached_property
    def equations(self) -> tuple[Equation, ...]:
        """The equations of the backward pass, in order."""
        return tuple(equation for step in self.steps for equation in (*step.helpers, step.result))

    def gradient(self, name: str) -> SumOverPaths:
        """Return the step that gives the gradient with respect to ``name``; raise `InputError` if there is none.

        >>> from symnn.network import Dense
        >>> derivation = derive(Network(inputs=2, layers=[Dense(1)], loss="half-squared-error"))
        >>> print(derivation.gradient("W1").result)
        dW1[j, k] = sum over i of X[k, i]*dZ1[j, i]
        """
        steps = {step.name: step for step in self.steps}
        if name not in steps:
            raise unknown("gradient", name, steps)
        return steps[name]

    def compile(self, wrt: Sequence[str] | None = None, *, stable: bool = True) -> Kernel:
        """Return the NumPy kernel of the loss and the gradients with respect to ``wrt``, by default by all parameters.

        With ``stable=False`` the kernel is plain arithmetic and runs on arrays of any scalar.

        >>> import numpy as np
        >>> from symnn.network import Dense
        >>> kernel = derive(Network(inputs=1, layers=[Dense(1)], loss="squared-error")).compile()
        >>> params = {"W1": np.array([[2.0]]), "b1": np.array([[0.0]])}
        >>> loss, grads = kernel(params, np.array([[3.0]]), np.array([[5.0]]))
        >>> float(loss), grads["W1"].tolist()
        (1.0, [[6.0]])
        """
        names = tuple(wrt) if wrt is not None else tuple(name_of(tensor) for tensor in self.program.parameters)
        for name in names:
            self.gradient(name)
        title = f"Loss and exact gradients of {self.title}."
        return Kernel(
            self.program,
            kernel_source(self.program, self.equations, names, stable=stable, title=title),
            self.sizes,
        )

    def evaluate(self, params: Mapping[str, Array], *data: Array, after: Hook | None = None) -> dict[str, Any]:
        """Return every tensor of the forward and the backward pass by name, in the arrays' own scalar."""
        return evaluate(self.program, self.sizes, params, data, self.equations, after)

    def __str__(self) -> str:
        return f"{self.program}\n\n" + "\n".join(map(str, self.equations))


def derive(source: Network | Program, *, rewrites: bool = True, title: str | None = None) -> Derivation:
    """Derive the gradient of a network's or program's loss by every parameter and input.

    With ``rewrites=False`` only the one rule is applied, and no named rewrite. Raises `InputError` for a parameter
    that the loss does not depend on. The rule is the chain rule in index notation.

    >>> from symnn.network import Dense
    >>> print(derive(Network(inputs=2, layers=[Dense(1, "sigmoid")], loss="binary-cross-entropy")).equations[0])
    dZ1[j, i] = (A1[j, i] - Y[j, i])/m
    """
    if isinstance(source, Network):
        return _of_network(source, rewrites, title or f"the {source} network")
    return Derivation(source, backward_steps(source, rewrites=rewrites), title or "the program")


@lru_cache(maxsize=64)
def _of_network(network: Network, rewrites: bool, title: str) -> Derivation:
    """Return the derivation of a network, the same object for the same: compiled code is kept by its equations."""
    program = program_of(network)
    sizes = {str(symbol): value for symbol, value in network.sizes.items()}
    return Derivation(program, backward_steps(program, rewrites=rewrites), title, sizes)

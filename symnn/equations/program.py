"""A program: equations in order, from the inputs and parameters to one scalar loss."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from sympy import Idx, Indexed, Rational, Symbol

from symnn.equations.equation import Equation
from symnn.errors import InputError, aligned
from symnn.notation import Size, Tensor, name_of
from symnn.showing import Shown


@dataclass(frozen=True)
class Program(Shown):
    """Equations that lead from data and parameters to a scalar loss; sizes stay symbols.

    ``parameters`` and ``inputs`` get gradients, ``targets`` do not. Raises `InputError` when a tensor is
    used before it is defined, is defined twice, or when the last equation is no scalar.

    >>> from sympy import Sum
    >>> from symnn.notation import LOSS, SAMPLES, index, tensor
    >>> i = index("i", SAMPLES)
    >>> w, X, Y, Z = tensor("w", 1), tensor("X", SAMPLES), tensor("Y", SAMPLES), tensor("Z", SAMPLES)
    >>> program = Program(
    ...     equations=(Equation(Z[i], w[0] * X[i]), Equation(LOSS, Sum((Z[i] - Y[i]) ** 2, i))),
    ...     parameters=(w,), inputs=(X,), targets=(Y,),
    ... )
    >>> program.loss, program.sizes
    (L, (m,))
    """

    equations: tuple[Equation, ...]
    parameters: tuple[Tensor, ...]
    inputs: tuple[Tensor, ...]
    targets: tuple[Tensor, ...] = ()
    distributions: dict[str, Idx] = field(default_factory=dict, hash=False)
    """Targets whose entries sum to one over the index named, as one-hot classes do."""
    choices: dict[str, tuple[Rational, ...]] = field(default_factory=dict, hash=False)
    """Targets that may only have the values listed, as -1 and 1."""
    labels: tuple[str, ...] = ()
    """Targets among ``distributions`` that may be given as the numbers of the classes, one a sample."""

    def __post_init__(self) -> None:
        known = {name_of(tensor) for tensor in self.leaves}
        if len(known) != len(self.leaves):
            raise InputError(f"a tensor stands twice among parameters, inputs and targets: {self._names(self.leaves)}")
        if not self.equations:
            raise InputError("a program needs at least one equation, the last of them for the loss")
        for equation in self.equations:
            missing = [name for name in equation.reads if name not in known]
            if missing:
                raise InputError(
                    f"the equation for {equation.name} uses {', '.join(missing)} before it is defined\n"
                    + aligned([("equation", str(equation)), ("defined so far", ", ".join(sorted(known)))])
                )
            if equation.name in known:
                raise InputError(f"{equation.name} is defined twice; each tensor has one equation")
            known.add(equation.name)
        if not isinstance(self.loss, Symbol):
            raise InputError(f"the last equation must define a scalar loss; yours defines {self.loss}")

    @staticmethod
    def _names(tensors: Iterable[Tensor]) -> str:
        return ", ".join(name_of(tensor) for tensor in tensors)

    @property
    def leaves(self) -> tuple[Tensor, ...]:
        """Everything that comes from outside: parameters, inputs, targets."""
        return (*self.parameters, *self.inputs, *self.targets)

    @property
    def loss(self) -> Symbol:
        """The scalar that the last equation defines."""
        return self.equations[-1].target

    @cached_property
    def definitions(self) -> dict[str, Equation]:
        """The equation that defines each computed tensor."""
        return {equation.name: equation for equation in self.equations}

    @cached_property
    def uses(self) -> dict[str, tuple[Equation, ...]]:
        """The equations that read each tensor."""
        readers: dict[str, list[Equation]] = {}
        for equation in self.equations:
            for name in equation.reads:
                readers.setdefault(name, []).append(equation)
        return {name: tuple(equations) for name, equations in readers.items()}

    @cached_property
    def shapes(self) -> dict[str, tuple[Size, ...]]:
        """The symbolic shape of every tensor; ``()`` for a scalar."""
        shapes: dict[str, tuple[Size, ...]] = {
            name_of(t): () if isinstance(t, Symbol) else tuple(t.shape) for t in self.leaves
        }
        for equation in self.equations:
            entry = equation.target
            shapes[equation.name] = tuple(entry.base.shape) if isinstance(entry, Indexed) else ()
        return shapes

    @cached_property
    def sizes(self) -> tuple[Symbol, ...]:
        """The symbols of all sizes, by name."""
        axes = {axis for shape in self.shapes.values() for axis in shape if isinstance(axis, Symbol)}
        return tuple(sorted(axes, key=str))

    def __str__(self) -> str:
        return "\n".join(str(equation) for equation in self.equations)

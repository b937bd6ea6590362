"""From the description of a network to its program: a few equations a layer.

Higher layers are more equations, not more rules: a builder here writes equations and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sympy import Idx, IndexedBase, Sum

from symnn.equations import Equation, Program
from symnn.network.description import Dense, Network
from symnn.notation import LOSS, SAMPLES, Expr, Size, Target, index, tensor, width
from symnn.rules import Activation, activation
from symnn.rules import loss as loss_row
from symnn.rules.activations import z
from symnn.rules.losses import p, y


@dataclass(frozen=True)
class Layout:
    """How the axes of a network's arrays are ordered."""

    features_first: bool

    def values(self, name: str, units: Size) -> IndexedBase:
        """Return the tensor ``name`` of one value per unit and sample."""
        return tensor(name, units, SAMPLES) if self.features_first else tensor(name, SAMPLES, units)

    def per_sample(self, name: str) -> IndexedBase:
        """Return the tensor ``name`` of one value per sample, kept as a row or a column."""
        return tensor(name, 1, SAMPLES) if self.features_first else tensor(name, SAMPLES, 1)

    def weights(self, name: str, units: Size, below: Size) -> IndexedBase:
        """Return the tensor of a layer's weights."""
        return tensor(name, units, below) if self.features_first else tensor(name, below, units)

    def biases(self, name: str, units: Size) -> IndexedBase:
        """Return the tensor of a layer's biases."""
        return tensor(name, units, 1) if self.features_first else tensor(name, units)

    def at(self, base: IndexedBase, unit: Idx | int, other: Idx | int) -> Target:
        """Return the entry of ``base`` for a unit and a sample (or a unit below), in this layout's order."""
        return base[unit, other] if self.features_first else base[other, unit]

    def bias_at(self, base: IndexedBase, unit: Idx) -> Target:
        """Return the bias of a unit."""
        return base[unit, 0] if self.features_first else base[unit]


def program_of(network: Network) -> Program:
    """Return the equations of a network, with its sizes left as symbols.

    >>> print(program_of(Network(inputs=2, layers=[Dense(1, "sigmoid")], loss="half-squared-error")))
    Z1[j, i] = sum over k of W1[j, k]*X[k, i] + b1[j, 0]
    A1[j, i] = 1/(1 + exp(-Z1[j, i]))
    L = sum over j, i of (A1[j, i] - Y[j, i])**2/(2*m)
    """
    layout = Layout(network.layout == "features-first")
    inputs = below = layout.values("X", width(0))
    equations: list[Equation] = []
    parameters: list[IndexedBase] = []
    for number, layer in enumerate(network.layers, start=1):
        new, own, below = _dense(layout, number, layer, below)
        equations += new
        parameters += own
    last = width(len(network.layers))
    targets = layout.values("Y", last)
    unit, sample = index("j", last), index("i", SAMPLES)
    row = loss_row(network.loss)
    entries = {y: layout.at(targets, unit, sample), p: layout.at(below, unit, sample)}
    factor, summand = row.summand.subs(entries).as_independent(*entries.values(), as_Add=False)
    divisor = _DIVISORS[network.reduction](last)
    over = (unit, sample) if layout.features_first else (sample, unit)
    equations.append(Equation(LOSS, factor * Sum(summand, *over) / divisor))
    return Program(
        equations=tuple(equations),
        parameters=tuple(parameters),
        inputs=(inputs,),
        targets=(targets,),
        distributions={"Y": unit} if row.distribution else {},
    )


_DIVISORS: Mapping[str, Callable[[Size], Expr]] = MappingProxyType(
    {"sum": lambda _: 1, "mean": lambda _: SAMPLES, "mean-over-all": lambda outputs: SAMPLES * outputs}
)


def _dense(
    layout: Layout, number: int, layer: Dense, below: IndexedBase
) -> tuple[list[Equation], list[IndexedBase], IndexedBase]:
    """Return a dense layer's equations, its parameters, and the tensor it puts out."""
    units, units_below = width(number), width(number - 1)
    unit, unit_below, sample = index("j", units), index("k", units_below), index("i", SAMPLES)
    weights = layout.weights(f"W{number}", units, units_below)
    pre_activation = layout.values(f"Z{number}", units)
    product = layout.at(weights, unit, unit_below) * layout.at(below, unit_below, sample)
    right = Sum(product, unit_below)
    parameters = [weights]
    if layer.bias:
        biases = layout.biases(f"b{number}", units)
        right += layout.bias_at(biases, unit)
        parameters.append(biases)
    dense = Equation(layout.at(pre_activation, unit, sample), right)
    activating, output = _activate(layout, number, layer.activation, pre_activation)
    return [dense, *activating], parameters, output


def _activate(
    layout: Layout, number: int, name: str, pre_activation: IndexedBase
) -> tuple[list[Equation], IndexedBase]:
    """Return the equations of an activation and the tensor it puts out."""
    row = activation(name)
    if name == "linear":
        return [], pre_activation
    units = width(number)
    unit, other, sample = index("j", units), index("k", units), index("i", SAMPLES)
    output = layout.values(f"A{number}", units)
    entry, result = layout.at(pre_activation, unit, sample), layout.at(output, unit, sample)
    if isinstance(row, Activation):
        return [Equation(result, row.forward.subs(z, entry))], output
    weight, total = layout.values(f"E{number}", units), layout.per_sample(f"S{number}")
    share = layout.at(weight, unit, sample)
    return [
        Equation(share, row.weight.subs(z, entry)),
        Equation(layout.at(total, 0, sample), Sum(layout.at(weight, other, sample), other)),
        Equation(result, share / layout.at(total, 0, sample)),
    ], output

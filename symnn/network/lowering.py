"""From the description of a network to its program: a few equations a layer.

Higher layers are more equations, not more rules: a builder here writes equations and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sympy import FiniteSet, Idx, IndexedBase, Sum, log

from symnn.equations import Equation, Program
from symnn.errors import unknown
from symnn.network.description import LAYOUTS, REDUCTIONS, Dense, Network
from symnn.notation import LOSS, SAMPLES, Expr, Size, Target, index, tensor, width
from symnn.rules import Activation, Loss, Normaliser
from symnn.rules import loss as loss_row
from symnn.rules.functions import TimesLog
from symnn.rules.losses import p, y
from symnn.rules.normalisers import e, s, z


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
    row = network.loss_row
    equations.append(_loss(layout, row.summand, network.reduction, targets, below))
    return Program(tuple(equations), tuple(parameters), (inputs,), (targets,), **_kind_of_targets(row, unit_of(last)))


def program_of_loss(
    name: str, reduction: str = "mean", layout: str = "features-first", constants: Mapping[str, Any] | None = None
) -> Program:
    """Return a loss alone as a program: its input ``P`` holds the predictions, ``Y`` the targets.

    What is multiplied by a logarithm may be 0 here: 0 log 0 counts as 0, and its derivative too. Raises `InputError`
    for a name that is not in its table, or a constant that the loss does not have.

    >>> print(program_of_loss("half-squared-error", "mean-over-all", "samples-first"))
    L = sum over i, j of (P[i, j] - Y[i, j])**2/(2*m*n1)
    """
    for what, given, table in (("layout", layout, LAYOUTS), ("reduction", reduction, REDUCTIONS)):
        if given not in table:
            raise unknown(what, given, table)
    row, outputs, order = loss_row(name, constants), width(1), Layout(layout == "features-first")
    predictions, targets = order.values("P", outputs), order.values("Y", outputs)
    equation = _loss(order, without_zeros(row.summand), reduction, targets, predictions)
    return Program((equation,), (), (predictions,), (targets,), **_kind_of_targets(row, unit_of(outputs)))


def without_zeros(summand: Expr) -> Expr:
    """Return a summand in which 0 log 0 is 0.

    >>> without_zeros(-y * log(p))
    -y*log(p)
    >>> type(without_zeros(y * log(p))).__name__
    'TimesLog'
    """

    def guarded(product: Expr) -> Expr:
        (logarithm,) = product.atoms(log)
        number, weight = (product / logarithm).as_independent(y, as_Add=False)
        return number * TimesLog(weight, logarithm.args[0])

    return summand.replace(lambda part: part.is_Mul and len(part.atoms(log)) == 1 and part.has(y), guarded)


def unit_of(units: Size) -> Idx:
    """Return the index of a unit among so many."""
    return index("j", units)


def _kind_of_targets(row: Loss, unit: Idx) -> dict[str, Any]:
    """Return what a program says of its targets."""
    return {
        "distributions": {"Y": unit} if row.distribution else {},
        "choices": {"Y": tuple(row.targets.args)} if isinstance(row.targets, FiniteSet) else {},
        "labels": ("Y",) if row.labels else (),
    }


def _loss(layout: Layout, summand: Expr, reduction: str, targets: IndexedBase, predictions: IndexedBase) -> Equation:
    """Return the equation that adds up a loss over outputs and samples."""
    outputs = targets.shape[0 if layout.features_first else 1]
    unit, sample = unit_of(outputs), index("i", SAMPLES)
    entries = {y: layout.at(targets, unit, sample), p: layout.at(predictions, unit, sample)}
    factor, rest = summand.subs(entries).as_independent(*entries.values(), as_Add=False)
    over = (unit, sample) if layout.features_first else (sample, unit)
    return Equation(LOSS, factor * Sum(rest, *over) / _DIVISORS[reduction](outputs))


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
    activating, output = _activate(layout, number, layer.row, pre_activation)
    return [dense, *activating], parameters, output


def _activate(
    layout: Layout, number: int, row: Activation | Normaliser, pre_activation: IndexedBase
) -> tuple[list[Equation], IndexedBase]:
    """Return the equations of an activation and the tensor it puts out."""
    if row.name == "linear":
        return [], pre_activation
    units = width(number)
    unit, other, sample = index("j", units), index("k", units), index("i", SAMPLES)
    output = layout.values(f"A{number}", units)
    entry, result = layout.at(pre_activation, unit, sample), layout.at(output, unit, sample)
    if isinstance(row, Activation):
        return [Equation(result, row.forward.subs(z, entry))], output
    weight, total = layout.values(f"E{number}", units), layout.per_sample(f"S{number}")
    own, sum_of_all = layout.at(weight, unit, sample), layout.at(total, 0, sample)
    return [
        Equation(own, row.weight.xreplace({z: entry})),
        Equation(sum_of_all, Sum(layout.at(weight, other, sample), other)),
        Equation(result, row.output.xreplace({z: entry, e: own, s: sum_of_all})),
    ], output

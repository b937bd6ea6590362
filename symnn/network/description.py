"""The frozen description of a network: what a person says about it, checked when it is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from sympy import S, Symbol

from symnn.errors import InputError, aligned, shortened, unknown
from symnn.notation import width
from symnn.rules import NORMALISERS, Activation, Loss, Normaliser, activation
from symnn.rules import loss as loss_row
from symnn.showing import Shown

# How samples and features lie in an array, by name.
LAYOUTS: Mapping[str, str] = MappingProxyType(
    {
        "features-first": "a sample is a column, Z = W X + b, W is (out, in), b is (out, 1)",
        "samples-first": "a sample is a row, Z = X W + b, W is (in, out), b is (out,)",
    }
)

# How the loss of all samples and outputs becomes one number, by name.
REDUCTIONS: Mapping[str, str] = MappingProxyType(
    {
        "sum": "added up over samples and outputs",
        "mean": "added up over outputs, averaged over samples",
        "mean-over-all": "averaged over samples and outputs",
    }
)


@dataclass(frozen=True)
class Dense:
    """A dense layer: ``units`` outputs, an activation from the tables, with a bias or without.

    ``constants`` gives the activation's named constants other values than their defaults, as exact numbers.
    Raises `InputError` for a width that is no positive integer, an activation that is in no table, or a constant
    that it does not have or that is no positive exact number.

    >>> Dense(3, "relu")
    Dense(units=3, activation='relu', bias=True)
    >>> Dense(3, "leaky-relu", constants={"alpha": "1/5"}).row.forward
    Piecewise((z, z > 0), (z/5, True))
    """

    units: int
    activation: str = "linear"
    bias: bool = True
    constants: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        _positive("units", self.units)
        _is_bool("bias", self.bias)
        _is_table("constants", self.constants)
        row = self.row
        object.__setattr__(self, "constants", _as_given(row, self.constants))
        if row.name in NORMALISERS and self.units == 1:
            raise InputError(f"{row.name} over 1 unit is always 1: use at least 2 units, or sigmoid for one output")

    @property
    def row(self) -> Activation | Normaliser:
        """The activation's row, its constants bound."""
        return activation(self.activation, self.constants)

    def __repr__(self) -> str:
        more = f", constants={_said(self.constants)}" if self.constants else ""
        return f"Dense(units={self.units!r}, activation={self.activation!r}, bias={self.bias!r}{more})"


@dataclass(frozen=True)
class Network(Shown):
    """Dense layers from ``inputs`` features to a loss, with its reduction over samples and its layout.

    ``loss_constants`` gives the loss's named constants, such as Huber's delta, other values than their defaults.
    Raises `InputError`, naming the field, the value and what is allowed.

    >>> net = Network(inputs=2, layers=[Dense(3, "relu"), Dense(2)], loss="half-squared-error",
    ...               reduction="mean", layout="features-first")
    >>> net.widths, net.parameter_count
    ((2, 3, 2), 17)
    """

    inputs: int
    layers: Sequence[Dense]
    loss: str = "squared-error"
    reduction: str = "mean"
    layout: str = "features-first"
    loss_constants: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        _positive("inputs", self.inputs)
        given = tuple(self.layers) if isinstance(self.layers, Iterable) else (self.layers,)
        object.__setattr__(self, "layers", given)
        if not self.layers or not all(isinstance(layer, Dense) for layer in self.layers):
            raise InputError(
                f"layers must be a list of at least one Dense layer\n{aligned([('given', shortened(self.layers))])}"
            )
        _is_table("loss_constants", self.loss_constants)
        for what, name, table in (
            ("layout", self.layout, LAYOUTS),
            ("reduction", self.reduction, REDUCTIONS),
        ):
            if not isinstance(name, str) or name not in table:
                raise unknown(what, name, table)
        output, wanted = self.layers[-1].row, self.loss_row
        object.__setattr__(self, "loss_constants", _as_given(wanted, self.loss_constants))
        if not output.range.is_subset(wanted.predictions):
            raise InputError(
                f"loss {wanted.name!r} is not defined on every output of {output.name!r}\n"
                + aligned(
                    [
                        ("its outputs", str(output.range)),
                        ("the loss needs", str(wanted.predictions)),
                        (
                            "do",
                            f"choose another activation for the last layer, as {wanted.partner!r}, or another loss",
                        ),
                    ]
                )
            )
        if wanted.logits and output.range != wanted.predictions:
            raise InputError(
                f"loss {wanted.name!r} takes logits, which {output.name!r} has confined to {output.range}\n"
                + aligned([("do", "use linear in the last layer, or a loss that takes probabilities")])
            )
        if output.name in NORMALISERS and not wanted.distribution and wanted.predictions != S.Reals:
            raise InputError(
                f"loss {wanted.name!r} takes outputs that stand alone, but those of {output.name!r} share out one\n"
                + aligned([("do", "use categorical-cross-entropy, or sigmoid in the last layer")])
            )
        if wanted.distribution and self.layers[-1].units == 1:
            raise InputError(f"loss {wanted.name!r} needs at least 2 outputs; for one output use binary-cross-entropy")

    @property
    def loss_row(self) -> Loss:
        """The loss's row, its constants bound."""
        return loss_row(self.loss, self.loss_constants)

    @property
    def widths(self) -> tuple[int, ...]:
        """The width of the input and of every layer."""
        return (self.inputs, *(layer.units for layer in self.layers))

    @property
    def sizes(self) -> dict[Symbol, int]:
        """The number each width symbol stands for; the number of samples stays open."""
        return {width(number): units for number, units in enumerate(self.widths)}

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every parameter array, in order."""
        shapes: dict[str, tuple[int, ...]] = {}
        first = self.layout == "features-first"
        for number, layer in enumerate(self.layers, start=1):
            below = self.widths[number - 1]
            shapes[f"W{number}"] = (layer.units, below) if first else (below, layer.units)
            if layer.bias:
                shapes[f"b{number}"] = (layer.units, 1) if first else (layer.units,)
        return shapes

    @property
    def parameter_count(self) -> int:
        """The number of weights and biases."""
        pairs = zip(self.layers, self.widths, strict=False)
        return sum(layer.units * (below + layer.bias) for layer, below in pairs)

    def __str__(self) -> str:
        return "-".join(map(str, self.widths))


def _as_given(row: Activation | Normaliser | Loss, given: Mapping[str, Any]) -> dict[str, Fraction]:
    """Return the constants that a person gave, as fractions: two ways to write a number are one description."""
    constants = () if isinstance(row, Normaliser) else row.constants
    values = {c.name: Fraction(int(c.default.p), int(c.default.q)) for c in constants}
    return {name: values[name] for name in given}


def _said(constants: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in constants.items()}


def _positive(key: str, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise InputError(
            f"{key} must be a positive integer\n{aligned([('given', shortened(value)), ('allowed', '1, 2, 3, …')])}"
        )


def _is_table(key: str, value: object) -> None:
    if not isinstance(value, Mapping):
        rows = [("given", shortened(value)), ("allowed", 'a table of names and values, such as { alpha = "1/5" }')]
        raise InputError(f"{key} must be named\n{aligned(rows)}")


def _is_bool(key: str, value: object) -> None:
    if not isinstance(value, bool):
        raise InputError(
            f"{key} must be true or false\n{aligned([('given', shortened(value)), ('allowed', 'true, false')])}"
        )

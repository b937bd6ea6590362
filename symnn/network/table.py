"""A network as a TOML file: the same description, with errors that name the key and the file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from symnn.errors import InputError, aligned, shortened, unknown
from symnn.network.description import Dense, Network

BESIDE = ("title", "text", "point", "report")
"""What a file may hold beside the network: what its worked solution takes."""


class Written(Fraction):
    """A decimal of a TOML file: exactly the number that was written, shown in errors as it was written."""

    text: str

    def __new__(cls, text: str) -> Written:
        """Return the number in a text."""
        made = super().__new__(cls, Decimal(text))
        made.text = text
        return made

    def __repr__(self) -> str:
        return self.text

    def __reduce__(self) -> tuple[type[Written], tuple[str]]:
        return Written, (self.text,)


@dataclass(frozen=True)
class Unusable:
    """What TOML calls a float and is no number to reckon with: it stays as it was written, for whoever meets it."""

    text: str

    def __repr__(self) -> str:
        return self.text


def _written(text: str) -> Written | Unusable:
    decimal = Decimal(text)
    too_long = len(text) > LARGEST_POWER or (decimal.is_finite() and abs(decimal.adjusted()) > LARGEST_POWER)
    return Unusable(text) if too_long or not decimal.is_finite() else Written(text)


LARGEST_POWER = 999
"""A larger power of ten is a slip, and would be written out digit by digit."""


def read_network(path: str | Path) -> Network:
    """Read a network from a TOML file; raise `InputError` naming the file, the key, and what is allowed.

    The keys are the fields of `Network` and, in each ``[[layers]]`` table, of `Dense`. Named constants are written
    ``constants = { alpha = 0.2 }`` or ``"1/5"`` in a layer and ``loss_constants = { delta = "1/2" }`` at the top. What
    the file holds for a worked solution, which is listed in `BESIDE`, is not looked at.
    """
    return network_in(read_table(path), str(path))


def read_table(path: str | Path) -> dict[str, Any]:
    """Read a TOML file, its decimals exactly as they are written; raise `InputError` naming the file and the line.

    A decimal that is not finite, or has a power of ten that nobody means, is no number in the table but `Unusable`.
    """
    path = Path(path)
    try:
        # Some editors put a mark before the text.
        return tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=_written)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text: byte {error.start}") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} is not TOML: {error}") from error
    except RecursionError as error:
        raise InputError(f"{path}: its brackets are nested too deep") from error
    except ValueError as error:
        # An integer of thousands of digits.
        raise InputError(f"{path}: a whole number is too long: {str(error).partition(';')[0]}") from error


def network_in(table: Mapping[str, Any], where: str) -> Network:
    """Build the network of a whole document, which may also hold what is listed in `BESIDE`.

    >>> network_in({"title": "One neuron", "inputs": 2, "layers": [{"units": 1}]}, "net.toml").inputs
    2
    """
    known = (*(field.name for field in fields(Network)), *BESIDE)
    for key in table:
        if key not in known:
            raise InputError(f"{where}: {unknown('key', key, known)}")
    return network_from_table({key: value for key, value in table.items() if key not in BESIDE}, where)


def network_from_table(table: Mapping[str, Any], where: str) -> Network:
    """Build a network from the tables of a TOML document; ``where`` names it in errors.

    >>> network_from_table({"inputs": 2, "layers": [{"units": 1, "activation": "tanh"}]}, "net.toml").layers
    (Dense(units=1, activation='tanh', bias=True),)
    """
    arguments = dict(table)
    layers = arguments.get("layers", [])
    if not isinstance(layers, list) or not all(isinstance(layer, dict) for layer in layers):
        rows = [("given", shortened(layers)), ("allowed", "one [[layers]] table a layer")]
        raise InputError(f"{where}: layers must be tables\n{aligned(rows)}")
    if "layers" in arguments:
        arguments["layers"] = [
            _build(Dense, layer, f"{where}: layer {number}") for number, layer in enumerate(layers, start=1)
        ]
    network: Network = _build(Network, arguments, where)
    return network


def to_table(network: Network) -> dict[str, Any]:
    """Return the table that `network_from_table` builds the same network from: plain values, constants as texts.

    >>> to_table(Network(inputs=2, layers=[Dense(1, "elu", constants={"alpha": "1/5"})]))["layers"]
    [{'units': 1, 'activation': 'elu', 'bias': True, 'constants': {'alpha': '1/5'}}]
    """
    return {**_plain(network), "layers": [_plain(layer) for layer in network.layers]}


def _plain(one: Dense | Network) -> dict[str, Any]:
    """Return the fields of a description; constants as texts, and left out where all have their defaults."""
    values = {known.name: getattr(one, known.name) for known in fields(one)}
    return {
        name: {key: str(number) for key, number in value.items()} if isinstance(value, Mapping) else value
        for name, value in values.items()
        if not isinstance(value, Mapping) or value
    }


def _build(kind: type[Any], arguments: Mapping[str, Any], where: str) -> Any:
    known = {field.name: field for field in fields(kind)}
    for key in arguments:
        if key not in known:
            raise InputError(f"{where}: {unknown('key', key, known)}")
    missing = [
        name
        for name, field in known.items()
        if field.default is field.default_factory is MISSING and name not in arguments
    ]
    if missing:
        raise InputError(f"{where}: key {missing[0]!r} is missing")
    for key, value in arguments.items():
        if known[key].type == "str" and not isinstance(value, str):
            rows = [("given", shortened(value)), ("allowed", "a text in quotes")]
            raise InputError(f"{where}: {key} must be a text\n{aligned(rows)}")
    try:
        return kind(**arguments)
    except InputError as error:
        raise InputError(f"{where}: {error}") from error

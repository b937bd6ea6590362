"""The settings of a report that a file may hold in its ``[report]`` table, by name, and what each may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from symnn.errors import InputError, aligned, shortened, unknown


@dataclass(frozen=True)
class Setting:
    """A setting by its name: the type of its value, and what is allowed, in words."""

    name: str
    kind: type
    allowed: str


_ROWS = (
    Setting("style", str, "a text in quotes: the name of a style"),
    Setting("notation", str, "a text in quotes: the name of a notation"),
    Setting("audience", str, "a text in quotes: the name of an audience"),
    Setting("detail", str, "a text in quotes: how much is told"),
    Setting("decimals", int, "a whole number: how many decimals a rounded number shows"),
    Setting("digits", int, "a whole number: how many significant digits a rounded number shows"),
    Setting("fractions", str, "a text in quotes: when a number is shown as a fraction"),
    Setting("symbols", dict, 'a table of texts, such as L = "J"'),
)

# The settings, by name. What a style, a notation or an audience is called, the report knows.
SETTINGS: Mapping[str, Setting] = MappingProxyType({row.name: row for row in _ROWS})


def settings_in(table: object, where: str) -> dict[str, Any]:
    """Return the settings of a ``[report]`` table, checked.

    Raises `InputError`, naming ``where``, the key and what is allowed, for a key that is no setting or a value of
    another type.

    >>> settings_in({"style": "scalar", "decimals": 3}, "net.toml")
    {'style': 'scalar', 'decimals': 3}
    """
    if not isinstance(table, Mapping):
        rows = [("given", shortened(table)), ("allowed", "a table, [report]")]
        raise InputError(f"{where}: report must be a table\n{aligned(rows)}")
    for key, value in table.items():
        if key not in SETTINGS:
            raise InputError(f"{where}: {unknown('key of [report]', key, SETTINGS)}")
        if not _is(value, SETTINGS[key].kind):
            rows = [("given", shortened(value)), ("allowed", SETTINGS[key].allowed)]
            raise InputError(f"{where}: {key} in [report] cannot be used\n{aligned(rows)}")
    return dict(table)


def _is(value: object, kind: type) -> bool:
    if kind is dict:
        return isinstance(value, Mapping) and all(isinstance(part, str) and part.strip() for part in value.values())
    if kind is str:
        return isinstance(value, str) and bool(value.strip())
    # True is an int to Python, and to nobody else.
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0

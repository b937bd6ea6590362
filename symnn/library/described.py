"""A worked example that a TOML file describes: a network, its numbers, given or drawn, and how it is to be told.

Nothing in the file is run. Beside the keys of the network it holds ``title`` and ``text``; ``[point]`` with
``learning_rate``, ``seed`` and ``samples``; ``[point.parameters]`` and ``[point.data]`` with the numbers; ``[report]``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from sympy import FiniteSet, Rational, Set

from symnn.derivation import derive
from symnn.equations import Program
from symnn.errors import InputError, ShapeError, aligned, shortened, unknown
from symnn.kernels import arguments, data_names
from symnn.library.drawn_numbers import drawn_numbers
from symnn.library.example import Example
from symnn.library.point import Nested, Point
from symnn.library.settings import SETTINGS, settings_in
from symnn.network import Network, network_in, program_of, read_table

MOST_DRAWN = 1_000_000
"""More numbers than this are not drawn: nobody reads a solution that holds them."""

PARAMETERS, DATA = "[point.parameters]", "[point.data]"

# The keys of [point], with what their values must be.
POINT = {
    "learning_rate": 'a number, such as 0.1 or "1/3"',
    "seed": "a whole number from 0: numbers that are not given are drawn with it",
    "samples": "a whole number from 1: how many samples are drawn",
    "parameters": f"a table, {PARAMETERS}",
    "data": f"a table, {DATA}",
}


def read_described(path: Path) -> Example:
    """Read a worked example from a TOML file; raise `InputError` naming the file, the key and what to do."""
    return described(read_table(path), str(path), path.stem)


def described(table: Mapping[str, Any], where: str, name: str) -> Example:
    """Return the worked example that a table describes; raise `InputError` naming ``where`` and the key."""
    _check_homes(table, where)
    network = network_in(table, where)
    settings = settings_in(table.get("report", {}), where)
    title = _text(table, "title", where) or f"the {network} network: one step of gradient descent"
    point, drawn, seed = _point(table.get("point"), network, where)
    try:
        derivation = derive(network, title=title)
    except InputError as error:
        raise type(error)(f"{where}: {error}") from error
    return Example(
        name=re.sub(r"[^A-Za-z0-9.]+", "-", name).strip(".-") or "network",
        title=title[0].upper() + title[1:],
        text=_text(table, "text", where),
        systems=(),
        source=network,
        derivation=derivation,
        point=point,
        loss=None,
        grad=None,
        published=(),
        code="",
        exhibits=tuple,
        style=settings.get("style"),
        notation=settings.get("notation"),
        drawn=drawn,
        seed=seed,
        settings=settings,
        where=where,
    )


def _check_homes(table: Mapping[str, Any], where: str) -> None:
    """Refuse a key that stands in another table than its own; TOML puts what follows a header under that header."""
    homes = {
        **dict.fromkeys(SETTINGS, "[report]"),
        **dict.fromkeys(("learning_rate", "seed", "samples"), "[point]"),
        **dict.fromkeys(("title", "text", "inputs", "loss", "reduction", "layout", "layers"), "the top of the file"),
    }
    point = table.get("point")
    tables = {"the top of the file": table, "[point]": point, "[report]": table.get("report")}
    if isinstance(point, Mapping):
        tables |= {PARAMETERS: point.get("parameters"), DATA: point.get("data")}
    layers = table.get("layers")
    for number, layer in enumerate(layers if isinstance(layers, list) else (), start=1):
        tables[f"layer {number}"] = layer
    for name, found in tables.items():
        for key in found if isinstance(found, Mapping) else ():
            if key in homes and homes[key] != name:
                rows = [
                    ("given in", name),
                    (
                        "belongs",
                        f"to {homes[key]}, above the first header"
                        if homes[key].startswith("the")
                        else f"under {homes[key]}",
                    ),
                ]
                raise InputError(f"{where}: {key} stands in the wrong table\n{aligned(rows)}")


def _text(table: Mapping[str, Any], key: str, where: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str) or (key in table and not value.strip()):
        rows = [("given", shortened(value)), ("allowed", "a text in quotes that is not empty")]
        raise InputError(f"{where}: {key} must be a text\n{aligned(rows)}")
    return value.strip()


def _point(table: object, network: Network, where: str) -> tuple[Point, tuple[str, ...], int | None]:
    """Return the numbers of a file, the names of those arrays that were drawn, and the seed if any were."""
    if not isinstance(table, Mapping):
        rows = [
            ("given", shortened(table) if table is not None else "nothing"),
            ("do", "add [point] with seed and samples, or with all numbers"),
        ]
        raise InputError(f"{where}: a worked solution needs numbers, in a table [point]\n{aligned(rows)}")
    for key in table:
        if key not in POINT:
            raise InputError(f"{where}: {unknown('key of [point]', key, POINT)}")
    program = program_of(network)
    given = {
        **_arrays(table, "parameters", tuple(network.shapes), where),
        **_arrays(table, "data", data_names(program), where),
    }
    seed, samples = _whole(table, "seed", 0, where), _whole(table, "samples", 1, where)
    rate = table.get("learning_rate", 1)
    try:
        point = Point(given, {}, rate)
        if point.exact_rate <= 0:
            raise InputError(f"learning_rate in [point] must be positive\n{aligned([('given', shortened(rate))])}")
    except InputError as error:
        raise type(error)(f"{where}: {error}") from error
    shapes = _shapes(network, program, point, samples, seed, where)
    missing = tuple(name for name in shapes if name not in given)
    if seed is not None and missing:
        given = drawn_numbers(network, program, shapes, given, seed)
    point = Point(
        {name: given[name] for name in network.shapes}, {name: given[name] for name in data_names(program)}, rate
    )
    _check_targets(network, program, point, where)
    return point, missing, seed if missing else None


def _arrays(table: Mapping[str, Any], key: str, known: tuple[str, ...], where: str) -> dict[str, Nested]:
    found = table.get(key, {})
    if not isinstance(found, Mapping):
        rows = [("given", shortened(found)), ("allowed", POINT[key])]
        raise InputError(f"{where}: {key} in [point] cannot be used\n{aligned(rows)}")
    for name in found:
        if name not in known:
            raise InputError(f"{where}: {unknown(f'array of [point.{key}]', name, known)}")
    return dict(found)


def _whole(table: Mapping[str, Any], key: str, least: int, where: str) -> int | None:
    value = table.get(key)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < least):
        rows = [("given", shortened(value)), ("allowed", POINT[key])]
        raise InputError(f"{where}: {key} in [point] cannot be used\n{aligned(rows)}")
    return value


def _shapes(
    network: Network, program: Program, point: Point, samples: int | None, seed: int | None, where: str
) -> dict[str, tuple[int, ...]]:
    """Return the shape of every array, after those given were held against it and against one another."""
    first = network.layout == "features-first"
    number, said_by = samples, "samples in [point]"
    widths = {"X": network.widths[0], "Y": network.widths[-1]}
    for name in data_names(program):
        if name not in point.parameters:
            continue
        shape = np.shape(point.fractions(name))
        own = shape[1 if first else 0] if len(shape) == 2 else None
        unit = shape[0 if first else 1] if len(shape) == 2 else None
        if unit != widths[name] or not own or (number is not None and own != number):
            count = str(number) if number is not None else "m"
            expected = f"({widths[name]}, {count})" if first else f"({count}, {widths[name]})"
            rows = [
                ("yours", str(shape)),
                (
                    "expected",
                    f"{expected}, {network.layout}: {'a sample is a column' if first else 'a sample is a row'}",
                ),
            ]
            if number is not None:
                rows.append(("because", f"{number} sample{'s' * (number > 1)} by {said_by}"))
            else:
                rows.append(("m", "the number of samples, at least 1"))
            raise ShapeError(f"{where}: {name} in {DATA} has the wrong shape\n{aligned(rows)}")
        number, said_by = own, f"{name} in {DATA}"
    for name, wanted in network.shapes.items():
        if name in point.parameters and np.shape(point.fractions(name)) != wanted:
            layer = int(name[1:])
            rows = [
                ("yours", str(np.shape(point.fractions(name)))),
                (
                    "expected",
                    f"{wanted}, {network.layout}, {network.widths[layer - 1]} into {network.widths[layer]} units",
                ),
            ]
            raise ShapeError(f"{where}: {name} in {PARAMETERS} has the wrong shape\n{aligned(rows)}")
    if seed is None:
        for name in (*network.shapes, *data_names(program)):
            if name not in point.parameters:
                home = PARAMETERS if name in network.shapes else DATA
                rows = [("give", f"{name} in {home}"), ("or", "a seed in [point], to draw what is not given")]
                raise InputError(f"{where}: {name} has no numbers\n{aligned(rows)}")
    most = network.parameter_count + (number or 0) * sum(widths.values())
    if seed is not None and most > MOST_DRAWN:
        rows = [("numbers", str(most)), ("allowed", f"at most {MOST_DRAWN}, parameters and data together")]
        raise InputError(f"{where}: the network is too large for numbers to be drawn\n{aligned(rows)}")
    if number is None:
        raise InputError(f"{where}: samples is missing in [point]\n{aligned([('allowed', POINT['samples'])])}")
    data = {name: (width, number) if first else (number, width) for name, width in widths.items()}
    return {**network.shapes, **data}


def _said(targets: Set) -> str:
    """Return what a set of targets allows, in words."""
    if isinstance(targets, FiniteSet):
        return f"one of {', '.join(map(str, targets.args))}"
    return f"numbers from {targets.inf} to {targets.sup}"


def _check_targets(network: Network, program: Program, point: Point, where: str) -> None:
    """Refuse targets that the loss is not defined on."""
    targets, allowed = np.array(point.fractions("Y"), dtype=object), network.loss_row.targets
    for place, value in np.ndenumerate(targets):
        if not bool(allowed.contains(Rational(value.numerator, value.denominator))):
            rows = [
                ("given", f"Y[{', '.join(map(str, place))}] = {value}"),
                ("allowed", _said(allowed)),
                ("loss", network.loss),
            ]
            raise InputError(f"{where}: Y in {DATA} holds a value that the loss is not defined on\n{aligned(rows)}")
    # All shapes have been checked; what is left are the targets, and only they need their numbers.
    parameters = {name: np.zeros(shape) for name, shape in network.shapes.items()}
    data = [point.exact(name) if name == "Y" else np.zeros(np.shape(point.fractions(name))) for name in point.data]
    sizes = {str(size): extent for size, extent in network.sizes.items()}
    try:
        arguments(program, sizes, parameters, tuple(data))
    except InputError as error:
        raise type(error)(f"{where}: {error}") from error

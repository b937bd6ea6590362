"""Scalars as text and back, exactly: hexadecimal mantissas and exponents of two, no code and no pickles."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb

from symnn.sandbox import residues
from symnn.sandbox.towers import Towers
from symnn.sandbox.traces import ratio, ratio_text, roots_of, table
from symnn.scalars import Ball, Dual, Exact, Guarded, Signature, Trace
from symnn.scalars.plain import parts

LARGEST_EXPONENT = 2**40
"""Numbers beyond 2 to this power are no result of a network, and cost too much to look at."""

_NOT_A_NUMBER = "nan"
_INFINITE = {"inf": arb("inf"), "-inf": arb("-inf")}


def real_text(value: Any) -> str:
    """Return an arb as ``mantissa:exponent``, followed by ``:mantissa:exponent`` of its radius if it has one.

    >>> real_text(arb(-0.75)), real_text(arb("nan"))
    ('-3:-2', 'nan')
    """
    if not value.is_finite():
        return next((text for text, infinite in _INFINITE.items() if bool(value == infinite)), _NOT_A_NUMBER)
    (mantissa, exponent), (radius, scale) = parts(value)
    return f"{mantissa:x}:{exponent:x}:{radius:x}:{scale:x}" if radius else f"{mantissa:x}:{exponent:x}"


def real(text: str) -> Any:
    """Return the arb that a text stands for, its radius at most one unit in the last place larger.

    Raises ValueError for text that is none.

    >>> real("-3:-2"), real("1:0:1:-1").contains(arb(1.5))
    (-0.750000000000000, True)
    """
    if text == _NOT_A_NUMBER:
        return arb("nan")
    if text in _INFINITE:
        return _INFINITE[text]
    mantissa, exponent, *rest = (int(part, 16) for part in text.split(":"))
    if len(rest) not in (0, 2) or any(abs(power) > LARGEST_EXPONENT for power in (exponent, *rest[1:])):
        raise ValueError(f"{text[:60]!r} is no number")
    return arb((mantissa, exponent), (rest[0], rest[1])) if rest else arb((mantissa, exponent))


def _dual_text(x: Any) -> str:
    return real_text(x.value) if x.tangent is None else f"{real_text(x.value)};{real_text(x.tangent)}"


def _dual(text: str) -> Dual:
    value, semicolon, tangent = text.partition(";")
    return Dual(real(value), real(tangent) if semicolon else None)


def _ball_or_dual(text: str) -> Any:
    return _dual(text) if ";" in text else Ball(real(text))


def _guarded_text(x: Any) -> str:
    if x.bare is None:
        return _dual_text(x.full)
    return "|".join((_dual_text(x.full), _dual_text(x.bare), *map(float.hex, sorted(x.sizes))))


def _guarded(text: str) -> Guarded:
    full, *rest = text.split("|")
    if not rest:
        return Guarded(_ball_or_dual(full))
    return Guarded(_ball_or_dual(full), _ball_or_dual(rest[0]), frozenset(map(float.fromhex, rest[1:])))


@dataclass(frozen=True)
class Kind:
    """How scalars of one class are written, as parts of a message, and read; `Towers` are for those over a tower."""

    name: str
    write: Callable[[list[Any], Towers], dict[str, Any]]
    read: Callable[[dict[str, Any], Towers], list[Any]]


def _one_by_one(name: str, text: Callable[[Any], str], read: Callable[[str], Any]) -> Kind:
    return Kind(
        name,
        lambda entries, _: {"text": " ".join(map(text, entries))},
        lambda about, _: list(map(read, about["text"].split(" "))),
    )


def _doubles(values: list[Any]) -> str | None:
    """Return exact doubles as bytes in base64, None standing for no number; None where there are others among them."""
    if not all(x is None or (type(x) is arb and x.is_exact() and x.is_finite()) for x in values):
        return None
    floats = [math.nan if x is None else float(x) for x in values]
    if not all(x is None or x == number for x, number in zip(values, floats, strict=True)):
        return None
    return base64.b64encode(np.array(floats).astype("<f8").tobytes()).decode("ascii")


def _of_doubles(text: str) -> list[Any]:
    """Return the numbers that `_doubles` wrote. Raises ValueError for what it did not."""
    floats = np.frombuffer(base64.b64decode(text, validate=True), dtype="<f8")
    if np.isinf(floats).any():
        raise ValueError("an infinite number is no exact double")
    return [None if number != number else arb(number) for number in floats.tolist()]


def _in_doubles(slow: Kind, parts_of: Callable[[list[Any]], list[list[Any]]], made: Callable[..., list[Any]]) -> Kind:
    """A kind whose entries are written as bytes where all their parts are exact doubles, as data and parameters are."""

    def write(entries: list[Any], towers: Towers) -> dict[str, Any]:
        found = [_doubles(part) for part in parts_of(entries)]
        return slow.write(entries, towers) if None in found else {"doubles": found}

    def read(about: dict[str, Any], towers: Towers) -> list[Any]:
        return made(*map(_of_doubles, about["doubles"])) if "doubles" in about else slow.read(about, towers)

    return Kind(slow.name, write, read)


def _balls(values: list[Any]) -> list[Any]:
    if None in values:
        raise ValueError("a ball needs a number")
    return list(map(Ball, values))


def _duals(values: list[Any], tangents: list[Any]) -> list[Any]:
    if None in values:
        raise ValueError("a dual needs a number")
    return [Dual(value, tangent) for value, tangent in zip(values, tangents, strict=True)]


def _dual_parts(entries: list[Any]) -> list[list[Any]]:
    return [[x.value for x in entries], [x.tangent for x in entries]]


def _traces(entries: list[Any], _: Towers) -> dict[str, Any]:
    return {"text": " ".join(real_text(x.value) for x in entries), **table([x.node for x in entries])}


def _traced(about: dict[str, Any], _: Towers) -> list[Any]:
    values = map(real, about["text"].split(" "))
    return [Trace(value, node) for value, node in zip(values, roots_of(about), strict=True)]


KINDS: dict[type, Kind] = {
    Exact: _one_by_one("exact", lambda x: ratio_text(x.value), lambda text: Exact(ratio(text))),
    Ball: _in_doubles(
        _one_by_one("ball", lambda x: real_text(x.value), lambda text: Ball(real(text))),
        lambda entries: [[x.value for x in entries]],
        _balls,
    ),
    Dual: _in_doubles(_one_by_one("dual", _dual_text, _dual), _dual_parts, _duals),
    Guarded: _one_by_one("guarded", _guarded_text, _guarded),
    Trace: Kind("trace", _traces, _traced),
    Signature: Kind(
        "signature",
        lambda entries, towers: residues.written(entries, towers, real_text),
        lambda about, towers: residues.read(about, towers, real),
    ),
}
"""The scalars that can go to the sandbox and come back; a further class is a further row."""

BY_NAME: dict[str, Kind] = {kind.name: kind for kind in KINDS.values()}
"""The same by the name that stands in a message."""

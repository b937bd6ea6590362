"""Signatures as text and back: residues in hexadecimal, or the name that they were drawn by.

An entry is ``shadow;rational;residues;degree;opaque;slope``. A rational constant has no residues, for they follow from
it; indeterminates as they were drawn are named once, with a text of shadows only. What is known of the logarithms in a
number stays with the tower that took them: the number that comes out is opaque.

What comes from a child is checked to be residues of the tower at hand: a number that is none would be no result, and
one without an inverse where one is taken would end this process.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import fmpz

from symnn.sandbox.towers import Towers
from symnn.sandbox.traces import ratio, ratio_text
from symnn.scalars import Signature, Tower
from symnn.scalars.tower import Degree, Part

MOST_IN_FULL = 2**22
"""How many digits of residues a child writes for one array; beyond, it leaves out all levels but the first.

Nobody takes an exponential of the gradient of a large network, and nothing else needs the other levels.
"""

_FIRST: Degree = (1, 0)
_FLAGS = {"0": False, "1": True}

RealText = Callable[[Any], str]
Real = Callable[[str], Any]


def written(entries: list[Any], towers: Towers, real_text: RealText) -> dict[str, Any]:
    """Return signatures as parts of a message. Raises UndecidedError for those over a tower that is not at hand.

    >>> towers = Towers()
    >>> tower = Tower(0, 0)
    >>> about = towers.written(tower)
    >>> written([Signature(tower, 3, (fmpz(255),), (2, 1), True, Part(fmpz(16), (1, 0), False))], towers, str)
    {'tower': 1, 'text': '3;;ff;2:1;1;10:1:0:0'}
    """
    tower = entries[0].tower
    number = towers.number_of(tower)
    for x in entries:
        if x.tower is not tower:
            towers.number_of(x.tower)
    if source := _source(entries, tower):
        return {"tower": number, **source, "text": " ".join(real_text(x.value) for x in entries)}
    digits = len(entries) * sum(int(p.bit_length()) for p in tower.primes) // 4
    levels = 1 if towers.of_child and digits > MOST_IN_FULL else None
    return {"tower": number, "text": " ".join(_text(x, levels, real_text) for x in entries)}


def read(about: dict[str, Any], towers: Towers, real: Real) -> list[Any]:
    """Return the signatures in a message. Raises ValueError, TypeError or KeyError for anything else."""
    tower, texts = towers.numbered(about["tower"]), about["text"].split(" ")
    if "drawn" not in about:
        return [_entry(text, tower, real) for text in texts]
    drawn = towers.drawn(tower, str(about["drawn"]), len(texts), None)
    pairs = zip(map(real, texts), drawn, strict=True)
    entries = [Signature(tower, value, residues, _FIRST) for value, residues in pairs]
    if about["direction"] is not None:
        slopes = towers.drawn(tower, str(about["direction"]), len(texts), 1)
        for x, (slope,) in zip(entries, slopes, strict=True):
            x.slope = Part(slope, _FIRST, False)
    return entries


def _source(entries: list[Any], tower: Tower) -> dict[str, Any] | None:
    """The names by which the residues and the derivatives of indeterminates were drawn, or None."""
    name = _name([x.residues for x in entries], tower.draws)
    if name is None or not all(x.degree == _FIRST and not x.opaque and not x.logs for x in entries):
        return None
    if all(x.slope is None for x in entries):
        return {"drawn": name, "direction": None}
    if not all(x.slope is not None and x.slope.degree == _FIRST and not x.slope.opaque for x in entries):
        return None
    firsts = {name: [residues[0] for residues in drawn] for name, drawn in tower.draws.items() if _single(drawn)}
    direction = _name([x.slope.residue for x in entries], firsts)
    return None if direction is None else {"drawn": name, "direction": direction}


def _single(drawn: list[Any]) -> bool:
    return bool(drawn) and len(drawn[0]) == 1


def _name(parts: list[Any], draws: dict[str, list[Any]]) -> str | None:
    """The name of the draw that these are, the same objects in the same order."""
    for name, drawn in draws.items():
        if len(drawn) == len(parts) and drawn[0] is parts[0] and all(a is b for a, b in zip(drawn, parts, strict=True)):
            return name
    return None


def _text(x: Any, levels: int | None, real_text: RealText) -> str:
    shadow = real_text(x.value)
    if x.rational is not None and x.slope is None:
        return f"{shadow};{ratio_text(x.rational)};;;;"
    slope = "" if x.slope is None else f"{_hex(x.slope.residue)}:{_degree_text(x.slope.degree)}:{x.slope.opaque:d}"
    residues = ",".join([_hex(residue) for residue in x.residues[:levels]])
    return f"{shadow};;{residues};{_degree_text(x.degree)};{not x.known:d};{slope}"


def _hex(x: Any) -> str:
    return f"{int(x):x}"


def _degree_text(degree: Degree) -> str:
    return f"{degree[0]:x}:{degree[1]:x}"


def _entry(text: str, tower: Tower, real: Real) -> Signature:
    shadow, rational, residues, degree, opaque, slope = text.split(";")
    value = real(shadow)
    if rational:
        return _constant(ratio(rational), value, tower)
    parts = residues.split(",")
    if len(parts) > len(tower.primes):
        raise ValueError(f"there are {len(tower.primes)} levels, not {len(parts)}")
    levels = tuple([_residue(part, p) for part, p in zip(parts, tower.primes, strict=False)])
    return Signature(tower, value, levels, _degree(degree), _FLAGS[opaque], _part(slope, tower) if slope else None)


def _constant(q: Any, value: Any, tower: Tower) -> Signature:
    if any(q.q % p == 0 for p in tower.primes):
        raise ValueError("this rational has no residue")
    return Signature(tower, value, tower.reduced(q), rational=q)


def _part(text: str, tower: Tower) -> Part:
    residue, above, below, opaque = text.split(":")
    return Part(_residue(residue, tower.primes[0]), _degree(f"{above}:{below}"), _FLAGS[opaque])


def _residue(text: str, p: Any) -> Any:
    x = fmpz(int(text, 16))
    if not 0 <= x < p:
        raise ValueError(f"{text[:60]} is no residue")
    return x


def _degree(text: str) -> Degree:
    above, below = (int(part, 16) for part in text.split(":"))
    if above < 0 or below < 0:
        raise ValueError(f"{text[:60]} is no degree")
    return above, below

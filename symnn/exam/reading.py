"""A problem set as a TOML file: problems on derivations or networks of one's own, what is asked, and the bounds.

Nothing in the file is run. At the top stand ``title``, ``shuffle_problems``, ``shuffle_entries`` and ``[report]``. Each
``[[problems]]`` is on a ``derivation`` of the library, on a ``toml`` file beside this one, or on a network described
in ``[problems.network]`` with its numbers in ``[problems.point]``; what is asked stands in ``[[problems.asks]]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from symnn.errors import InputError, aligned, shortened, unknown
from symnn.exam.model import CODE, NUMBER, Ask, Bounds, Problem, ProblemSet
from symnn.exam.quantities import BACKWARD, Quantities, asked
from symnn.library import Example, load, read_described
from symnn.library.described import described
from symnn.library.settings import settings_in
from symnn.network import read_table

DECIMALS = 3
"""With how many decimals an answer is asked for where the file says nothing."""

MOST_DIGITS = 30
"""Nobody types more decimals or digits."""

TOP = {
    "title": "a text in quotes",
    "shuffle_problems": "true or false: whether every variant has its own order of problems",
    "shuffle_entries": "true or false: whether every variant has its own order of an array's entries",
    "report": "a table, [report]",
    "problems": "one [[problems]] table a problem",
}
"""The keys at the top of the file, and what each may be."""

SOURCES = ("derivation", "toml", "network")
"""The keys that say what a problem is on."""

PROBLEM = {
    "id": "letters, digits and hyphens, in quotes",
    "title": "a text in quotes",
    "text": "a text in quotes",
    "derivation": 'a name of the library in quotes, as "two-three-two"',
    "toml": "a file that describes a network and its numbers, beside this one",
    "network": "a table, [problems.network]",
    "point": "a table, [problems.point], beside [problems.network]",
    "bounds": "a table, [problems.bounds]",
    "given": "a list of names in quotes",
    "dead": "true or false: whether units may be off for all samples",
    "decimals": f"a whole number from 0 to {MOST_DIGITS}",
    "digits": f"a whole number from 1 to {MOST_DIGITS}",
    "asks": "one [[problems.asks]] table a question",
}
"""The keys of a problem, and what each may be."""

BOUNDS = {
    "least": "a number, the smallest that is drawn",
    "most": "a number, the largest that is drawn",
    "step": 'a positive number, such as 1, 0.1 or "1/2"',
    "zeros": "true or false: whether 0 may be drawn",
    "fixed": "a list of names in quotes: arrays that keep their numbers",
}
"""The keys of the bounds, and what each may be."""

ASK = {
    "quantity": 'a text in quotes, as "dW1", "dW1[1, 2]" or "formula:dW1"',
    "kind": '"number", "formula" or "code"',
    "points": 'a positive number, such as 2, 0.5 or "1/2"',
    "decimals": PROBLEM["decimals"],
    "digits": PROBLEM["digits"],
}
"""The keys of a question, and what each may be."""


def read_problem_set(path: Path) -> ProblemSet:
    """Read a problem set from a TOML file; raise `InputError` naming the file, the place, the key and what to do."""
    table, where = read_table(path), str(path)
    _known(table, TOP, "key", where)
    settings = settings_in(table.get("report", {}), where)
    tables = _tables(table, "problems", TOP, where)
    problems: list[Problem] = []
    for number, one in enumerate(tables, start=1):
        problems.append(_problem(one, path.parent, settings, f"{where}: problem {number}", problems))
    return ProblemSet(
        name=_slug(path.stem) or "problems",
        title=_text(table, "title", TOP, where) or "Problems",
        problems=tuple(problems),
        shuffle_problems=_flag(table, "shuffle_problems", TOP, where),
        shuffle_entries=_flag(table, "shuffle_entries", TOP, where),
        report=settings,
    )


def _problem(
    table: Mapping[str, Any], folder: Path, settings: Mapping[str, Any], where: str, before: Sequence[Problem]
) -> Problem:
    _known(table, PROBLEM, "key of a problem", where)
    example = _example(table, folder, where)
    quantities = Quantities.of(example)
    rounding = _rounding(table, PROBLEM, where) or _rounding(settings, PROBLEM, where) or (DECIMALS, None)
    asks: list[Ask] = []
    for number, one in enumerate(_tables(table, "asks", PROBLEM, where), start=1):
        asks.append(_ask(one, quantities, rounding, f"{where}, ask {number}", asks))
    given = _names(table, "given", PROBLEM, where)
    for name in given:
        if name not in quantities.shapes:
            raise InputError(f"{where}: {unknown('quantity in given', name, quantities.shapes)}")
        if any(ask.quantity == name and ask.kind == NUMBER for ask in asks):
            rows = [("given", name), ("do", "take it out of given, or do not ask for it")]
            raise InputError(f"{where}: {name} is given and asked for\n{aligned(rows)}")
    return Problem(
        id=_id(table, example, where, before),
        title=_text(table, "title", PROBLEM, where) or example.heading or example.title,
        text=_text(table, "text", PROBLEM, where) or example.problem,
        example=example,
        asks=tuple(asks),
        bounds=_bounds(table.get("bounds", {}), example, where),
        given=given,
        dead=_flag(table, "dead", PROBLEM, where),
    )


def _example(table: Mapping[str, Any], folder: Path, where: str) -> Example:
    named = [key for key in SOURCES if key in table]
    if len(named) != 1:
        rows = [("given", ", ".join(named) or "none"), ("allowed", "one of derivation, toml and network")]
        raise InputError(f"{where}: a problem is on one derivation or network\n{aligned(rows)}")
    if "point" in table and named != ["network"]:
        rows = [("given", "point"), ("allowed", f"{named[0]} alone: it brings its own numbers")]
        raise InputError(f"{where}: point stands beside {named[0]}\n{aligned(rows)}")
    if named == ["network"]:
        network = table["network"]
        if not isinstance(network, Mapping):
            raise _bad("network", network, PROBLEM, where)
        beside = {key: table[key] for key in ("title", "text", "point") if key in table}
        name = table["id"] if isinstance(table.get("id"), str) else "network"
        try:
            return described({**network, **beside}, where, name)
        except InputError as error:
            raise type(error)(str(error).replace("[point", "[problems.point")) from error
    text = _text(table, named[0], PROBLEM, where)
    try:
        if named == ["derivation"]:
            return load(text)
        if Path(text).suffix.lower() != ".toml":
            raise _bad("toml", text, PROBLEM, where)
        return read_described(folder / text)
    except InputError as error:
        raise error if str(error).startswith(where) else type(error)(f"{where}: {error}") from error


def _id(table: Mapping[str, Any], example: Example, where: str, before: Sequence[Problem]) -> str:
    taken = {problem.id for problem in before}
    own = _text(table, "id", PROBLEM, where)
    if own:
        if own != _slug(own):
            raise _bad("id", own, PROBLEM, where)
        if own in taken:
            number = next(place for place, problem in enumerate(before, start=1) if problem.id == own)
            rows = [("given", repr(own)), ("do", f"choose another: problem {number} has it")]
            raise InputError(f"{where}: id stands for two problems\n{aligned(rows)}")
        return own
    return _free(_slug(example.name), taken)


def _ask(
    table: Mapping[str, Any],
    quantities: Quantities,
    rounding: tuple[int | None, int | None],
    where: str,
    before: Sequence[Ask],
) -> Ask:
    _known(table, ASK, "key of an ask", where)
    kind = _text(table, "kind", ASK, where) or None
    text = _text(table, "quantity", ASK, where) or (BACKWARD if kind == CODE else "")
    if not text:
        raise InputError(f"{where}: quantity is missing\n{aligned([('allowed', ASK['quantity'])])}")
    quantity, kind, place = asked(text, kind, quantities, where)
    for ask in before:
        if (ask.quantity, ask.kind) == (quantity, kind) and (None in (ask.place, place) or ask.place == place):
            rows = [("given", repr(text)), ("do", "ask for it once: the whole, or entries that differ")]
            raise InputError(f"{where}: {quantity} is asked for twice\n{aligned(rows)}")
    decimals, digits = _rounding(table, ASK, where) or rounding
    points = _fraction(table["points"], "points", ASK, where) if "points" in table else None
    if points is not None and points <= 0:
        raise _bad("points", table["points"], ASK, where)
    parts = [*([] if kind == NUMBER else [kind]), quantity, *(str(one + 1) for one in place or ())]
    return Ask(
        id=_free(_slug("-".join(parts)), {ask.id for ask in before}),
        quantity=quantity,
        kind=kind,
        points=quantities.default_points(quantity, kind, place) if points is None else points,
        place=place,
        decimals=decimals,
        digits=digits,
    )


def _bounds(table: object, example: Example, where: str) -> Bounds:
    if not isinstance(table, Mapping):
        raise _bad("bounds", table, PROBLEM, where)
    _known(table, BOUNDS, "key of [problems.bounds]", where)
    found = {key: _fraction(table[key], key, BOUNDS, where) for key in ("least", "most", "step") if key in table}
    bounds = Bounds(**found, zeros=_flag(table, "zeros", BOUNDS, where), fixed=_names(table, "fixed", BOUNDS, where))
    if bounds.step <= 0:
        raise _bad("step", table["step"], BOUNDS, where)
    if bounds.least > bounds.most:
        rows = [("least", str(bounds.least)), ("most", str(bounds.most))]
        raise InputError(f"{where}: the bounds are the wrong way round\n{aligned(rows)}")
    arrays = (*example.point.parameters, *example.point.data)
    for name in bounds.fixed:
        if name not in arrays:
            raise InputError(f"{where}: {unknown('array in fixed', name, arrays)}")
    return bounds


def _rounding(table: Mapping[str, Any], allowed: Mapping[str, str], where: str) -> tuple[int | None, int | None] | None:
    """Return the decimals and the digits that a table asks for, one of them None; or None if it asks for neither."""
    for key, least in (("decimals", 0), ("digits", 1)):
        value = table.get(key)
        right = isinstance(value, int) and not isinstance(value, bool) and least <= value <= MOST_DIGITS
        if value is not None and not right:
            raise _bad(key, value, allowed, where)
    decimals, digits = table.get("decimals"), table.get("digits")
    if decimals is not None and digits is not None:
        rows = [("decimals", str(decimals)), ("digits", str(digits)), ("do", "give one of the two")]
        raise InputError(f"{where}: an answer has either so many decimals or so many digits\n{aligned(rows)}")
    return None if decimals is None and digits is None else (decimals, digits)


def _known(table: Mapping[str, Any], allowed: Mapping[str, str], what: str, where: str) -> None:
    for key in table:
        if key not in allowed:
            raise InputError(f"{where}: {unknown(what, key, allowed)}")


def _tables(table: Mapping[str, Any], key: str, allowed: Mapping[str, str], where: str) -> Sequence[Mapping[str, Any]]:
    found = table.get(key, [])
    if not isinstance(found, list) or not found or not all(isinstance(one, Mapping) for one in found):
        raise _bad(key, found if key in table else None, allowed, where)
    return found


def _text(table: Mapping[str, Any], key: str, allowed: Mapping[str, str], where: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str) or (key in table and not value.strip()):
        raise _bad(key, value, allowed, where)
    return value.strip()


def _flag(table: Mapping[str, Any], key: str, allowed: Mapping[str, str], where: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise _bad(key, value, allowed, where)
    return value


def _names(table: Mapping[str, Any], key: str, allowed: Mapping[str, str], where: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _bad(key, value, allowed, where)
    return tuple(dict.fromkeys(value))


def _fraction(value: object, key: str, allowed: Mapping[str, str], where: str) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | str | Fraction) or _MEANT_BY_NOBODY.search(str(value)):
        raise _bad(key, value, allowed, where)
    try:
        return Fraction(value)
    except (ValueError, ArithmeticError) as error:
        raise _bad(key, value, allowed, where) from error


# More characters, or a power of ten of more digits, which would be written out digit by digit.
_MEANT_BY_NOBODY = re.compile(r".{41}|[eE][+-]?\d{3}", re.DOTALL)


def _bad(key: str, value: object, allowed: Mapping[str, str], where: str) -> InputError:
    rows = [("given", "nothing" if value is None else shortened(value)), ("allowed", allowed[key])]
    return InputError(f"{where}: {key} cannot be used\n{aligned(rows)}")


def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")


def _free(name: str, taken: Iterable[str]) -> str:
    used = set(taken)
    number = 2
    free = name
    while free in used:
        free, number = f"{name}-{number}", number + 1
    return free

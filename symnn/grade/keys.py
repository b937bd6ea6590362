"""Variants as they were printed: read back from the keys that ``symnn exam`` wrote, and held against the problem file.

Marking by keys needs no drawing of numbers, so that a set is marked as it was handed out, whatever draws today. Every
answer is worked out again from the numbers given, and a key that does not agree with its problem file is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from flint import fmpq

from symnn.errors import InputError, SymnnError, aligned
from symnn.exam.bench import Bench
from symnn.exam.key_json import FORMAT
from symnn.exam.model import Answer, ProblemSet, Solved, Wrong
from symnn.grade.answering import id_of
from symnn.grade.carrying import fraction
from symnn.kernels import arguments, data_names
from symnn.library import BITS, Point
from symnn.library.entrywise import Numbers
from symnn.library.mistaken import flat
from symnn.notation import name_of
from symnn.scalars import Ball, Exact, precision

LARGEST_KEY = 64 * 2**20
"""How many bytes a key may have."""

LONGEST = 4000
"""How many characters a number of a key may have."""

CLOSE = Fraction(1, 10**9)
"""How near a decimal of a key must be to the number worked out again, beside the number's size."""

_NAME = re.compile(r"(.+?)-([0-9]{1,9})-key\.json")
_NUMBER = re.compile(r"-?[0-9]+(/[1-9][0-9]*|\.[0-9]+)?")


@dataclass(frozen=True)
class Keys:
    """The keys in a folder, by the number of the variant, for a problem set."""

    problem_set: ProblemSet
    files: Mapping[int, Path]

    def solved(self, bench: Bench, number: int) -> Solved:
        """Return a problem with the numbers and answers of a variant; raise `InputError` if its key does not say so."""
        path = self.files.get(number)
        if path is None:
            raise InputError(f"there is no key of variant {number}")
        held = _read(path)
        says = {"format": FORMAT, "set": self.problem_set.name, "variant": number}
        wrong = [(key, f"{held.get(key)!r}, not {value!r}") for key, value in says.items() if held.get(key) != value]
        if wrong:
            raise InputError(f"{path} is not the key of variant {number} of this set\n{aligned(wrong)}")
        try:
            problem = next(one for one in held["problems"] if one["id"] == bench.problem.id)
            return _solved(bench, problem)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError, StopIteration, SymnnError) as error:
            because = str(error).split("\n")[0] or type(error).__name__
            rows = [("problem", bench.problem.id), ("do", "mark with the problem file that the sheets were made of")]
            raise InputError(f"{path} does not fit the problem file: {because}\n{aligned(rows)}") from error


def find_keys(folder: Path, problem_set: ProblemSet) -> Keys:
    """Return the keys in a folder that ``symnn exam`` wrote; raise `InputError` if there are none of this set."""
    inner = folder / "keys"
    try:
        names = sorted((inner if inner.is_dir() else folder).iterdir())
    except OSError as error:
        raise InputError(f"cannot read {folder}: {error.strerror}") from error
    keys = [(match[1], int(match[2]), path) for path in names if (match := _NAME.fullmatch(path.name))]
    if not keys:
        rows = [("expected", f"keys/{problem_set.name}-1-key.json"), ("do", "name the folder that symnn exam wrote")]
        raise InputError(f"{folder} holds no keys\n{aligned(rows)}")
    found = {number: path for name, number, path in keys if name == problem_set.name}
    if not found:
        rows = [("holds", f"keys of {', '.join(dict.fromkeys(name for name, _, _ in keys))}")]
        rows += [("problem file", problem_set.name), ("do", "name the folder and the problem file of the same set")]
        raise InputError(f"{folder} holds no keys of this set\n{aligned(rows)}")
    return Keys(problem_set, found)


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST_KEY:
            raise InputError(f"{path} is too large for a key")
        held = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is no JSON") from error
    if not isinstance(held, dict):
        raise InputError(f"{path} is no key: it holds no object")
    return held


def _solved(bench: Bench, held: Mapping[str, Any]) -> Solved:
    program, sizes = bench.derivation.program, bench.derivation.sizes
    names = [name_of(tensor) for tensor in program.parameters]
    parameters = {name: _nested(held["given"][name]) for name in names}
    data = {name: _nested(held["given"][name]) for name in data_names(program)}
    point = Point(parameters, data, _number(held["learning_rate"]))
    arrays = arguments(program, sizes, {name: point.exact(name) for name in names}, tuple(map(point.exact, data)))
    leaves: dict[str, Numbers] = {**bench.given}
    leaves |= {name: flat(values if values.ndim else values[()]) for name, values in arrays.items()}
    if any(len(leaves[name]) != len(bench.given[name]) for name in arrays):
        raise InputError("its arrays have other shapes")
    if point.exact_rate != bench.problem.example.point.exact_rate:
        raise InputError("it has another learning rate")
    with precision(BITS):
        right = bench.lesson.right(leaves)
    mistakes = {int(one["number"]): one for one in held["mistakes"]}
    known = {answer["id"]: answer for question in held["questions"] for answer in question.get("answers", ())}
    answers = []
    for slot in bench.slots:
        answer = known.pop(id_of(slot))
        exact, worked = _number(answer["exact"]), right[slot.name][slot.at]
        off = abs(exact - fraction(worked))
        if off > (0 if isinstance(worked, fmpq) else CLOSE * (1 + abs(exact))):
            raise InputError(f"{id_of(slot)} is {answer['exact']}, and another number if it is worked out")
        wrong, inside = (
            tuple(_wrong(one, mistakes[int(one["mistake"])]) for one in answer[part]) for part in ("wrong", "coincides")
        )
        least, most = _number(answer["least"]), _number(answer["most"])
        if not least <= exact <= most:
            raise InputError(f"the interval of {id_of(slot)} does not hold it")
        own = Exact(worked) if isinstance(worked, fmpq) else Ball(worked)
        answers.append(Answer(slot.ask, slot.place, own, str(answer["shown"]), least, most, wrong, inside))
    if known:
        raise InputError(f"it has an answer {next(iter(known))} that is not asked for")
    return Solved(bench.problem, point, {name: bench.boxed(name, right[name]) for name in arrays}, tuple(answers))


def _wrong(held: Mapping[str, Any], mistake: Mapping[str, Any]) -> Wrong:
    texts = [str(mistake[key]) for key in ("said", "kind", "origin", "made_at")]
    return Wrong(_boxed(_number(held["value"])), str(held["shown"]), *texts)


def _boxed(number: Fraction) -> Exact:
    return Exact(fmpq(number.numerator, number.denominator))


def _nested(held: Any) -> Any:
    return [_nested(one) for one in held] if isinstance(held, list) else _number(held)


def _number(text: Any) -> Fraction:
    if not isinstance(text, str) or len(text) > LONGEST or not _NUMBER.fullmatch(text):
        raise InputError(f"{str(text)[:40]!r} is no number")
    return Fraction(text)

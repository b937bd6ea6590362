"""Answer sheets with known marks: what is planted in each comes from the variant, not from the code under test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from flint import fmpq

from symnn.exam import Answer, ProblemSet, Solved, Wrong
from symnn.exam.reading import read_problem_set
from symnn.exam.shown import shown
from symnn.exam.tolerance import Rounding
from symnn.exam.variants import Maker
from symnn.library import Mistakes, rounded
from symnn.network import Network
from symnn.scalars import Exact, ScalarArray
from tests.exam.making import maker

QUIZ = Path(__file__).parents[2] / "derivations" / "backprop-quiz.toml"
SEED = 7
EARNED = frozenset({"right", "follows", "same mistake"})
LOST = frozenset({"slip", "wrong", "mistake"})


@dataclass
class Planted:
    """A sheet: texts by problem and answer, and what must come of each number: outcomes that may be, and mistakes.

    ``said`` is the mistake that is planted in a sheet, if one is: it must be among those named wherever one is.
    A number that is not in ``expected`` must earn its points; where mistakes are given, one of them must be named.
    """

    kind: str
    variant: int
    texts: dict[tuple[str, str], str]
    expected: dict[tuple[str, str], tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)
    said: str = ""


@cache
def problem_set() -> ProblemSet:
    return read_problem_set(QUIZ)


@cache
def makers() -> tuple[Maker, ...]:
    return tuple(map(maker, problem_set().problems))


@cache
def solved(place: int, number: int) -> Solved:
    return makers()[place].solved(SEED, number)


def problems(number: int) -> list[Solved]:
    return [solved(place, number) for place in range(len(makers()))]


def exactly(number: Fraction) -> Exact:
    return Exact(fmpq(number.numerator, number.denominator))


def text_of(answer: Answer, value: Any) -> str:
    """A number as a student rounds it."""
    return shown(value, Rounding.of(answer.ask))


def decimal(number: Fraction, decimals: int) -> str:
    digits = str(abs(int(number * 10**decimals))).rjust(decimals + 1, "0")
    return f"{'-' if number < 0 else ''}{digits[: len(digits) - decimals]}.{digits[len(digits) - decimals :]}"


def right_texts(number: int) -> dict[tuple[str, str], str]:
    return {
        (one.problem.id, answer.id): text_of(answer, answer.exact) for one in problems(number) for answer in one.answers
    }


def order(one: Solved) -> list[str]:
    """The arrays that are asked for, in the order in which they are computed."""
    asked = {answer.ask.quantity for answer in one.answers}
    return [name for name in one.values if name in asked]


def of_array(one: Solved, name: str) -> list[Answer]:
    return [answer for answer in one.answers if answer.ask.quantity == name]


def is_inside(answer: Answer, text: str) -> bool:
    return answer.least <= Fraction(text) <= answer.most


def unrounded(number: int) -> Planted:
    """Everything right with twelve decimals, or as a fraction."""
    texts = {}
    for one in problems(number):
        for answer in one.answers:
            exact = answer.exact
            short = isinstance(exact, Exact) and len(str(exact.value)) < 40
            texts[one.problem.id, answer.id] = str(exact.value) if short else decimal(rounded(exact, 12), 12)
    return Planted("unrounded", number, texts)


def keys(one: Solved) -> list[tuple[str, str, str]]:
    """What names the mistakes that some answer of a problem can show."""
    found = ((wrong.origin, wrong.said, wrong.made_at) for answer in one.answers for wrong in answer.wrong)
    return list(dict.fromkeys(found))


def by_key(wrongs: tuple[Wrong, ...]) -> Mapping[tuple[str, str, str], Wrong]:
    return {(wrong.origin, wrong.said, wrong.made_at): wrong for wrong in wrongs}


def named(answer: Answer, text: str) -> frozenset[str]:
    """The mistakes that a number can come from: it is what they lead to, once both are rounded."""
    value = Fraction(text)
    unit = Rounding.of(answer.ask).unit(abs(fmpq(value.numerator, value.denominator)))
    reach = max(answer.most - answer.least, Fraction(int(unit.p), int(unit.q)))
    return frozenset(
        wrong.said for wrong in (*answer.wrong, *answer.coincides) if abs(middle(wrong.value) - value) <= reach
    )


def middle(value: Any) -> Fraction:
    return rounded(value, 30)


def mistaken(number: int, place: int, key: tuple[str, str, str]) -> Planted:
    """A modelled mistake, and everything after it as it follows from it: it costs where it shows first, and once."""
    one = solved(place, number)
    texts, planted = right_texts(number), Planted("mistake", number, {}, said=key[1])
    showing: str | None = None
    for name in order(one):
        for answer in of_array(one, name):
            wrong = by_key((*answer.wrong, *answer.coincides)).get(key)
            if wrong is None:
                continue
            at = one.problem.id, answer.id
            texts[at] = text_of(answer, wrong.value)
            if not is_inside(answer, texts[at]) and showing in {None, name}:
                showing = name
                planted.expected[at] = frozenset({"mistake"}), named(answer, texts[at])
    planted.texts = texts
    return planted


def in_one_entry(number: int, place: int, answer: Answer, wrong: Wrong) -> Planted:
    """A number that a modelled mistake leads to, in one entry, and everything else right."""
    texts = right_texts(number)
    at = solved(place, number).problem.id, answer.id
    texts[at] = text_of(answer, wrong.value)
    planted = Planted("one entry", number, texts, said=wrong.said)
    if not is_inside(answer, texts[at]):
        planted.expected[at] = frozenset({"mistake"}), named(answer, texts[at])
    return planted


def slipped(stream: Random, text: str) -> str:
    """A number with a slip of typing in it: two digits swapped, the sign lost or gained, or one digit another."""
    kind = stream.randrange(3)
    digits = [at for at, one in enumerate(text) if one.isdigit()]
    if kind == 0:
        pairs = [(a, b) for a, b in pairwise(digits) if text[a] != text[b]]
        if pairs:
            a, b = stream.choice(pairs)
            return text[:a] + text[b] + text[a + 1 : b] + text[a] + text[b + 1 :]
    if kind == 1 and Fraction(text):
        return text[1:] if text.startswith("-") else f"-{text}"
    at = digits[0]
    return text[:at] + str((int(text[at]) + stream.randrange(1, 9)) % 10) + text[at + 1 :]


def slips(number: int, stream: Random) -> Planted:
    """A slip in one number of every problem, and everything else right."""
    planted = Planted("slip", number, right_texts(number))
    for one in problems(number):
        answer = stream.choice(one.answers)
        at = one.problem.id, answer.id
        planted.texts[at] = slipped(stream, planted.texts[at])
        if not is_inside(answer, planted.texts[at]):
            planted.expected[at] = LOST, named(answer, planted.texts[at])
    return planted


@cache
def mistakes_of(place: int) -> Mistakes:
    example = problem_set().problems[place].example
    return Mistakes(example.derivation, example.source if isinstance(example.source, Network) else None)


def followed(number: int, place: int, name: str, stream: Random) -> Planted:
    """A number that no mistake explains, in one array, and everything after it as it follows from it."""
    one = solved(place, number)
    planted = Planted("followed", number, right_texts(number))
    own = np.empty(np.shape(one.values[name]) or (1,), dtype=object)
    answers = {answer.place: answer for answer in of_array(one, name)}
    target = stream.choice(sorted(answers))
    for place_, answer in answers.items():
        text = planted.texts[one.problem.id, answer.id]
        if place_ == target:
            # Probabilities stay what they are called.
            text = text_of(answer, exactly(Fraction(text) * Fraction(9, 10) + Fraction(1, 100)))
            planted.texts[one.problem.id, answer.id] = text
            if not is_inside(answer, text):
                planted.expected[one.problem.id, answer.id] = LOST, named(answer, text)
        own[place_ or 0] = exactly(Fraction(text))
    mine = own.view(ScalarArray) if np.shape(one.values[name]) else own[0]
    values = mistakes_of(place).right(one.point, own={name: mine})
    for answer in one.answers:
        if answer.ask.quantity != name:
            value = values[answer.ask.quantity]
            planted.texts[one.problem.id, answer.id] = text_of(answer, value[answer.place] if answer.place else value)
    return planted


def unreadable(number: int, stream: Random) -> Planted:
    """Blanks and texts where numbers belong, and everything else right."""
    planted = Planted("unreadable", number, right_texts(number))
    for at in stream.sample(sorted(planted.texts), 12):
        blank = stream.random() < 0.5
        planted.texts[at] = (
            "" if blank else stream.choice(["see back", "?", "0.5.1", "1,2,3", "--1", "=A1", "½½", "1e9999"])
        )
        planted.expected[at] = frozenset({"blank" if blank else "unread"}), frozenset()
    return planted


def sheets(count: int, variants: int) -> Iterator[Planted]:
    """Sheets of every kind, in turn over the variants; the same ones every time."""
    stream = Random(6)  # noqa: S311 -- no secret
    numbers = range(1, variants + 1)
    for number in numbers:
        yield Planted("right", number, right_texts(number))
        yield unrounded(number)
    every = [
        (number, place, key)
        for number in numbers
        for place in range(len(makers()))
        for key in keys(solved(place, number))
    ]
    some = stream.sample(every, count // 2)
    yield from (mistaken(*one) for one in some)
    while count > 0:
        number = stream.choice(numbers)
        place = stream.randrange(len(makers()))
        one = solved(place, number)
        answer = stream.choice([answer for answer in one.answers if answer.wrong])
        yield in_one_entry(number, place, answer, stream.choice(answer.wrong))
        yield followed(number, place, stream.choice(order(one)), stream)
        yield slips(number, stream)
        yield unreadable(number, stream)
        count -= 8


def rows(planted: Planted, student: str) -> str:
    lines = []
    for (problem, answer), text in planted.texts.items():
        quoted = text.replace('"', '""')
        lines.append(f'{student},{planted.variant},{problem}/{answer},"{quoted}"')
    return "\n".join(lines)

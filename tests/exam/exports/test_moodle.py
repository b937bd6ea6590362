"""The Moodle bank, read back, marks as the key does and shows nothing that was not meant."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from symnn.exam.exports import EXPORTS
from tests.exam.exports.marked_back import HOSTILE, answers, disagreements, hostile, made, small
from tests.exam.exports.moodle_reader import questions, read, shown


@pytest.fixture(scope="module")
def bank() -> bytes:
    (found,) = EXPORTS["moodle"].write(*made()).values()
    return found


@cache
def by_question() -> dict[tuple[int, str, str], list[str]]:
    """The answers of every question, in the order of their places."""
    found: dict[tuple[int, str, str], list[tuple[Any, str]]] = {}
    for (number, problem, _), answer in answers(made()[1]):
        found.setdefault((number, problem, answer.ask.id), []).append((answer.place, answer.id))
    return {question: [one for _, one in sorted(places)] for question, places in found.items()}


def names(number: int, problem: str, ask: str) -> list[str]:
    return by_question()[number, problem, ask]


@pytest.mark.time
def test_the_key_and_every_modelled_wrong_answer_are_marked_as_they_should_be(bank: bytes) -> None:
    assert list(disagreements(made()[1], read(bank, names))) == []


@pytest.mark.parametrize(
    ("pattern", "planted"),
    [
        (rb"(=-?[0-9.]+):[0-9.]+~", rb"\1:1000~"),
        pytest.param(rb"=(-?)([0-9.]+):", rb"=\g<1>7\2:", marks=pytest.mark.time),
        pytest.param(rb"The bias b2 is left out of Z2\.", b"Something else.", marks=pytest.mark.time),
        (rb'<answer fraction="0" ', b'<answer fraction="100" '),
        (rb"<tolerance>[0-9.]+", b"<tolerance>0"),
    ],
)
def test_a_planted_error_is_seen(pattern: bytes, planted: bytes) -> None:
    (bank,) = EXPORTS["moodle"].write(*small()).values()
    spoilt, count = re.subn(pattern, planted, bank)
    assert count
    assert any(disagreements(small()[1], read(spoilt, names)))


def test_what_people_write_is_shown_as_they_wrote_it() -> None:
    (found,) = EXPORTS["moodle"].write(*hostile()).values()
    pages = [one.page for one in questions(found)]
    assert pages
    assert all(shown(page).count(HOSTILE) == 3 for page in pages)
    # Before it is shown, nothing in it looks like a formula, a field, or the end of a section.
    for page in pages:
        assert "{1:" not in page
        assert r"\(x\)" not in page
    # A slash in a title is no level of its own.
    assert all(one.category.startswith("$course$/top/Quiz // ") for one in questions(found))


def test_every_question_has_a_category_with_all_its_variants(bank: bytes) -> None:
    categories: dict[str, list[str]] = {}
    for one in questions(bank):
        categories.setdefault(one.category, []).append(one.name)
    for held in categories.values():
        assert [name.split()[0] for name in held] == ["001", "002"]
        assert len({name.split(" ", 1)[1] for name in held}) == 1
    asks = [ask for one in made()[0].problems for ask in one.asks if ask.kind == "number"]
    assert len(categories) == len(asks)


def test_entries_of_an_array_weigh_the_same(bank: bytes) -> None:
    assert all(len(set(one.weights)) == 1 for one in questions(bank))


def test_the_same_set_gives_the_same_bytes(bank: bytes) -> None:
    assert list(EXPORTS["moodle"].write(*made()).values()) == [bank]

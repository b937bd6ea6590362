"""text2qti takes the quizzes, and the QTI that it makes of them marks as the key does."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from symnn.errors import InputError
from symnn.exam import Answer, ProblemSet, Variant, Wrong
from symnn.exam.exports import EXPORTS
from symnn.exam.exports.intervals import decimal, rational
from symnn.scalars import Exact
from tests.exam.exports.marked_back import HOSTILE, answers, disagreements, hostile, made, small
from tests.exam.exports.qti_reader import items, read, shown

pytestmark = pytest.mark.text2qti


@pytest.fixture
def convert(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    config = pytest.importorskip("text2qti.config")
    quiz, qti = pytest.importorskip("text2qti.quiz"), pytest.importorskip("text2qti.qti")
    monkeypatch.chdir(tmp_path)

    def converted(text: bytes) -> bytes:
        return bytes(qti.QTI(quiz.Quiz(text.decode(), config=config.Config(), source_name="quiz")).zip_bytes())

    return converted


def packages(of: tuple[ProblemSet, tuple[Variant, ...]], convert: Any, spoil: Any = None) -> dict[Any, Any]:
    files = EXPORTS["qti"].write(*of)
    found: dict[Any, Any] = {}
    for variant, text in zip(of[1], files.values(), strict=True):
        found |= read(variant.number, convert(spoil(text) if spoil else text))
    return found


def test_the_key_and_every_modelled_wrong_answer_are_marked_as_they_should_be(convert: Any) -> None:
    assert list(disagreements(made()[1], packages(made(), convert))) == []


@pytest.mark.parametrize(
    ("pattern", "planted"),
    [
        (rb"=   \[(\S+), \S+\]", rb"=   [\1, 1000]"),
        (rb"=   \[\S+, (\S+)\]", rb"=   [-1000, \1]"),
        (rb"The bias b2 is left out of Z2\.", b"Something else."),
        (rb" in units of \$10\^\{-\d+\}\$", b""),
    ],
)
def test_a_planted_error_is_seen(pattern: bytes, planted: bytes, convert: Any) -> None:
    spoilt = packages(small(), convert, lambda text: re.sub(pattern, planted, text))
    assert list(disagreements(small()[1], spoilt))


def test_what_people_write_is_shown_as_they_wrote_it(convert: Any) -> None:
    (text,) = EXPORTS["qti"].write(*hostile()).values()
    texts = [one for one in items(convert(text)) if one.kind == "text_only_question"]
    assert len(texts) == len(made()[0].problems)
    for one in texts:
        assert one.title.endswith(HOSTILE)
        # Markdown's quotes are the only thing that may look otherwise.
        assert shown(one.page).text.count(HOSTILE) == 3


def test_small_numbers_are_asked_for_in_units_in_which_canvas_keeps_them(convert: Any) -> None:
    whole, found = small()
    for factor in (Fraction(1, 10**6), Fraction(1, 10**9)):
        tiny = tuple(
            replace(one, problems=tuple(_times(solved, factor) for solved in one.problems)) for one in found[:1]
        )
        marks = packages((whole, tiny), convert)
        assert list(disagreements(tiny, marks)) == []
        assert sum(abs(Fraction(answer.shown)) < Fraction(1, 10**4) for _, answer in answers(tiny)) > 20


def _times(solved: Any, factor: Fraction) -> Any:
    return replace(solved, answers=tuple(_smaller(one, factor) for one in solved.answers))


def _smaller(answer: Answer, factor: Fraction) -> Answer:
    def wrong(one: Wrong) -> Wrong:
        return one._replace(value=_exact(one.value, factor), shown=decimal(Fraction(one.shown) * factor))

    return replace(
        answer,
        exact=_exact(answer.exact, factor),
        shown=decimal(Fraction(answer.shown) * factor),
        least=answer.least * factor,
        most=answer.most * factor,
        wrong=tuple(map(wrong, answer.wrong)),
        coincides=(),
    )


def _exact(value: Any, factor: Fraction) -> Exact:
    number = rational(value) * factor
    return Exact(f"{number.numerator}/{number.denominator}")


def test_numbers_that_no_scale_tells_apart_are_an_error() -> None:
    whole, found = small()
    tiny = tuple(
        replace(one, problems=tuple(_times(solved, Fraction(1, 10**60)) for solved in one.problems))
        for one in found[:1]
    )
    with pytest.raises(InputError, match="for Canvas to hold") as caught:
        EXPORTS["qti"].write(whole, tiny)
    said = str(caught.value)
    assert said.startswith(f"variant 1, {whole.problems[0].id}: the answer ")
    assert [part for part in ("right  ", "nearest wrong  from", "do  ", "--seed") if part not in said] == []


def test_points_are_in_the_proportions_of_the_sheet(convert: Any) -> None:
    whole, found = made()
    (text, *_) = EXPORTS["qti"].write(whole, found[:1]).values()
    points: dict[tuple[str, str], Fraction] = {}
    asks = {(problem, name): answer.ask for (_, problem, name), answer in answers(found[:1])}
    for one in items(convert(text)):
        if one.kind == "numerical_question":
            problem, name = one.title.split(" ")
            key = problem, asks[problem, name].id
            points[key] = points.get(key, Fraction(0)) + one.points
    ratios = {points[problem, ask.id] / ask.points for (problem, _), ask in asks.items()}
    assert len(ratios) == 1


def test_the_same_set_gives_the_same_bytes() -> None:
    assert EXPORTS["qti"].write(*made()) == EXPORTS["qti"].write(*made())

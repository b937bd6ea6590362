"""The key of a variant: for people, and as JSON in the format that docs/exams.md describes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from symnn.exam.key import PRINTED, KeyedProblem, first_shown, form_of, interval, key, keyed, mistake
from symnn.exam.key_json import exactly, key_data, key_json, laid_out
from symnn.exam.sheets import KINDS, sheet, sheet_context
from symnn.exam.way import lines_of, unasked
from symnn.exam.wording import Quantity
from symnn.library import as_balls
from symnn.report.form import Form
from symnn.report.numbers import array_latex
from symnn.report.pdf import typeset
from symnn.scalars import Exact
from tests.exam.quizzes import HOSTILE, hostile, made
from tests.report.pages import Page
from tests.report.tex import complaints

PAGE = (Path(__file__).parents[2] / "docs" / "exams.md").read_text(encoding="utf-8")
SCHEMA = json.loads(re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)[1])


def answers(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for problem in data["problems"]:
        for question in problem["questions"]:
            yield from question.get("answers", [])


def test_every_key_is_as_the_page_describes_it():
    wordings, variants = made()
    validator = jsonschema.Draft202012Validator(SCHEMA)
    validator.check_schema(SCHEMA)
    for variant in variants:
        validator.validate(json.loads(key_json(wordings, variant)))


def without_an_interval(data):
    del next(answers(data))["least"]


def with_a_float(data):
    next(answers(data))["exact"] = 0.5


def with_an_unknown_kind(data):
    data["problems"][0]["questions"][0]["kind"] = "guess"


def without_its_code(data):
    del data["problems"][0]["questions"][-1]["code"]


def with_a_zero_place(data):
    next(answers(data))["place"] = [0, 1]


@pytest.mark.parametrize(
    "spoil", [without_an_interval, with_a_float, with_an_unknown_kind, without_its_code, with_a_zero_place]
)
def test_the_schema_refuses_a_key_that_is_spoilt(spoil):
    wordings, (variant, *_) = made()
    data = json.loads(key_json(wordings, variant))
    spoil(data)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, SCHEMA)


def test_the_json_holds_every_answer_and_every_mistake_of_the_variant():
    wordings, variants = made()
    for variant in variants:
        for solved, problem in zip(variant.problems, key_data(wordings, variant)["problems"], strict=True):
            said = {one["number"]: one["said"] for one in problem["mistakes"]}
            found = {one["id"]: one for one in answers({"problems": [problem]})}
            assert {one.id for one in solved.answers} == set(found)
            for answer in solved.answers:
                told = found[answer.id]
                assert Fraction(told["least"]) == answer.least <= Fraction(told["shown"]) <= answer.most
                assert [said[one["mistake"]] for one in told["wrong"]] == [one.said for one in answer.wrong]
                assert [Fraction(one["shown"]) for one in told["wrong"]] == [
                    Fraction(one.shown) for one in answer.wrong
                ]


def test_points_of_answers_are_those_of_their_question_and_all_are_those_of_the_set():
    wordings, (variant, *_) = made()
    data = key_data(wordings, variant)
    total = Fraction(0)
    for problem in data["problems"]:
        for question in problem["questions"]:
            total += Fraction(question["points"])
            if question["kind"] == "number":
                each = [Fraction(one["points"]) for one in question["answers"]]
                assert sum(each) == Fraction(question["points"])
    assert total == Fraction(data["points"])


def test_an_exact_number_is_a_fraction_and_any_other_has_only_certified_decimals():
    third = as_balls(Exact("1/3"))
    assert exactly(Exact("1/3")) == "1/3"
    assert exactly(third) == "0." + "3" * 40
    _, variants = made()
    for solved in variants[0].problems:
        for answer in solved.answers:
            written = Exact(Fraction(exactly(answer.exact)))
            if isinstance(answer.exact, Exact):
                assert written == answer.exact
            else:
                assert abs(as_balls(answer.exact) - as_balls(written)) < as_balls(Exact(Fraction(1, 10**40)))


def test_questions_follow_from_those_whose_answers_they_need():
    wordings, (variant, *_) = made()
    (first, _) = key_data(wordings, variant)["problems"]
    follows = {one["id"]: one["follows"] for one in first["questions"]}
    assert follows["Z1"] == []
    assert follows["L"] == ["Z1"]
    assert follows["L-new"] == ["Z1", "dW1", "dW2-1-2", "W2-new"]
    assert follows["formula-dW2"] == follows["code-backward"] == []


def test_a_key_shows_what_is_found_on_the_way_and_nobody_is_asked_for():
    wordings, (variant, *_) = made()
    solved = variant.problems[0]
    found = unasked(wordings.of(solved.problem))
    assert found == {
        "Z1": (),
        "L": ("Z2",),
        "dW1": ("dZ2", "dZ1"),
        "dW2-1-2": (),
        "W2-new": ("dW2",),
        "L-new": ("db2", "db1", "W1_new", "b1_new", "b2_new", "Z1_new", "Z2_new"),
        "formula-dW2": (),
        "code-backward": (),
    }
    (told, *_) = (one.answers for one in key_problems(wordings, variant))
    lines = {one.ask.id: one.way for one in told}
    (line,) = lines["L"]
    assert line.startswith(r"\hat{y} = W_{2} z_{1} + b_{2} =")
    numbers, _ = array_latex(solved.values["Z2"], form_of(wordings.of(solved.problem), told[1].ask))
    assert line.endswith(numbers)
    assert [one.partition(" ")[0] for one in lines["L-new"][-2:]] == [
        r"{z_{1}}_{\text{new}}",
        r"{\hat{y}}_{\text{new}}",
    ]
    for kind in KINDS:
        assert "on the way" in key(wordings, variant, kind)
        assert "on the way" not in sheet(wordings, variant, kind)


def test_no_formula_of_a_value_after_the_step_names_quantities_before_it():
    wordings, (variant, *_) = made()
    wording = wordings.of(variant.problems[0].problem)
    before, after = wording.quantity("Z2"), wording.quantity("Z2_new")
    assert before.arrays == "W_{2} z_{1} + b_{2}"
    assert (after.arrays, after.entries) == (None, "")
    assert after.name == r"{\hat{y}}_{\text{new}}"


def key_problems(wordings, variant):
    sheets = sheet_context(wordings, variant)["problems"]
    return [KeyedProblem(one, keyed(one, solved)) for one, solved in zip(sheets, variant.problems, strict=True)]


def test_a_quantity_without_a_form_over_arrays_is_told_by_a_general_entry():
    _, (variant, *_) = made()
    quantity = Quantity("S2", "S", "forward", "total", "", "2", (), entries="S_{i} = E_{i}")
    values = {"S2": Exact(2)}
    assert list(lines_of(quantity, replace(variant.problems[0], values=values), Form())) == ["S_{i} = E_{i}", "S = 2"]


def test_a_mistake_is_told_at_the_first_question_where_it_shows():
    wordings, (variant, *_) = made()
    for solved in variant.problems:
        wording = wordings.of(solved.problem)
        first = first_shown(wording, solved)
        told = [one for found in first.values() for one in found]
        everywhere = {mistake(one) for answer in solved.answers for one in (*answer.wrong, *answer.coincides)}
        assert set(told) == everywhere
    text = " ".join(key(wordings, variant, "latex").split()).partition("Problem 2")[0]
    assert text.count(r"the bias $b_{1}$ is left out of $z_{1}$") == 1


def test_a_key_shows_every_answer_with_its_interval_its_points_and_its_mistakes():
    wordings, (variant, *_) = made()
    text = key(wordings, variant, "latex")
    sheets = sheet_context(wordings, variant)["problems"]
    for one, solved in zip(sheets, variant.problems, strict=True):
        for found in keyed(one, solved):
            assert rf"\textbf{{{found.number}.}} ({found.points} point" in text
            assert len(found.wrong) <= PRINTED
            for accepted in found.accepted:
                assert f"${accepted.shown}$ from ${accepted.least}$ to ${accepted.most}$" in text
        for answer in solved.answers:
            least, most = map(Fraction, interval(answer))
            assert answer.least <= least <= most <= answer.most
    assert "def backward(params, X, Y)" in text
    assert "def kernel" not in text
    assert "errors are carried forward from 1.1" in text


@pytest.mark.parametrize("kind", KINDS)
def test_titles_and_texts_of_other_people_are_text(kind):
    text = key(*hostile(), kind)
    assert HOSTILE not in text
    assert ("<script" if kind == "html" else r"\input{/etc") not in text


@pytest.mark.tex
def test_a_key_is_set_by_tex_without_a_complaint():
    wordings, variants = made()
    done = typeset({"key.tex": key(wordings, variants[0], "latex").encode()}, "key.tex")
    assert complaints(done.log) == ()


def test_a_page_is_well_formed():
    wordings, (variant, *_) = made()
    assert Page(key(wordings, variant, "html")).faults == []


def test_what_fits_a_line_stands_on_one():
    assert laid_out({"a": [1, 2], "b": {"c": "x" * 200}}) == (
        '{\n "a": [1, 2],\n "b": {\n  "c": "' + "x" * 200 + '"\n }\n}'
    )

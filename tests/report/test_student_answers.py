"""A student's sheet holds no answer: not in its text, not in its source, not in what it says to those who hear it."""

from __future__ import annotations

import itertools

import pytest

from symnn.library import names, work
from symnn.report import NOTATIONS, report
from symnn.report.styles import STYLES
from tests.grids import covering
from tests.report.sheets import answers, numbers_on, other_numbers, rendered, sheet, without_findings
from tests.report.telling import REPRESENTATIVE, bare

DETAILS = ("brief", "standard", "full")
# Every style with every detail, of derivations that stand for all; all in all where asked for.
WAYS = covering(itertools.product(REPRESENTATIVE, itertools.product(STYLES, DETAILS)))
SAMPLE = [(name, style, detail) for name, (style, detail) in WAYS]
NOTED = covering(itertools.product(("two-three-two", "or-gate"), NOTATIONS))


def test_the_sample_holds_every_derivation_that_stands_for_others_and_every_way():
    assert {name for name, _, _ in SAMPLE} == set(REPRESENTATIVE)
    assert {way for _, *way in map(list, SAMPLE) for way in [tuple(way)]} == set(itertools.product(STYLES, DETAILS))


@pytest.mark.parametrize(("name", "style", "detail"), SAMPLE)
def test_a_sheet_is_a_function_of_what_is_given(name, style, detail, monkeypatch):
    told = sheet(name, style=style, detail=detail)
    monkeypatch.setattr("symnn.report.context.work", other_numbers(work))
    assert rendered(name, style=style, detail=detail) == told


@pytest.mark.parametrize(("name", "notation"), NOTED)
def test_a_sheet_is_a_function_of_what_is_given_in_every_notation(name, notation, monkeypatch):
    told = sheet(name, notation=notation, detail="full")
    monkeypatch.setattr("symnn.report.context.work", other_numbers(work))
    assert rendered(name, notation=notation, detail="full") == told


def test_a_sheet_that_is_not_blank_is_found_by_both_searches(monkeypatch):
    monkeypatch.setattr("symnn.report.context.blank_passes", lambda derivation, passes: passes)
    told = rendered("two-three-two", style="upstream-local", detail="full")
    assert {"-154", "484", "-118", "260"} <= answers("two-three-two") & numbers_on(told["latex"], "latex")
    assert {"-154", "484", "-118", "260"} <= answers("two-three-two") & numbers_on(told["html"], "html")
    monkeypatch.setattr("symnn.report.context.work", other_numbers(work))
    assert rendered("two-three-two", style="upstream-local", detail="full") != told


@pytest.mark.parametrize(("name", "style", "detail"), SAMPLE)
def test_no_number_on_a_sheet_is_one_that_is_to_be_found(name, style, detail):
    told = sheet(name, style=style, detail=detail)
    found = {kind: answers(name) & numbers_on(text, kind) for kind, text in told.items()}
    assert found == {"latex": set(), "html": set()}


def test_the_search_knows_every_answer_of_the_lecture():
    # Forward, loss, gradients and updates of 2-3-2, but for those that equal a number that is given or counts.
    assert {"-22", "-21", "260", "-154", "484", "66", "-42", "132", "-32", "-118", "-354"} <= answers("two-three-two")
    assert {"3.096", "-7.952", "12.5554", "12.56", "-0.978", "-489/500"} <= answers("two-three-two")


@pytest.mark.parametrize("hidden", ["<# none #>-154", "% -154", "<!-- -154 -->", '<i title="-154"></i>', "$484$"])
def test_an_answer_in_a_template_is_found_wherever_it_hides(hidden, tmp_path):
    block = f"<% block problem %><< super() >>\n{hidden}\n<% endblock %>"
    (tmp_path / "student.j2").write_text(
        f'<% extends "symnn/student.j2" %>\n<% import format ~ "/blocks.j2" as b with context %>\n{block}\n'
    )
    told = rendered("two-three-two", templates=tmp_path)
    assert all(answers("two-three-two") & numbers_on(text, kind) for kind, text in told.items())


@pytest.mark.parametrize("name", names())
def test_nothing_of_a_derivation_but_its_problem_and_its_point_reaches_a_sheet(name):
    example = bare(name)
    told = sheet(name)
    assert report(without_findings(example), audience="student") == told
    _, *rest = example.text.split("\n\n")
    for text in told.values():
        assert not any(sentence in " ".join(text.split()) for part in rest for sentence in part.split(". "))


def test_a_sheet_has_the_title_without_what_it_says_of_the_findings():
    told = sheet("softmax-cross-entropy")
    assert "why the gradient is" in bare("softmax-cross-entropy").title
    assert all("why the gradient is" not in text for text in told.values())
    assert all("Softmax and categorical cross" in text for text in told.values())

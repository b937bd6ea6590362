"""A student's sheet: what is given and what is asked, made without any answer."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from symnn.exam.model import Answer
from symnn.exam.sheets import KINDS, Room, asked, bare, columns, givens, sheet
from symnn.exam.wording import MOST_ROOMS, ROOM_LATEX, counted
from symnn.report.form import BLANK_LATEX
from symnn.report.pdf import typeset
from symnn.scalars import Exact
from tests.exam.quizzes import HOSTILE, hostile, made
from tests.report.hostile import require_pdftotext
from tests.report.pages import Page
from tests.report.tex import complaints

MARK = 918273645


def with_other_answers(variant):
    """The variant with every answer, and every value that is not given, another number."""
    problems = []
    for solved in variant.problems:
        given = {*solved.point.parameters, *solved.point.data, *solved.problem.given}
        values = {
            name: value if name in given else np.full(np.shape(value), Exact(MARK), dtype=object)
            for name, value in solved.values.items()
        }
        answers = [
            Answer(one.ask, one.place, Exact(MARK), str(MARK), Fraction(MARK), Fraction(MARK)) for one in solved.answers
        ]
        problems.append(replace(solved, values=values, answers=tuple(answers)))
    return replace(variant, problems=tuple(problems))


@pytest.mark.parametrize("kind", KINDS)
def test_a_sheet_is_the_same_bytes_whatever_the_answers_are(kind):
    wordings, variants = made()
    for variant in variants:
        other = sheet(wordings, with_other_answers(variant), kind)
        assert str(MARK) not in other
        assert sheet(wordings, variant, kind) == other


def test_nothing_but_what_is_given_is_left_to_make_a_sheet_of():
    _, (variant, *_) = made()
    for solved in bare(variant).problems:
        given = {*solved.point.parameters, *solved.point.data, *solved.problem.given}
        assert set(solved.values) <= given
        assert all(one.exact is None and not one.shown and not one.wrong for one in solved.answers)


@pytest.mark.parametrize("kind", KINDS)
def test_a_sheet_changes_with_what_is_given(kind):
    wordings, (first, second) = made()
    assert sheet(wordings, first, kind) != sheet(wordings, replace(second, number=1), kind)


def test_a_sheet_asks_every_question_with_its_points_and_says_which_variant_it_is():
    wordings, (variant, *_) = made()
    text = " ".join(sheet(wordings, variant, "latex").split())
    for place, solved in enumerate(variant.problems, start=1):
        for count, (ask, _) in enumerate(asked(solved), start=1):
            assert rf"\textbf{{{place}.{count}.}} ({counted(ask.points)} point" in text
    for said in (
        "Variant 1",
        "quiz, variant 1",
        "Name:",
        "Date:",
        "Points:",
        f"of {counted(wordings.problem_set.points)}",
        "backward(params, X, Y)",
    ):
        assert said in text
    assert "rounded to 3 significant digits" in text
    assert "rounded to 4 decimals" in text


def test_what_a_problem_gives_is_printed():
    wordings, (variant, *_) = made()
    without, (same, *_) = made(('given = ["Z1"]', ""))
    with_it, other = variant.problems[1], same.problems[1]
    assert with_it.point == other.point
    (given,) = {*givens(wordings.of(with_it.problem), with_it)} - {*givens(without.of(other.problem), other)}
    assert given.startswith("z_{1} =")
    assert given in sheet(wordings, variant, "latex")
    assert given not in sheet(without, same, "latex")


@pytest.mark.time
def test_rounding_is_said_once_where_it_is_the_same_everywhere():
    wordings, (variant, *_) = made(("decimals = 4", "decimals = 2"), ("digits = 3\n", ""), count=1)
    text = sheet(wordings, variant, "html")
    assert text.count("rounded to 2 decimals") == 1


@pytest.mark.time
def test_entries_in_an_order_of_their_own_are_asked_for_one_by_one():
    wordings, variants = made(("[report]", "shuffle_entries = true\n\n[report]"), count=2)
    texts = [sheet(wordings, variant, "latex") for variant in variants]
    orders = [[one.place for one in variant.problems[0].answers if one.ask.id == "dW1"] for variant in variants]
    assert orders[0] != orders[1]
    for text, order in zip(texts, orders, strict=True):
        found = [
            text.index(rf"\frac{{\partial \ell}}{{\partial w_{{1,{row + 1}{column + 1}}}}} =") for row, column in order
        ]
        assert found == sorted(found)


@pytest.mark.parametrize("count", range(1, 25))
def test_no_row_of_entries_is_much_shorter_than_another(count):
    beside = columns((Room("Z_{11}", f"= {ROOM_LATEX}"),) * count)
    rows = -(-count // beside)
    assert 1 <= beside <= 4
    assert beside * rows - count < rows


def test_no_entries_stand_in_no_columns():
    assert columns(()) == 0


def test_a_matrix_has_room_for_numbers_written_by_hand_where_the_page_has():
    wordings, (variant, *_) = made()
    wording = wordings.of(variant.problems[0].problem)
    (whole,) = (ask for ask in variant.problems[0].problem.asks if ask.quantity == "dW1")
    assert wording.blank(whole).count(ROOM_LATEX) == 6
    wide = replace(whole, quantity="X")
    wording._found["X"] = replace(wording.quantity("X"), shape=(1, MOST_ROOMS + 1))
    assert wording.blank(wide).count(BLANK_LATEX) == MOST_ROOMS + 1


def pages(text, folder):
    """The text of every page of a LaTeX file."""
    done = typeset({"sheet.tex": text.encode()}, "sheet.tex")
    assert complaints(done.log) == ()
    (folder / "sheet.pdf").write_bytes(done.pdf)
    command = [require_pdftotext(), "-raw", "-enc", "UTF-8", "sheet.pdf", "-"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=60).stdout.decode().split("\f")  # noqa: S603


START, END, MARKED = r"\par\setbox\symnntogether", r"\par\egroup", "the last of it"

# What stands together on a page, by what it begins with.
TOGETHER = {"a problem with all that it gives": "Problem 2:", "a question with the room for its answer": "{2.2.}"}


@pytest.mark.tex
@pytest.mark.pdftotext
@pytest.mark.parametrize("what", TOGETHER)
def test_what_fits_a_page_stands_on_one(what, tmp_path):
    wordings, (variant, *_) = made()
    text = sheet(wordings, variant, "latex")
    first = TOGETHER[what]
    end = text.index(END, text.index(first))
    text = f"{text[:end]}\n\n{MARKED}{text[end:]}"
    start = text.rindex(START, 0, text.index(first))
    torn = []
    for height in range(0, 240, 40):
        pushed = rf"{text[:start]}\vspace*{{{height}mm}}{text[start:]}"
        assert not is_torn(pushed, first.strip("{}"), tmp_path)
        torn.append(is_torn(pushed.replace(r"\newpage", ""), first.strip("{}"), tmp_path))
    # Without the new page it does not.
    assert any(torn)


def is_torn(text, first, folder):
    """Tell whether a page ends between what something begins with and the last of it."""
    (page,) = (page for page in pages(text, folder) if first in page)
    return MARKED not in page.partition(first)[2]


@pytest.mark.parametrize("kind", KINDS)
def test_titles_and_texts_of_other_people_are_text(kind):
    text = sheet(*hostile(), kind)
    assert HOSTILE not in text
    assert ("<script" if kind == "html" else r"\input{/etc") not in text


@pytest.mark.tex
@pytest.mark.parametrize("made_by", ["plain", "hostile"])
def test_a_sheet_is_set_by_tex_without_a_complaint(made_by):
    wordings, variant = hostile() if made_by == "hostile" else (made()[0], made()[1][0])
    done = typeset({"sheet.tex": sheet(wordings, variant, "latex").encode()}, "sheet.tex")
    assert complaints(done.log) == ()


def test_a_page_is_well_formed_and_asks_for_nothing():
    wordings, (variant, *_) = made()
    page = Page(sheet(wordings, variant, "html"))
    assert page.faults == []
    assert page.scripts == []

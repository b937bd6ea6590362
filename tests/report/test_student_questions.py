"""What a student's sheet asks: every quantity once, as its style tells it, with the points of the rubric."""

from __future__ import annotations

import itertools
import re

import pytest

from symnn.library.rubric import rubric, total
from symnn.report.allotted import NEW_LOSS, UPDATE, allotted
from symnn.report.context import context_of
from symnn.report.form import BLANK_LATEX
from symnn.report.styles import STYLES
from symnn.report.telling import telling_of
from tests.grids import covering
from tests.report.sheets import sheet
from tests.report.telling import REPRESENTATIVE, bare
from tests.report.tex import compiled

BOX = r"\framebox"
# The derivations that are looked at, each in its own style.
LOOKED_AT = ("or-gate", "two-three-two", "two-three-one", "softmax-cross-entropy", "four-three-two-one")


def asked(name, **options):
    example = bare(name)
    return context_of(example, None, telling_of(example, {"audience": "student", **options}))["questions"]


def words(name, **options):
    return " ".join(sheet(name, **options)["latex"].split())


@pytest.mark.parametrize(("name", "style"), covering(itertools.product(REPRESENTATIVE, STYLES)))
def test_points_are_those_of_the_rubric_in_every_style(name, style):
    found = asked(name, style=style)
    derivation = bare(name).derivation
    points = allotted(derivation, [one.key for one in found])
    assert sum(points.values()) == total(rubric(derivation))
    assert set(points) <= {one.key for one in found}


def test_points_on_the_sheet_add_up_to_those_at_its_head():
    text = sheet("two-three-two")["latex"]
    each = [float(count) for count in re.findall(r"\(([\d.]+) points?\)", text)]
    (head,) = re.findall(r"of ([\d.]+)", text.split("The problem")[0])
    assert sum(each) == float(head) == float(total(rubric(bare("two-three-two").derivation)))


@pytest.mark.parametrize("style", STYLES)
def test_the_update_and_the_new_loss_are_asked_for_once(style):
    keys = [one.key for one in asked("two-three-two", style=style)]
    assert len(keys) == len(set(keys))
    assert keys[-2:] == [UPDATE, NEW_LOSS]


@pytest.mark.parametrize(("name", "style"), covering(itertools.product(LOOKED_AT, STYLES)))
def test_nobody_is_asked_for_what_is_given_or_earns_no_point(name, style):
    example = bare(name)
    given = {*example.point.parameters, *example.point.data}
    keys = {one.key for one in asked(name, style=style)} - {"nested", "count"}
    assert not keys & given
    assert "dX" not in keys
    assert keys <= set(allotted(example.derivation, keys))


def test_questions_are_numbered_from_one():
    numbers = re.findall(r"\\textbf\{(\d+)\.\}", sheet("two-three-two")["latex"])
    assert numbers == [str(count) for count in range(1, len(asked("two-three-two")) + 1)]


def test_a_question_says_which_layer_and_which_shape():
    assert r"the weights of layer 2, $\frac{\partial L}{\partial W^{(2)}}$ ($2 \times 3$)" in words(
        "two-three-two", style="scalar", notation="default"
    )


def test_every_style_asks_in_its_own_way():
    told = {style: words("two-three-one", style=style) for style in STYLES}
    assert {style for style, text in told.items() if "Find the delta of layer" in text} == {"delta"}
    assert {style for style, text in told.items() if "as one nested formula" in text} == {"nested"}
    assert {style for style, text in told.items() if "as a product along the chain" in text} == {"chain"}
    asked = "derivative of the loss with respect to each of"
    assert {style for style, text in told.items() if asked in text} == {"scalar", "chain"}


def test_entries_are_asked_for_in_the_shape_of_their_matrix():
    (found,) = (one for one in asked("two-three-two", style="scalar") if one.key == "dW2")
    assert (len(found.answers), found.columns) == (6, 3)
    (whole,) = (one for one in asked("two-three-two", style="upstream-local") if one.key == "dW2")
    assert whole.answers[-1].blank.count(BLANK_LATEX) == 6
    assert whole.answers[-1].blank.count("&") == 4


def test_a_detail_shows_more_than_the_one_before():
    brief, standard, full = (words("two-three-two", detail=detail) for detail in ("brief", "standard", "full"))
    assert BOX not in brief
    assert "Use:" not in brief
    assert BOX in standard
    assert "Use: chain rule" in standard
    # Names stand for themselves in a scaffold; in its numbers there are blanks.
    assert r"w_{2,11} z_{1,1}" in full
    assert r"w_{2,11} z_{1,1}" not in standard
    assert rf"2 \cdot {BLANK_LATEX}" in full


def test_how_many_paths_there_are_is_told_in_full_detail_only():
    several = [words("batch-normalisation", style="upstream-local", detail=detail) for detail in ("standard", "full")]
    assert [re.findall(r"sum over \d paths", text) != [] for text in several] == [False, True]


def test_an_entry_of_many_stands_for_all():
    assert "One of the 15 entries stands for all." in words("mean-squared-error", style="scalar")


def test_a_branch_that_depends_on_an_answer_is_left_to_the_reader():
    (relu,) = (one for one in asked("two-three-two-batched", style="scalar", detail="full") if one.label == "relu")
    assert all(answer.start[-1].endswith(BLANK_LATEX) for answer in relu.answers)


@pytest.mark.tex
@pytest.mark.parametrize("detail", ["standard", "full"])
@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_sheet_compiles_without_complaint(name, detail, tmp_path):
    assert compiled(sheet(name, detail=detail)["latex"], tmp_path).complaints == []

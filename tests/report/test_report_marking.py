"""The instructor's key: every point of the rubric stands somewhere, and every wrong answer is one of the library's."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest

from symnn.library import Mistakes, work
from symnn.library.rubric import rubric, total
from symnn.network import Dense, Network
from symnn.report import STYLES, marking, report
from symnn.report.audiences import DETAILS
from symnn.report.form import Form
from symnn.report.numbers import array_latex, is_elided, number
from symnn.report.said import told_in
from symnn.report.story import Teller
from symnn.report.telling import telling_of
from tests.grids import EVERYTHING, covering
from tests.report.examples import FINDINGS, OR_GATE
from tests.report.examples import example as drawn
from tests.report.hostile import faults
from tests.report.pages import Page
from tests.report.telling import REPRESENTATIVE, bare
from tests.report.test_hostile_names import NAMES
from tests.report.test_hostile_names import example as named
from tests.report.tex import compiled

EARNED = re.compile(r'<p class="earned"><strong>Marks</strong> <strong>(\S+) (?:points?|graded)</strong>')
NOT_LISTED = "Wrong answers are not listed for so large a network"
MOST_TELLING = "The most telling wrong answer at every step"


@cache
def planned(name):
    """The mistakes of a derivation at its point, all of them, and the right numbers."""
    given = bare(name)
    mistakes = Mistakes(given.derivation, given.source if isinstance(given.source, Network) else None)
    return mistakes.at(given.point, most=None), mistakes.right(given.point)


@cache
def told(name, style, detail="standard"):
    """The marking of a derivation in a style, and the keys of the steps that the style tells."""
    given = bare(name)
    telling = telling_of(given, {"style": style, "detail": detail, "audience": "instructor"})
    passes = work(given.derivation, given.point)
    rate = number(given.point.exact_rate)[0]
    teller = Teller(given.derivation, passes, rate, telling.notation, deltas=telling.style.deltas)
    views = telling.style.views(teller)
    keys = [view.key for view in (*views["forward"], *views["backward"])]
    return marking.marking(given, teller, keys, telling.parts), keys


class Cached:
    """Mistakes that are worked out once at a point, which is kept, so that no other point is taken for it."""

    def __init__(self, mistakes):
        self.mistakes, self.known = mistakes, {}

    def at(self, point, most=None):
        if (id(point), most) not in self.known:
            self.known[id(point), most] = point, self.mistakes.at(point, most=most)
        return self.known[id(point), most][1]

    def right(self, point):
        if id(point) not in self.known:
            self.known[id(point)] = point, self.mistakes.right(point)
        return self.known[id(point)][1]


@cache
def mistakes_of(derivation, network):
    return Cached(Mistakes(derivation, network))


@pytest.fixture(autouse=True)
def planned_once(monkeypatch):
    """Mistakes are the same in every style and every test, and are not planned anew for each."""
    monkeypatch.setattr(marking, "Mistakes", mistakes_of)


# Points


def points_of(found):
    """The points that the steps of a marking show."""
    return sum((Fraction(marks.points) for marks in found.steps.values()), Fraction(0))


def lost(found, derivation, keys):
    """Return what is wrong with the points of a marking."""
    rows = rubric(derivation)
    by_array = {one.array: one for marks in found.steps.values() for one in marks.graded if one.points != "0"}
    faulty = [name for name in {one.array for one in rows} if name not in by_array]
    faulty += [
        one.array
        for one in by_array.values()
        if Fraction(one.points) != total(row for row in rows if row.array == one.array)
    ]
    sums = (points_of(found), Fraction(found.total), sum(Fraction(part.points) for part in found.parts))
    faulty += [f"{one} in all" for one in sums if one != total(rows)]
    shown = {*keys, "the update", "the new loss"}
    return faulty + [f"{key} is not shown" for key in found.steps if key not in shown]


TELLINGS = covering(itertools.product(REPRESENTATIVE, STYLES))


@pytest.mark.parametrize(("name", "style"), TELLINGS)
def test_no_point_of_the_rubric_is_lost_in_any_style(name, style):
    found, keys = told(name, style)
    assert lost(found, bare(name).derivation, keys) == []


def test_a_lost_point_is_seen():
    found, keys = told("two-three-two", "delta")
    derivation = bare("two-three-two").derivation
    for key in found.steps:
        if found.steps[key].points != "0":
            without = {other: marks for other, marks in found.steps.items() if other != key}
            assert lost(replace(found, steps=without), derivation, keys), key
    assert lost(replace(found, total="17"), derivation, keys)
    assert lost(found, derivation, keys[1:])


@pytest.mark.parametrize("name", REPRESENTATIVE)
def test_the_page_shows_the_points_of_the_rubric(name):
    page = report(bare(name), FINDINGS, audience="instructor")["html"]
    shown = [Fraction(count) for count in EARNED.findall(page) if count != "not"]
    assert sum(shown) == total(rubric(bare(name).derivation))
    assert f"There are {float(sum(shown)):g} points in all" in Page(page).text


@pytest.mark.parametrize("style", STYLES)
def test_a_page_in_every_style_shows_the_points_of_the_rubric(style):
    texts = report(bare("two-three-two"), FINDINGS, audience="instructor", style=style)
    assert sum(Fraction(count) for count in EARNED.findall(texts["html"]) if count != "not") == 18
    assert texts["latex"].count(r"\textbf{Marks}") == texts["html"].count('class="marks"') > 5


# Wrong answers


def words(pieces):
    return [(piece.text, piece.is_name) for piece in pieces]


FORMS = [Form(decimals=Form().decimals + more) for more in marking.MORE]


@cache
def library(name):
    """How the library's wrong answers may be printed: whole arrays that do not look right, and entries."""
    answers, right = planned(name)
    whole, entries = set(), set()
    for form in FORMS:
        looks_right = {array: array_latex(values, form)[0] for array, values in right.items()}
        for answer in answers:
            for array, values in answer.arrays.items():
                whole.add((array, array_latex(values, form)[0]))
        whole -= set(looks_right.items())
    for answer in answers:
        for array, values in answer.arrays.items():
            if is_elided(values):
                entries |= {(array, number(value, FORMS[0])[0]) for value in values.flat}
    return whole, entries


def strangers(found, name):
    """Return the wrong answers of a marking that the library does not give, or that look like the right ones."""
    whole, entries = library(name)
    shown = [(one.array, wrong) for marks in found.steps.values() for one in marks.graded for wrong in one.wrong]
    return [
        (array, wrong.latex)
        for array, wrong in shown
        if (array, re.sub(r".*(?:=|\\approx) " if wrong.alone else r"^\\approx ", "", wrong.latex))
        not in (entries if wrong.alone else whole)
    ]


@pytest.mark.parametrize(("name", "style"), TELLINGS if EVERYTHING else TELLINGS[::3])
def test_every_wrong_answer_shown_is_one_of_the_librarys_and_looks_wrong(name, style):
    found, _ = told(name, style)
    assert strangers(found, name) == []
    assert any(one.wrong for marks in found.steps.values() for one in marks.graded)


def test_a_strange_wrong_answer_is_seen():
    _, right = planned("two-three-two")
    found, _ = told("two-three-two", "scalar")
    marks = found.steps["Z2"]
    (graded,) = marks.graded
    for latex in ("12", r"\begin{bmatrix} -20 \\ -8 \end{bmatrix}", array_latex(right["Z2"])[0]):
        changed = replace(graded, wrong=(replace(graded.wrong[0], latex=latex),))
        steps = {"Z2": replace(marks, graded=(changed,))}
        assert strangers(replace(found, steps=steps), "two-three-two") == [("Z2", latex)]


def test_what_is_said_is_what_the_library_says_with_the_symbols_of_the_report():
    answers, _ = planned("two-three-two")
    said = {one.said for one in answers} | {text for one in answers for text in one.same_as}
    found, _ = told("two-three-two", "scalar")
    symbols = {r"\hat{y}": "Z2", "z_{1}": "Z1", "W_{1}": "W1", "W_{2}": "W2", "b_{1}": "b1", "b_{2}": "b2", "x": "X"}
    symbols |= {"y": "Y", "n_{2}": "n2"}
    shown = [
        "".join(symbols.get(piece.text, piece.text) if piece.is_name else piece.text for piece in each)
        for marks in found.steps.values()
        for one in marks.graded
        for wrong in one.wrong
        for each in (wrong.said, *wrong.same_as)
    ]
    assert len(shown) > 30
    assert set(shown) <= said


def test_a_wrong_answer_that_prints_like_the_right_one_is_printed_longer_or_by_an_entry_that_differs():
    found, _ = told("two-three-one", "upstream-local")
    early = [wrong.latex for wrong in found.steps["dX"].graded[0].wrong]
    assert any(re.search(r"\d\.\d{6}", latex) for latex in early)
    found, _ = told("cross-entropy-of-two-predictions", "upstream-local")
    assert [wrong.alone for wrong in found.steps["dP"].graded[0].wrong] == [True] * 3
    assert found.steps["dP"].graded[0].wrong[0].latex == r"\frac{\partial L}{\partial P_{51}} = \tfrac{100}{33}"


SAID = {
    "the bias b2 is left out": [("the bias ", False), ("B", True), (" is left out", False)],
    "in a sum over all of them": [("in a sum over all of them", False)],
    "the gradient with respect to gamma": [("the gradient with respect to ", False), (r"\gamma", True)],
    "b2": [("B", True)],
    "b22 and xb2": [("b22 and xb2", False)],
    "1/(m b2)": [("1/(", False), ("m", True), (" ", False), ("B", True), (")", False)],
}


@pytest.mark.parametrize("text", SAID)
def test_names_are_told_apart_from_words(text):
    symbols = {"b2": "B", "a": "a", "sum": "s", "all": "t", "gamma": r"\gamma", "m": "m"}
    assert words(told_in(text, symbols)) == SAID[text]


# What stands in the document


@pytest.mark.parametrize("kind", ["latex", "html"])
def test_the_key_says_once_what_follow_through_is_and_what_cannot_be_told_apart(kind):
    text = " ".join(report(bare("two-three-two"), FINDINGS, audience="instructor")[kind].split())
    assert text.count("Follow-through: numbers that follow rightly from a wrong answer before them earn") == 1
    assert "Only what is written beside the numbers tells which of them was made" in text
    assert "The first of these wrong answers costs points" in text
    assert NOT_LISTED not in text
    assert MOST_TELLING not in text


def test_the_brief_key_has_one_table_of_points_and_one_wrong_answer_an_array():
    page = report(bare("two-three-two"), FINDINGS, audience="instructor", detail="brief")["html"]
    assert EARNED.findall(page) == []
    assert MOST_TELLING in page
    found, _ = told("two-three-two", "scalar", "brief")
    assert {len(one.wrong) for part in found.parts for one in part.graded} <= {0, 1}


def test_more_detail_shows_more_wrong_answers():
    counts = []
    for detail in DETAILS:
        found, _ = told("two-three-two", "scalar", detail)
        counts.append(sum(len(one.wrong) for part in found.parts for one in part.graded))
    assert counts == sorted(set(counts))


@pytest.mark.parametrize("audience", ["solution", "student", "slides"])
def test_nobody_else_is_shown_marks(audience):
    for text in report(bare("or-gate"), FINDINGS, audience=audience).values():
        assert "follow-through" not in text.lower()
        assert "wrong answer" not in text


def too_large():
    return drawn(Network(inputs=60, layers=[Dense(40, "relu"), Dense(5)], loss="half-squared-error"), 2)


@pytest.mark.tex
def test_the_key_of_a_network_too_large_fits_the_page(tmp_path):
    assert compiled(report(too_large(), FINDINGS, audience="instructor")["latex"], tmp_path).complaints == []


def test_of_a_network_too_large_the_key_has_the_points_and_says_that_wrong_answers_are_not_listed():
    given = too_large()
    texts = report(given, FINDINGS, audience="instructor")
    for text in texts.values():
        assert NOT_LISTED in " ".join(text.split())
    shown = sum(Fraction(count) for count in EARNED.findall(texts["html"]) if count != "not")
    assert shown == total(rubric(given.derivation))


@pytest.mark.tex
@pytest.mark.parametrize("samples", [1, 8])
def test_wide_wrong_answers_stay_on_the_page(samples, tmp_path):
    network = Network(inputs=8, layers=[Dense(8, "sigmoid"), Dense(8, "softmax")], loss="squared-error")
    texts = report(drawn(network, samples, 3), FINDINGS, audience="instructor", detail="full")
    assert NOT_LISTED not in " ".join(texts["latex"].split())
    assert compiled(texts["latex"], tmp_path).complaints == []


# Names

WORDS = {name: name for name in ("items", "values", "update", "get", "keys", "pop", "loss", "the")}


@pytest.mark.time
@pytest.mark.parametrize("name", [*NAMES.values(), *WORDS], ids=[*NAMES, *WORDS])
def test_a_name_of_any_kind_is_harmless_in_the_key(name):
    given = named(name)
    texts = report(given, FINDINGS, audience="instructor")
    assert faults(Page(texts["html"])) == []
    shown = sum(Fraction(count) for count in EARNED.findall(texts["html"]) if count != "not")
    assert shown == total(rubric(given.derivation))


@pytest.mark.tex
@pytest.mark.parametrize("name", [*NAMES.values(), *WORDS], ids=[*NAMES, *WORDS])
def test_a_name_of_any_kind_is_set_in_the_key(name, tmp_path):
    texts = report(named(name), FINDINGS, audience="instructor")
    log = compiled(texts["latex"], tmp_path)
    assert [*log.errors, *log.undefined] == []
    assert log.made


def test_a_learning_rate_of_nothing_leaves_no_wrong_update_to_be_shown():
    given = replace(OR_GATE, point=replace(OR_GATE.point, learning_rate="0"), published=(), exhibits=tuple)
    assert "after the step" in report(given, FINDINGS, audience="instructor")["latex"]

"""Figures that a lecture carried with few decimals stand in the report as it printed them, beside the exact ones."""

from __future__ import annotations

import pytest

from symnn.library import Figure, load, names, work, work_after
from symnn.report.names import Names
from symnn.report.numbers import array_latex
from symnn.report.published import carried_texts, printed_latex, quantity_latex, worked
from tests.report.test_report_documents import texts

CARRIED = [name for name in names() if any(figure.carry for figure in load(name).published)]
OR_GATE = load("or-gate")
PASSES = work_after(OR_GATE.derivation, OR_GATE.point, range(2), carry=3)


@pytest.mark.parametrize(
    "figure", OR_GATE.published, ids=[f"{figure.of} after {figure.after}" for figure in OR_GATE.published]
)
def test_row_7_carried_with_three_decimals_is_what_the_lecture_printed(figure):
    assert carried_texts(figure, PASSES[figure.after], OR_GATE.point) == figure.printed


@pytest.mark.parametrize("carry", [2, 4])
def test_with_other_decimals_the_lecture_is_not_reproduced(carry):
    passes = work_after(OR_GATE.derivation, OR_GATE.point, range(2), carry=carry)
    assert any(
        carried_texts(figure, passes[figure.after], OR_GATE.point) != figure.printed for figure in OR_GATE.published
    )


def test_without_carrying_the_lecture_is_not_reproduced():
    passes = work(OR_GATE.derivation, OR_GATE.point)
    off = {
        figure.of
        for figure in OR_GATE.published
        if carried_texts(figure, passes[figure.after], OR_GATE.point) != figure.printed
    }
    assert off == {"dW1", "W1", "Z1"}


def test_a_figure_that_was_not_printed_is_seen():
    wrong = Figure("dW1", [["-0.048", "-0.039"]], "carried", carry=3)
    assert carried_texts(wrong, PASSES[0], OR_GATE.point) == [["-0.048", "-0.038"]] != wrong.printed


@pytest.mark.parametrize("name", CARRIED)
def test_the_report_shows_carried_and_exact_figures_side_by_side(name):
    given, made = load(name), texts(name)["latex"]
    written = Names(given.derivation)
    exact = work_after(given.derivation, given.point, {figure.after for figure in given.published})
    for one in worked(given, written):
        table = made[made.index(f"worked with {one.carry} decimals") :]
        for figure, row in zip(given.published, one.rows, strict=True):
            assert row["exact"] == array_latex(exact[figure.after].values[figure.of])[0]
            assert f"& ${row['carried']}$ & ${row['exact']}$" in table


def test_the_report_of_row_7_holds_the_prints_in_the_carried_column():
    (one,) = worked(OR_GATE, Names(OR_GATE.derivation))
    assert [row["carried"] for row in one.rows] == [printed_latex(figure.printed) for figure in OR_GATE.published]
    assert any(row["carried"] != row["exact"] for row in one.rows)


QUANTITIES = {
    ("or-gate", "dZ1"): r"\frac{\partial L}{\partial Z^{(1)}}",
    ("or-gate", "-Z1"): "-Z^{(1)}",
    ("descent-on-a-surface", "-rate*dx"): r"-\alpha \frac{\partial L}{\partial x}",
    ("four-three-two-one", "parameters"): r"\text{number of parameters}",
}


@pytest.mark.parametrize(("name", "of"), QUANTITIES)
def test_the_report_writes_what_a_figure_is_printed_of(name, of):
    assert quantity_latex(of, Names(load(name).derivation)) == QUANTITIES[name, of]


def test_the_report_says_what_a_computed_print_is():
    said = "A print that is computed is what the equations give in double precision"
    assert said in texts("numerical-check")["latex"]
    assert said not in texts("or-gate")["latex"]


@pytest.mark.parametrize("name", sorted(set(names()) - set(CARRIED)))
def test_a_derivation_without_carried_figures_has_no_such_table(name):
    assert worked(load(name), Names(load(name).derivation)) == ()

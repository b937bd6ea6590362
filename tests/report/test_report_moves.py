"""How derivatives are found is told move by move, for every row, in both formats."""

from __future__ import annotations

import re

import pytest

from symnn.derivation.ways import ways_of
from symnn.derivation.ways_laws import LAWS
from symnn.errors import InputError
from symnn.library import load, names
from symnn.report import report
from symnn.report.moves import Told, Unmoved, derivatives, in_pieces
from symnn.report.render import mathml_of
from symnn.report.rows import FULL, fitted, width_of_latex
from symnn.rules import ACTIVATIONS, LOSSES, NORMALISERS
from symnn.rules.losses import p, y
from tests.report.examples import FINDINGS
from tests.report.telling import bare

ROWS = {**ACTIVATIONS, **NORMALISERS, **LOSSES}


@pytest.mark.parametrize("name", ROWS)
def test_every_row_tells_how_its_derivative_is_found_or_why_there_is_none(name):
    told = derivatives((name,))
    assert told
    if getattr(ROWS[name], "no_gradient", None):
        (unmoved,) = told
        assert isinstance(unmoved, Unmoved)
        assert (unmoved.row, unmoved.reason) == (name, ROWS[name].no_gradient)
        assert ("cases" in unmoved.formula) == (name in ACTIVATIONS)
        assert "merror" not in str(mathml_of(unmoved.formula, display=True))
        return
    assert [way.way for way in told] == [way.name for way in ways_of(name)]
    for way in told:
        assert isinstance(way, Told)
        for text in (way.start, *(after for _, _, after in way.moves)):
            assert "merror" not in str(mathml_of(text, display=True))
            assert "Subs" not in text
            assert "Derivative" not in text


def test_every_loss_is_told_by_a_derivation_that_ships():
    told = {row for name in names() for row in load(name).rows}
    assert LOSSES.keys() <= told


def test_a_loss_without_a_gradient_is_told_with_its_reason_and_with_what_is_taken_instead():
    flat = [row for row in LOSSES.values() if row.no_gradient]
    assert [row.name for row in flat] == ["zero-one"]
    assert derivatives(("zero-one",)) == (
        Unmoved("zero-one", r"\ell(\hat y, y) = [\hat y \ne y]", flat[0].no_gradient, ("hinge", "perceptron")),
    )


@pytest.mark.parametrize("name", derivatives(("zero-one",))[0].instead)
def test_what_is_taken_instead_has_a_slope_wherever_a_prediction_is_wrong(name):
    for label in (-1, 1):
        slope = LOSSES[name].summand.diff(p).subs(y, label)
        assert [slope.subs(p, -label * far) for far in (1, 5)] == [-label, -label]


def test_the_sigmoid_is_told_by_substitution_and_by_the_quotient_rule():
    assert [way.way for way in derivatives(("sigmoid",))] == ["substitution", "quotient rule"]
    assert {way.moves[-1][2] for way in derivatives(("sigmoid",))} == {r"a \left(1 - a\right)"}


def test_a_factor_with_a_minus_sign_stands_in_brackets():
    (by_substitution, _) = derivatives(("sigmoid",))
    powers = [after for rule, _, after in by_substitution.moves if rule == "power rule"]
    assert r"\left(-\frac{1}{u^{2}}\right)" in powers[0]


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if getattr(row, "no_gradient", None) is None])
def test_a_derivative_is_partial_by_one_of_several_logits_and_of_a_loss_and_any_other_is_not(name):
    for way in derivatives((name,)):
        text = way.start + " ".join(after for _, _, after in way.moves)
        assert (r"\partial" in text) == (name not in ACTIVATIONS)
        # In a loss the square or the logarithm by u, and the activation by its logit, are of one variable.
        plain = r"\mathrm{d} u" in text or "sigmoid" in way.way
        assert (r"\mathrm{d}" in text) == (name in ACTIVATIONS or (name in LOSSES and plain))


@pytest.mark.parametrize("name", ROWS)
def test_every_move_is_set_in_rows_that_fit_a_page(name):
    for way in derivatives((name,)):
        if isinstance(way, Told):
            for text in (way.start, *(f"= {after}" for _, _, after in way.moves)):
                rows = fitted(text).split(r" \\ &")
                assert max(map(width_of_latex, rows)) <= FULL, text


@pytest.mark.parametrize("rule", LAWS)
def test_a_law_is_words_with_formulas_between(rule):
    pieces = in_pieces(LAWS[rule])
    words, formulas = pieces[::2], pieces[1::2]
    assert len(words) == len(formulas) + 1
    assert not any(set(text) & set("^_\\{}|=") for text in words)
    assert all("merror" not in str(mathml_of(formula)) for formula in formulas)


def test_the_formulas_of_a_law_are_set_as_formulas():
    assert derivatives(("sigmoid",))[0].moves[1][1] == ("the derivative of ", "u^n", " is ", "n u^{n-1}", "")
    texts = report(bare("loss-table"), FINDINGS)
    assert "Power rule: the derivative of $u^n$ is $n u^{n-1}$." in texts["latex"]
    assert "`" not in texts["html"].split("How the derivatives are found")[1].split("<h2")[0]


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_is_told_in_the_letter_of_its_row(name):
    for way in derivatives((name,)):
        if isinstance(way, Told):
            text = way.start + " ".join(after for _, _, after in way.moves)
            letter = next(letter for letter in (r"\hat y", r"\hat\ell", "z") if letter in LOSSES[name].latex)
            assert letter in text
            assert not re.search(r"(?<![a-z\\])[pa](?![a-z])", text.replace("\\partial", ""))


def test_a_target_stands_before_its_prediction_and_a_size_before_its_bound():
    ((hinge,), (huber,)) = (derivatives((name,)) for name in ("hinge", "huber"))
    assert r"1 - y \hat y & y \hat y < 1" in hinge.start
    assert r"\left|{\hat y - y}\right| \leq \delta" in huber.start


def test_a_product_left_as_it_was_written_keeps_its_factors():
    sigmoid = derivatives(("binary-cross-entropy",))[1]
    assert (
        sigmoid.moves[-2][2]
        == r"\frac{\hat y - y}{\hat y \left(1 - \hat y\right)} \cdot \hat y \left(1 - \hat y\right)"
    )
    assert sigmoid.moves[-1][2] == r"\hat y - y"


def test_a_sum_of_several_terms_over_units_stands_in_brackets():
    divergence = derivatives(("kl-divergence",))[1]
    assert r"\sum_{j} \left(y_{j} \log y_{j} - y_{j} \log" in divergence.start
    assert r"-\sum_{j} y_{j} \log" in divergence.moves[0][2]


def test_a_long_fraction_that_ends_is_a_decimal():
    (way,) = derivatives(("gelu-tanh",))
    assert "0.044715 z^{2}" in way.start


def test_a_row_that_is_in_no_table_is_refused():
    with pytest.raises(InputError, match="unknown activation or loss 'hubber': did you mean 'huber'"):
        derivatives(("hubber",))

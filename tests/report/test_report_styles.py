"""Any derivation is told in any style and any notation, and each style says what it is there to say."""

from __future__ import annotations

import ast
import itertools
import operator
import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from sympy import Sum

from symnn.derivation import derive
from symnn.equations import Equation, Program
from symnn.errors import InputError
from symnn.library import Point, load, names, rounded
from symnn.notation import LOSS, SAMPLES, adjoint_name, index, scalar, tensor
from symnn.report import FORMATS, NOTATIONS, STYLES, report
from symnn.report.concrete import MOST_ENTRIES
from symnn.report.entrywise import summands, told_gradient
from symnn.report.numbers import number
from symnn.report.styles import chain, nested
from tests.grids import covering
from tests.report.examples import FINDINGS, example, networks
from tests.report.telling import REPRESENTATIVE, bare, concrete, plain, told
from tests.report.test_report_documents import whole_page
from tests.report.tex import compiled

# Every derivation, every style, every notation


@pytest.mark.parametrize(("name", "style", "notation"), covering(itertools.product(REPRESENTATIVE, STYLES, NOTATIONS)))
def test_a_derivation_is_told_in_any_style_and_any_notation(name, style, notation):
    made = told(name, style, notation)
    assert made.keys() == FORMATS.keys()
    whole_page(made["html"])
    assert made["latex"].count(r"\begin{aligned}") == made["latex"].count(r"\end{aligned}") > 0


@pytest.mark.tex
@pytest.mark.parametrize(("name", "style", "notation"), covering(itertools.product(names(), STYLES, NOTATIONS)))
def test_a_derivation_compiles_and_fits_the_page_in_any_style_and_any_notation(name, style, notation, tmp_path):
    assert compiled(told(name, style, notation)["latex"], tmp_path).complaints == []


ODD = [
    "softmax, squared-error, samples-first",
    "softmax, categorical-cross-entropy, features-first",
    "relu, half-squared-error, features-first",
    "sigmoid, binary-cross-entropy, samples-first",
]


def without_a_file(which, style):
    return report(example(networks()[which]), FINDINGS, style=style, notation="brackets")


@pytest.mark.parametrize(("which", "style"), covering(itertools.product(ODD, STYLES)))
def test_a_network_without_a_file_is_told_in_any_style(which, style):
    whole_page(without_a_file(which, style)["html"])


@pytest.mark.tex
@pytest.mark.parametrize(("which", "style"), covering(itertools.product(ODD, STYLES)))
def test_a_network_without_a_file_is_set_in_any_style(which, style, tmp_path):
    assert compiled(without_a_file(which, style)["latex"], tmp_path).complaints == []


UNKNOWN = {"style": ("by-heart", "no style"), "notation": ("runes", "no notation")}


@pytest.mark.parametrize(("option", "value"), [(option, value) for option, (value, _) in UNKNOWN.items()])
def test_an_unknown_style_or_notation_is_refused_by_name(option, value):
    with pytest.raises(InputError, match=value):
        report(bare("or-gate"), FINDINGS, **{option: value})


DECLARED = {
    "or-gate": ("upstream-local", None),
    "or-gate-one-sample": ("upstream-local", None),
    "two-three-two": ("scalar", "subscript"),
    "two-three-one": ("delta", "delta-lecture"),
    "four-three-two-one": ("nested", "w-ij-k"),
    "two-two-one-regression": ("chain", "w-ij-k"),
}


@pytest.mark.parametrize(("name", "declared"), DECLARED.items())
def test_a_derivation_is_told_as_its_lecture_tells_it(name, declared):
    assert (load(name).style, load(name).notation) == declared
    assert told(name) == told(name, *declared)


# What each style says

R = r"\frac{{\partial L}}{{\partial {}}}".format
PREDICTION = r"\hat{y}"
NINE = {
    "w^{2}_{11}": (r"\cdot \frac{\partial \hat{y}}{\partial w^{2}_{11}}", "30448"),
    "w^{2}_{21}": (r"\cdot \frac{\partial \hat{y}}{\partial w^{2}_{21}}", "30448"),
    "b_{21}": (r"\cdot \frac{\partial \hat{y}}{\partial b_{21}}", "346"),
    **{
        f"w^{{1}}_{{{i}{j}}}": (
            rf"\cdot \frac{{\partial \hat{{y}}}}{{\partial O_{{1{j}}}}} "
            rf"\cdot \frac{{\partial O_{{1{j}}}}}{{\partial w^{{1}}_{{{i}{j}}}}}",
            "27680" if i == 1 else "2768",
        )
        for i, j in itertools.product((1, 2), (1, 2))
    },
    **{
        f"b_{{1{j}}}": (
            rf"\cdot \frac{{\partial \hat{{y}}}}{{\partial O_{{1{j}}}}} "
            rf"\cdot \frac{{\partial O_{{1{j}}}}}{{\partial b_{{1{j}}}}}",
            "346",
        )
        for j in (1, 2)
    },
}


@pytest.mark.parametrize("parameter", NINE)
def test_row_23_tells_each_of_its_nine_derivatives_through_the_chain(parameter):
    links, value = NINE[parameter]
    text = plain(told("two-two-one-regression")["latex"])
    start = text.index(f"{R(parameter)} = {R(PREDICTION)} {links}")
    assert f"= {value}" in text[start : text.index(r"\end{aligned}", start)]
    assert len(NINE) == 9


def test_row_22_lists_its_26_derivatives_and_nests_its_layers():
    text = plain(told("four-three-two-one")["latex"])
    assert r"\hat{y} = \sigma(\sigma(\sigma(a^{0} W^{1} + b^{1}) W^{2} + b^{2}) W^{3} + b^{3})" in text
    assert "There are 26 parameters" in text
    widths = (4, 3, 2, 1)
    wanted = [
        *(
            f"w^{{{k}}}_{{{i}{j}}}"
            for k in (1, 2, 3)
            for i in range(1, widths[k - 1] + 1)
            for j in range(1, widths[k] + 1)
        ),
        *(f"b_{{{k}{j}}}" for k in (1, 2, 3) for j in range(1, widths[k] + 1)),
    ]
    assert len(wanted) == 26
    table = text[text.index("The derivatives one by one") : text.index(r"\section*{The gradient}")]
    for parameter in wanted:
        assert table.count(f"{R(parameter)}$") == 1, parameter


def test_row_10_tells_two_paths_and_gathers_them():
    text = plain(told("two-three-two")["latex"])
    wanted = (
        r"\frac{\partial \ell}{\partial z_{1,1}} = "
        r"\frac{\partial \ell}{\partial \hat{y}_{1}} \cdot \frac{\partial \hat{y}_{1}}{\partial z_{1,1}} + "
        r"\frac{\partial \ell}{\partial \hat{y}_{2}} \cdot \frac{\partial \hat{y}_{2}}{\partial z_{1,1}} = "
        r"\frac{\partial \ell}{\partial \hat{y}_{1}} \cdot w_{2,11} + "
        r"\frac{\partial \ell}{\partial \hat{y}_{2}} \cdot w_{2,21} = (-22) \cdot 2 + (-6) \cdot (-2) = -32"
    )
    assert wanted in text
    rule = r"\frac{\partial \ell}{\partial z_{1}} = {W_{2}}^{\!\top} \frac{\partial \ell}{\partial \hat{y}}"
    assert text.index(wanted) < text.index(rule)


DELTAS = [
    r"z^{(2)} = X W^{(1)}",
    r"\delta^{(3)} = (\hat{y} - y) \odot \sigma'\bigl(z^{(3)}\bigr)",
    r"\delta^{(2)} = \delta^{(3)} {W^{(2)}}^{\!\top} \odot \sigma'\bigl(z^{(2)}\bigr)",
    r"\frac{\partial J}{\partial W^{(2)}} = {a^{(2)}}^{\!\top} \delta^{(3)}",
    r"\frac{\partial J}{\partial W^{(1)}} = {X}^{\!\top} \delta^{(2)}",
]


@pytest.mark.parametrize("rule", DELTAS)
def test_row_15_tells_the_delta_rule_in_matrices(rule):
    assert rule in plain(told("two-three-one")["latex"])


def test_the_delta_rule_shows_no_entries_in_its_backward_pass():
    text = told("two-three-one")["latex"]
    backward = text[text.index("Backward pass") : text.index(r"\section*{The gradient}")]
    # A drawing names every unit.
    backward = re.sub(r"\\begin{tikzpicture}.*?\\end{tikzpicture}", "", backward, flags=re.DOTALL)
    assert "_{" not in backward
    assert r"\underbrace" not in backward


BESIDE = ["scalar", "chain"]


@cache
def of_two_paths(style):
    m = SAMPLES
    i, w, X, A = index("i", m), scalar("w"), tensor("X", m), tensor("A", m)
    # The output is squared, and stands in the loss as it is as well.
    program = Program(
        equations=(
            Equation(A[i], w * X[i]),
            Equation(tensor("B", m)[i], A[i] ** 2),
            Equation(LOSS, Sum(A[i] + tensor("B", m)[i], i)),
        ),
        parameters=(w,),
        inputs=(X,),
    )
    point = Point(parameters={"w": "2"}, data={"X": ["1", "3"]})
    given = replace(bare("or-gate"), derivation=derive(program), point=point, published=())
    return report(given, FINDINGS, style=style)


@pytest.mark.parametrize("style", BESIDE)
def test_a_path_beside_others_is_not_called_the_whole_gradient(style):
    text = plain(of_two_paths(style)["latex"])
    assert r". \frac{\partial L}{\partial A_{1}} |_{\text{direct}}" in text
    assert "merror" not in of_two_paths(style)["html"]


@pytest.mark.tex
@pytest.mark.parametrize("style", BESIDE)
def test_a_path_beside_others_is_set_without_complaint(style, tmp_path):
    assert compiled(of_two_paths(style)["latex"], tmp_path).complaints == []


@pytest.mark.parametrize("name", ["or-gate", "or-gate-one-sample"])
def test_rows_5_and_7_tell_upstream_times_local(name):
    assert told(name)["latex"].count(r"_{\text{upstream}} \; \underbrace") >= 3


# The numbers of the styles


def places(shape):
    return itertools.product(*map(range, shape))


def value_of_part(part):
    """A product of printed numbers, worked out."""
    product = 1.0
    for factor in part:
        text = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", factor.replace(r"\tfrac", r"\frac"))
        text = text.replace(r"\left", "").replace(r"\right", "").replace(r"\cdot", "*").replace("^", "**")
        text = re.sub(r"\) \(", ") * (", text.replace("{", "(").replace("}", ")"))
        product *= float(arithmetic(text))
    return product


def arithmetic(text):
    """Work out a sum of products of numbers; anything else is refused."""
    return worked_out(ast.parse(text.strip(), mode="eval").body)


OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def worked_out(node):
    if isinstance(node, ast.Constant):
        return float(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -worked_out(node.operand)
    assert isinstance(node, ast.BinOp), ast.unparse(node)
    return OPERATORS[type(node.op)](worked_out(node.left), worked_out(node.right))


@pytest.mark.parametrize("name", ["two-three-two", "two-two-one-regression", "or-gate", "four-three-two-one"])
def test_the_numbers_of_the_summands_add_up_to_the_gradient(name):
    entries = concrete(name)
    for step in entries.teller.derivation.steps:
        gradient = adjoint_name(step.name)
        for place in places(entries.shape(gradient)):
            total = sum(value_of_part(one.numbers) for one in summands(entries, step, place))
            assert total == pytest.approx(float(rounded(entries.value(gradient, place), 12)), abs=2e-3)


@pytest.mark.parametrize("name", ["two-three-two", "two-two-one-regression", "four-three-two-one"])
def test_the_chains_of_a_parameter_add_up_to_its_gradient(name):
    entries = concrete(name)
    for parameter in entries.teller.parameters:
        step = entries.teller.derivation.gradient(parameter)
        for place in places(entries.shape(parameter)):
            found = list(chain.chains(entries, step, place))
            assert len(found) == chain.paths(entries, parameter)
            total = sum(np.prod([value_of_part((link.link[2],)) for link in one]) for one in found)
            assert total == pytest.approx(float(rounded(entries.value(adjoint_name(parameter), place), 12)), abs=2e-3)


def test_a_wrong_number_in_a_chain_would_be_seen():
    assert value_of_part((r"\left(-22\right)", "2")) + value_of_part((r"\left(-6\right)", r"\left(-2\right)")) == -32
    assert value_of_part((r"\left(2 \cdot 176 - 2 \cdot 3\right)", "88")) == 30448
    assert value_of_part(("0.5", r"\left(1 - 0.5\right)")) != 0.5
    with pytest.raises(AssertionError):
        arithmetic("sigma(1)")


def test_an_array_beyond_a_size_is_told_by_one_entry_and_says_so():
    entries = concrete("attention-head")
    large = [name for name in entries.teller.values if np.size(entries.teller.values[name]) > MOST_ENTRIES]
    assert large
    for name in large:
        assert len(entries.told(name)[0]) == 1
    assert "entries stands for all" in told("attention-head", "scalar")["latex"]
    assert "entries stands for all" not in told("two-three-two", "scalar")["latex"]


def test_the_entry_that_stands_for_all_is_not_one_of_nothing():
    entries = concrete("attention-head")
    for name, value in entries.teller.values.items():
        (place, *_), total = entries.told(name)
        if total > MOST_ENTRIES and any(number(each)[0] not in ("0", "0.0000") for each in value.flat):
            assert number(entries.value(name, place))[0] != "0", name


def test_the_gradient_by_one_entry_ends_in_its_value():
    entries = concrete("two-three-two")
    step = entries.teller.derivation.gradient("Z1")
    assert told_gradient(entries, step, (0, 0)).told[-1].endswith("= -32")


def test_a_network_too_deep_for_a_line_is_nested_as_far_as_it_goes():
    entries = concrete("four-three-two-one")
    whole = nested.nested_form(entries.teller)
    assert whole is not None
    assert whole[1].count(r"\sigma") == 3
    short = nested._nested(entries.teller, entries.teller.derivation.program.definitions["A3"], 20)
    assert short is not None
    assert short.count(r"\sigma") < 3

"""A derivation is an immutable tree of named steps; each states its law, and computes its result again."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import itertools
import re
from functools import partial
from pathlib import Path

import pytest
from drawn import HIDDEN, PAIRS, Derived
from sympy import Idx, S, Sum

from symnn.derivation import (
    Derivation,
    LocalGradient,
    Merge,
    Product,
    SlopeInOutput,
    Step,
    SumOverPaths,
    UpstreamGradient,
    derive,
)
from symnn.equations import Equation, Program, Term
from symnn.errors import InputError
from symnn.library import load, names
from symnn.network import LAYOUTS, Dense, Network
from symnn.notation import LOSS, index, indices_of, name_of, scalar, size, tensor
from tests.grids import covering


def kinds(of=Step):
    return [kind for direct in of.__subclasses__() for kind in (direct, *kinds(direct))]


KINDS = kinds()


def network(number, layout, rewrites):
    (last, loss), hidden = PAIRS[number], HIDDEN[number % len(HIDDEN)]
    return derive(Network(3, [Dense(4, hidden, bias=rewrites), Dense(2, last)], loss, layout=layout), rewrites=rewrites)


NETWORKS = {
    f"{HIDDEN[number % len(HIDDEN)]}, {', '.join(PAIRS[number])}, {layout}, {rewrites}": partial(
        network, number, layout, rewrites
    )
    for number, layout, rewrites in covering(itertools.product(range(len(PAIRS)), LAYOUTS, (True, False)))
}


def of_the_folder(name):
    return load(name).derivation


DERIVATIONS = Derived(NETWORKS | {name: partial(of_the_folder, name) for name in names()})


def every(step):
    yield step
    for inner in step.substeps:
        yield from every(inner)


def tree(derivation):
    return [step for top in derivation.steps for step in every(top)]


def recomputes(step):
    return step.recompute() == step.result


@pytest.mark.parametrize("name", DERIVATIONS)
def test_every_local_gradient_and_every_product_computes_its_result_again(name):
    steps = [step for step in tree(DERIVATIONS[name]) if isinstance(step, LocalGradient | Product)]
    assert steps
    assert all(map(recomputes, steps))


def test_a_planted_result_is_not_what_a_step_computes_again():
    for step in tree(DERIVATIONS["attention-head"]):
        if isinstance(step, LocalGradient):
            assert not recomputes(dataclasses.replace(step, result=step.result + 1))
        if isinstance(step, Product):
            body, over = step.result.body, step.result.over
            assert not recomputes(dataclasses.replace(step, result=Term(-body, over)))
            if over:
                assert not recomputes(dataclasses.replace(step, result=Term(body, over[1:])))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_step_is_frozen_and_states_its_law_in_one_line(kind):
    assert kind.__dataclass_params__.frozen
    assert "law" in vars(kind), "a law of its own"
    assert re.fullmatch(r"[^\n]{20,120}", kind.law)
    assert not kind.law.endswith(".")
    assert inspect.getdoc(kind)


def test_laws_differ():
    assert len({kind.law for kind in KINDS}) == len(KINDS)


def test_every_kind_of_step_stands_in_some_derivation():
    assert {type(step) for derivation in DERIVATIONS.values() for step in tree(derivation)} == set(KINDS)


@pytest.mark.parametrize("kind", [*KINDS, Derivation])
def test_no_field_of_a_step_can_be_set(kind):
    found = [step for derivation in DERIVATIONS.values() for step in (derivation, *tree(derivation))]
    step = next(step for step in found if type(step) is kind)
    for field in dataclasses.fields(step):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(step, field.name, None)
    for value in vars(step).values():
        assert not isinstance(value, list | set), "a tree holds no container that can change"


@pytest.mark.parametrize("name", DERIVATIONS)
def test_every_tensor_that_gets_a_gradient_gets_it_once(name):
    derivation = DERIVATIONS[name]
    program = derivation.program
    tops = [step.name for step in derivation.steps]
    defined = [equation.name for equation in derivation.equations]
    assert len(set(tops)) == len(tops)
    assert len(set(defined)) == len(defined)
    assert all(type(step) is SumOverPaths for step in derivation.steps)
    assert {name_of(leaf) for leaf in (*program.parameters, *program.inputs)} <= set(tops)
    assert not {name_of(leaf) for leaf in program.targets} & set(tops)


@pytest.mark.parametrize("name", DERIVATIONS)
def test_the_backward_pass_reads_nothing_before_it_is_there(name):
    derivation = DERIVATIONS[name]
    known = set(derivation.program.shapes)
    for equation in derivation.equations:
        assert set(equation.reads) <= known, equation
        known.add(equation.name)


@pytest.mark.parametrize("name", DERIVATIONS)
def test_a_gradient_has_the_shape_of_its_tensor(name):
    derivation = DERIVATIONS[name]
    for step in derivation.steps:
        target = step.result.target
        shape = tuple(target.base.shape) if indices_of(target) else ()
        assert shape == derivation.program.shapes[step.name]


def letters_clash(equation):
    """Whether two indices of one sum are written with one letter."""
    return any(
        len({str(axis.label) for axis in axes}) != len(axes)
        for term in equation.terms
        for axes in [{*equation.indices, *term.over, *term.body.atoms(Idx)}]
    )


@pytest.mark.parametrize("name", DERIVATIONS)
def test_no_two_indices_of_a_sum_share_a_letter(name):
    derivation = DERIVATIONS[name]
    for equation in (*derivation.program.equations, *derivation.equations):
        assert not letters_clash(equation), equation


def test_indices_of_one_letter_are_seen():
    n, m = size("n"), size("m")
    i, other = index("i", m), index("i", n)
    a, b = tensor("a", m), tensor("b", n)
    assert letters_clash(Equation(a[i], Sum(a[i] * b[other], other)))


def test_letters_are_renewed_where_entries_are_read_in_two_ways():
    m = size("m")
    i, j = index("i", m), index("j", m)
    x = tensor("x", m)
    program = Program((Equation(LOSS, Sum(x[i] * x[j], i, j)),), (), (x,))
    (gradient,) = derive(program).equations
    assert len(gradient.terms) == 2 or 2 in gradient.right.as_coefficients_dict().values()
    assert not letters_clash(gradient)


MODULES = sorted(Path(inspect.getfile(Step)).parent.glob("*.py"))


def latex_in(source):
    """Texts of a module, docstrings aside, that hold a LaTeX command or are handed to a LaTeX printer."""
    tree = ast.parse(source)
    documents = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documents
    ]
    names_used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return [text for text in texts if re.search(r"\\[a-zA-Z]", text)] + sorted(names_used & {"latex", "LatexPrinter"})


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_steps_know_no_latex(path):
    assert latex_in(path.read_text(encoding="utf-8")) == []


def test_planted_latex_is_seen():
    assert latex_in('law = r"\\frac{a}{b}"') == ["\\frac{a}{b}"]
    assert latex_in("text = latex(expr)") == ["latex"]


def test_rewrites_leave_the_gradient_by_the_one_rule_inside():
    derivation = derive(Network(2, [Dense(2, "sigmoid"), Dense(3, "softmax")], "categorical-cross-entropy"))
    slopes = [step for step in tree(derivation) if isinstance(step, SlopeInOutput)]
    merges = [step for step in tree(derivation) if isinstance(step, Merge)]
    assert [slope.local.result for slope in slopes] == [slope.local.recompute() for slope in slopes]
    assert [[step.name for step in merge.plain] for merge in merges] == [["A2", "S2", "E2"]]
    assert slopes
    plain = derive(derivation.program, rewrites=False)
    assert not [step for step in tree(plain) if isinstance(step, Merge | SlopeInOutput)]


def test_the_gradient_of_the_loss_itself_is_one():
    upstream = [s for s in tree(DERIVATIONS["or-gate"]) if isinstance(s, UpstreamGradient) and s.is_loss]
    assert {step.result for step in upstream} == {S.One}
    assert {step.target for step in upstream} == {LOSS}


def test_a_gradient_that_is_not_there_is_named_with_the_nearest():
    derivation = derive(Network(2, [Dense(2)]))
    with pytest.raises(InputError, match=r"unknown gradient 'W'.*did you mean 'W1'"):
        derivation.gradient("W")
    with pytest.raises(InputError, match="unknown gradient 'Y'"):
        derivation.compile(["Y"])


def test_a_parameter_that_does_not_reach_the_loss_is_refused():
    w, x = tensor("w", 1), tensor("x", 1)
    program = Program((Equation(scalar("u"), w[0] * x[0]), Equation(LOSS, x[0] ** 2)), (w,), (x,))
    with pytest.raises(InputError, match="the loss does not depend on w"):
        derive(program)


def test_deriving_twice_gives_equal_trees():
    network = Network(2, [Dense(2, "tanh"), Dense(2, "softmax")], "categorical-cross-entropy")
    assert derive(network) == derive(network)
    assert hash(derive(network)) == hash(derive(network))


def test_a_derivation_reads_as_its_equations():
    derivation = derive(Network(2, [Dense(1, "sigmoid")], "half-squared-error", "sum", "samples-first"))
    assert str(derivation).splitlines()[-4:] == [
        "dZ1[i, j] = (1 - A1[i, j])*A1[i, j]*dA1[i, j]",
        "dW1[k, j] = sum over i of X[i, k]*dZ1[i, j]",
        "db1[j] = sum over i of dZ1[i, j]",
        "dX[i, k] = sum over j of W1[k, j]*dZ1[i, j]",
    ]

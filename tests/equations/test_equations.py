"""Equations and programs are checked when they are made, and say in words what does not fit."""

from __future__ import annotations

import dataclasses

import pytest
from sympy import Idx, S, Sum, Symbol, exp, log, sqrt

from symnn.equations import Equation, Program, Term, equation_of_terms, occurrences
from symnn.errors import InputError, ShapeError
from symnn.notation import LOSS, index, scalar, size, tensor

m, n, q = size("m"), size("n"), size("q")
i, j, k, l = index("i", m), index("j", n), index("k", q), index("l", n)  # noqa: E741
X, W, Z, v, b = tensor("X", m, q), tensor("W", q, n), tensor("Z", m, n), tensor("v", q), tensor("b", 1, n)
s, t = scalar("s"), scalar("t")

REFUSED = {
    "sum in a power": (lambda: Equation(LOSS, Sum(v[k], k) ** 2), InputError, "sum stands inside", "name that sum"),
    "sum in a function": (lambda: Equation(LOSS, exp(Sum(v[k], k))), InputError, "sum stands inside", "L"),
    "sum below the bar": (lambda: Equation(LOSS, 1 / Sum(v[k], k)), InputError, "sum stands inside", "L"),
    "product of sums": (
        lambda: Equation(LOSS, Sum(v[k], k) * Sum(Z[i, j], i, j)),
        InputError,
        "sum stands inside",
        "equation of its own",
    ),
    "sum in the body of a sum": (
        lambda: Equation(LOSS, Sum(v[k] * log(Sum(Z[i, j], i, j)), k)),
        InputError,
        "sum stands inside",
        "equation for L",
    ),
    "index on another axis": (lambda: Equation(Z[i, j], X[i, j]), ShapeError, "do not fit its axes", "X[i, j]"),
    "index on another axis of the left": (lambda: Equation(Z[j, i], S.One), ShapeError, "do not fit", "Z[j, i]"),
    "number on a long axis": (lambda: Equation(LOSS, v[0]), ShapeError, "do not fit its axes", "v[0]"),
    "index on an axis of length 1": (lambda: Equation(Z[i, j], b[i, j]), ShapeError, "do not fit", "b[i, j]"),
    "free index": (lambda: Equation(Z[i, j], X[i, k]), ShapeError, "index k", "neither on the left nor summed"),
    "free index in a sum": (
        lambda: Equation(LOSS, Sum(X[i, k], k)),
        ShapeError,
        "index i",
        "neither on the left nor summed",
    ),
    "index both outside and inside its sum": (
        lambda: Equation(LOSS, v[k] * Sum(v[k], k)),
        ShapeError,
        "index k",
        "outside and inside",
    ),
    "index twice on the left": (
        lambda: Equation(tensor("T", m, m)[i, i], S.One),
        ShapeError,
        "index twice",
        "KroneckerDelta",
    ),
    "index twice on the right": (
        lambda: Equation(LOSS, Sum(tensor("T", m, m)[i, i], i)),
        ShapeError,
        "index twice",
        "T[i, i]",
    ),
    "sum over an index of the left": (lambda: Equation(Z[i, j], Sum(Z[i, j], j)), ShapeError, "in use already", "Z"),
    "sum over part of an index": (lambda: Equation(LOSS, Sum(v[k], (k, 1, q - 1))), InputError, "whole index", "k"),
    "sum over a letter": (
        lambda: Equation(LOSS, Sum(s, (Symbol("u", integer=True), 0, 3))),
        InputError,
        "whole index",
        "notation.index",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_is_refused_in_words(case):
    make, error, *said = REFUSED[case]
    with pytest.raises(error) as caught:
        make()
    assert type(caught.value) is error
    assert all(word in str(caught.value) for word in said), str(caught.value)


TAKEN = {
    "two sums and a rest": (Equation(Z[i, j], Sum(X[i, k] * W[k, j], k) + b[0, j]), ("W", "X", "b"), 2),
    "a number times a sum": (Equation(LOSS, s * Sum(v[k] ** 2, k) / 2), ("s", "v"), 1),
    "difference of sums": (Equation(LOSS, Sum(v[k], k) - Sum(Z[i, j], i, j)), ("v", "Z"), 2),
    "sum of a sum, made one by SymPy": (Equation(LOSS, Sum(Sum(Z[i, j], i), j)), ("Z",), 1),
    "a constant": (Equation(LOSS, S.One), (), 1),
    "a root": (Equation(s, sqrt(t) / n), ("t",), 1),
}


@pytest.mark.parametrize("case", TAKEN)
def test_what_fits_is_taken_apart_into_its_sums(case):
    equation, reads, count = TAKEN[case]
    assert set(equation.reads) == set(reads)
    assert len(equation.terms) == count
    assert set(equation_of_terms(equation.target, equation.terms).terms) == set(equation.terms)


def test_an_equation_knows_its_indices_and_reads_like_one():
    equation = Equation(Z[i, j], Sum(X[i, k] * W[k, j], k) + b[0, j])
    assert (equation.name, equation.indices) == ("Z", (i, j))
    assert str(equation) == "Z[i, j] = sum over k of W[k, j]*X[i, k] + b[0, j]"
    assert Equation(b[0, j], S.One).indices == (j,)
    assert all(isinstance(axis, Idx) for axis in equation.indices)


def test_equations_and_terms_are_frozen_and_equal_by_value():
    equation = Equation(LOSS, Sum(v[k], k))
    assert equation == Equation(LOSS, Sum(v[k], k))
    with pytest.raises(dataclasses.FrozenInstanceError):
        equation.target = s
    with pytest.raises(dataclasses.FrozenInstanceError):
        equation.terms[0].over = ()


def test_occurrences_are_entries_and_scalars_but_no_sizes_or_indices():
    assert occurrences(s * v[k] * Z[i, j] / (m * n)) == (Z[i, j], s, v[k])
    assert occurrences(Z[i, j] * Z[i, l]) == (Z[i, j], Z[i, l])


def test_a_term_is_its_body_under_its_sum():
    assert Term(v[k], (k,)).right == Sum(v[k], k)
    assert Term(s).right == s


x, y, w = tensor("x", m), tensor("y", m), tensor("w", 1)
p = tensor("p", m)
forward = Equation(p[i], w[0] * x[i])
half = Equation(LOSS, Sum((p[i] - y[i]) ** 2, i) / 2)


def program(**changed):
    made = {"equations": (forward, half), "parameters": (w,), "inputs": (x,), "targets": (y,)}
    return Program(**(made | changed))


BAD_PROGRAMS = {
    "used before it is defined": ({"equations": (half, forward)}, "uses p before it is defined", "defined so far"),
    "never defined": ({"equations": (half,)}, "uses p before it is defined", "w, x, y"),
    "defined twice": ({"equations": (forward, forward, half)}, "p is defined twice", "one equation"),
    "an input defined": (
        {"equations": (Equation(x[i], w[0] * y[i]), forward, half)},
        "x is defined twice",
        "one equation",
    ),
    "no scalar at the end": ({"equations": (forward,)}, "scalar loss", "p[i]"),
    "no equation": ({"equations": ()}, "at least one equation", "loss"),
    "input and target at once": ({"targets": (y, x)}, "stands twice", "x"),
    "reads itself": ({"equations": (Equation(p[i], p[i] + x[i]), half)}, "uses p before", "p[i]"),
}


@pytest.mark.parametrize("case", BAD_PROGRAMS)
def test_a_program_that_cannot_run_is_refused_in_words(case):
    changed, *said = BAD_PROGRAMS[case]
    with pytest.raises(InputError) as caught:
        program(**changed)
    assert all(word in str(caught.value) for word in said), str(caught.value)


def test_a_program_knows_its_tensors():
    made = program()
    assert made.loss == LOSS
    assert made.leaves == (w, x, y)
    assert made.definitions == {"p": forward, "L": half}
    assert made.uses == {"w": (forward,), "x": (forward,), "p": (half,), "y": (half,)}
    assert made.shapes == {"w": (1,), "x": (m,), "y": (m,), "p": (m,), "L": ()}
    assert made.sizes == (m,)
    assert str(made) == "p[i] = w[0]*x[i]\nL = sum over i of (p[i] - y[i])**2/2"


def test_a_program_takes_scalars_from_outside_too():
    made = program(equations=(Equation(p[i], t * w[0] * x[i]), half), parameters=(w, t))
    assert made.shapes["t"] == ()
    assert made.uses["t"] == (made.equations[0],)


def test_programs_are_frozen_and_hash():
    assert hash(program()) == hash(program())
    assert program() == program()
    with pytest.raises(dataclasses.FrozenInstanceError):
        program().inputs = ()

"""Rows are recognised by the structure of equations, in both layouts, and near misses are not."""

from __future__ import annotations

import pytest
from sympy import Sum, exp, tanh

from symnn.derivation import derive
from symnn.equations import Equation, Program
from symnn.network import LAYOUTS, Dense, Network, program_of
from symnn.notation import LOSS, index, scalar, size, tensor
from symnn.rules import (
    ACTIVATIONS,
    LOSSES,
    NORMALISERS,
    recognise_activation,
    recognise_loss,
    recognise_normaliser,
)
from symnn.rules.activations import z

m, n = size("m"), size("n")
i, j, k = index("i", m), index("j", n), index("k", n)
Z, A, E, other = (tensor(name, m, n) for name in ("Z", "A", "E", "B"))
S, T = tensor("S", m, 1), tensor("T", 1, n)
s = scalar("s")


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "linear"])
def test_an_activation_is_recognised_in_every_layout(name, layout):
    program = program_of(Network(2, [Dense(3, name), Dense(3)], layout=layout))
    found = recognise_activation(program.definitions["A1"])
    assert found.row == ACTIVATIONS[name].bound()
    assert str(found.entry) == str(found.output).replace("A1", "Z1")
    assert recognise_activation(program.definitions["Z1"]) is None
    assert recognise_activation(program.definitions["L"]) is None


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", NORMALISERS)
def test_a_normaliser_is_recognised_in_every_layout(name, layout):
    program = program_of(Network(2, [Dense(3, name), Dense(3)], layout=layout))
    found = recognise_normaliser(program, program.definitions["A1"])
    assert found.row is NORMALISERS[name]
    assert found.names == ("E1", "S1", "A1")
    assert str(found.index) == "j"
    assert str(found.entry) == str(found.output.target).replace("A1", "Z1")
    assert [e.name for e in program.equations if recognise_normaliser(program, e)] == ["A1"]


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "linear"])
def test_an_activation_by_hand_with_turned_axes_is_recognised(name):
    turned = Equation(tensor("H", n, m)[j, i], ACTIVATIONS[name].bound().forward.subs(z, Z[i, j]))
    assert recognise_activation(turned).entry == Z[i, j]


@pytest.mark.parametrize("name", [name for name, row in ACTIVATIONS.items() if row.constants])
@pytest.mark.parametrize("alpha", ["1/5", "3/2", "2"])
def test_the_constant_of_an_activation_is_read_off_its_equation(name, alpha):
    row = ACTIVATIONS[name].bound({"alpha": alpha})
    assert recognise_activation(Equation(A[i, j], row.forward.subs(z, Z[i, j]))).row == row


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_is_recognised_with_its_constants_and_its_factor(name):
    for delta in ("1", "1/2", "3", "2/7"):
        given = {"delta": delta} if LOSSES[name].constants else {}
        network = Network(2, [Dense(2, LOSSES[name].partner)], name, loss_constants=given)
        program = program_of(network)
        found = recognise_loss(program, program.equations[-1])
        assert found.factor * found.row.summand == network.loss_row.summand / m
        assert str(found.target) == "Y[j, i]"


def test_a_near_miss_of_a_loss_is_not_recognised():
    for summand in (A[i, j] ** 2, (A[i, j] - Z[i, j]) ** 2, (A[i, j] + Z[i, j]) ** 2 + A[i, j]):
        equation = Equation(LOSS, Sum(summand, i, j))
        program = Program((equation,), (), (A,), (Z,))
        assert (recognise_loss(program, equation) is not None) is (summand == (A[i, j] - Z[i, j]) ** 2)


NO_ACTIVATION = {
    "sigmoid of 2z": 1 / (1 + exp(-2 * Z[i, j])),
    "sigmoid of -z": 1 / (1 + exp(Z[i, j])),
    "twice a sigmoid": 2 / (1 + exp(-Z[i, j])),
    "tanh of a sum of two": tanh(Z[i, j] + other[i, j]),
    "a copy": Z[i, j],
    "tanh plus another entry": tanh(Z[i, j]) + other[i, j],
    "tanh of a scalar": tanh(s),
    "a sum of tanh": Sum(tanh(other[i, k]), k),
}


@pytest.mark.parametrize("miss", NO_ACTIVATION)
def test_a_near_miss_of_an_activation_is_not_recognised(miss):
    assert recognise_activation(Equation(A[i, j], NO_ACTIVATION[miss])) is None


def ending_in_loss(*equations, inputs=(Z,)):
    return Program((*equations, Equation(LOSS, Sum(A[i, j] ** 2, i, j))), (), inputs)


weights = Equation(E[i, j], exp(Z[i, j]))
total = Equation(S[i, 0], Sum(E[i, k], k))
share = Equation(A[i, j], E[i, j] / S[i, 0])

NO_NORMALISER = {
    "one more than the sum": (weights, Equation(S[i, 0], Sum(E[i, k], k) + 1), share),
    "sum of squares": (weights, Equation(S[i, 0], Sum(E[i, k] ** 2, k)), share),
    "twice the sum": (weights, Equation(S[i, 0], 2 * Sum(E[i, k], k)), share),
    "summed over both axes": (weights, Equation(s, Sum(E[i, j], i, j)), Equation(A[i, j], E[i, j] / s)),
    "exp(2z)": (Equation(E[i, j], exp(2 * Z[i, j])), total, share),
    "weights without exp": (Equation(E[i, j], 1 + Z[i, j] ** 2), total, share),
    "total of another tensor": (
        weights,
        Equation(other[i, j], exp(Z[i, j])),
        Equation(S[i, 0], Sum(other[i, k], k)),
        share,
    ),
    "share times two": (weights, total, Equation(A[i, j], 2 * E[i, j] / S[i, 0])),
    "share of the square": (weights, total, Equation(A[i, j], E[i, j] ** 2 / S[i, 0])),
    "share turned over": (weights, total, Equation(A[i, j], S[i, 0] / E[i, j])),
}


@pytest.mark.parametrize("miss", NO_NORMALISER)
def test_a_near_miss_of_a_softmax_is_not_recognised(miss):
    program = ending_in_loss(*NO_NORMALISER[miss])
    assert [e.name for e in program.equations if recognise_normaliser(program, e)] == []


def test_a_softmax_over_the_samples_is_one_over_the_samples():
    across = (weights, Equation(T[0, j], Sum(E[i, j], i)), Equation(A[i, j], E[i, j] / T[0, j]))
    program = ending_in_loss(*across)
    assert recognise_normaliser(program, across[-1]).index == i


def test_the_share_itself_is_recognised_so_that_the_misses_miss_for_their_reason():
    program = ending_in_loss(weights, total, share)
    assert recognise_normaliser(program, share).index == j


def test_weights_read_elsewhere_too_are_recognised_and_keep_their_equations():
    program = Program(
        (weights, total, share, Equation(LOSS, Sum(A[i, j] ** 2 + E[i, j], i, j))),
        (),
        (Z,),
    )
    assert recognise_normaliser(program, share) is not None
    assert any(path.through == "E" for path in derive(program).gradient("Z").paths)


def test_a_softmax_over_three_axes_of_one_size_needs_its_total_in_order():
    p, q = index("p", m), index("q", m)
    x, e, a, t = (tensor(name, *[m] * rank) for name, rank in (("X", 3), ("F", 3), ("H", 3), ("U", 2)))
    for given, right in (((i, p), True), ((p, i), False)):
        program = Program(
            (
                Equation(e[i, p, q], exp(x[i, p, q])),
                Equation(t[given], Sum(e[i, p, q], q)),
                Equation(a[i, p, q], e[i, p, q] / t[i, p]),
                Equation(LOSS, Sum(a[i, p, q] ** 2, i, p, q)),
            ),
            (),
            (x,),
        )
        assert (recognise_normaliser(program, program.definitions["H"]) is not None) is right

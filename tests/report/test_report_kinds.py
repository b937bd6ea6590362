"""What a tensor is called is what it is: weights weigh something, a softmax has parts, layers have parameters."""

from __future__ import annotations

import pytest

from symnn.library import load, names
from symnn.network import Dense, Network, program_of
from symnn.report.kinds import Kinds
from tests.report.telling import concrete, told

KINDS = {
    ("softmax-cross-entropy", "Z"): "parameter",
    ("softmax-cross-entropy", "E"): "exponential",
    ("softmax-cross-entropy", "S"): "total",
    ("softmax-cross-entropy", "A"): "normaliser",
    ("loss-table", "P"): "parameter",
    ("loss-table", "L1"): "other",
    ("or-gate", "W1"): "weights",
    ("or-gate", "b1"): "biases",
    ("or-gate", "Z1"): "pre-activation",
    ("or-gate", "A1"): "activation",
    ("or-gate", "X"): "input",
    ("or-gate", "Y"): "target",
    ("or-gate", "L"): "loss",
    ("attention-head", "Wq"): "weights",
}


@pytest.mark.parametrize(("name", "tensor"), KINDS, ids=" ".join)
def test_a_tensor_is_what_it_is_called(name, tensor):
    assert Kinds(load(name).derivation.program).of_tensors()[tensor] == KINDS[name, tensor]


@pytest.mark.parametrize("name", names())
def test_every_tensor_of_a_derivation_has_a_kind(name):
    program = load(name).derivation.program
    assert Kinds(program).of_tensors().keys() == program.shapes.keys()


def test_a_log_softmax_has_the_parts_of_a_softmax():
    program = program_of(Network(inputs=2, layers=[Dense(3, "log-softmax")], loss="negative-log-likelihood"))
    found = [Kinds(program).of_equation(equation) for equation in program.equations]
    assert [kind for kind, label in found if label == "log-softmax"] == ["exponential", "total", "normaliser"]


@pytest.mark.parametrize(("name", "layered"), [("or-gate", True), ("loss-table", False), ("later-activations", False)])
def test_numbers_are_called_layers_only_where_parameters_have_them(name, layered):
    rows = concrete(name).teller.symbols()
    assert any(row.layer for row in rows) == layered


def test_a_sum_over_losses_is_not_called_weighing():
    assert "weighted sum" not in told("loss-table")["latex"]
    assert "weighted sum" in told("or-gate")["latex"]


def test_no_line_stands_twice_under_one_another():
    line = next(step.line for step in concrete("loss-table").teller.forward() if step.kind == "loss")
    assert len(set(line.told)) == len(line.told)
    again = type(line)(line.name, line.entries, "1", None, True, "1", True)
    assert again.told == ["= 1"]

"""What does not fit is refused with the two shapes aligned, and nothing runs out of order."""

from __future__ import annotations

import numpy as np
import pytest

from symnn import byhand
from symnn.byhand import REDUCTIONS, Dense, HalfSquaredError, Network, Sigmoid, SquaredError
from symnn.errors import InputError, ShapeError


def network():
    return Network([Dense(np.ones((3, 2)), np.ones((3, 1))), Sigmoid(), Dense(np.ones((1, 3)))], SquaredError())


def after_forward(layer, inputs):
    layer.forward_pass(inputs)
    return layer


def after_loss(loss, outputs):
    loss.forward_pass(outputs, outputs)
    return loss


# what -> (the call, the shape it was given, the shape it should have been given)
MISFITS = {
    "weights of one axis": (lambda: Dense(np.ones(3)), "(3,)", "(out, in)"),
    "biases of one axis": (lambda: Dense(np.ones((3, 2)), np.ones(3)), "(3,)", "(3, 1)"),
    "biases as a row": (lambda: Dense(np.ones((3, 2)), np.ones((1, 3))), "(1, 3)", "(3, 1)"),
    "one sample without its axis": (
        lambda: network().forward_pass(np.ones(2)),
        "(2,)",
        "(features, samples)",
    ),
    "no samples": (lambda: network().forward_pass(np.ones((2, 0))), "(2, 0)", "(features, samples)"),
    "samples as rows": (lambda: network().forward_pass(np.ones((5, 2))), "(5, 2)", "(2, 2)"),
    "an activation's flat inputs": (
        lambda: Sigmoid().forward_pass(np.ones(2)),
        "(2,)",
        "(features, samples)",
    ),
    "dvalues of a dense layer": (
        lambda: after_forward(Dense(np.ones((3, 2))), np.ones((2, 5))).backward_pass(np.ones((5, 3))),
        "(5, 3)",
        "(3, 5)",
    ),
    "dvalues that would broadcast": (
        lambda: after_forward(Sigmoid(), np.ones((2, 5))).backward_pass(np.ones((2, 1))),
        "(2, 1)",
        "(2, 5)",
    ),
    "targets that would broadcast": (
        lambda: SquaredError().forward_pass(np.ones((1, 5)), np.ones((5, 1))),
        "(5, 1)",
        "(1, 5)",
    ),
    "targets on the way back": (
        lambda: after_loss(SquaredError(), np.ones((1, 5))).backward_pass(np.ones((1, 4))),
        "(1, 4)",
        "(1, 5)",
    ),
    "targets of a network": (lambda: network().loss_of(np.ones((2, 5)), np.ones(5)), "(5,)", "(1, 5)"),
    "a parameter": (lambda: network().set_parameters({"W1": np.ones((2, 3))}), "(2, 3)", "(3, 2)"),
}


@pytest.mark.parametrize("what", MISFITS)
def test_a_misfit_names_both_shapes_in_one_column(what):
    call, yours, expected = MISFITS[what]
    with pytest.raises(ShapeError) as caught:
        call()
    assert str(caught.value).splitlines()[-2:] == [f"  yours     {yours}", f"  expected  {expected}"]


# Layers and losses are made alike for this: a layer takes nothing (Dense: weights), a loss its reduction.
BACKWARD_FIRST = {
    "Dense": lambda: Dense(np.ones((1, 1))),
    **{name: getattr(byhand, name) for name in ("Linear", "ReLU", "Sigmoid", "Softmax", "Tanh")},
    **{
        name: getattr(byhand, name)
        for name in (
            "BinaryCrossEntropy",
            "CategoricalCrossEntropy",
            "HalfSquaredError",
            "SoftmaxCCE",
            "SquaredError",
        )
    },
    "Network": network,
}


@pytest.mark.parametrize("name", BACKWARD_FIRST)
def test_backward_before_forward_is_refused(name):
    with pytest.raises(InputError, match="call forward_pass first"):
        BACKWARD_FIRST[name]().backward_pass(np.ones((1, 1)))


def test_every_exported_class_with_a_backward_pass_is_asked_to_refuse():
    exported = {name for name in byhand.__all__ if hasattr(getattr(byhand, name), "backward_pass")}
    assert exported - {"Layer", "Loss"} == BACKWARD_FIRST.keys()


@pytest.mark.parametrize("change", [lambda net: net.update(1), lambda net: net.set_parameters({})])
def test_a_forward_pass_does_not_outlive_the_parameters_it_ran_on(change):
    net = network()
    net.loss_of(np.ones((2, 5)), np.ones((1, 5)))
    net.backward_pass(np.ones((1, 5)))
    change(net)
    with pytest.raises(InputError, match="call forward_pass first"):
        net.backward_pass(np.ones((1, 5)))


@pytest.mark.parametrize("call", [lambda net: net.gradients(), lambda net: net.update(1)])
def test_gradients_before_a_backward_pass_are_refused(call):
    with pytest.raises(InputError, match="call backward_pass first"):
        call(network())


def test_a_network_of_no_layers_is_refused():
    with pytest.raises(InputError, match="at least one layer"):
        Network([], SquaredError())


def test_an_unknown_reduction_is_refused_with_the_nearest_one():
    with pytest.raises(InputError, match="did you mean 'mean-over-all'"):
        HalfSquaredError("mean-over-al")


@pytest.mark.parametrize(("reduction", "slope"), [("sum", 12.0), ("mean", 4.0), ("mean-over-all", 2.0)])
def test_a_reduction_divides_by_what_it_names(reduction, slope):
    # 2 outputs, 3 samples, every entry wrong by 6: (ŷ − y)² has the slope 12.
    loss = SquaredError(reduction)
    assert loss.forward_pass(np.full((2, 3), 6.0), np.zeros((2, 3))) == 36 * 6 * slope / 12
    np.testing.assert_array_equal(loss.backward_pass(np.zeros((2, 3))), np.full((2, 3), slope))
    assert sorted(REDUCTIONS) == ["mean", "mean-over-all", "sum"]


def test_an_unknown_parameter_changes_nothing():
    net = network()
    before = net.parameters()
    with pytest.raises(InputError, match="unknown parameter 'b2'"):
        net.set_parameters({"W1": np.zeros((3, 2)), "b2": np.zeros((1, 1))})
    assert list(before) == ["W1", "b1", "W2"]
    assert all(values is before[name] for name, values in net.parameters().items())


def test_parameters_set_are_parameters_got():
    net = network()
    chosen = {name: np.full(values.shape, 0.5) for name, values in net.parameters().items()}
    net.set_parameters(chosen)
    assert all(values is chosen[name] for name, values in net.parameters().items())


def test_an_update_leaves_the_arrays_it_was_given_alone():
    weights = np.array([[2.0]])
    net = Network([Dense(weights)], HalfSquaredError())
    net.forward_pass(np.array([[1.0]]))
    net.backward_pass(np.array([[0.0]]))
    net.update(0.25)
    assert weights.tolist() == [[2.0]]
    assert net.parameters()["W1"].tolist() == [[1.5]]

"""Training by hand: what is taught of batches, starts, scaling and stopping is so."""

from __future__ import annotations

import numpy as np
import pytest

from symnn.byhand import (
    INITIALISATIONS,
    OPTIMISERS,
    Adam,
    Dense,
    EarlyStopping,
    GradientDescent,
    HalfSquaredError,
    History,
    Network,
    Scaling,
    Sigmoid,
    SoftmaxCCE,
    accumulated_step,
    batches,
    dense_network,
    one_hot,
    train,
)
from symnn.errors import InputError, ShapeError
from symnn.scalars import EXACT, array, running

OR = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]]), np.array([[0.0, 1.0, 1.0, 1.0]])
XOR = OR[0], np.array([[0.0, 1.0, 1.0, 0.0]])


def or_gate(reduction="mean"):
    return Network([Dense(np.array([[0.1, 0.6]]), np.array([[0.0]])), Sigmoid()], HalfSquaredError(reduction))


def line(start="zeros"):
    return dense_network([1, 1], ["linear"], HalfSquaredError("mean"), start=start)


def test_the_or_gate_after_5000_epochs_is_as_published():
    net = or_gate()
    history = train(net, *OR, GradientDescent(1.0), 5000)
    (w1, w2), b = net.parameters()["W1"][0], net.parameters()["b1"].item()
    assert (round(w1, 3), round(w2, 3), round(b, 3)) == (6.434, 6.434, -2.973)
    assert f"{history.losses[-1]:.2e}" == "5.28e-04"


@pytest.mark.parametrize("epochs", [1, 2, 50])
def test_the_accumulating_loop_is_the_vectorised_step(epochs):
    looped, vectorised = or_gate("sum"), or_gate("mean")
    costs = [accumulated_step(looped, *OR, 1.0) for _ in range(epochs)]
    history = train(vectorised, *OR, GradientDescent(1.0), epochs)
    for name, values in vectorised.parameters().items():
        np.testing.assert_allclose(looped.parameters()[name], values, rtol=1e-12)
    np.testing.assert_allclose(costs, history.losses[:-1], rtol=1e-12)


def test_the_accumulating_loop_is_exactly_the_vectorised_step_in_fractions():
    """Nothing is left to rounding: a linear network over fractions."""
    inputs, targets = (array(values, EXACT) for values in ([["1", "1/3"], ["2", "-1/2"]], [["1/7", "2"]]))
    stepped = {}
    for reduction in ("sum", "mean"):
        with running(EXACT, functions=[accumulated_step, Network]):
            net = Network([Dense(array([["1/2", "3"]], EXACT), array([["1/5"]], EXACT))], HalfSquaredError(reduction))
            if reduction == "sum":
                accumulated_step(net, inputs, targets, EXACT.lift("1/10"))
            else:
                net.loss_of(inputs, targets)
                net.backward_pass(targets)
                net.update(EXACT.lift("1/10"))
            stepped[reduction] = {name: values.tolist() for name, values in net.parameters().items()}
    assert stepped["sum"] == stepped["mean"]


def test_the_accumulating_loop_refuses_a_loss_that_has_divided_already():
    with pytest.raises(InputError, match="reduction 'sum'"):
        accumulated_step(or_gate("mean"), *OR, 1.0)


@pytest.mark.parametrize("name", OPTIMISERS)
@pytest.mark.parametrize("batch", [None, 2, 1])
def test_every_optimiser_learns_a_line_with_every_size_of_batch(name, batch):
    inputs = np.array([[-1.0, -0.5, 0.5, 1.0]])
    net = line()
    history = train(net, inputs, 2 * inputs + 1, OPTIMISERS[name](0.02), 300, batch=batch, seed=1)
    assert history.losses[-1] < 1e-2 < history.losses[0]


def test_xor_is_learned_by_a_hidden_layer_and_by_no_single_neuron():
    hidden = dense_network([2, 4, 1], ["tanh", "sigmoid"], HalfSquaredError("mean"), "uniform -1 to 1", seed=1)
    train(hidden, *XOR, Adam(0.05), 500)
    assert (hidden.forward_pass(XOR[0]).round() == XOR[1]).all()
    single = dense_network([2, 1], ["sigmoid"], HalfSquaredError("mean"), seed=1)
    train(single, *XOR, Adam(0.05), 500)
    assert not (single.forward_pass(XOR[0]).round() == XOR[1]).all()


def test_the_same_seed_trains_to_the_same_numbers_and_another_to_others():
    def trained(seed):
        net = line("uniform -1 to 1")
        train(net, OR[0][:1], OR[1], GradientDescent(0.1), 3, batch=1, seed=seed)
        return net.parameters()["W1"].item()

    assert trained(0) == trained(0)
    assert trained(0) != trained(1)


def test_a_batch_holds_each_sample_once_an_epoch():
    rng = np.random.default_rng(0)
    for size in (1, 3, 64):
        assert sorted(np.concatenate(list(batches(10, size, rng)))) == list(range(10))
    with pytest.raises(InputError, match="at least 1 sample"):
        list(batches(10, 0, rng))


def test_units_that_start_alike_stay_alike():
    net = dense_network([2, 3, 1], ["tanh", "sigmoid"], HalfSquaredError("mean"), start="zeros")
    train(net, *XOR, GradientDescent(0.5), 50)
    weights = net.parameters()["W1"]
    assert (weights == weights[0]).all()


@pytest.mark.parametrize("start", INITIALISATIONS)
def test_a_start_has_the_widths_asked_for(start):
    shapes = {
        name: values.shape
        for name, values in dense_network([2, 3, 1], ["relu", "linear"], HalfSquaredError(), start).parameters().items()
    }
    assert shapes == {"W1": (3, 2), "b1": (3, 1), "W2": (1, 3), "b2": (1, 1)}


def test_training_stops_when_the_validation_loss_no_longer_falls_and_keeps_the_best():
    """The validation targets are the negatives of the training targets: learning makes them worse at once."""
    inputs = np.array([[-1.0, 0.5, 1.0]])
    net = line()
    before = net.parameters()["W1"].copy()
    history = train(
        net, inputs, inputs, GradientDescent(0.1), 100, validation=(inputs, -inputs), stopping=EarlyStopping(3)
    )
    assert (history.stopped, history.epochs, history.best) == (True, 3, 0)
    assert (net.parameters()["W1"] == before).all()


def test_without_a_reason_to_stop_all_epochs_are_trained():
    inputs = np.array([[-1.0, 0.5, 1.0]])
    history = train(line(), inputs, inputs, GradientDescent(0.1), 20, stopping=EarlyStopping(3))
    assert (history.stopped, history.epochs, history.best) == (False, 20, 20)


def test_a_watcher_sees_every_epoch():
    seen = []
    train(
        line(),
        *_line_data(),
        GradientDescent(0.1),
        3,
        watch=lambda epoch, history: seen.append((epoch, history.epochs)),
    )
    assert seen == [(1, 1), (2, 2), (3, 3)]


def _line_data():
    inputs = np.array([[0.0, 1.0, 2.0]])
    return inputs, 2 * inputs


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid value")
def test_a_loss_that_runs_away_stops_with_advice():
    with pytest.raises(InputError, match="lower the learning rate"):
        train(line(), *_line_data(), GradientDescent(1e200), 20)


def test_what_does_not_fit_is_refused():
    with pytest.raises(ShapeError, match="as many of each"):
        train(line(), np.zeros((1, 3)), np.zeros((1, 2)), GradientDescent(1), 1)
    with pytest.raises(InputError, match="must not be negative"):
        train(line(), *_line_data(), GradientDescent(1), -1)
    with pytest.raises(InputError, match="2 widths make 1 layers"):
        dense_network([1, 1], ["linear", "tanh"], HalfSquaredError())
    with pytest.raises(InputError, match="unknown initialisation"):
        dense_network([1, 1], ["linear"], HalfSquaredError(), start="ones")
    with pytest.raises(InputError, match="unknown activation"):
        dense_network([1, 1], ["swish"], HalfSquaredError())
    assert History().epochs == 0


def test_scaled_inputs_have_mean_zero_and_spread_one_and_new_data_go_by_the_old_scale():
    rng = np.random.default_rng(0)
    inputs = rng.normal(5, 3, size=(4, 200))
    inputs[2] = 7
    scaling = Scaling.of(inputs)
    scaled = scaling.apply(inputs)
    np.testing.assert_allclose(scaled.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(scaled.std(axis=1), [1, 1, 0, 1], atol=1e-12)
    np.testing.assert_allclose(
        Scaling.of(inputs, normalise=False).apply(inputs), inputs - inputs.mean(1, keepdims=True)
    )
    with pytest.raises(ShapeError):
        scaling.apply(inputs[:3])


def test_labels_become_columns_with_a_single_one():
    columns = one_hot(np.array([1, 0, 2, 1]), 3)
    assert columns.sum(axis=0).tolist() == [1, 1, 1, 1]
    assert columns.argmax(axis=0).tolist() == [1, 0, 2, 1]
    for wrong in (np.array([3]), np.array([-1]), np.array([0.5]), np.array([[1]])):
        with pytest.raises(InputError, match="labels"):
            one_hot(wrong, 3)


def test_classes_are_learned_by_softmax():
    labels = np.array([0, 1, 2])
    net = dense_network([2, 3], ["linear"], SoftmaxCCE("mean"), seed=3)
    train(net, np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]), one_hot(labels, 3), GradientDescent(1.0), 200)
    assert net.forward_pass(np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])).argmax(axis=0).tolist() == labels.tolist()

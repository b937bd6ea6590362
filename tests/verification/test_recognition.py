"""A loss is recognised as that of a network by its values, and its mistakes are told in the user's names."""

from __future__ import annotations

import numpy as np
import pytest

from symnn.derivation import derive
from symnn.library import load, names
from symnn.network import Dense, Network
from symnn.verification.arrangement import arrangements
from symnn.verification.diagnosis import diagnose_subject
from symnn.verification.recognition import recognise
from symnn.verification.subject import pair_of

RNG = np.random.default_rng(5)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def shares(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def drawn(*shape):
    return RNG.normal(size=shape)


def rows(params, X, Y):
    W, b, V, c = params
    return np.mean((sigmoid(np.tanh(X @ W + b) @ V + c) - Y) ** 2)


def columns(params, X, Y):
    hidden = np.maximum(params["w"] @ X + params["b"], 0)
    return np.sum((params["v"] @ hidden + params["c"] - Y) ** 2) / (2 * X.shape[1])


def turned(params, X, Y):
    return np.sum((np.tanh(X @ params["W"].T + params["b"]) - Y) ** 2) / 2


def weights_first(params, X, Y):
    return np.sum((np.tanh(X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"] - Y) ** 2) / len(X)


def class_numbers(params, X, labels):
    P = shares(X @ params["W"] + params["b"])
    return -np.sum(np.log(P[np.arange(len(labels)), labels])) / len(labels)


def one_hot(params, X, Y):
    return -np.sum(Y * np.log(shares(X @ params["W"] + params["b"]))) / len(X)


def one_output(params, X, y):
    chance = sigmoid(X @ params["w"] + params["b"])
    return -np.mean(y * np.log(chance) + (1 - y) * np.log(1 - chance))


def targets_first(params, Y, X):
    return turned(params, X, Y)


# loss, parameters, data, and what it is recognised as.
LOSSES = {
    "a list, samples first": (
        rows,
        [drawn(2, 3), drawn(3), drawn(3, 1), drawn(1)],
        (drawn(5, 2), drawn(5, 1)),
        "a 2-3-1 network: tanh, sigmoid; squared-error, mean; samples first",
    ),
    "columns": (
        columns,
        {"w": drawn(4, 2), "b": drawn(4, 1), "v": drawn(1, 4), "c": drawn(1, 1)},
        (drawn(2, 5), drawn(1, 5)),
        "a 2-4-1 network: relu, linear; half-squared-error, mean; features first",
    ),
    "weights the other way round": (
        turned,
        {"W": drawn(3, 2), "b": drawn(1, 3)},
        (drawn(5, 2), drawn(5, 3)),
        "a 2-3 network: tanh; half-squared-error, sum; samples first",
    ),
    "all weights, then all biases": (
        weights_first,
        {"W1": drawn(2, 3), "W2": drawn(3, 1), "b1": drawn(3), "b2": drawn(1)},
        (drawn(5, 2), drawn(5, 1)),
        "a 2-3-1 network: tanh, linear; squared-error, mean; samples first",
    ),
    "class numbers": (
        class_numbers,
        {"W": drawn(2, 3), "b": drawn(3)},
        (drawn(4, 2), np.array([0, 2, 1, 2])),
        "a 2-3 network: softmax; categorical-cross-entropy, mean; samples first",
    ),
    "one-hot classes": (
        one_hot,
        {"W": drawn(2, 3), "b": drawn(3)},
        (drawn(4, 2), np.eye(3)[[0, 2, 1, 2]]),
        "a 2-3 network: softmax; categorical-cross-entropy, mean; samples first",
    ),
    "a vector of weights and a number": (
        one_output,
        {"w": drawn(3), "b": 0.5},
        (drawn(4, 3), np.array([0.0, 1, 1, 0])),
        "a 3-1 network: sigmoid; binary-cross-entropy, mean; samples first",
    ),
    "targets before inputs": (
        targets_first,
        {"W": drawn(3, 2), "b": drawn(1, 3)},
        (drawn(5, 3), drawn(5, 2)),
        "a 2-3 network: tanh; half-squared-error, sum; samples first",
    ),
}


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_is_recognised_as_that_of_its_network(name):
    loss, params, data, said = LOSSES[name]
    assert str(recognise(pair_of(loss, loss, params, *data), 0)) == said


@pytest.mark.parametrize("name", [name for name in names() if isinstance(load(name).source, Network)])
def test_the_losses_of_the_folder_are_recognised(name):
    example = load(name)
    found = recognise(pair_of(example.loss, example.loss, *example.arguments[:1], *example.arguments[1]), 0)
    assert found is not None
    assert found.network.widths == example.source.widths
    # Another reduction may be the same number, as with one output; its gradients are then the same too.
    mine, theirs = derive(found.network).compile(), example.derivation.compile()
    params, data = example.arguments
    given, own = theirs(params, *data), mine(found.arrangement.parameters(params), *found.arrangement.data(data))
    assert np.isclose(own[0], given[0])
    assert all(np.allclose(own[1][key], value) for key, value in given[1].items())


def test_a_loss_of_the_tables_with_a_small_thing_added_is_not_recognised():
    loss, params, data, _ = LOSSES["columns"]
    for little in (1e-9, 1e-25):

        def more(p, X, Y, c=little):
            return loss(p, X, Y) + c * np.sum(p["w"] ** 2)

        assert recognise(pair_of(more, more, params, *data), 0) is None


def test_one_flat_vector_is_not_recognised():
    assert list(arrangements({"params": np.ones(9)}, (np.ones((5, 2)), np.ones((5, 1))))) == []


def test_a_loss_that_raises_is_not_recognised():
    def broken(params, X, Y):
        raise ValueError("no")

    _, params, data, _ = LOSSES["columns"]
    assert recognise(pair_of(broken, broken, params, *data), 0) is None


def test_a_mistake_is_told_in_the_names_of_the_user():
    def grad(params, X, Y):
        hidden = np.maximum(params["w"] @ X + params["b"], 0)
        dz = (params["v"] @ hidden + params["c"] - Y) / X.shape[1]
        back = params["v"].T @ dz
        return {"w": back @ X.T, "b": back.sum(axis=1, keepdims=True), "v": dz @ hidden.T, "c": dz.sum(keepdims=True)}

    loss, params, data, said = LOSSES["columns"]
    found = diagnose_subject(pair_of(loss, grad, params, *data), None, 0)
    assert found.said == (
        f"the slope of relu is missing where the gradient passes A1 (the loss was recognised as that of {said})"
    )
    assert (found.layer, found.arrays) == (1, ("w", "b"))


def test_parameters_in_a_list_are_told_by_their_places():
    def grad(params, X, Y):
        W, b, V, c = params
        hidden = np.tanh(X @ W + b)
        out = sigmoid(hidden @ V + c)
        dz = 2 * (out - Y) * out * (1 - out) / len(X)
        back = dz @ V.T * (1 - hidden**2)
        return [X.T @ back / len(X), back.sum(axis=0), hidden.T @ dz, dz.sum(axis=0)]

    loss, params, data, _ = LOSSES["a list, samples first"]
    found = diagnose_subject(pair_of(loss, grad, params, *data), None, 0)
    assert found.said.startswith("the gradient with respect to params[0] is 1/m times what it should be")
    assert found.arrays == ("params[0]",)
    expected = "yours − exact = (1/m − 1)·Σ_i X[i, k]·dZ1[i, j] at dW1[k, j] with W1 = params[0]"
    assert found.difference == expected


def test_gradients_of_weights_that_lie_the_other_way_round_are_compared_as_they_lie():
    def grad(params, X, Y):
        out = np.tanh(X @ params["W"].T + params["b"])
        dz = -(out - Y) * (1 - out**2)
        return {"W": dz.T @ X, "b": dz.sum(axis=0, keepdims=True)}

    loss, params, data, _ = LOSSES["weights the other way round"]
    found = diagnose_subject(pair_of(loss, grad, params, *data), None, 0)
    assert found.said.startswith("every gradient has the wrong sign, as when Y − A1 stands for A1 − Y")
    assert found.arrays == ("W", "b")


def test_a_bias_that_is_not_summed_is_named_through_recognition():
    def grad(params, X, Y):
        P = shares(X @ params["W"] + params["b"])
        dz = (P - Y) / len(X)
        return {"W": X.T @ dz, "b": dz}

    loss, params, data, _ = LOSSES["one-hot classes"]
    found = diagnose_subject(pair_of(loss, grad, params, *data), None, 0)
    assert found.said.startswith("the gradient with respect to b is not summed over the samples")


def test_a_network_of_one_layer_too_many_is_not_taken_for_another():
    network = Network(2, [Dense(3, "tanh"), Dense(1)], "squared-error", layout="samples-first")
    kernel = derive(network).compile(stable=False)
    params = {"W1": drawn(2, 3), "b1": drawn(3), "W2": drawn(3, 1), "b2": drawn(1)}
    data = drawn(5, 2), drawn(5, 1)

    def cubed(params, X, Y):
        return kernel(params, X, Y)[0] ** 3

    assert recognise(pair_of(cubed, cubed, params, *data), 0) is None


def test_a_half_is_no_size_by_accident_of_two_outputs():
    rng = np.random.default_rng(0)
    params = [rng.normal(size=(2, 3)), rng.normal(size=(2, 1))]
    data = rng.normal(size=(3, 5)), rng.normal(size=(2, 5))

    def loss(params, X, Y):
        return 0.5 * np.sum((np.tanh(params[0] @ X + params[1]) - Y) ** 2) / X.shape[1]

    found = recognise(pair_of(loss, loss, params, *data), seed=0)
    assert (found.network.loss, found.network.reduction) == ("half-squared-error", "mean")

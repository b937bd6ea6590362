"""Hand-written layers are certified against the network they are meant to be, and every planted mistake is named."""

from __future__ import annotations

import copy
import itertools

import numpy as np
import pytest

from symnn import byhand
from symnn.byhand import REDUCTIONS, layer
from symnn.errors import InputError
from symnn.network import Dense, Network
from symnn.verification import verify
from tests.grids import covering

WIDTHS = (2, 3, 4)

# The hand-written activations by the name of the activation they are.
ACTIVATIONS = {
    "linear": byhand.Linear,
    "relu": byhand.ReLU,
    "sigmoid": byhand.Sigmoid,
    "softmax": byhand.Softmax,
    "tanh": byhand.Tanh,
}
# Every hand-written loss: the last activation by hand, and what the network calls the activation and the loss.
LOSSES = {
    "BinaryCrossEntropy": (byhand.Sigmoid, "sigmoid", "binary-cross-entropy"),
    "CategoricalCrossEntropy": (byhand.Softmax, "softmax", "categorical-cross-entropy"),
    "HalfSquaredError": (byhand.Tanh, "tanh", "half-squared-error"),
    "SoftmaxCCE": (byhand.Linear, "softmax", "categorical-cross-entropy"),
    "SquaredError": (byhand.Linear, "linear", "squared-error"),
}


def dense(outputs, inputs, kind=byhand.Dense):
    return kind(np.zeros((outputs, inputs)), np.zeros((outputs, 1)))


def stack(hidden, loss, reduction, kind=byhand.Dense):
    """Two dense layers by hand with an activation each, and a loss."""
    first, middle, last = WIDTHS
    layers = [dense(middle, first, kind), ACTIVATIONS[hidden](), dense(last, middle, kind), LOSSES[loss][0]()]
    return byhand.Network(layers, getattr(byhand, loss)(reduction))


def network(hidden, loss, reduction):
    """The same, described."""
    _, activation, name = LOSSES[loss]
    layers = [Dense(WIDTHS[1], hidden), Dense(WIDTHS[2], activation)]
    return Network(inputs=WIDTHS[0], layers=layers, loss=name, reduction=reduction)


# Every two of different tables meet.
COMBINATIONS = covering(itertools.product(ACTIVATIONS, LOSSES, REDUCTIONS), meet=2)


@pytest.mark.parametrize(("hidden", "loss", "reduction"), COMBINATIONS)
def test_every_hand_written_stack_is_certified(hidden, loss, reduction):
    verdict = verify(stack(hidden, loss, reduction), network=network(hidden, loss, reduction), points=1)
    assert verdict.verdict == "equal", verdict
    assert verdict.digits >= 80
    assert [check.name for check in verdict.checks] == ["W1", "b1", "W2", "b2", "X", "L"]


def test_every_layer_and_every_loss_by_hand_is_tried():
    exported = {name: getattr(byhand, name) for name in byhand.__all__ if isinstance(getattr(byhand, name), type)}
    losses = {name for name, kind in exported.items() if hasattr(kind, "predictions")} - {"Loss"}
    layers = {name for name, kind in exported.items() if hasattr(kind, "forward_pass")} - losses
    assert losses == LOSSES.keys()
    assert layers - {"Network", "Loss", "Layer"} == {kind.__name__ for kind in ACTIVATIONS.values()} | {"Dense"}
    assert layer.Layer.__name__ in byhand.__all__


@pytest.mark.parametrize(("one", "other"), list(itertools.permutations(REDUCTIONS, 2)))
def test_another_reduction_is_different(one, other):
    verdict = verify(stack("tanh", "SquaredError", one), network=network("tanh", "SquaredError", other), points=1)
    assert {check.verdict for check in verdict.checks} == {"different"}


@pytest.mark.parametrize(("one", "other"), covering(itertools.permutations(ACTIVATIONS, 2)))
def test_another_activation_is_different(one, other):
    given = stack(one, "SquaredError", "mean")
    assert verify(given, network=network(other, "SquaredError", "mean"), points=1).verdict == "different"


def mistaken(**wrong):
    """A dense layer whose backward pass sets or returns something else."""

    class Mistaken(byhand.Dense):
        def backward_pass(self, dvalues):
            dinputs = super().backward_pass(dvalues)
            if "dweights" in wrong:
                self.dweights = wrong["dweights"](self, dvalues)
            if "dbiases" in wrong:
                self.dbiases = wrong["dbiases"](self, dvalues)
            return wrong["dinputs"](self, dvalues) if "dinputs" in wrong else dinputs

    return Mistaken


# What a backward pass gets wrong, in both dense layers, and the arrays that are then wrong.
BELOW = {"W1", "b1", "X"}
PLANTED = {
    "the sign of the weights": ({"dweights": lambda self, d: -(d @ self.inputs.T)}, {"W1", "W2"}),
    "a factor 2 in the weights": ({"dweights": lambda self, d: 2 * (d @ self.inputs.T)}, {"W1", "W2"}),
    "one over m in the weights": ({"dweights": lambda self, d: (d @ self.inputs.T) / d.shape[1]}, {"W1", "W2"}),
    "weights in the wrong order": ({"dweights": lambda self, d: self.inputs @ d.T}, {"W1", "W2"}),
    "the biases not summed": ({"dbiases": lambda self, d: d}, {"b1", "b2"}),
    "the biases of one sample": ({"dbiases": lambda self, d: d[:, :1]}, {"b1", "b2"}),
    "the mean for the sum of the biases": ({"dbiases": lambda self, d: np.mean(d, 1, keepdims=True)}, {"b1", "b2"}),
    "the sign of dinputs": ({"dinputs": lambda self, d: -(self.weights.T @ d)}, {"W1", "b1"}),
    "a factor 2 in dinputs": ({"dinputs": lambda self, d: 2 * (self.weights.T @ d)}, BELOW),
    "one entry off by 1e-40": ({"dweights": lambda self, d: nudged(d @ self.inputs.T)}, {"W1", "W2"}),
}


def nudged(gradient):
    gradient = gradient.copy()
    gradient[1, 1] += gradient[1, 1] / 10**40
    return gradient


@pytest.mark.parametrize(("wrong", "arrays"), PLANTED.values(), ids=PLANTED)
def test_a_planted_mistake_is_different_and_names_the_arrays(wrong, arrays):
    given = stack("tanh", "SquaredError", "mean", mistaken(**wrong))
    verdict = verify(given, network=network("tanh", "SquaredError", "mean"))
    assert verdict.verdict == "different"
    assert {check.name for check in verdict.checks if check.verdict == "different"} == arrays
    assert all(name in verdict.evidence for name in arrays)


def test_flat_biases_are_compared_in_the_shape_of_their_parameter():
    given = stack("tanh", "SquaredError", "mean", mistaken(dbiases=lambda self, d: np.sum(d, axis=1)))
    assert verify(given, network=network("tanh", "SquaredError", "mean")).verdict == "equal"


def test_dinputs_of_the_first_layer_are_checked_when_all_weights_are_right():
    given = stack("tanh", "SquaredError", "mean")
    given.layers[0] = dense(3, 2, mistaken(dinputs=lambda self, d: 2 * (self.weights.T @ d)))
    verdict = verify(given, network=network("tanh", "SquaredError", "mean"))
    assert [check.name for check in verdict.checks if check.verdict == "different"] == ["X"]
    assert verdict["X"].ratio == 2


class WithoutSlope(byhand.Tanh):
    def backward_pass(self, dvalues):
        return dvalues


class SlopeOfTheWrongThing(byhand.Tanh):
    def backward_pass(self, dvalues):
        return dvalues * (1 - self.inputs * self.inputs)


@pytest.mark.parametrize("kind", [WithoutSlope, SlopeOfTheWrongThing])
def test_a_wrong_activation_derivative_is_different_below_it(kind):
    given = stack("tanh", "SquaredError", "mean")
    given.layers[1] = kind()
    verdict = verify(given, network=network("tanh", "SquaredError", "mean"))
    assert {check.name for check in verdict.checks if check.verdict == "different"} == BELOW


class HalfTheLoss(byhand.SquaredError):
    def _losses(self, outputs, targets):
        return super()._losses(outputs, targets) / 2


def test_a_loss_that_is_another_one_than_its_gradient_is_different():
    given = stack("tanh", "SquaredError", "mean")
    given.loss = HalfTheLoss("mean")
    verdict = verify(given, network=network("tanh", "SquaredError", "mean"))
    assert [check.name for check in verdict.checks if check.verdict == "different"] == ["L"]


def test_a_list_of_layers_gets_the_exact_upstream_gradient():
    given = stack("relu", "BinaryCrossEntropy", "mean")
    verdict = verify(given.layers, network=network("relu", "BinaryCrossEntropy", "mean"))
    assert verdict.verdict == "equal"
    assert verdict.digits >= 80
    assert [check.name for check in verdict.checks] == ["W1", "b1", "W2", "b2", "X"]


def test_an_object_that_holds_layers_and_no_loss_is_taken():
    class Holder:
        layers = stack("relu", "SquaredError", "mean").layers

    assert verify(Holder(), network=network("relu", "SquaredError", "mean"))


def test_layers_without_biases_are_taken():
    layers = [byhand.Dense(np.zeros((3, 2))), byhand.Tanh(), byhand.Dense(np.zeros((1, 3)))]
    described = Network(inputs=2, layers=[Dense(3, "tanh", bias=False), Dense(1, bias=False)], loss="squared-error")
    verdict = verify(layers, network=described)
    assert verdict
    assert [check.name for check in verdict.checks] == ["W1", "W2", "X"]


NET = network("tanh", "SquaredError", "mean")
REFUSED = {
    "too few layers": (lambda: [dense(3, 2)], "the network has 2 dense layers, yours 1 with weights"),
    "too many layers": (lambda: [dense(3, 2), dense(3, 3), dense(4, 3)], "2 dense layers, yours 3 with weights"),
    "no layers": (list, "2 dense layers, yours 0 with weights"),
    "an object without layers": (object, "2 dense layers, yours 0 with weights"),
    "a layer without methods": (lambda: [dense(3, 2), object(), dense(4, 3)], "object has no forward_pass"),
    "a layer without a backward pass": (lambda: [HalfALayer(), dense(4, 3)], "HalfALayer has no forward_pass and back"),
}


class HalfALayer:
    weights = np.zeros((3, 2))

    def forward_pass(self, inputs):
        return inputs


@pytest.mark.parametrize(("made", "message"), REFUSED.values(), ids=REFUSED)
def test_layers_that_are_not_those_of_the_network_are_refused(made, message):
    with pytest.raises(InputError, match=message):
        verify(made(), network=NET)


def test_biases_where_the_network_has_none_are_refused():
    described = Network(inputs=2, layers=[Dense(3, bias=False)], loss="squared-error")
    with pytest.raises(InputError, match="dense layer 1 has biases, but the network says bias=False"):
        verify([dense(3, 2)], network=described)


def test_layers_and_a_function_are_not_given_together():
    with pytest.raises(InputError, match="two functions and parameters"):
        verify([dense(3, 2)], lambda params: params, network=NET)


def test_no_point_at_all_is_refused():
    with pytest.raises(InputError, match="points must be at least 1"):
        verify(stack("tanh", "SquaredError", "mean"), network=NET, points=0)


def test_gradients_that_are_never_set_are_undecided_by_name():
    class Forgetful(byhand.Dense):
        def backward_pass(self, dvalues):
            return self.weights.T @ dvalues

    verdict = verify(stack("tanh", "SquaredError", "mean", Forgetful), network=NET)
    assert verdict.verdict == "undecided"
    assert {check.name for check in verdict.checks if check.verdict == "undecided"} == {"W1", "b1", "W2", "b2"}
    assert verdict["W1"].note == "your layers set no such gradient"


def test_gradients_set_to_zeros_once_and_for_all_are_different():
    class Lazy(byhand.Dense):
        def backward_pass(self, dvalues):
            super().backward_pass(dvalues)
            self.dweights = np.zeros(self.weights.shape)
            return self.dinputs

    verdict = verify(stack("tanh", "SquaredError", "mean", Lazy), network=NET)
    assert {check.name for check in verdict.checks if check.verdict == "different"} == {"W1", "W2"}


class RowDense:
    """A dense layer for samples in rows, as many write it."""

    def __init__(self, inputs, outputs):
        self.weights = np.zeros((inputs, outputs))
        self.biases = np.zeros(outputs)

    def forward_pass(self, inputs):
        self.inputs = inputs
        return inputs @ self.weights + self.biases

    def backward_pass(self, dvalues):
        self.dweights = self.inputs.T @ dvalues
        self.dbiases = dvalues.sum(axis=0)
        return dvalues @ self.weights.T


class RowSoftmax:
    def forward_pass(self, inputs):
        exponentials = np.exp(inputs - inputs.max(axis=1, keepdims=True))
        self.outputs = exponentials / exponentials.sum(axis=1, keepdims=True)
        return self.outputs

    def backward_pass(self, dvalues):
        return self.outputs * (dvalues - (dvalues * self.outputs).sum(axis=1, keepdims=True))


@pytest.mark.parametrize("loss", ["squared-error", "categorical-cross-entropy"])
def test_layers_for_rows_are_certified_against_a_samples_first_network(loss):
    layers = [Dense(3, "softmax"), Dense(4, "softmax")]
    described = Network(inputs=2, layers=layers, loss=loss, layout="samples-first")
    mine = [RowDense(2, 3), RowSoftmax(), RowDense(3, 4), RowSoftmax()]
    verdict = verify(mine, network=described)
    assert verdict.verdict == "equal", verdict
    assert verdict.digits >= 80


def test_layers_for_rows_do_not_pass_for_a_features_first_network():
    described = Network(inputs=2, layers=[Dense(3, "softmax"), Dense(4, "softmax")], loss="squared-error")
    assert verify([RowDense(2, 3), RowSoftmax(), RowDense(3, 4), RowSoftmax()], network=described).verdict != "equal"


def test_layers_that_set_dinputs_and_return_nothing_are_taken():
    class Silent(RowDense):
        def backward_pass(self, dvalues):
            self.dinputs = super().backward_pass(dvalues)

    described = Network(inputs=2, layers=[Dense(3)], loss="squared-error", layout="samples-first")
    assert verify([Silent(2, 3)], network=described)


def test_the_layers_given_are_not_touched():
    given = stack("relu", "SoftmaxCCE", "mean")
    rng = np.random.default_rng(0)
    given.set_parameters({name: rng.normal(size=A.shape) for name, A in given.parameters().items()})
    given.forward_pass(rng.normal(size=(2, 5)))
    before = copy.deepcopy(given)
    assert verify(given, network=network("relu", "SoftmaxCCE", "mean"))
    for mine, then in zip([given, given.loss, *given.layers], [before, before.loss, *before.layers], strict=True):
        assert mine.__dict__.keys() == then.__dict__.keys()
        for name, value in then.__dict__.items():
            if isinstance(value, np.ndarray):
                assert np.array_equal(getattr(mine, name), value)
                assert getattr(mine, name).dtype == value.dtype
    assert np.isfinite(given.forward_pass(rng.normal(size=(2, 5)))).all()


class Raising(byhand.Tanh):
    def backward_pass(self, dvalues):
        raise ValueError("not written yet")


def test_a_layer_that_raises_makes_it_undecided_with_the_place():
    given = stack("tanh", "SquaredError", "mean")
    given.layers[1] = Raising()
    verdict = verify(given, network=NET)
    assert verdict.verdict == "undecided"
    assert not verdict
    line = Raising.backward_pass.__code__.co_firstlineno + 1
    assert "ValueError: not written yet (" in verdict.reasons[0]
    assert f"test_stack.py:{line}, in backward_pass)" in verdict.reasons[0]


class OutOfReach(byhand.Tanh):
    def forward_pass(self, inputs):
        return super().forward_pass(inputs + 0 * np.spacing(inputs))


def test_a_layer_that_cannot_run_on_balls_is_not_passed():
    given = stack("tanh", "SquaredError", "mean")
    given.layers[1] = OutOfReach()
    verdict = verify(given, network=NET)
    assert verdict.verdict == "undecided"
    assert "np.spacing cannot run" in str(verdict)


def test_the_verdict_is_the_same_every_time_and_names_its_seed():
    given = stack("tanh", "SquaredError", "mean")
    first = verify(given, network=NET, seed=7)
    assert str(first) == str(verify(given, network=NET, seed=7))
    assert "2 points (333-bit balls, seed 7)" in first.evidence


class ShortNames(RowDense):
    """The same layer in other words: ``forward`` and ``backward``, a dict of ``W`` and ``b``, gradients returned."""

    def __init__(self, inputs, outputs):
        self.params = {"W": np.zeros((inputs, outputs)), "b": np.zeros(outputs)}

    forward_pass = backward_pass = None

    def forward(self, x):
        self.x = x
        return x @ self.params["W"] + self.params["b"]

    def backward(self, d):
        return d @ self.params["W"].T, self.x.T @ d, d.sum(axis=0)


class KeptInADict(ShortNames):
    def backward(self, d):
        below, dW, db = super().backward(d)
        self.grads = {"W": dW, "b": db}
        return below


class NotSummed(KeptInADict):
    def backward(self, d):
        below = super().backward(d)
        self.grads["b"] = d[0]
        return below


@pytest.mark.parametrize("kind", [ShortNames, KeptInADict])
def test_layers_of_other_names_are_certified_against_the_network(kind):
    layers = [Dense(3, "softmax"), Dense(4, "softmax")]
    described = Network(inputs=2, layers=layers, loss="squared-error", layout="samples-first")
    verdict = verify([kind(2, 3), RowSoftmax(), kind(3, 4), RowSoftmax()], network=described)
    assert verdict.verdict == "equal", verdict
    assert [check.name for check in verdict.checks] == ["W1", "b1", "W2", "b2", "X"]


def test_a_mistake_in_layers_of_other_names_is_different_where_it_is():
    described = Network(inputs=2, layers=[Dense(3), Dense(4)], loss="squared-error", layout="samples-first")
    verdict = verify([ShortNames(2, 3), NotSummed(3, 4)], network=described)
    assert [check.name for check in verdict.checks if check.verdict == "different"] == ["b2"]

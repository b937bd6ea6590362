"""A mistake is named, alone and in pairs, with its place and difference, and nothing is named that is not there."""

from __future__ import annotations

from functools import cache

import numpy as np

from symnn import byhand
from symnn.derivation import derive
from symnn.mistakes import planted
from symnn.network import Dense, Network
from symnn.notation import adjoint_name, name_of
from symnn.scalars import array, ball
from symnn.verification import drawn, verify
from symnn.verification.diagnosis import explain, ground_of
from symnn.verification.rewrites import Rewrites, Trial

BITS = 200
NETWORKS = {
    "softmax": Network(2, [Dense(3, "sigmoid"), Dense(4, "softmax")], "categorical-cross-entropy"),
    "rows": Network(2, [Dense(3, "tanh"), Dense(2, "sigmoid")], "half-squared-error", layout="samples-first"),
    "linear": Network(3, [Dense(4, "relu"), Dense(2)], "squared-error", reduction="sum"),
}


class Bench:
    """A network at a drawn point, and the gradients that a set of planted mistakes would give."""

    def __init__(self, network):
        self.network, self.derivation = network, derive(network)
        program = self.derivation.program
        floats = drawn(program, self.derivation.sizes, np.random.default_rng(3))
        self.arrays = {name: array(A, ball(BITS)) for name, A in floats.items()}
        self.ground = ground_of(self.derivation, network, self.arrays)
        self.names = [name_of(t) for t in (*program.parameters, *program.inputs)]
        self.rewrites = Rewrites(self.ground, self.arrays, self.names, BITS)
        self.mistakes = planted(self.ground)
        self.right = self.with_mistakes()

    def with_mistakes(self, *mistakes):
        values = self.rewrites.gradients(mistakes)
        # A gradient left at zero is a plain array; zero times a ball is a ball.
        return {name: values[adjoint_name(name)] + array(0, ball(BITS)) for name in self.names}

    def found(self, gradients):
        return explain(self.mistakes, [Trial(self.rewrites, gradients)])

    def diagnosis(self, gradients):
        return str(self.found(gradients))

    def seen(self, gradients):
        return any(str(gradients[name]) != str(self.right[name]) for name in self.names)


@cache
def bench_of(name):
    return Bench(NETWORKS[name])


def test_two_mistakes_are_named_together():
    bench = bench_of("softmax")
    by_kind = {(one.kind, tuple(one.instead)): one for one in bench.mistakes}
    sign = by_kind["sign", ("db2",)]
    slope = by_kind["slope missing", ("A1_slope",)]
    said = bench.diagnosis(bench.with_mistakes(sign, slope))
    assert sign.said in said
    assert slope.said in said


def test_a_transposed_gradient_is_called_transposed():
    bench = bench_of("linear")
    gradients = {**bench.right, "W1": bench.right["W1"].T}
    assert bench.diagnosis(gradients) == "the gradient with respect to W1 is transposed"


def test_a_bias_gradient_of_every_sample_is_called_not_summed():
    bench = bench_of("linear")
    assert (
        bench.diagnosis({**bench.right, "b2": bench.rewrites.right["dZ2"]})
        == "the gradient with respect to b2 is not summed over the samples"
    )


def test_what_no_rewrite_explains_is_not_named():
    bench = bench_of("linear")
    gradients = {name: value.copy() for name, value in bench.right.items()}
    gradients["W2"][0, 0] = gradients["W2"][0, 0] + array("1e-30", ball(BITS))
    assert bench.diagnosis(gradients) == ""


def test_what_is_right_has_no_mistake():
    bench = bench_of("linear")
    assert not bench.found(bench.right)


def test_a_diagnosis_tells_the_kind_the_layer_the_arrays_and_the_difference():
    bench = bench_of("rows")
    (one,) = (one for one in bench.mistakes if one.said.startswith("the gradient with respect to W1 is 1/m times"))
    found = bench.found(bench.with_mistakes(one))
    assert (found.kind, found.layer, found.arrays) == ("factor", 1, ("W1",))
    assert found.difference == "yours − exact = (1/m − 1)·Σ_i X[i, k]·dZ1[i, j] at dW1[k, j]"


def test_what_a_mistake_falsifies_further_down_is_among_its_arrays():
    bench = bench_of("rows")
    (one,) = (one for one in bench.mistakes if one.said.startswith("the slope of tanh is missing"))
    found = bench.found(bench.with_mistakes(one))
    assert (found.layer, found.arrays) == (1, ("W1", "b1", "X"))
    assert found.difference == "yours − exact = A1[i, j]²·dA1[i, j] at dZ1[i, j]"


def test_gradients_that_are_all_transposed_are_put_down_to_the_layout():
    bench = bench_of("rows")
    gradients = {name: value.T if value.ndim == 2 else value for name, value in bench.right.items()}
    assert "all transposed, as for the other layout" in bench.diagnosis(gradients)


def test_a_bias_gradient_of_one_number_is_added_up_too_far():
    bench = bench_of("rows")
    gradients = {**bench.right, "b2": bench.rewrites.right["dZ2"].sum()}
    gradients["b2"] = array([0], ball(BITS)).reshape(()) + gradients["b2"]
    assert "b2 is added up over the units as well" in bench.diagnosis({**gradients, "b2": np.array(gradients["b2"])})


def test_layers_get_their_mistake_named_in_the_verdict():
    class Forgetful(byhand.Sigmoid):
        def backward_pass(self, dvalues):
            self.dinputs = dvalues * 1
            return self.dinputs

    layers = [byhand.Dense(np.zeros((3, 2)), np.zeros((3, 1))), Forgetful(), byhand.Dense(np.zeros((1, 3)))]
    network = Network(2, [Dense(3, "sigmoid"), Dense(1, bias=False)], "half-squared-error")
    verdict = verify(layers, network=network)
    assert verdict.verdict == "different"
    assert str(verdict.diagnosis) == "the slope of sigmoid is missing where the gradient passes A1"
    assert f"the mistake: {verdict.diagnosis}" in str(verdict)


def test_functions_get_their_mistake_named_with_a_network_and_without():
    def output(params, X):
        return 1 / (1 + np.exp(-(params["W1"] @ X + params["b1"])))

    def loss(params, X, Y):
        return np.sum((output(params, X) - Y) ** 2) / (2 * X.shape[1])

    def grad(params, X, Y):
        dz = (output(params, X) - Y) / X.shape[1]
        return {"W1": dz @ X.T, "b1": dz.sum(axis=1, keepdims=True)}

    network = Network(2, [Dense(1, "sigmoid")], "half-squared-error")
    params = {"W1": np.array([[0.1, 0.6]]), "b1": np.zeros((1, 1))}
    X, Y = np.array([[0.0, 0, 1, 1], [0, 1, 0, 1]]), np.array([[0.0, 1, 1, 1]])
    assert "gradient of binary-cross-entropy" in str(verify(loss, grad, params, X, Y, network=network).diagnosis)
    assert "gradient of binary-cross-entropy" in str(verify(loss, grad, params, X, Y).diagnosis)

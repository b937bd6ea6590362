"""A mistake is named: every rewrite in the table, alone and in pairs, and nothing is named that is not there."""

from __future__ import annotations

import numpy as np
import pytest

from symnn import byhand
from symnn.derive import derive
from symnn.kernels import extend
from symnn.network import Dense, Network
from symnn.notation import adjoint_name, name_of
from symnn.scalars import array, ball, running
from symnn.verify import drawn, verify
from symnn.verify.diagnosis import diagnose
from symnn.verify.mistakes import MISTAKES, Ground, planted

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
        self.ground = Ground.of(self.derivation, network)
        program = self.derivation.program
        floats = drawn(program, self.derivation.sizes, np.random.default_rng(3))
        self.arrays = {name: array(A, ball(BITS)) for name, A in floats.items()}
        self.names = [name_of(t) for t in (*program.parameters, *program.inputs)]
        self.right = self.with_mistakes()

    def with_mistakes(self, *mistakes):
        instead = {name: equation for one in mistakes for name, equation in one.instead.items()}
        program = self.derivation.program
        backward = [instead.get(equation.name, equation) for equation in self.ground.equations]
        with running(ball(BITS)):
            values = extend(program, extend(program, self.arrays, program.equations), backward)
            # A gradient left at zero is a plain array; zero times a ball is a ball.
            return {name: values[adjoint_name(name)] + array(0, ball(BITS)) for name in self.names}

    def diagnosis(self, gradients):
        return str(diagnose(self.derivation, self.network, self.arrays, gradients, BITS))

    def seen(self, gradients):
        return any(str(gradients[name]) != str(self.right[name]) for name in self.names)


BENCHES = {name: Bench(network) for name, network in NETWORKS.items()}
FIRST_OF_EACH = [
    pytest.param(name, mistake, id=f"{name}-{mistake.__name__}") for name in NETWORKS for mistake in MISTAKES
]


@pytest.mark.parametrize(("name", "mistake"), FIRST_OF_EACH)
def test_a_mistake_is_named_as_planted_or_as_one_that_gives_the_same_gradient(name, mistake):
    bench = BENCHES[name]
    visible = [one for one in mistake(bench.ground) if bench.seen(bench.with_mistakes(one))]
    for one in visible[:1]:
        said = bench.diagnosis(bench.with_mistakes(one))
        equivalent = [other for other in planted(bench.ground) if other.said == said]
        assert equivalent, f"planted: {one.said}; said: {said!r}"
        assert str(bench.with_mistakes(equivalent[0])) == str(bench.with_mistakes(one))


def test_every_row_of_the_table_finds_a_place_in_some_network():
    empty = {m.__name__ for m in MISTAKES} - {
        m.__name__ for m in MISTAKES for bench in BENCHES.values() if list(m(bench.ground))
    }
    # Dense layers in a row have one path each; two paths need a program such as a normalisation.
    assert empty == {"_path_dropped"}


def test_two_mistakes_are_named_together():
    bench = BENCHES["softmax"]
    by_kind = {(one.kind, tuple(one.instead)): one for one in planted(bench.ground)}
    sign = by_kind["sign", ("db2",)]
    slope = by_kind["slope missing", ("A1_slope",)]
    said = bench.diagnosis(bench.with_mistakes(sign, slope))
    assert sign.said in said
    assert slope.said in said


def test_a_transposed_gradient_is_called_transposed():
    bench = BENCHES["linear"]
    gradients = {**bench.right, "W1": bench.right["W1"].T}
    assert bench.diagnosis(gradients) == "the gradient by W1 is transposed"


def test_a_bias_gradient_of_every_sample_is_called_not_summed():
    bench = BENCHES["linear"]
    program = bench.derivation.program
    with running(ball(BITS)):
        values = extend(program, extend(program, bench.arrays, program.equations), bench.ground.equations)
    assert bench.diagnosis({**bench.right, "b2": values["dZ2"]}) == "the gradient by b2 is not summed over the samples"


def test_what_no_rewrite_explains_is_not_named():
    bench = BENCHES["linear"]
    gradients = {name: value.copy() for name, value in bench.right.items()}
    gradients["W2"][0, 0] = gradients["W2"][0, 0] + array("1e-30", ball(BITS))
    assert bench.diagnosis(gradients) == ""


def test_what_is_right_has_no_mistake():
    bench = BENCHES["linear"]
    assert bench.diagnosis(bench.right) == ""


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


def test_functions_with_a_network_get_their_mistake_named():
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
    assert not verify(loss, grad, params, X, Y).diagnosis

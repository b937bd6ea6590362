"""The 2-3-2 linear network, worked in whole numbers: every published figure comes out exactly."""

from __future__ import annotations

import numpy as np
import pytest

from symnn.byhand import Dense, HalfSquaredError, Network

X = np.array([[3], [-2]])
Y = np.array([[1], [4]])
# The lecture gives u but not the first weights; these are small integers that lead to it.
W1 = np.array([[3, 1], [-8, -1], [1, 3]])
B1 = np.array([[0], [0], [0]])
W2 = np.array([[2, 1, 4], [-2, -1, 5]])
B2 = np.array([[-1], [5]])

GRADIENTS = {
    "W1": [[-96, 64], [-48, 32], [-354, 236]],
    "b1": [[-32], [-16], [-118]],
    "W2": [[-154, 484, 66], [-42, 132, 18]],
    "b2": [[-22], [-6]],
}


class WrongSign(Dense):
    """A dense layer whose author wrote y − ŷ once too often: its ``dweights`` point uphill."""

    def backward_pass(self, dvalues):
        dinputs = super().backward_pass(dvalues)
        self.dweights = -self.dweights
        return dinputs


def check_example(first, second):
    network = Network([first(W1, B1), second(W2, B2)], HalfSquaredError())
    np.testing.assert_array_equal(network.forward_pass(X), [[-21], [-2]])
    np.testing.assert_array_equal(network.layers[0].outputs, [[7], [-22], [-3]])
    assert network.loss_of(X, Y) == (22**2 + 6**2) / 2
    network.backward_pass(Y)
    np.testing.assert_array_equal(network.loss.dinputs, [[-22], [-6]])
    np.testing.assert_array_equal(network.layers[1].dinputs, [[-32], [-16], [-118]])
    gradients = network.gradients()
    assert list(gradients) == list(GRADIENTS)
    for name, published in GRADIENTS.items():
        np.testing.assert_array_equal(gradients[name], published, err_msg=name)
        assert gradients[name].dtype == np.int64


def test_the_published_figures_come_out_exactly():
    check_example(Dense, Dense)


@pytest.mark.parametrize(("first", "second"), [(WrongSign, Dense), (Dense, WrongSign)])
def test_a_planted_wrong_sign_fails_the_example(first, second):
    with pytest.raises(AssertionError, match="Arrays are not equal"):
        check_example(first, second)


def test_a_batch_of_copies_multiplies_the_parameter_gradients_and_repeats_the_inputs():
    network = Network([Dense(W1, B1), Dense(W2, B2)], HalfSquaredError())
    network.forward_pass(np.tile(X, 3))
    dinputs = network.backward_pass(np.tile(Y, 3))
    for name, published in GRADIENTS.items():
        np.testing.assert_array_equal(network.gradients()[name], 3 * np.array(published))
    np.testing.assert_array_equal(dinputs, np.tile(W1.T @ [[-32], [-16], [-118]], 3))

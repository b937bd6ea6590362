"""The hand-written network learns real data as well as scikit-learn's own does, on the same split."""

from __future__ import annotations

import numpy as np
import pytest

from symnn.byhand import (
    Adam,
    HalfSquaredError,
    Scaling,
    SoftmaxCCE,
    dense_network,
    one_hot,
    train,
)
from symnn.byhand.perceptron import separate
from tests.needs import NEEDS

if not NEEDS["sklearn"].missing():
    from sklearn.datasets import load_diabetes, load_digits
    from sklearn.linear_model import Perceptron
    from sklearn.model_selection import train_test_split
    from sklearn.neural_network import MLPClassifier, MLPRegressor

pytestmark = pytest.mark.sklearn

TANH = "normal, scaled for tanh"


def split(data):
    """Training and test inputs as columns, scaled by what training holds, and their targets."""
    X, X_test, y, y_test = train_test_split(data.data, data.target, test_size=0.25, random_state=0)
    scaling = Scaling.of(X.T)
    return scaling.apply(X.T), y, scaling.apply(X_test.T), y_test


def r2(predicted, y):
    return 1 - np.sum((y - predicted) ** 2) / np.sum((y - y.mean()) ** 2)


def test_digits_are_read_as_well_as_by_scikit_learn():
    X, y, X_test, y_test = split(load_digits())
    net = dense_network([64, 32, 10], ["relu", "linear"], SoftmaxCCE("mean"), seed=0)
    train(net, X, one_hot(y, 10), Adam(0.003), 25, batch=64, seed=0)
    ours = np.mean(net.forward_pass(X_test).argmax(axis=0) == y_test)
    theirs = MLPClassifier(
        hidden_layer_sizes=(32,), batch_size=64, max_iter=25, learning_rate_init=0.003, random_state=0
    )
    theirs.set_params(tol=0, n_iter_no_change=25)
    with pytest.warns(match="Maximum iterations"):
        theirs.fit(X.T, y)
    assert ours >= 0.95
    assert ours >= theirs.score(X_test.T, y_test) - 0.02


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
def test_diabetes_is_predicted_as_well_as_by_scikit_learn():
    X, y, X_test, y_test = split(load_diabetes())
    centre, spread = y.mean(), y.std()
    targets, ours, theirs = (y - centre) / spread, [], []
    # One start alone is worth a few hundredths of R² either way.
    for seed in range(3):
        net = dense_network([10, 8, 1], ["tanh", "linear"], HalfSquaredError("mean"), TANH, seed=seed)
        train(net, X, targets.reshape(1, -1), Adam(0.005), 40, batch=32, seed=seed)
        ours.append(r2(net.forward_pass(X_test)[0] * spread + centre, y_test))
        other = MLPRegressor(hidden_layer_sizes=(8,), activation="tanh", learning_rate_init=0.005, batch_size=32)
        other.set_params(max_iter=40, tol=0, n_iter_no_change=40, random_state=seed)
        theirs.append(r2(other.fit(X.T, targets).predict(X_test.T) * spread + centre, y_test))
    assert np.mean(ours) >= 0.3
    assert np.mean(ours) >= np.mean(theirs) - 0.03


def test_the_perceptron_answers_as_scikit_learns_on_separable_points():
    rng = np.random.default_rng(0)
    normal = np.array([2.0, -1.0])
    points = rng.normal(size=(2, 40))
    labels = (normal @ points > 0).astype(int)
    points = points + 0.3 * np.outer(normal, 2 * labels - 1)
    line = separate(points, labels)[-1].line
    theirs = Perceptron(shuffle=False, tol=None, max_iter=1000, random_state=0).fit(points.T, labels)
    assert line.answers(points).tolist() == theirs.predict(points.T).tolist() == labels.tolist()


def test_an_untrained_network_reads_no_digits():
    X, _, X_test, y_test = split(load_digits())
    net = dense_network([64, 32, 10], ["relu", "linear"], SoftmaxCCE("mean"), seed=0)
    assert np.mean(net.forward_pass(X_test).argmax(axis=0) == y_test) < 0.4
    assert X.shape[0] == 64

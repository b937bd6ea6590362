"""`symnn.verify` of deep nets: time grows with the number of layers, and a thousand of them are decided.

Layers are 4×4 with tanh, each with a matrix of its own, in ordinary NumPy. Numbers that shrink from layer to layer cost
digits, which a check gives anew by doubling the precision; the claim allows for that.
"""

from __future__ import annotations

import numpy as np
from pairs import HEADER, in_turns, table

import symnn


def loss(weights, X):
    """Half the squares of the last layer's outputs."""
    A = X
    for W in weights:
        A = np.tanh(W @ A)
    return np.sum(A**2) / 2


def grad(weights, X):
    """Its gradient with respect to every matrix, by hand."""
    outputs = [X]
    for W in weights:
        outputs.append(np.tanh(W @ outputs[-1]))
    upstream, found = outputs[-1], []
    for W, before, after in zip(weights[::-1], outputs[-2::-1], outputs[:0:-1], strict=True):
        upstream = upstream * (1 - after**2)
        found.append(upstream @ before.T)
        upstream = W.T @ upstream
    return found[::-1]


def example(layers):
    """Matrices that neither shrink nor stretch much, and four samples."""
    rng = np.random.default_rng(0)
    return [rng.normal(0, 0.6, (4, 4)) for _ in range(layers)], rng.normal(size=(4, 4))


def check(layers):
    """Check a net; it must be certified."""
    verdict = symnn.verify(loss, grad, *example(layers))
    assert verdict.verdict == "equal", str(verdict)


def test_four_times_the_layers_take_at_most_six_times_as_long(capsys):
    """Half as much again is left for the digits that depth takes."""
    measured = in_turns(lambda: check(200), lambda: check(50), pairs=5)
    with capsys.disabled():
        print(table(HEADER, measured.row("200 layers against 50")))
    assert measured.ratio <= 6


def test_a_thousand_layers_are_decided():
    """By one sweep at each point, at more than two thousand bits."""
    check(1000)

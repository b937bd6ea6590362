"""A forward pass that returns (out, cache), and a backward pass that returns dx alone, not in a tuple."""

import numpy as np
import symnn
from tests.people.case import numbers, right, wrong

X = numbers(4, 3)


def relu_forward(x):
    return np.maximum(x, 0), x


def relu_backward(d, cache):
    return d * (cache > 0)


def relu_backward_unmasked(d, cache):
    return d


def leaky_forward(x, slope=0.1):
    return np.where(x > 0, x, slope * x), (x, slope)


def leaky_backward(d, cache):
    x, slope = cache
    return np.where(x > 0, d, slope * d)


def leaky_backward_slope_of_one(d, cache):
    x, _ = cache
    return np.where(x > 0, d, d)


def softplus_forward(x):
    return np.log(1 + np.exp(x)), {"x": x}


def softplus_backward(d, cache):
    return d / (1 + np.exp(-cache["x"]))


def softplus_backward_sign(d, cache):
    return d / (1 + np.exp(cache["x"]))


def scale_forward(x, factor=2.0):
    return factor * x, (x, factor, "named", None, [1, 2])


def scale_backward(d, cache):
    return d * cache[1]


def scale_backward_halved(d, cache):
    return d / cache[1]


def flatten_forward(x):
    return x.reshape(len(x), -1), x.shape


def flatten_backward(d, cache):
    return d.reshape(cache)


def flatten_backward_doubled(d, cache):
    return 2 * d.reshape(cache)


CASES = [
    right("relu", lambda seed: symnn.verify(relu_forward, relu_backward, X, seed=seed)),
    wrong("relu without its mask", lambda seed: symnn.verify(relu_forward, relu_backward_unmasked, X, seed=seed)),
    right("leaky relu, a ragged cache", lambda seed: symnn.verify(leaky_forward, leaky_backward, X, seed=seed)),
    wrong(
        "leaky relu, slope one everywhere",
        lambda seed: symnn.verify(leaky_forward, leaky_backward_slope_of_one, X, seed=seed),
    ),
    right("softplus, a dict as cache", lambda seed: symnn.verify(softplus_forward, softplus_backward, X, seed=seed)),
    wrong("softplus, sign", lambda seed: symnn.verify(softplus_forward, softplus_backward_sign, X, seed=seed)),
    right("scaling, a cache of all sorts", lambda seed: symnn.verify(scale_forward, scale_backward, X, seed=seed)),
    wrong("scaling, divided", lambda seed: symnn.verify(scale_forward, scale_backward_halved, X, seed=seed)),
    right(
        "flatten, a shape as cache",
        lambda seed: symnn.verify(flatten_forward, flatten_backward, numbers(2, 2, 3), seed=seed),
    ),
    wrong(
        "flatten, doubled",
        lambda seed: symnn.verify(flatten_forward, flatten_backward_doubled, numbers(2, 2, 3), seed=seed),
    ),
]

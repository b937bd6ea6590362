"""Layers as functions with caches: affine, relu, sandwich, batch and layer normalisation, dropout, embedding."""

import numpy as np
import symnn
from tests.people.case import numbers, right, wrong

X, W, B = numbers(4, 2, 3), numbers(6, 5), numbers(5)
ROWS, GAMMA, BETA = numbers(5, 3), numbers(3, seed=1), numbers(3, seed=2)


def affine_forward(x, w, b):
    out = x.reshape(x.shape[0], -1).dot(w) + b
    cache = (x, w, b)
    return out, cache


def affine_backward(dout, cache):
    x, w, _ = cache
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T.dot(dout)
    db = np.sum(dout, axis=0)
    return dx, dw, db


def affine_backward_mean(dout, cache):
    dx, dw, db = affine_backward(dout, cache)
    return dx, dw, db / len(dout)


def relu_forward(x):
    out = np.maximum(0, x)
    return out, x


def relu_backward(dout, cache):
    dx = dout * (cache >= 0)
    return dx


def relu_backward_of_upstream(dout, cache):
    return dout * (dout >= 0)


def affine_relu_forward(x, w, b):
    a, fc_cache = affine_forward(x, w, b)
    out, relu_cache = relu_forward(a)
    return out, (fc_cache, relu_cache)


def affine_relu_backward(dout, cache):
    fc_cache, relu_cache = cache
    da = relu_backward(dout, relu_cache)
    return affine_backward(da, fc_cache)


def affine_relu_backward_unmasked(dout, cache):
    return affine_backward(dout, cache[0])


def batchnorm_forward(x, gamma, beta, bn_param):
    eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    N, D = x.shape
    running_mean = bn_param.get("running_mean", np.zeros(D, dtype=x.dtype))
    running_var = bn_param.get("running_var", np.zeros(D, dtype=x.dtype))
    if bn_param["mode"] == "train":
        mu, var = x.mean(axis=0), x.var(axis=0)
        std = np.sqrt(var + eps)
        xhat = (x - mu) / std
        out, cache = gamma * xhat + beta, (xhat, gamma, std)
        running_mean = momentum * running_mean + (1 - momentum) * mu
        running_var = momentum * running_var + (1 - momentum) * var
    elif bn_param["mode"] == "test":
        std = np.sqrt(running_var + eps)
        xhat = (x - running_mean) / std
        out, cache = gamma * xhat + beta, (xhat, gamma, std)
    else:
        raise ValueError("mode")
    bn_param["running_mean"], bn_param["running_var"] = running_mean, running_var
    return out, cache


def batchnorm_backward(dout, cache):
    xhat, gamma, std = cache
    N = dout.shape[0]
    dgamma, dbeta = np.sum(dout * xhat, axis=0), dout.sum(axis=0)
    dxhat = dout * gamma
    dx = (N * dxhat - dxhat.sum(axis=0) - xhat * np.sum(dxhat * xhat, axis=0)) / (N * std)
    return dx, dgamma, dbeta


def batchnorm_backward_path(dout, cache):
    xhat, gamma, std = cache
    dxhat = dout * gamma
    return (dxhat - dxhat.mean(axis=0)) / std, np.sum(dout * xhat, axis=0), dout.sum(axis=0)


def layernorm_forward(x, gamma, beta, ln_param):
    eps = ln_param.get("eps", 1e-5)
    mu, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    xhat = (x - mu) / np.sqrt(var + eps)
    return gamma * xhat + beta, {"xhat": xhat, "gamma": gamma, "istd": 1 / np.sqrt(var + eps)}


def layernorm_backward(dout, cache):
    xhat, d = cache["xhat"], dout * cache["gamma"]
    dx = d - d.mean(axis=1, keepdims=True) - xhat * (d * xhat).mean(axis=1, keepdims=True)
    return dx * cache["istd"], (dout * xhat).sum(axis=0), dout.sum(axis=0)


def layernorm_backward_axis(dout, cache):
    xhat, d = cache["xhat"], dout * cache["gamma"]
    dx = d - d.mean(axis=0) - xhat * (d * xhat).mean(axis=0)
    return dx * cache["istd"], (dout * xhat).sum(axis=0), dout.sum(axis=0)


def dropout_forward(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    mask = None
    if mode == "train":
        mask = (np.random.rand(*x.shape) < p) / p
        out = x * mask
    else:
        out = x
    return out.astype(x.dtype, copy=False), (dropout_param, mask)


def dropout_backward(dout, cache):
    dropout_param, mask = cache
    return dout * mask if dropout_param["mode"] == "train" else dout


def dropout_backward_unscaled(dout, cache):
    dropout_param, mask = cache
    return dout * (mask > 0) if dropout_param["mode"] == "train" else dout


def word_embedding_forward(x, W):
    return W[x], (x, W.shape)


def word_embedding_backward(dout, cache):
    x, shape = cache
    dW = np.zeros(shape)
    np.add.at(dW, x, dout)
    return dW


def word_embedding_backward_overwritten(dout, cache):
    x, shape = cache
    dW = np.zeros(shape)
    dW[x] = dout
    return dW


WORDS = np.array([[0, 3, 1], [3, 3, 2]])


def train(seed, backward):
    return symnn.verify(batchnorm_forward, backward, ROWS, GAMMA, BETA, {"mode": "train"}, seed=seed)


def drop(seed, backward, mode="train"):
    return symnn.verify(dropout_forward, backward, ROWS, {"mode": mode, "p": 0.6, "seed": 123}, seed=seed)


TESTED = {"mode": "test", "running_mean": numbers(3), "running_var": numbers(3) ** 2}


def tested_backward(dout, cache):
    xhat, gamma, std = cache
    return dout * gamma / std, np.sum(dout * xhat, axis=0), dout.sum(axis=0)


CASES = [
    right("affine", lambda s: symnn.verify(affine_forward, affine_backward, X, W, B, seed=s), arrays=3),
    wrong("affine, mean for sum", lambda s: symnn.verify(affine_forward, affine_backward_mean, X, W, B, seed=s)),
    right("relu", lambda s: symnn.verify(relu_forward, relu_backward, ROWS, seed=s)),
    wrong(
        "relu, the mask of the upstream", lambda s: symnn.verify(relu_forward, relu_backward_of_upstream, ROWS, seed=s)
    ),
    right("sandwich", lambda s: symnn.verify(affine_relu_forward, affine_relu_backward, X, W, B, seed=s), arrays=3),
    wrong(
        "sandwich, no mask", lambda s: symnn.verify(affine_relu_forward, affine_relu_backward_unmasked, X, W, B, seed=s)
    ),
    right("batch norm", lambda s: train(s, batchnorm_backward), arrays=3),
    wrong("batch norm, a path", lambda s: train(s, batchnorm_backward_path)),
    right(
        "batch norm in test mode",
        lambda s: symnn.verify(batchnorm_forward, tested_backward, ROWS, GAMMA, BETA, dict(TESTED), seed=s),
        arrays=3,
    ),
    wrong(
        "batch norm in test mode, differentiated as in training",
        lambda s: symnn.verify(batchnorm_forward, batchnorm_backward, ROWS, GAMMA, BETA, dict(TESTED), seed=s),
    ),
    right(
        "layer norm",
        lambda s: symnn.verify(layernorm_forward, layernorm_backward, ROWS, GAMMA, BETA, {}, seed=s),
        arrays=3,
    ),
    wrong(
        "layer norm, the axis",
        lambda s: symnn.verify(layernorm_forward, layernorm_backward_axis, ROWS, GAMMA, BETA, {}, seed=s),
    ),
    right("dropout", lambda s: drop(s, dropout_backward)),
    wrong("dropout, not scaled", lambda s: drop(s, dropout_backward_unscaled)),
    right("dropout in test mode", lambda s: drop(s, dropout_backward, "test")),
    right(
        "embedding",
        lambda s: symnn.verify(word_embedding_forward, word_embedding_backward, WORDS, numbers(5, 4), seed=s),
    ),
    wrong(
        "embedding, = for +=",
        lambda s: symnn.verify(
            word_embedding_forward, word_embedding_backward_overwritten, WORDS, numbers(5, 4), seed=s
        ),
    ),
]

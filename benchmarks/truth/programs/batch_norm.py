"""Dense layer, batch normalisation, ReLU, dense layer; the backward pass goes node by node."""
import numpy as np

eps = 1e-3


def batchnorm_forward(x, gamma, beta):
    mu = x.mean(axis=0)
    xmu = x - mu
    var = np.mean(xmu ** 2, axis=0)
    sqrtvar = np.sqrt(var + eps)
    ivar = 1.0 / sqrtvar
    xhat = xmu * ivar
    out = gamma * xhat + beta
    return out, (xhat, gamma, xmu, ivar, sqrtvar, var)


def batchnorm_backward(dout, cache):
    xhat, gamma, xmu, ivar, sqrtvar, var = cache
    N, D = dout.shape
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma

    divar = np.sum(dxhat * xmu, axis=0)
    dxmu1 = dxhat * ivar
    dsqrtvar = -1.0 / (sqrtvar ** 2) * divar
    dvar = 0.5 / np.sqrt(var + eps) * dsqrtvar
    dsq = np.ones((N, D)) / N * dvar
    dxmu2 = 2 * xmu * dsq
    dx1 = dxmu1 + dxmu2
    dmu = -1 * np.sum(dxmu1 + dxmu2, axis=0)
    dx2 = np.ones((N, D)) / N * dmu
    dx = dx1 + dx2
    return dx, dgamma, dbeta


def loss(params, X, Y):
    h = X @ params["W1"]
    normed, _ = batchnorm_forward(h, params["gamma"], params["beta"])
    scores = np.maximum(normed, 0) @ params["W2"]
    return 0.5 * np.mean(np.sum((scores - Y) ** 2, axis=1))


def grad(params, X, Y):
    N = X.shape[0]
    h = X @ params["W1"]
    normed, cache = batchnorm_forward(h, params["gamma"], params["beta"])
    a = np.maximum(normed, 0)
    dscores = (a @ params["W2"] - Y) / N
    grads = {}
    grads["W2"] = a.T @ dscores
    da = dscores @ params["W2"].T
    da[normed < 0] = 0
    dh, grads["gamma"], grads["beta"] = batchnorm_backward(da, cache)
    grads["W1"] = X.T @ dh
    return grads


def example():
    rng = np.random.default_rng(19)
    params = {"W1": rng.normal(size=(3, 4)), "gamma": 1 + 0.3 * rng.normal(size=4),
              "beta": 0.5 * rng.normal(size=4), "W2": rng.normal(size=(4, 2))}
    return params, rng.normal(size=(6, 3)), rng.normal(size=(6, 2))

"""Layer normalisation of a hidden layer with gain and bias, in one closed formula, before a softmax."""
import numpy as np

EPSILON = 1e-4


def layer_norm(x, gain, bias):
    mean = x.mean(-1, keepdims=True)
    std = np.sqrt(x.var(-1, keepdims=True) + EPSILON)
    norm = (x - mean) / std
    return gain * norm + bias, norm, std


def forward(p, x):
    z = x @ p["w"]
    y, norm, std = layer_norm(z, p["gain"], p["bias"])
    logits = y @ p["v"]
    logits = logits - logits.max(-1, keepdims=True)
    q = np.exp(logits)
    q /= q.sum(-1, keepdims=True)
    return y, norm, std, q


def loss(p, x, t):
    q = forward(p, x)[-1]
    return -np.mean(np.sum(t * np.log(q), -1))


def layer_norm_backward(dy, gain, norm, std):
    dgain = (dy * norm).sum(0)
    dbias = dy.sum(0)
    dnorm = dy * gain
    dx = (
        dnorm
        - dnorm.mean(-1, keepdims=True)
        - norm * (dnorm * norm).mean(-1, keepdims=True)
    ) / std
    return dx, dgain, dbias


def grad(p, x, t):
    y, norm, std, q = forward(p, x)
    dlogits = (q - t) / x.shape[0]
    dv = y.T @ dlogits
    dy = dlogits @ p["v"].T
    dz, dgain, dbias = layer_norm_backward(dy, p["gain"], norm, std)
    dw = x.T @ dz
    return dict(w=dw, gain=dgain, bias=dbias, v=dv)


def example():
    rng = np.random.default_rng(20)
    p = dict(w=rng.normal(size=(3, 5)), gain=1 + 0.2 * rng.normal(size=5), bias=rng.normal(size=5),
             v=rng.normal(size=(5, 4)))
    return p, rng.normal(size=(6, 3)), np.eye(4)[[2, 0, 3, 1, 1, 2]]

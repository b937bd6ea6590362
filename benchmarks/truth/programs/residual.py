"""Two residual blocks x + W2 relu(W1 x), each with its own pair of matrices, and a mean squared error."""
import numpy as np


def relu(x):
    return np.maximum(x, 0)


def block(x, W1, W2):
    u = x @ W1
    return x + relu(u) @ W2, (x, u)


def block_backward(dout, cache, W1, W2):
    x, u = cache
    du = np.where(u > 0, dout @ W2.T, 0.0)
    dx = dout.copy()
    dx += du @ W1.T
    dW1 = x.T @ du
    dW2 = relu(u).T @ dout
    return dx, dW1, dW2


def forward(params, x):
    caches = []
    for W1, W2 in params["blocks"]:
        x, cache = block(x, W1, W2)
        caches.append(cache)
    return x, caches


def loss(params, x, y):
    h, _ = forward(params, x)
    return np.mean((h @ params["head"] - y) ** 2)


def grad(params, x, y):
    h, caches = forward(params, x)
    err = h @ params["head"] - y
    dout = 2.0 * err / err.size
    d_head = h.T @ dout
    dh = dout @ params["head"].T
    d_blocks = []
    for (W1, W2), cache in zip(params["blocks"][::-1], caches[::-1]):
        dh, dW1, dW2 = block_backward(dh, cache, W1, W2)
        d_blocks.append((dW1, dW2))
    return {"blocks": d_blocks[::-1], "head": d_head}


def example():
    rng = np.random.default_rng(30)
    blocks = [(rng.normal(size=(3, 4)), rng.normal(size=(4, 3))) for _ in range(2)]
    return {"blocks": blocks, "head": rng.normal(size=(3, 2))}, rng.normal(size=(5, 3)), rng.normal(size=(5, 2))

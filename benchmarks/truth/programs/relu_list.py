"""Three layers of weights in a list, ReLU between them, half the squared error."""

import numpy as np


def loss(params, x, t):
    a = x
    for k, (W, b) in enumerate(params):
        z = a @ W + b
        a = np.maximum(0, z) if k < len(params) - 1 else z
    return 0.5 * np.sum((a - t) ** 2) / len(x)


def grad(params, x, t):
    zs, acts = [], [x]
    for k, (W, b) in enumerate(params):
        z = acts[-1] @ W + b
        zs.append(z)
        acts.append(np.maximum(0, z) if k < len(params) - 1 else z)
    delta = (acts[-1] - t) / len(x)
    grads = []
    for k in reversed(range(len(params))):
        W, b = params[k]
        if k < len(params) - 1:
            delta = delta * (zs[k] > 0)
        grads.append((acts[k].T @ delta, delta.sum(axis=0)))
        delta = delta @ W.T
    return grads[::-1]


def example():
    r = np.random.default_rng(4)
    sizes = [3, 5, 4, 2]
    params = [(r.normal(size=(a, b)), r.normal(size=b)) for a, b in zip(sizes, sizes[1:], strict=False)]
    return params, r.normal(size=(6, 3)), r.normal(size=(6, 2))

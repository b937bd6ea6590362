"""Filtered signals, ReLU, max pooling over windows that overlap, a linear layer with squared error."""
import numpy as np

POOL, STRIDE = 3, 2


def conv1d(x, w):
    # x: (samples, length), w: (filters, taps)
    length = x.shape[1] - w.shape[1] + 1
    out = np.zeros((x.shape[0], w.shape[0], length))
    for t in range(length):
        out[:, :, t] = x[:, t:t + w.shape[1]] @ w.T
    return out


def max_pool(a):
    steps = (a.shape[2] - POOL) // STRIDE + 1
    return np.stack([a[:, :, s * STRIDE:s * STRIDE + POOL].max(axis=2) for s in range(steps)], axis=2)


def max_pool_backward(dpool, a):
    da = np.zeros_like(a)
    n, f, steps = dpool.shape
    for i in range(n):
        for c in range(f):
            for s in range(steps):
                start = s * STRIDE
                window = a[i, c, start:start + POOL]
                k = np.argmax(window)
                da[i, c, start + k] += dpool[i, c, s]
    return da


def loss(params, x, y):
    w, v, b = params["w"], params["v"], params["b"]
    a = np.maximum(conv1d(x, w), 0) + 0.1 * conv1d(x, w)
    pooled = max_pool(a)
    out = pooled.reshape(len(x), -1) @ v + b
    return np.sum((out - y) ** 2) / (2 * len(x))


def grad(params, x, y):
    w, v, b = params["w"], params["v"], params["b"]
    n = len(x)
    z = conv1d(x, w)
    a = np.maximum(z, 0) + 0.1 * z
    pooled = max_pool(a)
    flat = pooled.reshape(n, -1)
    dout = (flat @ v + b - y) / n
    dv = flat.T @ dout
    db = dout.sum(axis=0)
    dpool = (dout @ v.T).reshape(pooled.shape)
    da = max_pool_backward(dpool, a)
    dz = da * np.where(z > 0, 1.1, 0.1)
    dw = np.zeros_like(w)
    for t in range(z.shape[2]):
        dw += dz[:, :, t].T @ x[:, t:t + w.shape[1]]
    return {"w": dw, "v": dv, "b": db}


def example():
    rng = np.random.default_rng(17)
    params = {"w": rng.normal(size=(2, 3)), "v": rng.normal(size=(4, 3)), "b": rng.normal(size=3)}
    return params, rng.normal(size=(5, 7)), rng.normal(size=(5, 3))

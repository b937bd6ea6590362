"""Two convolutions by im2col with a ReLU between them; images are (samples, channels, height, width)."""
import numpy as np


def im2col(x, k):
    n, c, h, w = x.shape
    oh, ow = h - k + 1, w - k + 1
    cols = np.empty((n, c, k, k, oh, ow))
    for i in range(k):
        for j in range(k):
            cols[:, :, i, j] = x[:, :, i:i + oh, j:j + ow]
    return cols.transpose(0, 4, 5, 1, 2, 3).reshape(n * oh * ow, c * k * k)


def col2im(cols, shape, k):
    n, c, h, w = shape
    oh, ow = h - k + 1, w - k + 1
    cols = cols.reshape(n, oh, ow, c, k, k).transpose(0, 3, 4, 5, 1, 2)
    x = np.zeros(shape)
    for i in range(k):
        for j in range(k):
            x[:, :, i:i + oh, j:j + ow] += cols[:, :, i, j]
    return x


def conv(x, W, b):
    n, _, h, w = x.shape
    f, _, k, _ = W.shape
    cols = im2col(x, k)
    out = cols @ W.reshape(f, -1).T + b
    return out.reshape(n, h - k + 1, w - k + 1, f).transpose(0, 3, 1, 2), cols


def conv_backward(dout, x, cols, W):
    f = W.shape[0]
    dout_flat = dout.transpose(0, 2, 3, 1).reshape(-1, f)
    dW = (dout_flat.T @ cols).reshape(W.shape)
    db = dout_flat.sum(axis=0)
    dcols = dout_flat @ W.reshape(f, -1)
    dx = col2im(dcols, x.shape, W.shape[2])
    return dx, dW, db


def loss(params, x, y):
    W1, b1, W2, b2 = params
    z1, _ = conv(x, W1, b1)
    z2, _ = conv(np.maximum(z1, 0), W2, b2)
    return np.mean((z2.mean(axis=(2, 3)) - y) ** 2)


def grad(params, x, y):
    W1, b1, W2, b2 = params
    z1, cols1 = conv(x, W1, b1)
    a1 = np.maximum(z1, 0)
    z2, cols2 = conv(a1, W2, b2)
    dpooled = 2 * (z2.mean(axis=(2, 3)) - y) / y.size
    area = z2.shape[2] * z2.shape[3]
    dz2 = np.ones_like(z2) * dpooled[:, :, None, None] / area
    da1, dW2, db2 = conv_backward(dz2, a1, cols2, W2)
    dz1 = da1 * (z1 > 0)
    _, dW1, db1 = conv_backward(dz1, x, cols1, W1)
    return dW1, db1, dW2, db2


def example():
    rng = np.random.default_rng(16)
    params = (rng.normal(size=(3, 1, 2, 2)), rng.normal(size=3), rng.normal(size=(2, 3, 2, 2)), rng.normal(size=2))
    return params, rng.normal(size=(2, 1, 4, 5)), rng.normal(size=(2, 2))

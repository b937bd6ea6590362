"""A convolution by loops, tanh and a linear read-out; images are (samples, height, width, channels)."""
import numpy as np

stride = 1
pad = 1


def zero_pad(X):
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)))


def conv_forward(A_prev, W, b):
    m, n_H_prev, n_W_prev, _ = A_prev.shape
    f, _, _, n_C = W.shape
    n_H = (n_H_prev - f + 2 * pad) // stride + 1
    n_W = (n_W_prev - f + 2 * pad) // stride + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    padded = zero_pad(A_prev)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                patch = padded[i, h * stride:h * stride + f, w * stride:w * stride + f, :]
                for c in range(n_C):
                    Z[i, h, w, c] = np.sum(patch * W[:, :, :, c]) + b[c]
    return Z


def conv_backward(dZ, A_prev, W):
    m, n_H, n_W, n_C = dZ.shape
    f = W.shape[0]
    dW = np.zeros_like(W)
    db = np.zeros(n_C)
    padded = zero_pad(A_prev)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                vert_start = h * stride
                horiz_start = w * stride
                patch = padded[i, vert_start:vert_start + f, horiz_start:horiz_start + f, :]
                for c in range(n_C):
                    dW[:, :, :, c] += patch * dZ[i, h, w, c]
                    db[c] += dZ[i, h, w, c]
    return dW, db


def loss(params, X, Y):
    A = np.tanh(conv_forward(X, params["W"], params["b"]))
    out = A.reshape(len(X), -1) @ params["V"]
    return 0.5 * np.sum((out - Y) ** 2)


def grad(params, X, Y):
    A = np.tanh(conv_forward(X, params["W"], params["b"]))
    flat = A.reshape(len(X), -1)
    dout = flat @ params["V"] - Y
    dV = flat.T @ dout
    dA = (dout @ params["V"].T).reshape(A.shape)
    dZ = dA * (1 - A ** 2)
    dW, db = conv_backward(dZ, X, params["W"])
    return {"W": dW, "b": db, "V": dV}


def example():
    rng = np.random.default_rng(15)
    params = {"W": rng.normal(size=(2, 2, 1, 2)), "b": rng.normal(size=2), "V": rng.normal(size=(24, 3)) * 0.3}
    return params, rng.normal(size=(2, 2, 3, 1)), rng.normal(size=(2, 3))

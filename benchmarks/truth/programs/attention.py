"""Single-head self-attention over one sequence with squared error of the projected output."""
import numpy as np


def softmax(S):
    E = np.exp(S - S.max(axis=-1, keepdims=True))
    return E / E.sum(axis=-1, keepdims=True)


def attend(params, X):
    Q = X @ params["Wq"]
    K = X @ params["Wk"]
    V = X @ params["Wv"]
    scale = 1 / np.sqrt(Q.shape[-1])
    A = softmax(Q @ K.T * scale)
    H = A @ V
    return Q, K, V, A, H, scale


def loss(params, X, Y):
    H = attend(params, X)[4]
    return 0.5 * np.mean((H @ params["Wo"] - Y) ** 2)


def softmax_backward(dA, A):
    dS = A.copy()
    dS *= dA - np.sum(dA * A, axis=-1, keepdims=True)
    return dS


def grad(params, X, Y):
    Q, K, V, A, H, scale = attend(params, X)
    dout = (H @ params["Wo"] - Y) / Y.size
    dWo = H.T @ dout
    dH = dout @ params["Wo"].T
    dA = dH @ V.T
    dS = softmax_backward(dA, A) * scale
    dV = A.T @ dH
    dQ = dS @ K
    dK = dS.T @ Q
    return {"Wq": X.T @ dQ, "Wk": X.T @ dK, "Wv": X.T @ dV, "Wo": dWo}


def example():
    rng = np.random.default_rng(24)
    params = {
        "Wq": rng.normal(size=(3, 4)),
        "Wk": rng.normal(size=(3, 4)),
        "Wv": rng.normal(size=(3, 4)),
        "Wo": rng.normal(size=(4, 2)),
    }
    return params, rng.normal(size=(5, 3)), rng.normal(size=(5, 2))

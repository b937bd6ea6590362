"""Two hidden layers of ReLU and a softmax over one-hot targets; the parameters are a plain list."""
import numpy as np


def softmax(Z):
    E = np.exp(Z - Z.max(axis=0))
    return E / E.sum(axis=0)


def forward(params, X):
    W1, b1, W2, b2, W3, b3 = params
    Z1 = W1 @ X + b1
    A1 = np.maximum(0, Z1)
    Z2 = W2 @ A1 + b2
    A2 = np.maximum(0, Z2)
    Z3 = W3 @ A2 + b3
    return Z1, A1, Z2, A2, softmax(Z3)


def loss(params, X, Y):
    P = forward(params, X)[-1]
    return -np.sum(Y * np.log(P)) / Y.shape[1]


def relu_backward(dA, Z):
    dZ = np.array(dA, copy=True)
    dZ[Z <= 0] = 0
    return dZ


def grad(params, X, Y):
    W1, b1, W2, b2, W3, b3 = params
    m = Y.shape[1]
    Z1, A1, Z2, A2, P = forward(params, X)

    dZ3 = P - Y
    dW3 = dZ3 @ A2.T / m
    db3 = dZ3.sum(axis=1, keepdims=True) / m

    dA2 = W3.T @ dZ3
    dZ2 = relu_backward(dA2, Z2)
    dW2 = dZ2 @ A1.T / m
    db2 = dZ2.sum(axis=1, keepdims=True) / m

    dA1 = W2.T @ dZ2
    dZ1 = relu_backward(dA1, Z1)
    dW1 = dZ1 @ X.T / m
    db1 = dZ1.sum(axis=1, keepdims=True) / m
    return [dW1, db1, dW2, db2, dW3, db3]


def example():
    rng = np.random.default_rng(14)
    sizes = [3, 4, 4, 2]
    params = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        params.append(rng.normal(size=(n_out, n_in)))
        params.append(rng.normal(size=(n_out, 1)))
    Y = np.eye(2)[:, [0, 1, 1, 0, 1]]
    return params, rng.normal(size=(3, 5)), Y

"""As optimisers call it: fun with jac=True, fun and jac over a flat vector with args, check_grad's order."""

import numpy as np
import symnn
from scipy.optimize import rosen, rosen_der
from tests.people.case import Case, numbers, right, wrong

X, Y, BITS = numbers(6, 3), numbers(6, 2), np.array([0.0, 1, 1, 0, 1, 0])
SHAPES = ((3, 4), (4,), (4, 2), (2,))
SIZES = [int(np.prod(shape)) for shape in SHAPES]
THETA = 0.5 * numbers(sum(SIZES))


def unpacked(theta):
    parts = np.split(theta, np.cumsum(SIZES)[:-1])
    return [part.reshape(shape) for part, shape in zip(parts, SHAPES, strict=True)]


def sliced(theta):
    k, parts = 0, []
    for shape, size in zip(SHAPES, SIZES, strict=True):
        parts.append(theta[k : k + size].reshape(shape))
        k += size
    return parts


def fun(theta, X, Y, lam=0.1):
    W1, b1, W2, b2 = unpacked(theta)
    h = np.tanh(X @ W1 + b1)
    e = h @ W2 + b2 - Y
    dh = e @ W2.T * (1 - h**2)
    J = 0.5 * np.sum(e**2) + lam / 2 * np.sum(theta**2)
    grad = np.concatenate([(X.T @ dh).ravel(), dh.sum(0), (h.T @ e).ravel(), e.sum(0)]) + lam * theta
    return J, grad


def fun_order(theta, X, Y, lam=0.1):
    J, grad = fun(theta, X, Y, lam)
    dW1, db1, dW2, db2 = sliced(grad)
    return J, np.hstack([dW1.T.ravel(), db1, dW2.ravel(), db2])


def cost(theta, X, y):
    h = 1 / (1 + np.exp(-X.dot(theta)))
    return -(y.dot(np.log(h)) + (1 - y).dot(np.log(1 - h))) / len(y)


def cost_grad(theta, X, y):
    h = 1 / (1 + np.exp(-X.dot(theta)))
    return X.T.dot(h - y) / len(y)


def cost_grad_loop(theta, X, y):
    grad = np.zeros(theta.size)
    for j in range(theta.size):
        for i in range(len(y)):
            grad[j] += (1 / (1 + np.exp(-X[i] @ theta)) - y[i]) * X[i, j]
    return grad / len(y)


def cost_grad_column(theta, X, y):
    """A column for a vector: the numbers are right."""
    return cost_grad(theta, X, y).reshape(-1, 1)


def cost_grad_unaveraged(theta, X, y):
    return cost_grad(theta, X, y) * len(y)


class Problem:
    """Bound methods of an object are the pair."""

    def __init__(self, reg):
        self.reg = reg

    def objective(self, w):
        return 0.5 * np.sum((X @ w - BITS) ** 2) + self.reg * np.abs(w).sum()

    def derivative(self, w):
        return X.T @ (X @ w - BITS) + self.reg * np.sign(w)

    def derivative_unsigned(self, w):
        return X.T @ (X @ w - BITS) + self.reg


def shaped_cost(W, X, Y):
    W = W.reshape(3, 2)
    return np.sum((X @ W - Y) ** 2)


def shaped_grad(W, X, Y):
    W = W.reshape(3, 2)
    return (2 * X.T @ (X @ W - Y)).flatten()


def shaped_grad_columns(W, X, Y):
    W = W.reshape(3, 2)
    return (2 * X.T @ (X @ W - Y)).flatten(order="F")


POINT = np.array([1.3, 0.7, 0.8, 1.9])
PROBLEM = Problem(0.25)

CASES = [
    right("fun with jac=True", lambda s: symnn.verify(fun, THETA, X, Y, seed=s)),
    right("fun with jac=True and an argument more", lambda s: symnn.verify(fun, THETA, X, Y, 0.5, seed=s)),
    wrong("fun with jac=True, rows for columns", lambda s: symnn.verify(fun_order, THETA, X, Y, seed=s)),
    right("fun and jac", lambda s: symnn.verify(cost, cost_grad, THETA[:3], X, BITS, seed=s)),
    right("fun and jac in loops", lambda s: symnn.verify(cost, cost_grad_loop, THETA[:3], X, BITS, seed=s)),
    wrong("fun and jac, not averaged", lambda s: symnn.verify(cost, cost_grad_unaveraged, THETA[:3], X, BITS, seed=s)),
    right(
        "a column for a vector", lambda s: symnn.verify(cost, cost_grad_column, THETA[:3], X, BITS, seed=s), r"\(3, 1\)"
    ),
    right("rosen", lambda s: symnn.verify(rosen, rosen_der, POINT, seed=s)),
    wrong("rosen, turned", lambda s: symnn.verify(rosen, lambda x: -rosen_der(x), POINT, seed=s)),
    right("bound methods", lambda s: symnn.verify(PROBLEM.objective, PROBLEM.derivative, THETA[:3], seed=s)),
    # The parameters given are positive, and may be probabilities: a note says which sign was not seen.
    Case(
        "bound methods, no sign",
        lambda s: symnn.verify(PROBLEM.objective, PROBLEM.derivative_unsigned, THETA[:3], seed=s),
        "limited",
        "absolute",
    ),
    right("a flat matrix", lambda s: symnn.verify(shaped_cost, shaped_grad, THETA[:6], X, Y, seed=s)),
    wrong(
        "a flat matrix in columns", lambda s: symnn.verify(shaped_cost, shaped_grad_columns, THETA[:6], X, Y, seed=s)
    ),
]

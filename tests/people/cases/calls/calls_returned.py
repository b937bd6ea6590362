"""Gradients as people return them: lists, dicts with names of their own, flat vectors, other shapes."""

from collections import namedtuple
from dataclasses import dataclass
from typing import Any

import numpy as np
import symnn
from tests.people.case import Case, numbers, right, wrong

X, Y = numbers(5, 3), numbers(5, 2)
PARAMS = {"W": numbers(3, 2), "b": numbers(2)}
COLUMN = {"w": numbers(3, 1), "c": numbers(1, 1)}


def loss(p, X, Y):
    return np.sum((X @ p["W"] + p["b"] - Y) ** 2)


def parts(p, X, Y):
    e = 2 * (X @ p["W"] + p["b"] - Y)
    return X.T @ e, e.sum(axis=0)


def column_loss(p, X, Y):
    return np.sum((X @ p["w"] + p["c"] - Y[:, :1]) ** 2)


def column_parts(p, X, Y):
    e = 2 * (X @ p["w"] + p["c"] - Y[:, :1])
    return X.T @ e, e.sum()


Grads = namedtuple("Grads", "dW db")


@dataclass
class Kept:
    dW: Any
    db: Any
    loss: float = 0.0


RETURNED = {
    "a dict": lambda dW, db: {"W": dW, "b": db},
    "dW and db": lambda dW, db: {"dW": dW, "db": db},
    "db and dW": lambda dW, db: {"db": db, "dW": dW},
    "W_grad": lambda dW, db: {"W_grad": dW, "b_grad": db},
    "grad_W": lambda dW, db: {"grad_W": dW, "grad_b": db},
    "delta_W": lambda dW, db: {"delta_W": dW, "delta_b": db},
    "dL/dW": lambda dW, db: {"dL/dW": dW, "dL/db": db},
    "dLdW": lambda dW, db: {"dLdW": dW, "dLdb": db},
    "d_W": lambda dW, db: {"d_W": dW, "d_b": db},
    "gW": lambda dW, db: {"gW": dW, "gb": db},
    "nabla_W": lambda dW, db: {"nabla_W": dW, "nabla_b": db},
    "more beside": lambda dW, db: {"dW": dW, "db": db, "loss": 1.0, "cache": None},
    "a list": lambda dW, db: [dW, db],
    "a tuple": lambda dW, db: (dW, db),
    "a named tuple": Grads,
    "a dataclass": Kept,
    "a flat vector": lambda dW, db: np.concatenate([dW.ravel(), db]),
    "a flat row": lambda dW, db: np.concatenate([dW.ravel(), db])[None, :],
    "with the loss": lambda dW, db: (1.0, {"W": dW, "b": db}),
    "a row for a vector": lambda dW, db: {"W": dW, "b": db[None, :]},
    "Python's lists": lambda dW, db: {"W": [list(row) for row in dW], "b": list(db)},
}


def returned(name, slip=1):
    def grad(p, X, Y):
        dW, db = parts(p, X, Y)
        return RETURNED[name](dW, slip * db)

    return lambda seed: symnn.verify(loss, grad, PARAMS, X, Y, seed=seed)


def columns(shape, slip=1):
    def grad(p, X, Y):
        dw, dc = column_parts(p, X, Y)
        return {"w": slip * dw.reshape(shape), "c": dc}

    return lambda seed: symnn.verify(column_loss, grad, COLUMN, X, Y, seed=seed)


def vector_for_column(w, X, Y):
    return (2 * X.T @ (X @ w - Y[:, :1])).ravel()


def transposed(p, X, Y):
    dW, db = parts(p, X, Y)
    return {"W": dW.T, "b": db}


def scrambled(p, X, Y):
    dW, db = parts(p, X, Y)
    return {"W": dW.T.reshape(dW.shape), "b": db}


def one_missing(p, X, Y):
    return {"W": parts(p, X, Y)[0]}


def empty(p, X, Y):
    parts(p, X, Y)


CASES = [
    *(right(name, returned(name), arrays=2) for name in RETURNED),
    *(wrong(f"{name}, biases twice", returned(name, 2)) for name in RETURNED),
    right("(n,) for (n, 1)", columns((3,)), r"\(3,\)"),
    right("(1, n) for (n, 1)", columns((1, 3)), r"\(1, 3\)"),
    wrong("(n,) for (n, 1), twice", columns((3,), 2)),
    right(
        "(n,) for a bare (n, 1)",
        lambda s: symnn.verify(
            lambda w, X, Y: np.sum((X @ w - Y[:, :1]) ** 2), vector_for_column, numbers(3, 1), X, Y, seed=s
        ),
        r"\(3,\)",
    ),
    wrong("transposed", lambda s: symnn.verify(loss, transposed, PARAMS, X, Y, seed=s)),
    wrong("transposed and reshaped", lambda s: symnn.verify(loss, scrambled, PARAMS, X, Y, seed=s)),
    Case("one missing", lambda s: symnn.verify(loss, one_missing, PARAMS, X, Y, seed=s), "asks", "b"),
    Case("nothing", lambda s: symnn.verify(loss, empty, PARAMS, X, Y, seed=s), "asks", "None|nothing|no gradient"),
]

"""A recurrent layer whose input gradient knows its own time step only; the inputs are verified as parameters."""

from __future__ import annotations

import numpy as np

from tests.wild.wild_case import Case


class Recurrent:
    """Hidden states of one sequence: rows of ``x`` are time steps."""

    def __init__(self, params):
        self.U, self.V, self.read = params["U"], params["V"], params["read"]

    def forward(self, x):
        self.x = x
        self.states = [np.zeros(len(self.V))]
        for step in x:
            self.states.append(np.tanh(self.U @ step + self.V @ self.states[-1]))
        return np.array([self.read @ h for h in self.states[1:]])

    def backward(self, upstream, whole=True):
        found = {"U": np.zeros_like(self.U), "V": np.zeros_like(self.V), "read": np.zeros_like(self.read)}
        found["x"] = np.zeros_like(self.x)
        later = np.zeros(len(self.V))
        for t in reversed(range(len(self.x))):
            h, before = self.states[t + 1], self.states[t]
            here = self.read.T @ upstream[t]
            bent = (here + later) * (1 - h**2)
            found["read"] += np.outer(upstream[t], h)
            found["U"] += np.outer(bent, self.x[t])
            found["V"] += np.outer(bent, before)
            found["x"][t] = self.U.T @ (bent if whole else here * (1 - h**2))
            later = self.V.T @ bent
        return found


def loss(params, wanted):
    return np.sum((Recurrent(params).forward(params["x"]) - wanted) ** 2) / 2


def right(params, wanted):
    layer = Recurrent(params)
    return layer.backward(layer.forward(params["x"]) - wanted)


def wrong(params, wanted):
    layer = Recurrent(params)
    return layer.backward(layer.forward(params["x"]) - wanted, whole=False)


def example(steps=4):
    rng = np.random.default_rng(6)
    params = {
        "U": rng.normal(size=(3, 2)),
        "V": rng.normal(size=(3, 3)),
        "read": rng.normal(size=(1, 3)),
        "x": rng.normal(size=(steps, 2)),
    }
    return params, rng.normal(size=(steps, 1))


CASES = (
    Case(
        name="a recurrent input gradient without the later time steps",
        source="row 6, ML-From-Scratch",
        loss=loss,
        right=right,
        example=example,
        wrong=wrong,
        differs=("x",),
        shown=("✓ U", "✓ V", "✓ read"),
    ),
)

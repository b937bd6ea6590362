"""Ratings as products of user and item factors with biases; a loop over the ratings that were given."""
import numpy as np

K_REG = 0.05
MU = 3.0


def predict(model, u, i):
    return MU + model["bu"][u] + model["bi"][i] + model["P"][u] @ model["Q"][i]


def loss(model, ratings):
    total = 0.0
    for u, i, r in ratings:
        total += (r - predict(model, u, i)) ** 2
        total += K_REG * (np.sum(model["P"][u] ** 2) + np.sum(model["Q"][i] ** 2))
        total += K_REG * (model["bu"][u] ** 2 + model["bi"][i] ** 2)
    return total


def grad(model, ratings):
    g = {key: np.zeros(value.shape) for key, value in model.items()}
    P, Q = model["P"], model["Q"]
    for u, i, r in ratings:
        err = r - predict(model, u, i)
        g["bu"][u] += -2 * err + 2 * K_REG * model["bu"][u]
        g["bi"][i] += -2 * err + 2 * K_REG * model["bi"][i]
        g["P"][u] += -2 * err * Q[i] + 2 * K_REG * P[u]
        g["Q"][i] += -2 * err * P[u] + 2 * K_REG * Q[i]
    return g


def example():
    rng = np.random.default_rng(36)
    model = {"P": rng.normal(size=(4, 2)), "Q": rng.normal(size=(5, 2)),
             "bu": rng.normal(size=4), "bi": rng.normal(size=5)}
    ratings = [(0, 1, 4.0), (0, 3, 2.0), (1, 1, 5.0), (2, 0, 1.0), (2, 4, 3.0), (3, 3, 4.0), (3, 2, 2.5)]
    return model, ratings

"""Triples of a knowledge graph scored by a matrix for each relation, logistic loss; written in einsum."""
import numpy as np

WEIGHT = 0.5


def score(params, heads, relations, tails):
    E, R = params["E"], params["R"]
    return np.einsum("ni,nij,nj->n", E[heads], R[relations], E[tails])


def loss(params, heads, relations, tails, labels):
    s = score(params, heads, relations, tails)
    nll = np.log1p(np.exp(-labels * s)).sum()
    return nll + WEIGHT * np.einsum("kij,kij->", params["R"], params["R"])


def grad(params, heads, relations, tails, labels):
    E, R = params["E"], params["R"]
    s = score(params, heads, relations, tails)
    ds = -labels / (1 + np.exp(labels * s))
    h, r, t = E[heads], R[relations], E[tails]
    dh = np.einsum("n,nij,nj->ni", ds, r, t)
    dt = np.einsum("n,nij,ni->nj", ds, r, h)
    dr = ds[:, None, None] * h[:, :, None] * t[:, None, :]
    dE, dR = np.zeros_like(E), np.zeros_like(R)
    np.add.at(dE, heads, dh)
    np.add.at(dE, tails, dt)
    np.add.at(dR, relations, dr)
    dR += 2 * WEIGHT * R
    return {"E": dE, "R": dR}


def example():
    rng = np.random.default_rng(40)
    params = {"E": rng.normal(size=(5, 3)), "R": rng.normal(size=(2, 3, 3))}
    heads, relations, tails = np.array([0, 0, 2, 4]), np.array([1, 0, 1, 1]), np.array([3, 1, 1, 0])
    return params, heads, relations, tails, np.array([1.0, -1.0, 1.0, -1.0])

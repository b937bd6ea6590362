"""Batch normalisation: the variance's way to the mean adds up to zero, so leaving it out is right."""

from __future__ import annotations

import numpy as np

from tests.wild.wild_case import Case

EPSILON = 1e-5


def _normalised(x):
    mean, variance = x.mean(axis=0), x.var(axis=0)
    spread = np.sqrt(variance + EPSILON)
    return (x - mean) / spread, spread


def loss(params, wanted):
    scaled, _ = _normalised(params["x"])
    return np.sum((params["gamma"] * scaled + params["beta"] - wanted) ** 2)


def _backward(params, wanted, by_mean):
    m = len(wanted)
    scaled, spread = _normalised(params["x"])
    upstream = 2 * (params["gamma"] * scaled + params["beta"] - wanted)
    by_scaled = upstream * params["gamma"]
    off = params["x"] - params["x"].mean(axis=0)
    by_variance = np.sum(by_scaled * off, axis=0) * -0.5 * spread**-3
    by_x = by_scaled / spread + 2 / m * off * by_variance
    by_x = by_x + by_mean(by_scaled, spread, off, by_variance) / m
    return {"gamma": np.sum(upstream * scaled, axis=0), "beta": np.sum(upstream, axis=0), "x": by_x}


def _with_the_zero(by_scaled, spread, off, by_variance):
    return -np.sum(by_scaled / spread, axis=0) + by_variance * np.mean(-2 * off, axis=0)


def _without_the_zero(by_scaled, spread, off, by_variance):
    return -np.sum(by_scaled / spread, axis=0)


def right_in_full(params, wanted):
    return _backward(params, wanted, _with_the_zero)


def right(params, wanted):
    return _backward(params, wanted, _without_the_zero)


def right_in_one_line(params, wanted):
    m, gamma = len(wanted), params["gamma"]
    scaled, spread = _normalised(params["x"])
    upstream = 2 * (gamma * scaled + params["beta"] - wanted)
    kept = m * upstream - upstream.sum(axis=0) - scaled * np.sum(upstream * scaled, axis=0)
    return {
        "gamma": np.sum(upstream * scaled, axis=0),
        "beta": np.sum(upstream, axis=0),
        "x": gamma / (m * spread) * kept,
    }


def wrong(params, wanted):
    return _backward(params, wanted, lambda *_: 0)


def example():
    rng = np.random.default_rng(11)
    params = {"gamma": rng.normal(size=3), "beta": rng.normal(size=3), "x": rng.normal(size=(5, 3))}
    return params, rng.normal(size=(5, 3))


CASES = (
    Case(
        name="batch normalisation without the term that adds up to zero",
        source="correct, reported as wrong",
        loss=loss,
        right=right,
        example=example,
        wrong=wrong,
        differs=("x",),
        shown=("✓ gamma", "✓ beta"),
    ),
    Case(
        name="batch normalisation with the term that adds up to zero",
        source="correct, reported as wrong",
        loss=loss,
        right=right_in_full,
        example=example,
        wrong=wrong,
        differs=("x",),
    ),
    Case(
        name="batch normalisation multiplied out",
        source="correct, reported as wrong",
        loss=loss,
        right=right_in_one_line,
        example=example,
    ),
)

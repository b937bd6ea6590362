"""GELU in its two forms, and derivatives that take one half from each."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import erf

from tests.wild.wild_case import Case

BEND = np.sqrt(2 / np.pi)


def _inside(x):
    return BEND * (x + 0.044715 * x**3)


def density(x):
    return np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)


def smooth_share(x):
    return (1 + np.tanh(_inside(x))) / 2


def exact_share(x):
    return (1 + erf(x / np.sqrt(2))) / 2


def loss_smooth(x, upstream):
    return np.sum(upstream * x * smooth_share(x))


def right_smooth(x, upstream):
    t = np.tanh(_inside(x))
    return upstream * ((1 + t) / 2 + x * (1 - t * t) / 2 * BEND * (1 + 3 * 0.044715 * x**2))


def mixed(x, upstream):
    return upstream * (smooth_share(x) + x * density(x))


def loss_exact(x, upstream):
    return np.sum(upstream * x * exact_share(x))


def right_exact(x, upstream):
    return upstream * (exact_share(x) + x * density(x))


def loss_of_the_slope(x, upstream):
    return np.sum(right_exact(x, upstream))


def second(x, upstream):
    return upstream * density(x) * (2 - x**2)


def second_without_the_product_rule(x, upstream):
    return upstream * density(x) * (1 - x)


def loss_with_another_array(params):
    return loss_exact(params["x"], 1) + np.sum(params["w"] ** 2)


def right_in_x_wrong_in_w(params):
    return {"x": right_exact(params["x"], 1), "w": params["w"]}


def example():
    rng = np.random.default_rng(2)
    return rng.normal(size=(3, 4)) * 2, rng.normal(size=(3, 4))


def tail():
    return np.array([-3.5, -3.0, -2.5]), np.ones(3)


ROUNDED = "1/√(2π) and √2 are rounded to doubles by themselves, so loss and gradient are good to 15 digits together"

CASES = (
    Case(
        name="GELU's tanh form with the exact density",
        source="row 2, numpy-ml 0.1.2",
        loss=loss_smooth,
        right=right_smooth,
        example=example,
        wrong=mixed,
        differs=("params",),
    ),
    Case(
        name="GELU's tanh form with the exact density, in the tail",
        source="row 2, numpy-ml 0.1.2",
        loss=loss_smooth,
        right=right_smooth,
        example=tail,
        wrong=mixed,
        differs=("params",),
    ),
    Case(
        name="GELU's exact form with a slope half of the tanh form",
        source="row 2, numpy-ml 0.1.2",
        loss=loss_exact,
        right=right_exact,
        example=example,
        wrong=mixed,
        differs=("params",),
        digits=14,
        fewer=ROUNDED,
    ),
    Case(
        name="GELU's second derivative without the product rule",
        source="row 2, numpy-ml 0.1.2",
        loss=loss_of_the_slope,
        right=second,
        example=example,
        wrong=second_without_the_product_rule,
        differs=("params",),
        digits=14,
        fewer=ROUNDED,
    ),
)

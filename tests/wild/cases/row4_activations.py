"""Leaky ReLU, Swish and Huber: each right where its author looked, and wrong elsewhere."""

from __future__ import annotations

import numpy as np

from tests.wild.wild_case import Case

SOURCE = "row 4, RoboticsClubIITJ ML-DL"


def leaky_loss(z, upstream, alpha):
    return np.sum(upstream * np.where(z > 0, z, alpha * z))


def leaky_right(z, upstream, alpha):
    slope = np.ones_like(z)
    slope[z < 0] = alpha
    return upstream * slope


def leaky_wrong(z, upstream, alpha):
    slope = np.ones_like(z)
    slope[z < 0] = -alpha
    return upstream * slope


def leaky_example():
    return np.array([[1.5, -2.0, 0.5], [-0.75, 2.5, -1.25]]), np.array([[1.0, 2.0, -1.0], [0.5, 1.5, -3.0]]), 0.01


def gate(z, beta):
    return 1 / (1 + np.exp(-beta * z))


def swish_loss(z, upstream, beta):
    return np.sum(upstream * z * gate(z, beta))


def swish_right(z, upstream, beta):
    s = gate(z, beta)
    return upstream * (s + beta * z * s * (1 - s))


def swish_wrong(z, upstream, beta):
    s = gate(z, beta)
    return upstream * (s + z * s * (1 - s))


def swish_example(beta=1.5):
    rng = np.random.default_rng(4)
    return rng.normal(size=(2, 3)), rng.normal(size=(2, 3)), beta


def huber_loss(guess, wanted, delta):
    gap = guess - wanted
    inner = gap**2 / 2
    outer = delta * (np.abs(gap) - delta / 2)
    return np.mean(np.where(np.abs(gap) <= delta, inner, outer))


def huber_right(guess, wanted, delta):
    gap = guess - wanted
    return np.where(np.abs(gap) <= delta, gap, delta * np.sign(gap)) / gap.size


def huber_outer_turned(guess, wanted, delta):
    gap = guess - wanted
    return np.where(np.abs(gap) <= delta, gap, -delta * np.sign(gap)) / gap.size


def huber_outer_turned_and_not_averaged(guess, wanted, delta):
    gap = guess - wanted
    return np.where(np.abs(gap) <= delta, gap / gap.size, -delta * np.sign(gap))


def huber_example(delta=1.0):
    return np.array([0.25, -3.0, 2.5, -0.5]), np.array([0.0, 1.0, -2.0, 0.125]), delta


CASES = (
    Case(
        name="leaky ReLU with slope −α",
        source=SOURCE,
        loss=leaky_loss,
        right=leaky_right,
        example=leaky_example,
        wrong=leaky_wrong,
        differs=("params",),
        shown=("differs at params[1, 2]", "yours = -1 × exact"),
    ),
    Case(
        name="Swish with a factor β left out",
        source=SOURCE,
        loss=swish_loss,
        right=swish_right,
        example=swish_example,
        wrong=swish_wrong,
        differs=("params",),
    ),
    Case(
        name="Huber with its outer branch turned round",
        source=SOURCE,
        loss=huber_loss,
        right=huber_right,
        example=huber_example,
        wrong=huber_outer_turned,
        differs=("params",),
        shown=("yours = -1 × exact",),
    ),
    Case(
        name="Huber with its outer branch turned round and not averaged",
        source=SOURCE,
        loss=huber_loss,
        right=huber_right,
        example=huber_example,
        wrong=huber_outer_turned_and_not_averaged,
        differs=("params",),
        shown=("yours = -4 × exact",),
    ),
)

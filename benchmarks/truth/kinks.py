"""Trials at kinks: right gradients at and near a place without a derivative, and the same times two."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.truth.trial import Trial

GROUP = "at kinks"
WEIGHTS = np.array([1.0, -2.0, 1.5])


def relu_loss(w: Any) -> Any:
    """Rectified linear units, weighted."""
    return np.sum(WEIGHTS * np.maximum(w, 0))


def relu_grad(w: Any) -> Any:
    """Zero at the kink, as most code has it."""
    return WEIGHTS * (w > 0)


def absolute_loss(w: Any) -> Any:
    """Absolute values, weighted."""
    return np.sum(WEIGHTS * np.abs(w))


def absolute_grad(w: Any) -> Any:
    """Zero at the kink, by NumPy's sign of zero."""
    return WEIGHTS * np.sign(w)


def largest_loss(w: Any) -> Any:
    """The largest entry, squared and halved."""
    return np.max(w) ** 2 / 2


def largest_grad(w: Any) -> Any:
    """All to the first of the largest entries."""
    found = np.zeros_like(w)
    found[np.argmax(w)] = np.max(w)
    return found


def hinge_loss(w: Any) -> Any:
    """Hinge loss of the margin."""
    return np.sum(np.maximum(0, 1 - w))


def hinge_grad(w: Any) -> Any:
    """Zero at a margin of one."""
    return -1 * (w < 1)


# What, its loss, its gradient, and a point on the kink; within 1e-7 of it the same is tried again.
KINKS = (
    ("ReLU at 0", relu_loss, relu_grad, np.array([0.0, 1.0, -1.0])),
    ("absolute value at 0", absolute_loss, absolute_grad, np.array([0.0, 1.0, -1.0])),
    ("largest of two equal entries", largest_loss, largest_grad, np.array([2.0, 2.0, 1.0])),
    ("hinge at a margin of 1", hinge_loss, hinge_grad, np.array([1.0, 0.5, 2.0])),
)
NEAR = 2.0**-24


def kinks() -> Iterator[Trial]:
    """Yield each kink, exactly and to both sides of it, with the right gradient and with twice that."""
    for what, loss, grad, point in KINKS:
        for where, shift in (("", 0.0), (", 6e-8 above", NEAR), (", 6e-8 below", -NEAR)):
            at = point + np.array([shift, 0, 0])
            yield Trial(GROUP, what + where, loss, grad, at)
            yield Trial(GROUP, f"{what}{where}, twice", loss, _twice(grad), at, wrong=True)


def _twice(grad: Any) -> Any:
    def twice(w: Any) -> Any:
        return 2 * grad(w)

    return twice

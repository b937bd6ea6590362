"""Losses by hand: each adds up over the outputs and reduces over the samples as it is told to."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from symnn.byhand.layer import Array, require_columns, require_shape, seen
from symnn.errors import unknown

# What "sum", "mean" (over samples) and "mean-over-all" (samples and outputs) divide the added-up loss by.
REDUCTIONS: Mapping[str, Callable[[int, int], int]] = MappingProxyType(
    {
        "sum": lambda outputs, samples: 1,
        "mean": lambda outputs, samples: samples,
        "mean-over-all": lambda outputs, samples: outputs * samples,
    }
)


class ReducedLoss(ABC):
    """What the losses share: the reduction, the checks, and what forward holds on to for backward.

    Outputs, targets and dinputs are (outputs, samples). Raises `InputError` for a reduction not in
    `REDUCTIONS` or a backward pass before a forward pass, `ShapeError` for shapes that do not fit.

    >>> SquaredError("average")
    Traceback (most recent call last):
    symnn.errors.InputError: unknown reduction 'average'
      given    'average'
      allowed  'mean', 'mean-over-all', 'sum'
    """

    def __init__(self, reduction: str = "sum") -> None:
        if reduction not in REDUCTIONS:
            raise unknown("reduction", reduction, REDUCTIONS)
        self.reduction = reduction
        self.outputs: Array | None = None
        self.dinputs: Array | None = None

    def predictions(self, outputs: Array) -> Array:
        """Return what the network answers: the outputs themselves."""
        return outputs

    def forward_pass(self, outputs: Array, targets: Array) -> Any:
        """Return the loss as one number and keep ``outputs`` for the backward pass."""
        require_columns(outputs, f"outputs given to {type(self).__name__}")
        require_shape(targets, outputs.shape, f"targets given to {type(self).__name__}")
        self.outputs = outputs
        return self._reduced(np.sum(self._losses(outputs, targets)))

    def backward_pass(self, targets: Array) -> Array:
        """Return ∂loss/∂outputs at the outputs the forward pass saw."""
        outputs = seen(self.outputs, self)
        require_shape(targets, outputs.shape, f"targets given to {type(self).__name__}")
        self.dinputs = self._reduced(self._slopes(outputs, targets))
        return self.dinputs

    def _reduced(self, values: Any) -> Any:
        divisor = REDUCTIONS[self.reduction](*seen(self.outputs, self).shape)
        # A division by 1 would turn whole numbers into floats.
        return values if divisor == 1 else values / divisor

    @abstractmethod
    def _losses(self, outputs: Array, targets: Array) -> Any:
        """Return the loss of every entry, in the shape of ``outputs``, before the reduction."""

    @abstractmethod
    def _slopes(self, outputs: Array, targets: Array) -> Any:
        """Return the derivative of ``_losses`` summed over all entries, before the reduction."""


class SquaredError(ReducedLoss):
    """(ŷ − y)², summed or averaged; outputs, targets and dinputs are (outputs, samples).

    Raises `InputError` for an unknown reduction or a backward pass too early, `ShapeError` for misfits.

    >>> loss = SquaredError("mean-over-all")
    >>> print(loss.forward_pass(np.array([[5], [1]]), np.array([[1], [1]])))
    8.0
    >>> loss.backward_pass(np.array([[1], [1]])).tolist()
    [[4.0], [0.0]]
    """

    def _losses(self, outputs: Array, targets: Array) -> Any:
        return (outputs - targets) * (outputs - targets)

    def _slopes(self, outputs: Array, targets: Array) -> Any:
        return 2 * (outputs - targets)


class HalfSquaredError(ReducedLoss):
    """½ (ŷ − y)², whose slope is ŷ − y; outputs, targets and dinputs are (outputs, samples).

    Raises `InputError` for an unknown reduction or a backward pass too early, `ShapeError` for misfits.

    >>> loss = HalfSquaredError()
    >>> print(loss.forward_pass(np.array([[-21], [-2]]), np.array([[1], [4]])))
    260.0
    >>> loss.backward_pass(np.array([[1], [4]])).tolist()
    [[-22], [-6]]
    """

    def _losses(self, outputs: Array, targets: Array) -> Any:
        return (outputs - targets) * (outputs - targets) / 2

    def _slopes(self, outputs: Array, targets: Array) -> Any:
        return outputs - targets


def _only_where_asked(targets: Array, outputs: Array) -> Array:
    # 0·log 0 counts as 0: where the target is 0, log and division see a harmless 1 instead.
    # `1 + 0 * outputs` and not `1`: among objects a bare 1 would be an int, on which log cannot be called.
    return np.where(targets == 0, 1 + 0 * outputs, outputs)


class BinaryCrossEntropy(ReducedLoss):
    """−y log ŷ − (1 − y) log(1 − ŷ), with 0·log 0 = 0; outputs, targets and dinputs are (outputs, samples).

    Raises `InputError` for an unknown reduction or a backward pass too early, `ShapeError` for misfits.
    Certain and wrong (ŷ = 0 where y = 1) is an infinite loss: NumPy warns, nothing is clipped.

    >>> loss = BinaryCrossEntropy()
    >>> print(loss.forward_pass(np.array([[1.0, 0.5]]), np.array([[1, 0]])).round(6))
    0.693147
    >>> loss.backward_pass(np.array([[1, 0]])).tolist()
    [[-1.0, 2.0]]
    """

    def _losses(self, outputs: Array, targets: Array) -> Any:
        yes, no = _only_where_asked(targets, outputs), _only_where_asked(1 - targets, 1 - outputs)
        return -(targets * np.log(yes)) - (1 - targets) * np.log(no)

    def _slopes(self, outputs: Array, targets: Array) -> Any:
        yes, no = _only_where_asked(targets, outputs), _only_where_asked(1 - targets, 1 - outputs)
        return (1 - targets) / no - targets / yes


class CategoricalCrossEntropy(ReducedLoss):
    """−Σ y log ŷ, with 0·log 0 = 0; outputs (probabilities), targets and dinputs are (classes, samples).

    Raises `InputError` for an unknown reduction or a backward pass too early, `ShapeError` for misfits. A
    probability of 0 for the target class is an infinite loss: NumPy warns, nothing is clipped.

    >>> loss = CategoricalCrossEntropy()
    >>> print(loss.forward_pass(np.array([[0.0], [0.25], [0.75]]), np.array([[0], [1], [0]])).round(6))
    1.386294
    >>> loss.backward_pass(np.array([[0], [1], [0]])).tolist()
    [[-0.0], [-4.0], [-0.0]]
    """

    def _losses(self, outputs: Array, targets: Array) -> Any:
        return -(targets * np.log(_only_where_asked(targets, outputs)))

    def _slopes(self, outputs: Array, targets: Array) -> Any:
        return -(targets / _only_where_asked(targets, outputs))

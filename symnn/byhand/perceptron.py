"""The perceptron by hand: its rule with the four cases, its criterion, its loss, and a line moved until it separates.

Inputs are (features, samples), as everywhere here. Labels are 0 and 1 for the step and −1 and 1 for the sign; the
two are one rule up to a factor. A point on the line itself counts as positive for the step, and for the criterion
and the loss as misclassified: the line does not separate it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from symnn.byhand.layer import Array, require_columns, require_shape
from symnn.errors import InputError, ShapeError, aligned

CASES = {
    (1, 1): "right, nothing moves",
    (0, 0): "right, nothing moves",
    (1, 0): "a positive point on the negative side: w + ηx, b + η",
    (0, 1): "a negative point on the positive side: w − ηx, b − η",
}
"""The four cases of the rule by label and answer: together they are w + η(y − ŷ)x."""


@dataclass(frozen=True)
class Line:
    """A line (plane, hyperplane) ``weights · x + bias = 0``; ``weights`` (features,), ``bias`` a number.

    >>> line = Line(np.array([1.0, -1.0]), 0.5)
    >>> line.scores(np.array([[0.0, 1.0], [1.0, 0.0]])).tolist()
    [-0.5, 1.5]
    >>> line.answers(np.array([[0.0, 1.0], [1.0, 0.0]])).tolist()
    [0, 1]
    """

    weights: Array
    bias: Any

    def scores(self, inputs: Array) -> Array:
        """Return ``weights · x + bias`` of each sample, (samples,)."""
        scores: Array = self.weights @ inputs + self.bias
        return scores

    def answers(self, inputs: Array) -> Array:
        """Return the step of each score: 1 from 0 on, else 0."""
        return np.where(self.scores(inputs) >= 0, 1, 0)


@dataclass(frozen=True)
class Move:
    """One correction: which sample made it, in which case of the rule, and the line after it."""

    sample: int
    case: tuple[int, int]
    line: Line


def corrected(line: Line, x: Array, label: int, learning_rate: Any = 1) -> Line:
    """Return the line after the rule ``w + η(y − ŷ)x`` for one point (features,) and its label 0 or 1.

    >>> corrected(Line(np.array([0.0, 0.0]), -1.0), np.array([2.0, 1.0]), 1)
    Line(weights=array([2., 1.]), bias=0.0)
    """
    answer = int(line.answers(x.reshape(-1, 1))[0])
    error = label - answer
    return Line(line.weights + learning_rate * error * x, line.bias + learning_rate * error)


def separate(
    inputs: Array, labels: Array, learning_rate: Any = 1, *, start: Line | None = None, most_epochs: int = 1000
) -> list[Move]:
    """Move a line point by point until no point is misclassified, and return every move.

    Labels are 0 and 1, (samples,). Raises `InputError` for other labels, and when points are still misclassified
    after ``most_epochs``: they may not be separable. `ShapeError` where inputs and labels do not fit.

    >>> moves = separate(np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]]), np.array([0, 1, 1, 1]))
    >>> moves[-1].line.answers(np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])).tolist()
    [0, 1, 1, 1]
    """
    _require(inputs, labels, (0, 1))
    line = start or Line(np.zeros(inputs.shape[0]), 0.0)
    moves: list[Move] = []
    for _ in range(most_epochs):
        before = len(moves)
        for sample in range(inputs.shape[1]):
            x, label = inputs[:, sample], int(labels[sample])
            answer = int(line.answers(x.reshape(-1, 1))[0])
            if answer != label:
                line = corrected(line, x, label, learning_rate)
                moves.append(Move(sample, (label, answer), line))
        if len(moves) == before:
            return moves
    left = int(np.sum(line.answers(inputs) != labels))
    rows = [("misclassified", f"{left} of {len(labels)}"), ("epochs", str(most_epochs)), ("moves", str(len(moves)))]
    raise InputError(f"no line separates the points so far: they may not be separable\n{aligned(rows)}")


def criterion(line: Line, inputs: Array, signs: Array) -> Any:
    """Return the perceptron criterion: −y (w·x + b) added up over the misclassified points; signs are −1 and 1.

    >>> criterion(Line(np.array([1.0]), 0.0), np.array([[2.0, -3.0]]), np.array([1, 1])).item()
    3.0
    """
    _require(inputs, signs, (-1, 1))
    margins = signs * line.scores(inputs)
    return np.sum(np.where(margins <= 0, -margins, 0 * margins))


def criterion_gradient(line: Line, inputs: Array, signs: Array) -> Line:
    """Return the gradient of the criterion, as weights and bias: −y x and −y over the misclassified points.

    A point on the line is misclassified, and its one-sided slopes are −y x and 0: here it counts with the first.

    >>> criterion_gradient(Line(np.array([1.0]), 0.0), np.array([[2.0, -3.0]]), np.array([1, 1]))
    Line(weights=array([3.]), bias=np.float64(-1.0))
    """
    _require(inputs, signs, (-1, 1))
    wrong = np.where(signs * line.scores(inputs) <= 0, signs, 0)
    return Line(-(inputs @ wrong), -np.sum(wrong * 1.0))


def perceptron_loss(line: Line, inputs: Array, signs: Array) -> Any:
    """Return (1/n) Σ max(0, −y (w·x + b)); signs are −1 and 1.

    >>> perceptron_loss(Line(np.array([1.0]), 0.0), np.array([[2.0, -3.0]]), np.array([1, 1])).item()
    1.5
    """
    return criterion(line, inputs, signs) / inputs.shape[1]


def perceptron_loss_gradient(line: Line, inputs: Array, signs: Array) -> Line:
    """Return the gradient of `perceptron_loss`, piece by piece: 0 where a point is right, −y x / n where it is not.

    >>> perceptron_loss_gradient(Line(np.array([1.0]), 0.0), np.array([[2.0, -3.0]]), np.array([1, 1]))
    Line(weights=array([1.5]), bias=np.float64(-0.5))
    """
    total = criterion_gradient(line, inputs, signs)
    samples = inputs.shape[1]
    return Line(total.weights / samples, total.bias / samples)


def _require(inputs: Array, labels: Array, allowed: tuple[int, int]) -> None:
    require_columns(inputs, "points")
    require_shape(labels, (inputs.shape[1],), "the labels of the points")
    if labels.dtype.kind not in "iuf":
        raise ShapeError(f"labels are numbers, given {labels.dtype}")
    if not np.isin(labels, allowed).all():
        raise InputError(f"labels are {allowed[0]} and {allowed[1]}: given {np.unique(labels).tolist()}")

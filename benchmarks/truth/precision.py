"""The smallest relative error that each checker sees in whichever single entry of a 4-3-2-1 network it is planted."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from benchmarks.truth.checkers import Checker
from benchmarks.truth.trial import Trial

EXPONENTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 20, 30, 40, 50, 60, 70, 80, 90)
WIDTHS = (4, 3, 2, 1)


def sigmoid(Z: Any) -> Any:
    """Return 1 / (1 + exp(−Z))."""
    return 1 / (1 + np.exp(-Z))


def forward(p: Any, X: Any) -> list[Any]:
    """Return the inputs and the outputs of every layer."""
    outputs = [X]
    for k in range(1, len(WIDTHS)):
        outputs.append(sigmoid(p[f"W{k}"] @ outputs[-1] + p[f"b{k}"]))
    return outputs


def loss(p: Any, X: Any, Y: Any) -> Any:
    """Half the squared error, averaged over the samples."""
    return np.sum((forward(p, X)[-1] - Y) ** 2) / (2 * X.shape[1])


def grad(p: Any, X: Any, Y: Any) -> Any:
    """Its gradient, by hand."""
    outputs = forward(p, X)
    upstream, found = (outputs[-1] - Y) / X.shape[1], {}
    for k in range(len(WIDTHS) - 1, 0, -1):
        delta = upstream * outputs[k] * (1 - outputs[k])
        found[f"W{k}"] = delta @ outputs[k - 1].T
        found[f"b{k}"] = delta.sum(axis=1, keepdims=True)
        upstream = p[f"W{k}"].T @ delta
    return found


def example() -> tuple[Any, ...]:
    """Return parameters, inputs and targets of five samples."""
    rng = np.random.default_rng(4)
    params = {}
    for k in range(1, len(WIDTHS)):
        params[f"W{k}"] = rng.normal(size=(WIDTHS[k], WIDTHS[k - 1]))
        params[f"b{k}"] = rng.normal(size=(WIDTHS[k], 1))
    return params, rng.normal(size=(4, 5)), rng.random(size=(1, 5))


def planted(name: str, index: tuple[int, ...], exponent: int) -> Trial:
    """Return the trial with a relative error of ten to minus the exponent in one entry."""
    params, *data = example()
    factor = 1 + Fraction(Decimal(f"1e-{exponent}"))

    def wrong(*given: Any) -> Any:
        found = grad(*given)
        found[name][index] *= factor
        return found

    return Trial("precision", f"{name}{list(index)} 1e-{exponent}", loss, wrong, params, tuple(data), wrong=True)


def smallest(checker: Checker) -> tuple[int | None, int | None]:
    """Return the exponents of the smallest error seen in every entry, and of the smallest seen in any.

    An error counts as seen if all larger ones are seen too; None where not even a tenth is.
    """
    if checker.ask is None:
        raise ValueError(f"{checker.name} is not installed")
    seen = [_seen(checker, name, index) for name, A in example()[0].items() for index in np.ndindex(A.shape)]
    least, most = min(seen), max(seen)
    return (EXPONENTS[least - 1] if least else None), (EXPONENTS[most - 1] if most else None)


def _seen(checker: Checker, name: str, index: tuple[int, ...]) -> int:
    """Return how many of the errors, from the largest on, are seen one after the other."""
    assert checker.ask is not None
    for count, exponent in enumerate(EXPONENTS):
        if checker.ask(planted(name, index, exponent)).verdict != "different":
            return count
    return len(EXPONENTS)

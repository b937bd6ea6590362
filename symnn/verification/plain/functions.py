"""Known functions of one number, their derivatives, and the wrong derivatives that people publish for them.

Where a loss is a weighted sum of a known function of each parameter, the gradient is the weight times its derivative; a
wrong gradient is then often the weight times one of the rows here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from sympy import diff

from symnn.equations import Equation
from symnn.kernels import extend
from symnn.mistakes.signs import text
from symnn.network import Dense, Network, program_of
from symnn.notation import SAMPLES, index, tensor
from symnn.rules import ACTIVATIONS
from symnn.rules.activations import a, z
from symnn.verification.plain.wrong import Compared, Finding

# A function of an array of numbers, entry by entry.
Function = Callable[[Any], Any]

CLOSE = 1e-10
"""How far apart derivatives may be, by the largest entry; constants such as 1/√(2π) are rounded in code."""

FEWEST = 3
"""From how many entries on a function is taken for a known one."""

_ROOT = math.sqrt(2 / math.pi)
_CUBE = 0.044715


@dataclass(frozen=True)
class Known:
    """A function with its derivative, and wrong derivatives by what is to be said of them."""

    name: str
    slope: Function
    mistakes: Mapping[str, Function] = field(default_factory=dict)


def named(one: Compared) -> Finding | None:
    """Name the function, and what stands for its derivative, if both are known."""
    if one.at.size < FEWEST or one.yours.shape != one.exact.shape:
        return None
    with np.errstate(all="ignore"):
        for weight in _weights(one):
            for known in _table(one.data):
                if not _near(one.exact, weight * known.slope(one.at)):
                    continue
                for said, wrong in known.mistakes.items():
                    if _near(one.yours, weight * wrong(one.at)):
                        return Finding("function", f"the function is {known.name}: {said}")
    return None


def _weights(one: Compared) -> Iterator[Any]:
    """Yield what the derivative may be multiplied by: nothing, a mean over the entries, an upstream gradient."""
    yield np.ones(())
    yield np.ones(()) / one.at.size
    for given in one.data:
        if isinstance(given, np.ndarray) and given.shape == one.at.shape and given.dtype.kind in "iuf":
            yield given
            yield given / one.at.size


def _near(one: Any, other: Any) -> bool:
    scale = max(np.max(np.abs(one)), np.max(np.abs(other)))
    return bool(scale > 0 and np.all(np.abs(one - other) <= CLOSE * scale))


def _table(data: tuple[Any, ...]) -> Iterator[Known]:
    # What is wrong with a GELU is said best by its own rows.
    yield from _GELUS
    yield from _rows_of_the_tables()
    for constant in (x for x in data if isinstance(x, int | float) and not isinstance(x, bool) and x != 1):
        yield _leaky(float(constant))
        yield _swish(float(constant))


@cache
def _rows_of_the_tables() -> tuple[Known, ...]:
    """The activations of the tables, each with the derivatives that are mistaken for its own."""
    rows = {row.name: row.bound() for row in ACTIVATIONS.values() if row.no_gradient is None}
    forward = {name: _function(row.forward, z) for name, row in rows.items()}
    slopes = {name: _function(diff(row.forward, z), z) for name, row in rows.items()}
    in_output = {name: row.slope for name, row in rows.items() if row.slope is not None and not row.slope.has(z)}
    found = []
    for name in rows:
        if name == "linear":
            continue
        f, own = forward[name], slopes[name]
        mistakes: dict[str, Function] = {
            f"its value stands where its derivative belongs ({name} for {name}′)": f,
            f"its derivative is taken at its output, {name}′({name}(x))": _after(own, f),
            "its derivative is left out": np.ones_like,
            "its derivative is squared": _after(np.square, own),
            "the sign of its derivative is wrong": _after(np.negative, own),
        }
        if name in in_output:
            formula = text(in_output[name])
            told = f"the formula {formula} for its derivative is applied to its input, not to its output"
            mistakes[told] = _function(in_output[name], a)
        others = {f"the derivative is that of {other}": slopes[other] for other in slopes if other != name}
        found.append(Known(name, own, mistakes | others))
    return tuple(found)


def _after(outer: Function, inner: Function) -> Function:
    return lambda x: outer(inner(x))


def _function(expr: Any, variable: Any) -> Function:
    """Return an expression in one variable as a function of arrays."""
    sample = index("i", SAMPLES)
    entry, target = tensor("Z", SAMPLES)[sample], tensor("F", SAMPLES)[sample]
    equation = Equation(target, expr.xreplace({variable: entry}))
    program = program_of(Network(1, [Dense(1)]))

    def function(x: Any) -> Any:
        flat = extend(program, {"Z": np.ravel(x), "Y": np.ravel(x)[None, :]}, [equation])["F"]
        return np.reshape(flat, np.shape(x))

    return function


def _share(x: Any) -> Any:
    """The normal distribution up to x."""
    return (1 + np.vectorize(math.erf)(x / math.sqrt(2))) / 2


def _density(x: Any) -> Any:
    return np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)


def _smooth_share(x: Any) -> Any:
    """The approximation of the share by a hyperbolic tangent."""
    return (1 + np.tanh(_ROOT * (x + _CUBE * x**3))) / 2


def _smooth_slope(x: Any) -> Any:
    t = np.tanh(_ROOT * (x + _CUBE * x**3))
    return (1 + t) / 2 + x * (1 - t * t) / 2 * _ROOT * (1 + 3 * _CUBE * x**2)


def _exact_slope(x: Any) -> Any:
    return _share(x) + x * _density(x)


_MIXED = "the tanh approximation of the cdf is mixed with the exact normal pdf in its derivative, Φ̃(x) + x·φ(x)"
_GELUS = (
    Known(
        "GELU in its tanh form",
        _smooth_slope,
        {
            _MIXED: lambda x: _smooth_share(x) + x * _density(x),
            "the derivative is that of its exact form": _exact_slope,
            "the term with the pdf is left out of its derivative": _smooth_share,
        },
    ),
    Known(
        "GELU in its exact form",
        _exact_slope,
        {
            _MIXED: lambda x: _smooth_share(x) + x * _density(x),
            "the derivative is that of its tanh form": _smooth_slope,
            "the term with the pdf is left out of its derivative": _share,
        },
    ),
    Known(
        "the derivative of GELU, Φ(x) + x·φ(x)",
        lambda x: _density(x) * (2 - x**2),
        {
            "the product rule is left out, as if (x·φ)′ were φ′": lambda x: _density(x) * (1 - x),
            "the product rule is left out, as if (x·φ)′ were x·φ′": lambda x: _density(x) * (1 - x**2),
        },
    ),
)


def _leaky(slope: float) -> Known:
    def of(below: float) -> Function:
        return lambda x: np.where(x > 0, 1.0, below)

    return Known(
        f"leaky ReLU with slope α = {slope:g} below zero",
        of(slope),
        {
            "the slope below zero is −α, not α": of(-slope),
            "the slope below zero is left at zero": of(0.0),
            "the slope is 1 everywhere": of(1.0),
            "its two slopes are swapped": lambda x: np.where(x > 0, slope, 1.0),
        },
    )


def _swish(beta: float) -> Known:
    def gate(x: Any) -> Any:
        return 1 / (1 + np.exp(-beta * x))

    def of(factor: float) -> Function:
        return lambda x: gate(x) + factor * x * gate(x) * (1 - gate(x))

    return Known(
        f"Swish with β = {beta:g}, x·σ(β x)",
        of(beta),
        {
            "the factor β is left out of its derivative, which is σ(β x) + β·x·σ′(β x)": of(1.0),
            "only one term of the product rule is there, σ(β x)": gate,
        },
    )

"""The optimisers: one row each, the equations of a step for one parameter ``w`` with gradient ``g``.

The equations hold entry by entry and are taken in order: what an earlier one gives, a later one reads. A state
starts at zero; ``t`` counts the steps from 1. What is hand-written elsewhere is held against these rows by a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sympy import Expr, Rational, Symbol, sqrt

from symnn.notation import scalar

w, g, v, s, t = map(scalar, ("w", "g", "v", "s", "t"))
eta, beta, beta_2, epsilon = map(scalar, ("eta", "beta", "beta_2", "epsilon"))
mean, spread = map(scalar, ("mean", "spread"))


@dataclass(frozen=True)
class OptimiserRow:
    """An optimiser by its equations, pairs of what is computed and from what; ``constants`` have usual values."""

    name: str
    state: tuple[Symbol, ...]
    equations: tuple[tuple[Symbol, Expr], ...]
    constants: Mapping[Symbol, Rational]
    source: str


_tiny = Rational(1, 10**8)
_often = Rational(9, 10)

# fmt: off
_ROWS = (
    OptimiserRow("gradient-descent", (),     ((w, w - eta * g),),
                 {}, "Cauchy 1847"),
    OptimiserRow("momentum",         (v,),   ((v, beta * v + g), (w, w - eta * v)),
                 {beta: _often}, "Polyak 1964"),
    OptimiserRow("nesterov",         (v,),   ((v, beta * v + g), (w, w - eta * (g + beta * v))),
                 {beta: _often}, "Nesterov 1983; the gradient is taken at the present w"),
    OptimiserRow("rmsprop",          (s,),   ((s, beta * s + (1 - beta) * g**2), (w, w - eta * g / (sqrt(s) + epsilon))),
                 {beta: _often, epsilon: _tiny}, "Tieleman and Hinton 2012"),
    OptimiserRow("adam",             (v, s), ((v, beta * v + (1 - beta) * g), (s, beta_2 * s + (1 - beta_2) * g**2),
                                              (mean, v / (1 - beta**t)), (spread, sqrt(s / (1 - beta_2**t))),
                                              (w, w - eta * mean / (spread + epsilon))),
                 {beta: _often, beta_2: Rational(999, 1000), epsilon: _tiny}, "Kingma and Ba 2015"),
)
# fmt: on

# The optimisers by name.
OPTIMISER_ROWS: Mapping[str, OptimiserRow] = MappingProxyType({row.name: row for row in _ROWS})

"""The activations that share out one among the units of a sample, a row each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sympy import Expr, Interval, exp, log, oo

from symnn.notation import scalar

z = scalar("z")
e = scalar("e")
s = scalar("s")


@dataclass(frozen=True)
class Normaliser:
    """An activation over the units of a sample: ``e_j = weight(z_j)``, ``s = sum_k e_k``, ``a_j = output(z_j, e_j, s)``.

    ``stable`` and ``log`` are NumPy forms of the output and of its logarithm that neither overflow nor warn; a row
    whose output is a logarithm has no second. ``share`` is the share of one in terms of the output ``a``.
    """

    name: str
    weight: Expr
    output: Expr
    share: Expr
    range: Interval
    stable: str
    log: str | None
    latex: str
    source: str
    ways: tuple[str, ...]


_a = scalar("a")

# fmt: off
_ROWS = (
    #          name           weight  output      share    range                   stable                            log                              latex                      source         ways
    Normaliser("softmax",     exp(z), e / s,      _a,      Interval.open(0, 1),    "softmax({z}, axis={axis})",      "log_softmax({z}, axis={axis})", r"\mathrm{softmax}",       "Bridle 1990", ("Jacobian",)),
    Normaliser("log-softmax", exp(z), z - log(s), exp(_a), Interval.open(-oo, 0),  "log_softmax({z}, axis={axis})",  None,                            r"\log\mathrm{softmax}",   "Bridle 1990", ("Jacobian",)),
)
# fmt: on

# The activations that share out one among units, by name.
NORMALISERS: Mapping[str, Normaliser] = MappingProxyType({row.name: row for row in _ROWS})

"""The losses: one aligned row each.

``summand`` is written in the target ``y`` and the prediction ``p``; the loss of a sample adds it up over the
outputs. How samples are added up (the cost) is the network's ``reduction``, not the row's affair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sympy import Expr, Interval, Rational, S, log, oo

from symnn.errors import unknown
from symnn.notation import scalar

y = scalar("y")
p = scalar("p")


@dataclass(frozen=True)
class Loss:
    """A loss by its summand over outputs; ``predictions`` and ``targets`` are the ranges it is defined on.

    With ``distribution`` the targets of a sample add up to one, as one-hot classes do.
    """

    name: str
    summand: Expr
    predictions: Interval
    targets: Interval
    distribution: bool
    latex: str
    source: str


_real = S.Reals
_unit = Interval.open(0, 1)
_closed = Interval(0, 1)
_positive = Interval.open(0, oo)

# fmt: off
_ROWS = (
    #    name                         summand                                   predictions  targets  distribution  latex                       source
    Loss("squared-error",             (p - y)**2,                               _real,       _real,   False,        r"(\hat y - y)^2",          "Legendre 1805"),
    Loss("half-squared-error",        Rational(1, 2) * (p - y)**2,              _real,       _real,   False,        r"\tfrac12 (\hat y - y)^2", "the half cancels the exponent"),
    Loss("binary-cross-entropy",      -(y * log(p) + (1 - y) * log(1 - p)),     _unit,       _closed, False,        r"-y\log\hat y - (1-y)\log(1-\hat y)", "Bernoulli log-likelihood"),
    Loss("categorical-cross-entropy", -y * log(p),                              _positive,   _closed, True,         r"-y\log\hat y",            "categorical log-likelihood"),
)
# fmt: on

# The losses by name.
LOSSES: Mapping[str, Loss] = MappingProxyType({row.name: row for row in _ROWS})


def loss(name: str) -> Loss:
    """Return the row of a loss by name; raise `InputError` for one that is not in the table.

    >>> loss("half-squared-error").summand
    (p - y)**2/2
    """
    row = LOSSES.get(name)
    if row is None:
        raise unknown("loss", name, LOSSES)
    return row

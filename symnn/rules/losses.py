"""The losses: one aligned row each.

``summand`` is written in the target ``y`` and the prediction ``p``; the loss of a sample adds it up over the
outputs. How samples are added up (the cost) is the network's ``reduction``, not the row's affair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from sympy import Abs, Eq, Expr, FiniteSet, Integer, Interval, Piecewise, Rational, S, Set, exp, log, oo

from symnn.errors import unknown
from symnn.notation import scalar
from symnn.rules.constants import Constant, values_of
from symnn.rules.functions import TimesLog

y = scalar("y")
p = scalar("p")
delta = scalar("delta")


@dataclass(frozen=True)
class Loss:
    """A loss by its summand over outputs; ``predictions`` and ``targets`` are the sets it is defined on.

    ``partner`` is the activation it is paired with in the last layer.
    ``kinks`` pairs an expression that is 0 where there is no derivative with the value declared there. With
    ``distribution`` the targets of a sample add up to one, as one-hot classes do; with ``labels`` they are one-hot and
    may be given as the numbers of the classes; with ``logits`` an activation that confines the predictions is a mistake.
    ``slope`` is the derivative with respect to ``p`` in a form that does not overflow, where differentiation gives another;
    ``constants`` and ``no_gradient`` are what they are for an activation.
    """

    name: str
    partner: str
    summand: Expr
    kinks: tuple[tuple[Expr, Expr], ...]
    predictions: Set
    targets: Set
    latex: str
    source: str
    distribution: bool = False
    labels: bool = False
    logits: bool = False
    slope: Expr | None = None
    constants: tuple[Constant, ...] = ()
    no_gradient: str | None = None

    def bound(self, given: Mapping[str, Any] | None = None) -> Loss:
        """Return the row with numbers for its constants: those given, else the defaults; raise as `values_of` does."""
        values = values_of(self.name, self.constants, {} if given is None else given)
        if not values:
            return self
        bound = tuple(Constant(symbol, value) for symbol, value in values.items())
        return replace(self, summand=self.summand.xreplace(values), constants=bound)


_r = p - y
_margin = y * p
_huber = Piecewise((_r**2 / 2, Abs(_r) <= delta), (delta * (Abs(_r) - delta / 2), True))
_hinge = Piecewise((1 - _margin, _margin < 1), (Integer(0), True))
_missed = Piecewise((-_margin, _margin <= 0), (Integer(0), True))
_wrong = Piecewise((Integer(0), Eq(p, y)), (Integer(1), True))
_bernoulli = -(y * log(p) + (1 - y) * log(1 - p))
_divergence = TimesLog(y, y) - y * log(p)
_logits = log(1 + exp(p)) - y * p
_shares = -y * log(p)

_step_down = "it counts mistakes, so it is flat wherever it has a slope: a small step changes no count"
_at_zero = ((_r, S.Zero),)
_real = S.Reals
_unit = Interval.open(0, 1)
_closed = Interval(0, 1)
_below = Interval.open(-oo, 0)
_two = FiniteSet(-1, 1)
_outputs = FiniteSet(-1, 0, Rational(1, 2), 1)

# fmt: off
_ROWS = (
    #    name                                partner        summand                   kinks                    predictions  targets             latex                                        source
    Loss("squared-error",                    "linear",      _r**2,                    (),                      _real,       _real,              r"(\hat y - y)^2",                           "Legendre 1805"),
    Loss("half-squared-error",               "linear",      _r**2 / 2,                (),                      _real,       _real,              r"\tfrac12 (\hat y - y)^2",                  "the half cancels the exponent"),
    Loss("absolute-error",                   "linear",      Abs(_r),                  _at_zero,                _real,       _real,              r"\lvert\hat y - y\rvert",                   "Laplace 1774; value 0 declared at 0"),
    Loss("huber",                            "linear",      _huber,                   (),                      _real,       _real,              r"H_\delta(\hat y - y)",                     "Huber 1964", constants=(Constant(delta, Integer(1)),)),
    Loss("binary-cross-entropy",             "sigmoid",     _bernoulli,               (),                      _unit,       _closed,            r"-y\log\hat y - (1-y)\log(1-\hat y)",       "Bernoulli log-likelihood"),
    Loss("binary-cross-entropy-from-logits", "linear",      _logits,                  (),                      _real,       _closed,            r"\log(1 + e^z) - y z",                      "Bernoulli log-likelihood in the log-odds", logits=True, slope=1 / (1 + exp(-p)) - y),
    Loss("categorical-cross-entropy",        "softmax",     _shares,                  (),                      _unit,       _closed,            r"-y\log\hat y",                             "categorical log-likelihood", distribution=True),
    Loss("sparse-categorical-cross-entropy", "softmax",     _shares,                  (),                      _unit,       FiniteSet(0, 1),    r"-\log\hat y_c",                            "categorical log-likelihood of a class", distribution=True, labels=True),
    Loss("negative-log-likelihood",          "log-softmax", -y * p,                   (),                      _below,      _closed,            r"-y\,\hat\ell",                             "of log-probabilities", distribution=True),
    Loss("kl-divergence",                    "softmax",     _divergence,              (),                      _unit,       _closed,            r"y\log\frac{y}{\hat y}",                    "Kullback and Leibler 1951", distribution=True),
    Loss("hinge",                            "linear",      _hinge,                   ((1 - _margin, S.Zero),), _real,      _two,               r"\max(0, 1 - y \hat y)",                    "Cortes and Vapnik 1995; value 0 declared at 1"),
    Loss("perceptron",                       "linear",      _missed,                  ((p, -y),),              _real,       _two,               r"\max(0, -y \hat y)",                       "Rosenblatt 1958; value -y declared at 0"),
    Loss("zero-one",                         "sign",        _wrong,                   _at_zero,                _outputs,    FiniteSet(-1, 0, 1), r"[\hat y \ne y]",                          "number of mistakes", no_gradient=_step_down),
)
# fmt: on

# The losses by name.
LOSSES: Mapping[str, Loss] = MappingProxyType({row.name: row for row in _ROWS})


def loss(name: str, constants: Mapping[str, Any] | None = None) -> Loss:
    """Return the row of a loss by name, its constants bound; raise `InputError` for one that is not in the table.

    >>> loss("half-squared-error").summand
    (p - y)**2/2
    >>> loss("huber", {"delta": "1/2"}).summand.subs({p: 2, y: 0})
    7/8
    """
    if not isinstance(name, str) or name not in LOSSES:
        raise unknown("loss", name, LOSSES)
    return LOSSES[name].bound(constants)

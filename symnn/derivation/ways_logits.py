"""The derivations of a loss with respect to the logit before it: through the sigmoid, the softmax or its logarithm.

Behind a softmax they are in index form, for one sample: the loss adds up over the units j, and is differentiated with
respect to the logit of unit k.
"""

from __future__ import annotations

from sympy import Derivative, Expr, IndexedBase, KroneckerDelta, Mul, Subs, Sum, Symbol, exp, log

from symnn.derivation.ways_laws import Way, way
from symnn.derivation.ways_normalisers import LOGITS, OUTPUTS, UNITS, J, K, L
from symnn.notation import index
from symnn.rules import ACTIVATIONS, LOSSES, NORMALISERS
from symnn.rules.activations import z
from symnn.rules.losses import p, y

TARGETS = IndexedBase(Symbol("y", real=True), shape=(UNITS,))
CLASS = index("c", UNITS)

_total = Sum(exp(LOGITS[L]), L)


def _d(inner: Expr) -> Expr:
    return Derivative(inner, LOGITS[K])


def _summed(row: str, output: Expr) -> Expr:
    """Return the loss of a sample by a row, whose prediction of unit j is ``output``."""
    summand = LOSSES[row].summand.xreplace({y: TARGETS[J], p: output})
    return -Sum(-summand, J) if summand.could_extract_minus_sign() else Sum(summand, J)


def _beside(*factors: Expr) -> Expr:
    """Return a product whose factors stay as they are, with nothing cancelled."""
    return Mul(*factors, evaluate=False)


def _binary() -> Way:
    share, loss = ACTIVATIONS["sigmoid"].forward, LOSSES["binary-cross-entropy"].summand
    by_prediction, slope = (p - y) / (p * (1 - p)), p * (1 - p)
    return way(
        "binary-cross-entropy",
        "logit through the sigmoid",
        Derivative(loss.xreplace({p: share}), z),
        ("chain rule", Subs(Derivative(loss, p), p, share) * Derivative(share, z)),
        ("loss rule", Subs(by_prediction, p, share) * Derivative(share, z)),
        ("sigmoid rule", _beside(Subs(by_prediction, p, share), share * (1 - share))),
        ("in the prediction", _beside(by_prediction, slope)),
        ("cancellation", p - y),
        letters={p: share},
    )


def _distribution(row: str, *before: tuple[str, Expr]) -> Way:
    """Return the way of a loss whose targets add up to one; ``before`` leads to the sum over log-shares."""
    normaliser = LOSSES[row].partner
    logged = NORMALISERS[normaliser].log is None
    output = LOGITS[J] - log(_total) if logged else exp(LOGITS[J]) / _total
    own = OUTPUTS[K]
    last = (exp(own) if logged else own) - TARGETS[K]
    of_logits = log(_total) - Sum(TARGETS[J] * LOGITS[J], J)
    each = Sum(TARGETS[J] * _d(LOGITS[J]), J)
    return way(
        row,
        f"logit through the {normaliser}",
        _d(_summed(row, output)),
        *before,
        ("targets add up to one", _d(of_logits)),
        ("sum rule", _d(log(_total)) - each),
        *_of_total(each),
        ("Kronecker delta", exp(LOGITS[K]) / _total - Sum(TARGETS[J] * KroneckerDelta(J, K), J)),
        ("one term is left", exp(LOGITS[K]) / _total - TARGETS[K]),
        ("in the prediction", last),
        letters={own: output.xreplace({J: K})},
    )


def _of_total(less: Expr) -> tuple[tuple[str, Expr], ...]:
    """Return the moves that differentiate the logarithm of the total; ``less`` is taken off it throughout."""
    return (
        ("logarithm rule", _d(_total) / _total - less),
        ("exponential rule", exp(LOGITS[K]) / _total - less),
    )


def _of_class() -> Way:
    own = OUTPUTS[K]
    share = exp(LOGITS[J]) / _total
    delta = KroneckerDelta(CLASS, K)
    return way(
        "sparse-categorical-cross-entropy",
        "logit through the softmax",
        _d(_summed("sparse-categorical-cross-entropy", share)),
        ("one-hot", _d(-log(share.xreplace({J: CLASS})))),
        ("logarithm of a quotient", _d(log(_total) - LOGITS[CLASS])),
        ("sum rule", _d(log(_total)) - _d(LOGITS[CLASS])),
        *_of_total(_d(LOGITS[CLASS])),
        ("Kronecker delta", exp(LOGITS[K]) / _total - delta),
        ("in the prediction", own - delta),
        letters={own: share.xreplace({J: K}), TARGETS[J]: KroneckerDelta(J, CLASS)},
    )


_quotient = ("logarithm of a quotient", _d(-Sum(TARGETS[J] * (LOGITS[J] - log(_total)), J)))

# The derivations of losses with respect to the logit before them.
WAYS_BY_LOGITS: tuple[Way, ...] = (
    _binary(),
    _distribution("categorical-cross-entropy", _quotient),
    _of_class(),
    _distribution("negative-log-likelihood"),
    _distribution(
        "kl-divergence",
        ("constant term", _d(-Sum(TARGETS[J] * log(exp(LOGITS[J]) / _total), J))),
        _quotient,
    ),
)

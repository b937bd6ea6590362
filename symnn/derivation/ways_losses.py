"""The derivations of losses' derivatives with respect to the prediction, each a chain of moves to the row's slope."""

from __future__ import annotations

from sympy import Abs, Derivative, Eq, Expr, Gt, Lt, Mul, Ne, Piecewise, S, Subs, exp, log, sign

from symnn.derivation.ways_laws import Way, way
from symnn.derivation.ways_logits import WAYS_BY_LOGITS
from symnn.notation import scalar
from symnn.rules import LOSSES
from symnn.rules.losses import delta, p, y

u = scalar("u")
_r = p - y


def _d(inner: Expr, by: Expr = p) -> Expr:
    return Derivative(inner, by)


def _of(row: str, *then: tuple[str, Expr]) -> Way:
    """Return the way from the derivative of a row's summand with respect to the prediction, which may be a logit."""
    return way(row, "logit" if LOSSES[row].logits else "prediction", _d(LOSSES[row].summand), *then)


def _cases(*pieces: tuple[Expr, Expr]) -> Expr:
    return Piecewise(*pieces, evaluate=False)


def _square(row: str, power: Expr, slope: Expr, written_out: Expr) -> Way:
    """Return the way of a multiple of the squared error; ``power`` and its ``slope`` are written in u."""
    return _of(
        row,
        ("substitution", Subs(_d(power, u), u, _r) * _d(_r)),
        ("power rule", Subs(slope, u, _r) * _d(_r)),
        ("difference rule", Subs(slope, u, _r)),
        ("back-substitution", written_out),
    )


def _absolute_error() -> Way:
    return _of(
        "absolute-error",
        ("definition", _d(_cases((_r, p > y), (-_r, S.true)))),
        ("cases", _cases((_d(_r), p > y), (_d(-_r), p < y))),
        ("difference rule", _cases((S.One, p > y), (S.NegativeOne, p < y))),
        ("declared value", _cases((S.One, p > y), (S.Zero, Eq(p, y)), (S.NegativeOne, p < y))),
        ("sign", sign(_r)),
    )


def _huber() -> Way:
    (near, inside), (far, _) = LOSSES["huber"].summand.args
    within, beyond = Lt(inside.lts, inside.gts), Gt(inside.lts, inside.gts)
    return _of(
        "huber",
        ("cases", _cases((_d(near), within), (_d(far), beyond))),
        ("power rule", _cases((_r * _d(_r), within), (_d(far), beyond))),
        ("difference rule", _cases((_r, within), (_d(far), beyond))),
        ("constant factor", _cases((_r, within), (delta * _d(Abs(_r)), beyond))),
        ("absolute value rule", _cases((_r, within), (delta * sign(_r), beyond))),
        ("no kink", _cases((_r, inside), (delta * sign(_r), S.true))),
    )


def _binary() -> Way:
    return _of(
        "binary-cross-entropy",
        ("sum rule", -y * _d(log(p)) - (1 - y) * _d(log(1 - p))),
        ("logarithm rule", -y / p - (1 - y) / (1 - p) * _d(1 - p)),
        ("difference rule", -y / p + (1 - y) / (1 - p)),
        ("common denominator", _r / (p * (1 - p))),
    )


def _binary_from_logits() -> Way:
    inner = 1 + exp(p)
    return _of(
        "binary-cross-entropy-from-logits",
        ("sum rule", _d(log(inner)) - y * _d(p)),
        ("identity", _d(log(inner)) - y),
        ("substitution", Subs(_d(log(u), u), u, inner) * _d(inner) - y),
        ("logarithm rule", Subs(1 / u, u, inner) * _d(inner) - y),
        ("exponential rule", Subs(1 / u, u, inner) * exp(p) - y),
        ("back-substitution", exp(p) / inner - y),
        ("algebra", 1 / (1 + exp(-p)) - y),
    )


def _shares() -> Way:
    return _of(
        "categorical-cross-entropy",
        ("constant factor", -y * _d(log(p))),
        ("logarithm rule", -y / p),
    )


def _share_of_class() -> Way:
    own = Eq(y, 1)
    return _of(
        "sparse-categorical-cross-entropy",
        ("one-hot", _cases((_d(-log(p)), own), (_d(S.Zero), Ne(y, 1)))),
        ("logarithm rule", _cases((-1 / p, own), (_d(S.Zero), Ne(y, 1)))),
        ("constant term", _cases((-1 / p, own), (S.Zero, Ne(y, 1)))),
        ("one formula", -y / p),
    )


def _likelihood() -> Way:
    return _of(
        "negative-log-likelihood",
        ("constant factor", -y * _d(p)),
        ("identity", -y),
    )


def _divergence() -> Way:
    constant, _ = LOSSES["kl-divergence"].summand.as_independent(p)
    return _of(
        "kl-divergence",
        ("sum rule", _d(constant) - y * _d(log(p))),
        ("constant term", -y * _d(log(p))),
        ("logarithm rule", -y / p),
    )


def _below_margin(row: str) -> Way:
    """Return the way of a loss that is linear below a margin and 0 beyond it, with a kink between."""
    (linear, below), (nothing, _) = LOSSES[row].summand.args
    first, strict = Lt(below.lts, below.gts), Gt(below.lts, below.gts)
    return _of(
        row,
        ("cases", _cases((_d(linear), first), (_d(nothing), strict))),
        ("linear rule", _cases((-y * _d(p), first), (_d(nothing), strict))),
        ("identity", _cases((-y, first), (_d(nothing), strict))),
        ("constant term", _cases((-y, first), (S.Zero, strict))),
        ("declared value", _cases((-y, below), (S.Zero, S.true))),
    )


# The derivations of losses, those that take logits among them.
WAYS_OF_LOSSES: tuple[Way, ...] = (
    _square("squared-error", u**2, 2 * u, Mul(2, _r, evaluate=False)),
    _square("half-squared-error", u**2 / 2, u, _r),
    _absolute_error(),
    _huber(),
    _binary(),
    _binary_from_logits(),
    _shares(),
    _share_of_class(),
    _likelihood(),
    _divergence(),
    _below_margin("hinge"),
    _below_margin("perceptron"),
    *WAYS_BY_LOGITS,
)

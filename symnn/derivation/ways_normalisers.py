"""The derivations of the Jacobians of softmax and its logarithm, in index form."""

from __future__ import annotations

from collections.abc import Callable

from sympy import Derivative, Expr, Idx, IndexedBase, KroneckerDelta, Sum, Symbol, exp, log

from symnn.derivation.ways_laws import Way, way
from symnn.notation import index, size

# The letters of the Jacobians: logits and outputs of one sample, with n units.
UNITS = size("n")
LOGITS, OUTPUTS = (
    IndexedBase(Symbol("z", real=True), shape=(UNITS,)),
    IndexedBase(Symbol("a", real=True), shape=(UNITS,)),
)
J, K, L = (index(letter, UNITS) for letter in "jkl")


def _at(unit: Idx) -> Expr:
    return LOGITS[unit]


def _softmax() -> Way:
    own, total = exp(_at(J)), Sum(exp(_at(L)), L)
    by: Callable[[Expr], Expr] = lambda inner: Derivative(inner, _at(K))  # noqa: E731 as above
    delta = KroneckerDelta(J, K)
    return way(
        "softmax",
        "Jacobian",
        by(own / total),
        ("quotient rule", (by(own) * total - own * by(total)) / total**2),
        ("Kronecker delta", (delta * own * total - own * exp(_at(K))) / total**2),
        ("algebra", delta * own / total - own / total * exp(_at(K)) / total),
        ("in the output", OUTPUTS[J] * (delta - OUTPUTS[K])),
        letters={OUTPUTS[J]: own / total, OUTPUTS[K]: exp(_at(K)) / total},
    )


def _log_softmax() -> Way:
    total = Sum(exp(_at(L)), L)
    by: Callable[[Expr], Expr] = lambda inner: Derivative(inner, _at(K))  # noqa: E731 as above
    delta = KroneckerDelta(J, K)
    return way(
        "log-softmax",
        "Jacobian",
        by(_at(J) - log(total)),
        ("Kronecker delta", delta - by(log(total))),
        ("logarithm rule", delta - by(total) / total),
        ("exponential rule", delta - exp(_at(K)) / total),
        ("in the output", delta - exp(OUTPUTS[K])),
        letters={OUTPUTS[J]: _at(J) - log(total), OUTPUTS[K]: _at(K) - log(total)},
    )


# The derivations of normalisers.
WAYS_OF_NORMALISERS: tuple[Way, ...] = (_softmax(), _log_softmax())

"""The derivations of the activations' own derivatives, each a chain of moves from ``d a/d z`` to the row's slope."""

from __future__ import annotations

from collections.abc import Callable

from sympy import Derivative, Expr, Piecewise, S, Subs, exp, log, tanh

from symnn.derivation.ways_laws import Way, way
from symnn.notation import scalar
from symnn.rules import ACTIVATIONS
from symnn.rules.activations import a, z

u = scalar("u")
_d: Callable[[Expr], Expr] = lambda inner: Derivative(inner, z)  # noqa: E731 as short as the d that people write


def _of(row: str, name: str, start: Expr, *then: tuple[str, Expr]) -> Way:
    """Return a way whose letter ``a`` is what the row puts out."""
    return way(row, name, start, *then, letters={a: ACTIVATIONS[row].forward})


def _linear() -> Way:
    return _of("linear", "definition", _d(z), ("identity", S.One))


def _by_cases(name: str) -> Way:
    """Return the way by cases of any row with cases."""
    row = ACTIVATIONS[name]
    branches = row.forward.args
    taken = Piecewise(*((_d(value), condition) for value, condition in branches), evaluate=False)
    each = Piecewise(*((value.diff(z), condition) for value, condition in branches), evaluate=False)
    last = row.slope if row.slope is not None else S.Zero
    declared = () if last == each else (("declared at kinks", last),)
    return _of(name, "cases", _d(row.forward), ("cases", taken), ("case by case", each), *declared)


def _sigmoid_by_substitution() -> Way:
    inner = 1 + exp(-z)
    return _of(
        "sigmoid",
        "substitution",
        _d(1 / inner),
        ("substitution", Subs(Derivative(1 / u, u), u, inner) * _d(inner)),
        ("power rule", Subs(-1 / u**2, u, inner) * _d(inner)),
        ("exponential rule", Subs(-1 / u**2, u, inner) * -exp(-z)),
        ("back-substitution", exp(-z) / inner**2),
        ("algebra", 1 / inner * (1 - 1 / inner)),
        ("in the output", a * (1 - a)),
    )


def _sigmoid_by_quotient() -> Way:
    inner = 1 + exp(-z)
    return _of(
        "sigmoid",
        "quotient rule",
        _d(1 / inner),
        ("quotient rule", (_d(S.One) * inner - 1 * _d(inner)) / inner**2),
        ("exponential rule", exp(-z) / inner**2),
        ("algebra", 1 / inner * (1 - 1 / inner)),
        ("in the output", a * (1 - a)),
    )


def _tanh() -> Way:
    over, under = exp(z) - exp(-z), exp(z) + exp(-z)
    return _of(
        "tanh",
        "quotient rule",
        _d(tanh(z)),
        ("definition", _d(over / under)),
        ("quotient rule", (_d(over) * under - over * _d(under)) / under**2),
        ("exponential rule", (under**2 - over**2) / under**2),
        ("algebra", 1 - over**2 / under**2),
        ("in the output", 1 - a**2),
    )


def _softplus() -> Way:
    inner = 1 + exp(z)
    return _of(
        "softplus",
        "chain rule",
        _d(log(inner)),
        ("substitution", Subs(Derivative(log(u), u), u, inner) * _d(inner)),
        ("logarithm rule", Subs(1 / u, u, inner) * _d(inner)),
        ("exponential rule", Subs(1 / u, u, inner) * exp(z)),
        ("back-substitution", exp(z) / inner),
        ("algebra", 1 / (1 + exp(-z))),
    )


def _silu() -> Way:
    share = 1 / (1 + exp(-z))
    return _of(
        "silu",
        "product rule",
        _d(z * share),
        ("product rule", _d(z) * share + z * _d(share)),
        ("identity", share + z * _d(share)),
        ("sigmoid rule", share + z * (share * (1 - share))),
        ("algebra", share * (1 + z * (1 - share))),
    )


def _gelu() -> Way:
    row = ACTIVATIONS["gelu"]
    share = row.forward / z
    return _of(
        "gelu",
        "product rule",
        _d(row.forward),
        ("product rule", _d(z) * share + z * _d(share)),
        ("identity", share + z * _d(share)),
        ("density rule", share + z * share.diff(z)),
    )


def _gelu_tanh() -> Way:
    row = ACTIVATIONS["gelu-tanh"]
    curved = row.forward / z
    (inner,) = (part.args[0] for part in curved.atoms(tanh))
    by_tanh = (1 - tanh(inner) ** 2) / 2
    return _of(
        "gelu-tanh",
        "product rule",
        _d(row.forward),
        ("product rule", _d(z) * curved + z * _d(curved)),
        ("identity", curved + z * _d(curved)),
        ("tanh rule", curved + z * by_tanh * _d(inner)),
        ("polynomial rule", row.slope),
    )


# The derivations of activations.
WAYS_OF_ACTIVATIONS: tuple[Way, ...] = (
    _linear(),
    *(_by_cases(name) for name, row in ACTIVATIONS.items() if "cases" in row.ways),
    _sigmoid_by_substitution(),
    _sigmoid_by_quotient(),
    _tanh(),
    _softplus(),
    _silu(),
    _gelu(),
    _gelu_tanh(),
)

"""The derivations of the activations' own derivatives, each a chain of named moves from ``d a/d z`` to the row's slope.

A move holds what stands before and after it as expressions in which a derivative still to be taken is SymPy's
`Derivative`, taken at a place `Subs`. It knows nothing of how it will be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sympy import Derivative, Expr, Idx, IndexedBase, KroneckerDelta, Piecewise, S, Subs, Sum, Symbol, exp, log, tanh

from symnn.errors import unknown
from symnn.notation import index, scalar, size
from symnn.rules import ACTIVATIONS, NORMALISERS
from symnn.rules.activations import a, z

# What each kind of move does, in a line.
LAWS: Mapping[str, str] = MappingProxyType(
    {
        "definition": "the function is written out by its definition",
        "identity": "the derivative of a quantity by itself is 1",
        "substitution": "with u for the inner function, the derivative by u is multiplied by that of u",
        "power rule": "the derivative of u^n is n u^(n-1)",
        "logarithm rule": "the derivative of log u is 1/u",
        "exponential rule": "the derivative of e^z is e^z, and that of e^(-z) is -e^(-z)",
        "tanh rule": "the derivative of tanh u is 1 - tanh^2 u, times that of u",
        "back-substitution": "u is written out again",
        "product rule": "the derivative of u v is u' v + u v'",
        "quotient rule": "the derivative of u/v is (u' v - u v')/v^2",
        "density rule": "the derivative of the share of a distribution below z is its density at z",
        "sigmoid rule": "the derivative of the logistic function s is s (1 - s)",
        "polynomial rule": "powers are differentiated one by one",
        "cases": "away from the kinks each case is differentiated alone",
        "case by case": "the derivatives of the cases",
        "declared at kinks": "at a kink the value declared is taken; cases may be told by the output",
        "algebra": "the fraction is taken apart and put together again",
        "in the output": "what the function puts out is called a, and the derivative is written in it",
        "Kronecker delta": "an entry changes with itself only: its derivative by another is 0",
    }
)


@dataclass(frozen=True)
class Move:
    """One move of a derivation: the rule by name, and the expression before and after it."""

    rule: str
    before: Expr
    after: Expr

    @property
    def law(self) -> str:
        """What the rule says, in a line."""
        return LAWS[self.rule]


@dataclass(frozen=True)
class Way:
    """A derivation of a row's derivative: its name, the row, and the moves in order.

    ``letters`` says what the letters stand for that the moves introduce, the output ``a`` among them.
    """

    row: str
    name: str
    moves: tuple[Move, ...]
    letters: Mapping[Expr, Expr]

    @property
    def result(self) -> Expr:
        """The derivative, as the last move leaves it."""
        return self.moves[-1].after


def _way(row: str, name: str, start: Expr, *then: tuple[str, Expr], letters: Mapping[Expr, Expr] | None = None) -> Way:
    """Return the way that starts from ``start``; each later pair is a rule and what it arrives at."""
    befores = (start, *(after for _, after in then))
    moves = tuple(Move(rule, before, after) for before, (rule, after) in zip(befores, then, strict=False))
    own = letters if letters is not None else {a: ACTIVATIONS[row].forward}
    return Way(row, name, moves, MappingProxyType(dict(own)))


u = scalar("u")
_d: Callable[[Expr], Expr] = lambda inner: Derivative(inner, z)  # noqa: E731 as short as the d that people write


def _linear() -> Way:
    return _way("linear", "definition", _d(z), ("identity", S.One))


def _by_cases(name: str) -> Way:
    """Return the way by cases of any row with cases."""
    row = ACTIVATIONS[name]
    branches = row.forward.args
    taken = Piecewise(*((_d(value), condition) for value, condition in branches), evaluate=False)
    each = Piecewise(*((value.diff(z), condition) for value, condition in branches), evaluate=False)
    last = row.slope if row.slope is not None else S.Zero
    declared = () if last == each else (("declared at kinks", last),)
    return _way(name, "cases", _d(row.forward), ("cases", taken), ("case by case", each), *declared)


def _sigmoid_by_substitution() -> Way:
    inner = 1 + exp(-z)
    return _way(
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
    return _way(
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
    return _way(
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
    return _way(
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
    return _way(
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
    return _way(
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
    return _way(
        "gelu-tanh",
        "product rule",
        _d(row.forward),
        ("product rule", _d(z) * curved + z * _d(curved)),
        ("identity", curved + z * _d(curved)),
        ("tanh rule", curved + z * by_tanh * _d(inner)),
        ("polynomial rule", row.slope),
    )


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
    return _way(
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
    return _way(
        "log-softmax",
        "Jacobian",
        by(_at(J) - log(total)),
        ("Kronecker delta", delta - by(log(total))),
        ("logarithm rule", delta - by(total) / total),
        ("exponential rule", delta - exp(_at(K)) / total),
        ("in the output", delta - exp(OUTPUTS[K])),
        letters={OUTPUTS[J]: _at(J) - log(total), OUTPUTS[K]: _at(K) - log(total)},
    )


def _table(ways: Iterable[Way]) -> Mapping[tuple[str, str], Way]:
    return MappingProxyType({(way.row, way.name): way for way in ways})


# Every derivation, by the row it is of and by its name, which the row lists.
WAYS: Mapping[tuple[str, str], Way] = _table(
    (
        _linear(),
        *(_by_cases(name) for name, row in ACTIVATIONS.items() if "cases" in row.ways),
        _sigmoid_by_substitution(),
        _sigmoid_by_quotient(),
        _tanh(),
        _softplus(),
        _silu(),
        _gelu(),
        _gelu_tanh(),
        _softmax(),
        _log_softmax(),
    )
)


def ways_of(row: str) -> tuple[Way, ...]:
    """Return the derivations that a row of the activations or normalisers lists; raise `InputError` for another name.

    >>> [way.name for way in ways_of("sigmoid")]
    ['substitution', 'quotient rule']
    >>> for move in ways_of("tanh")[0].moves[2:]:
    ...     print(move.rule, "|", move.after)
    exponential rule | (-(exp(z) - exp(-z))**2 + (exp(z) + exp(-z))**2)/(exp(z) + exp(-z))**2
    algebra | -(exp(z) - exp(-z))**2/(exp(z) + exp(-z))**2 + 1
    in the output | 1 - a**2
    """
    if row in ACTIVATIONS:
        names = ACTIVATIONS[row].ways
    elif row in NORMALISERS:
        names = NORMALISERS[row].ways
    else:
        raise unknown("activation", row, [*ACTIVATIONS, *NORMALISERS])
    return tuple(WAYS[row, name] for name in names)

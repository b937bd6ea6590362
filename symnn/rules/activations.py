"""The activations: one aligned row each, from which everything else about them follows.

``forward`` is written in ``z``, ``slope`` in the output ``a``, or in ``z`` where that keeps more digits. A row proves
itself: ``tests/rules`` collects the tables and shows that the slope is the derivative, that the values at kinks are
one-sided derivatives, and that the stable NumPy form agrees with the formula.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from sympy import Eq, Expr, FiniteSet, Integer, Interval, Piecewise, Rational, S, Set, exp, log, oo, tanh

from symnn.errors import unknown
from symnn.notation import scalar
from symnn.rules.constants import Constant, values_of
from symnn.rules.functions import NormalDensity, NormalShare, RootTwoOverPi
from symnn.rules.normalisers import NORMALISERS, Normaliser

z = scalar("z")
a = scalar("a")
alpha = scalar("alpha")


@dataclass(frozen=True)
class Activation:
    """An activation that acts on each entry alone: ``a = forward(z)``.

    ``kinks`` pairs each point without a derivative with the value declared there. ``stable`` is the NumPy
    form that neither overflows nor warns (None: the formula does neither); ``minus_log`` and ``minus_log_complement``
    are such forms of -log a and -log(1 - a). ``range`` holds every output, and may hold more. ``ways`` names the
    derivations of the derivative, ``constants`` what the formulas leave open, and ``no_gradient`` says why there is no
    gradient that anything could learn from.
    """

    name: str
    forward: Expr
    slope: Expr | None
    kinks: tuple[tuple[Expr, Expr], ...]
    range: Set
    stable: str | None
    minus_log: str | None
    minus_log_complement: str | None
    latex: str
    source: str
    ways: tuple[str, ...]
    constants: tuple[Constant, ...] = ()
    no_gradient: str | None = None

    def bound(self, given: Mapping[str, Any] | None = None) -> Activation:
        """Return the row with numbers for its constants: those given, else the defaults; raise as `values_of` does.

        >>> ACTIVATIONS["leaky-relu"].bound({"alpha": "1/5"}).forward
        Piecewise((z, z > 0), (z/5, True))
        """
        values = values_of(self.name, self.constants, {} if given is None else given)
        if not values:
            return self
        texts = {symbol.name: str(value) for symbol, value in values.items()}
        return replace(
            self,
            forward=self.forward.xreplace(values),
            slope=None if self.slope is None else self.slope.xreplace(values),
            kinks=tuple((point.xreplace(values), value.xreplace(values)) for point, value in self.kinks),
            range=self.range.xreplace(values),
            stable=None if self.stable is None else self.stable.format(z="{z}", **texts),
            constants=tuple(Constant(symbol, value) for symbol, value in values.items()),
        )


def _cases(*pieces: tuple[Any, Any]) -> Expr:
    """Return a formula by cases; the last holds everywhere else."""
    *conditional, (last, _) = pieces
    return Piecewise(*conditional, (last, True))


_one_half = Rational(1, 2)
_zero = (S.Zero, S.Zero)
_share = 1 / (1 + exp(-z))
_bend = Rational(44715, 1000000)
_inner = RootTwoOverPi(z) * z * (1 + _bend * z**2)
_by_inner = RootTwoOverPi(z) * (1 + 3 * _bend * z**2)
_curved = (1 + tanh(_inner)) / 2

_step = _cases((Integer(1), z > 0), (_one_half, Eq(z, 0)), (Integer(0), True))
_sign = _cases((Integer(1), z > 0), (Integer(0), Eq(z, 0)), (Integer(-1), True))
_clipped = _cases((Integer(1), z >= _one_half), (z + _one_half, z > -_one_half), (Integer(0), True))
_ramp = _cases((z, z > 0), (Integer(0), True))
_leaky = _cases((z, z > 0), (alpha * z, True))
_elu = _cases((z, z > 0), (alpha * (exp(z) - 1), True))

_on_clip = _cases((Integer(0), z >= _one_half), (Integer(1), z > -_one_half), (Integer(0), True))
_on = _cases((Integer(1), a > 0), (Integer(0), True))
_on_leaky = _cases((Integer(1), a > 0), (alpha, True))
_on_elu = _cases((Integer(1), a > 0), (a + alpha, True))
_on_softplus = _share
_on_silu = _share * (1 + z * (1 - _share))
_on_gelu = NormalShare(z) + z * NormalDensity(z)
_on_curved = _curved + z * (1 - tanh(_inner) ** 2) / 2 * _by_inner

_flat = "it is flat wherever it has a slope, and at its jump it has none: a step downhill would move nothing"
_unit = Interval.open(0, 1)
_both = Interval.open(-1, 1)
_half = Interval(0, oo)
_above = Interval.open(0, oo)
_real = S.Reals
# The least values lie at irrational points; the bounds are below them.
_dip_gelu, _dip_silu = Interval(Rational(-171, 1000), oo), Interval(Rational(-279, 1000), oo)

# fmt: off
_ROWS = (
    #          name                forward             slope         kinks              range                       stable                  minus_log                 minus_log_complement     latex                   source                                   ways
    Activation("linear",           z,                  Integer(1),   (),                _real,                      "{z}",                  None,                     None,                    r"\mathrm{id}",         "identity",                              ("definition",)),
    Activation("step",             _step,              None,         ((S.Zero, S.Zero),), FiniteSet(0, _one_half, 1), None,                 None,                     None,                    r"\theta",              "Heaviside; value 1/2 declared at 0",    ("cases",), no_gradient=_flat),
    Activation("sign",             _sign,              None,         ((S.Zero, S.Zero),), FiniteSet(-1, 0, 1),      None,                   None,                     None,                    r"\mathrm{sgn}",        "signum; value 0 declared at 0",         ("cases",), no_gradient=_flat),
    Activation("piecewise-linear", _clipped,           _on_clip,     ((-_one_half, S.Zero), (_one_half, S.Zero)), Interval(0, 1), None,    None,                     None,                    r"\mathrm{clip}",       "z + 1/2 cut off at 0 and 1",            ("cases",)),
    Activation("sigmoid",          _share,             a * (1 - a),  (),                _unit,                      "sigmoid({z})",         "np.logaddexp(0, -{z})",  "np.logaddexp(0, {z})",  r"\sigma",              "logistic function, Verhulst 1845",      ("substitution", "quotient rule")),
    Activation("tanh",             tanh(z),            1 - a**2,     (),                _both,                      "np.tanh({z})",         None,                     None,                    r"\tanh",               "hyperbolic tangent",                    ("quotient rule",)),
    Activation("relu",             _ramp,              _on,          (_zero,),          _half,                      "np.maximum({z}, 0)",   None,                     None,                    r"\mathrm{ReLU}",       "Fukushima 1969; value 0 declared at 0", ("cases",)),
    Activation("leaky-relu",       _leaky,             _on_leaky,    ((S.Zero, alpha),), _real,                     None,                   None,                     None,                    r"\mathrm{LReLU}",      "Maas 2013; value alpha declared at 0",  ("cases",), (Constant(alpha, Rational(1, 100)),)),
    Activation("elu",              _elu,               _on_elu,      ((S.Zero, alpha),), Interval.open(-alpha, oo), "elu({z}, {alpha})",    None,                     None,                    r"\mathrm{ELU}",        "Clevert 2015; value alpha declared at 0", ("cases",), (Constant(alpha, Integer(1)),)),
    Activation("softplus",         log(1 + exp(z)),    _on_softplus, (),                _above,                     "np.logaddexp(0, {z})", None,                     None,                    r"\mathrm{softplus}",   "Dugas 2001",                            ("chain rule",)),
    Activation("gelu",             z * NormalShare(z), _on_gelu,     (),                _dip_gelu,                  None,                   None,                     None,                    r"\mathrm{GELU}",       "Hendrycks 2016, exact",                 ("product rule",)),
    Activation("gelu-tanh",        z * _curved,        _on_curved,   (),                _dip_gelu,                  "gelu_tanh({z})",       None,                     None,                    r"\mathrm{GELU}_{\tanh}", "Hendrycks 2016, by tanh",             ("product rule",)),
    Activation("silu",             z * _share,         _on_silu,     (),                _dip_silu,                  "silu({z})",            None,                     None,                    r"\mathrm{SiLU}",       "Elfwing 2017, also called swish",       ("product rule",)),
)
# fmt: on

# The activations that act on each entry alone, by name.
ACTIVATIONS: Mapping[str, Activation] = MappingProxyType({row.name: row for row in _ROWS})


def activation(name: str, constants: Mapping[str, Any] | None = None) -> Activation | Normaliser:
    """Return the row of an activation by name, its constants bound to the values given or to their defaults.

    Raises `InputError` for a name that is in no table, and for constants the row does not have.

    >>> activation("sigmoid").slope
    a*(1 - a)
    """
    if not isinstance(name, str):
        raise unknown("activation", name, [*ACTIVATIONS, *NORMALISERS])
    if name in NORMALISERS:
        values_of(name, (), {} if constants is None else constants)
        return NORMALISERS[name]
    if name not in ACTIVATIONS:
        raise unknown("activation", name, [*ACTIVATIONS, *NORMALISERS])
    return ACTIVATIONS[name].bound(constants)

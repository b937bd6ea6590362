"""The activations: one aligned row each, from which everything else about them follows.

``forward`` is written in ``z``, ``slope`` in the output ``a``. A row proves itself: ``tests/rules`` collects
the tables and shows that the slope is the derivative, that the values at kinks are one-sided
derivatives, and that the stable NumPy form agrees with the formula.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sympy import Expr, Integer, Interval, Piecewise, S, exp, oo, tanh

from symnn.errors import unknown
from symnn.notation import scalar

z = scalar("z")
a = scalar("a")


@dataclass(frozen=True)
class Activation:
    """An activation that acts on each entry alone: ``a = forward(z)``.

    ``kinks`` pairs each point without a derivative with the value declared there. ``stable`` is the NumPy
    form that neither overflows nor warns; ``minus_log`` and ``minus_log_complement`` are such forms of -log a
    and -log(1 - a).
    """

    name: str
    forward: Expr
    slope: Expr | None
    kinks: tuple[tuple[Expr, Expr], ...]
    range: Interval
    stable: str | None
    minus_log: str | None
    minus_log_complement: str | None
    latex: str
    source: str


@dataclass(frozen=True)
class Normaliser:
    """An activation that shares out one among the units of a sample: ``a_j = weight(z_j) / sum_k weight(z_k)``."""

    name: str
    weight: Expr
    range: Interval
    stable: str
    log: str
    latex: str
    source: str


_step = Piecewise((Integer(1), a > 0), (Integer(0), True))
_ramp = Piecewise((z, z > 0), (Integer(0), True))
_unit = Interval.open(0, 1)
_both = Interval.open(-1, 1)
_half = Interval(0, oo)
_real = S.Reals

# fmt: off
_ELEMENTWISE = (
    #          name       forward             slope        kinks             range   stable               minus_log                   minus_log_complement     latex               source
    Activation("linear",  z,                  Integer(1),  (),               _real,  "{z}",               None,                       None,                    r"\mathrm{id}",     "identity"),
    Activation("sigmoid", 1 / (1 + exp(-z)),  a * (1 - a), (),               _unit,  "sigmoid({z})",      "np.logaddexp(0, -{z})", "np.logaddexp(0, {z})", r"\sigma",          "logistic function, Verhulst 1845"),
    Activation("tanh",    tanh(z),            1 - a**2,    (),               _both,  "np.tanh({z})",      None,                       None,                    r"\tanh",           "hyperbolic tangent"),
    Activation("relu",    _ramp,              _step,       ((S.Zero, S.Zero),), _half, "np.maximum({z}, 0)", None,                    None,                    r"\mathrm{ReLU}",   "Fukushima 1969; value 0 declared at 0"),
)

_NORMALISING = (
    #          name       weight  range  stable                         log                                latex                source
    Normaliser("softmax", exp(z), _unit, "softmax({z}, axis={axis})",   "log_softmax({z}, axis={axis})",   r"\mathrm{softmax}", "Bridle 1990"),
)
# fmt: on

# The activations that act on each entry alone, by name.
ACTIVATIONS: Mapping[str, Activation] = MappingProxyType({row.name: row for row in _ELEMENTWISE})
# The activations that share out one among units, by name.
NORMALISERS: Mapping[str, Normaliser] = MappingProxyType({row.name: row for row in _NORMALISING})


def activation(name: str) -> Activation | Normaliser:
    """Return the row of an activation by name; raise `InputError` for one that is in no table.

    >>> activation("sigmoid").slope
    a*(1 - a)
    """
    row = ACTIVATIONS.get(name) or NORMALISERS.get(name)
    if row is None:
        raise unknown("activation", name, [*ACTIVATIONS, *NORMALISERS])
    return row

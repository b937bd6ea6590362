"""The functions that symnn has of its own, in functions that SymPy can evaluate."""

from __future__ import annotations

from sympy import erf, exp, pi, sqrt

from symnn.rules.functions import NormalDensity, NormalShare, RootTwoOverPi


def spelled_out(formula):
    """A formula in functions that SymPy has."""
    for ours, theirs in (
        (NormalShare, lambda x: (1 + erf(x / sqrt(2))) / 2),
        (NormalDensity, lambda x: exp(-(x**2) / 2) / sqrt(2 * pi)),
        (RootTwoOverPi, lambda _: sqrt(2 / pi)),
    ):
        formula = formula.replace(ours, theirs)
    return formula

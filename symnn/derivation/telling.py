"""Backward equations as they are told: the slope of an activation stands as a tensor of its own.

A kernel has no use for that tensor; a worked solution prints it, a lecture rounds it, and many a mistake is made there.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from sympy import Expr

from symnn.derivation.derivation import Derivation
from symnn.derivation.steps import Product, SlopeInOutput, SumOverPaths
from symnn.equations import Equation, Term, equation_of_terms
from symnn.notation import slope


@lru_cache(maxsize=64)
def told_equations(derivation: Derivation) -> tuple[Equation, ...]:
    """Return the backward equations as they are told: the slope of an activation is a tensor of its own.

    >>> from symnn.derivation import derive
    >>> from symnn.network import Dense, Network
    >>> for equation in told_equations(derive(Network(inputs=1, layers=[Dense(1, "tanh")])))[:3]:
    ...     print(equation)
    dA1[j, i] = 2*(A1[j, i] - Y[j, i])/m
    A1_slope[j, i] = 1 - A1[j, i]**2
    dZ1[j, i] = A1_slope[j, i]*dA1[j, i]
    """
    return tuple(equation for step in derivation.steps for equation in told_step(step))


@lru_cache(maxsize=512)
def told_step(step: SumOverPaths) -> tuple[Equation, ...]:
    """Return the equations of one gradient as they are told, the gradient's own last."""
    slopes: list[Equation] = []
    terms: list[Term] = []
    for path in step.paths:
        if isinstance(path, Product) and isinstance(path.local, SlopeInOutput):
            factor = slope(path.upstream.target)
            slopes.append(Equation(factor, path.local.result))
            terms.append(Product.of(path.upstream, _replaced(path.local, factor), path.target).result)
        else:
            terms.append(path.result)
    return (*step.helpers, *slopes, equation_of_terms(step.result.target, tuple(terms)))


def _replaced(local: SlopeInOutput, factor: Expr) -> SlopeInOutput:
    return replace(local, result=factor)

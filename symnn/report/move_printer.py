"""What stands in the moves of a derivation as LaTeX: derivatives still to be taken, sums over units, cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sympy import (
    Abs,
    Add,
    Derivative,
    Expr,
    Idx,
    Indexed,
    KroneckerDelta,
    Mul,
    Piecewise,
    Pow,
    Rational,
    S,
    Subs,
    Sum,
    Symbol,
    exp,
    log,
)
from sympy.core.relational import Relational
from sympy.printing.precedence import PRECEDENCE

from symnn.equations.reading import fraction_of
from symnn.report.sums import ReadingPrinter, bracketed, juxtaposed
from symnn.rules.losses import p, y

MOST_DECIMALS = 6
SMALL = 100
"""A fraction with a larger denominator is written as a decimal, if it ends after a few."""


class MovePrinter(ReadingPrinter):
    """Print derivatives still to be taken, and where they are taken; ``names`` gives letters other LaTeX."""

    lead = None

    def __init__(self, names: Mapping[Symbol, str] = MappingProxyType({})) -> None:
        super().__init__()
        self._names = names

    def _print_Symbol(self, expr: Symbol, style: str = "plain") -> str:
        text: str = self._names.get(expr) or super()._print_Symbol(expr, style)
        return text

    def _print_Derivative(self, expr: Derivative) -> str:
        # By one of several logits the derivative is partial, and of a loss, which is of a target too.
        variable = expr.variables[0]
        d = r"\partial" if isinstance(variable, Indexed) or variable == p or expr.expr.has(y) else r"\mathrm{d}"
        by, body = self._print(variable), self._print(expr.expr)
        if expr.expr.is_Atom or isinstance(expr.expr, Indexed | exp):
            return rf"\frac{{{d} {body}}}{{{d} {by}}}"
        return rf"\frac{{{d}}}{{{d} {by}}} " + (body if isinstance(expr.expr, Abs | log) else rf"\left({body}\right)")

    def _print_Relational(self, expr: Relational) -> str:
        # What is compared stands on the left of its bound.
        turned = expr.rhs.has(Abs) and not expr.lhs.has(Abs)
        text: str = super()._print_Relational(expr.reversed if turned else expr)
        return text

    def _print_Mul(self, expr: Mul) -> str:
        if any(factor.is_Mul for factor in expr.args):
            # A product left as it was written: nothing in it is cancelled yet.
            return r" \cdot ".join(
                self._factor(factor) if factor.is_Add else self._print(factor) for factor in expr.args
            )
        number, rest = expr.as_coeff_Mul()
        if number.is_Rational and number.q > SMALL and not number.is_Integer:
            # 0.044715 z^2 is read more easily than a fraction of large numbers.
            return f"{self._print(number)} {self._print(rest)}"
        negative, above, below = fraction_of(expr)
        above.sort(key=_rank)
        # A number below the bar does not put what is tall above it.
        in_front = all(factor.is_number for factor in below) and any(_rank(factor) > _rank(S.One) for factor in above)
        scale = [factor for factor in above if in_front and factor.is_Rational]
        rest = [factor for factor in above if factor not in scale]
        top, bottom = (self._beside(factors, lone=bool(below)) for factors in (scale if in_front else above, below))
        text = (rf"\frac{{{top or 1}}}{{{bottom}}}" if below else top) + (f" {self._beside(rest)}" if in_front else "")
        return ("-" if negative else "") + text.strip()

    def _beside(self, factors: list[Expr], *, lone: bool = False) -> str:
        """Return factors side by side; one that stands alone in a fraction needs no brackets."""
        if lone and len(factors) == 1:
            text: str = self._print(factors[0])
            return text
        return juxtaposed([self._factor(factor) for factor in factors]) if factors else ""

    def _factor(self, factor: Expr) -> str:
        # What a derivative is of has brackets of its own; a sum stands last.
        bare = isinstance(factor, Derivative | Subs | Sum)
        text: str = self._print(factor) if bare else self.parenthesize(factor, PRECEDENCE["Mul"])
        return text

    def _print_Subs(self, expr: Subs) -> str:
        (variable,), (value,) = expr.variables, expr.point
        return rf"\left. {bracketed(self._print(expr.expr))} \right|_{{{self._print(variable)} = {self._print(value)}}}"

    def _print_Rational(self, expr: Rational) -> str:
        places = next((places for places in range(MOST_DECIMALS + 1) if (expr * 10**places).is_Integer), None)
        if places is None or expr.q <= SMALL:
            text: str = super()._print_Rational(expr)
            return text
        return f"{float(expr):.{places}f}"

    def _print_Indexed(self, expr: Indexed) -> str:
        return f"{self._print(expr.base.label)}_{{{' '.join(map(self._print, expr.indices))}}}"

    def _print_Idx(self, expr: Idx) -> str:
        return str(expr.label)

    def _print_Sum(self, expr: Sum) -> str:
        letters = ", ".join(self._print(limits[0]) for limits in expr.limits)
        body = self._print(expr.function)
        return rf"\sum_{{{letters}}} " + (rf"\left({body}\right)" if expr.function.is_Add else body)

    def _print_KroneckerDelta(self, expr: KroneckerDelta, exp: Any = None) -> str:
        return rf"\delta_{{{' '.join(map(self._print, expr.args))}}}"

    def _print_Piecewise(self, expr: Piecewise) -> str:
        rows = [
            rf"{self._print(value)} & " + (r"\text{otherwise}" if condition == True else self._print(condition))  # noqa: E712
            for value, condition in expr.args
        ]
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"

    def _print_exp(self, expr: Expr, exp: Any = None) -> str:
        text = rf"e^{{{self._print(expr.args[0])}}}"
        return rf"\left({text}\right)^{{{exp}}}" if exp is not None else text


# What stands first in a product: numbers, what may be left out, letters, a prediction after its target, functions,
# sums, logarithms, and derivatives to be taken.
_RANKS: tuple[Callable[[Expr], bool], ...] = (
    lambda factor: not factor.free_symbols,
    lambda factor: isinstance(factor, KroneckerDelta),
    lambda factor: isinstance(factor, Indexed) or (factor.is_Atom and factor != p),
    lambda factor: factor == p,
    lambda factor: not factor.has(Derivative, Subs) and not isinstance(factor, Add | Sum | log),
    lambda factor: isinstance(factor, Add),
    lambda factor: isinstance(factor, log),
    lambda factor: isinstance(factor, Subs),
    lambda factor: isinstance(factor, Derivative),
)


def _rank(factor: Expr) -> int:
    base = factor.base if isinstance(factor, Pow) else factor
    return next((place for place, is_of in enumerate(_RANKS) if is_of(base)), len(_RANKS))

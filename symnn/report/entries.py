"""Equations over entries as LaTeX: names as a notation has them, gradients as fractions, sums by their index."""

from __future__ import annotations

from sympy import Add, Expr, Indexed, Mul, Piecewise, Pow, S, Sum, Symbol, exp
from sympy.printing.precedence import PRECEDENCE

from symnn.equations import Equation
from symnn.equations.reading import addends, fraction_of
from symnn.report.names import Names, size_latex
from symnn.report.rows import FULL, aligned_rows, in_rows, width_of_latex
from symnn.report.sums import ReadingPrinter


class EntryPrinter(ReadingPrinter):
    """Print expressions over entries as people write them."""

    lead = Sum
    times = " "
    """What stands between factors."""

    def __init__(self, names: Names) -> None:
        super().__init__()
        self.names = names

    def equation(self, equation: Equation) -> str:
        """Return ``left = right``, with an alignment mark before the sign if asked for."""
        return f"{self.names.entry(equation.target)} = {self.doprint(equation.right)}"

    def displayed(self, equation: Equation) -> str:
        """Return an equation as `equation` does, in rows if it is too wide for a page."""
        left, terms = self.names.entry(equation.target), addends(Add.make_args(equation.right), first=self.lead)
        text = self.equation(equation)
        if len(terms) == 1 or width_of_latex(text) <= FULL:
            return text
        return aligned_rows(left, in_rows(left, "=", [(self._print(term),) for term in terms]))

    def _print_Indexed(self, entry: Indexed) -> str:
        return self.names.entry(entry)

    def _print_Symbol(self, symbol: Symbol) -> str:
        return self.names.whole(str(symbol.name)) if not symbol.is_integer else size_latex(str(symbol.name))

    def _print_Sum(self, expr: Sum) -> str:
        indices = ", ".join(self.names.letter(limits[0]) for limits in expr.limits)
        body = self.parenthesize(expr.function, PRECEDENCE["Mul"]) if expr.function.is_Add else None
        return rf"\sum_{{{indices}}} {body or self._print(expr.function)}"

    def _print_Mul(self, expr: Mul) -> str:
        negative, above, below = fraction_of(expr)
        sums = [factor for factor in above if isinstance(factor, Sum)]
        plain = [factor for factor in above if not isinstance(factor, Sum)]
        # What is tall stands beside the bar, not above it.
        tall = [factor for factor in plain if below and self._is_tall(factor)]
        plain = [factor for factor in plain if factor not in tall]
        top = self.times.join(self._factor(factor, alone=len(plain) == 1 and bool(below)) for factor in plain) or "1"
        bottom = self.times.join(self._factor(factor, alone=len(below) == 1) for factor in below)
        text = rf"\frac{{{top}}}{{{bottom}}}" if below else ("" if sums and not plain else top)
        beside = [self._factor(factor, alone=False) for factor in tall]
        return ("-" if negative else "") + " ".join([text, *beside, *map(self._print, sums)]).strip()

    def _is_tall(self, factor: Expr) -> bool:
        text = self._print(factor)
        return r"\begin{cases}" in text or (r"\frac" in text and not isinstance(factor, exp))

    def _factor(self, factor: Expr, *, alone: bool) -> str:
        text: str = self._print(factor) if alone else self.parenthesize(factor, PRECEDENCE["Mul"])
        return text

    def _print_Pow(self, expr: Pow) -> str:
        if expr.exp.is_Rational and expr.exp < 0:
            return rf"\frac{{1}}{{{self._print(Pow(expr.base, -expr.exp))}}}"
        if expr.exp == S.Half:
            return rf"\sqrt{{{self._print(expr.base)}}}"
        return rf"\left({self._print(expr.base)}\right)^{{{self._print(expr.exp)}}}"

    def _print_Piecewise(self, expr: Piecewise) -> str:
        rows = [
            rf"{self._print(value)} & " + (r"\text{otherwise}" if condition == S.true else self._print(condition))
            for value, condition in expr.args
        ]
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"

    def _print_exp(self, expr: Expr, exp: Expr | None = None) -> str:
        return rf"e^{{{self._print(expr.args[0])}}}"

    def _print_ExpBase(self, expr: Expr, exp: Expr | None = None) -> str:
        return self._print_exp(expr)

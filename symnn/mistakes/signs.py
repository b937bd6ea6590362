"""Expressions in one line of mathematical signs, as a diagnosis shows them."""

from __future__ import annotations

import re

from sympy import Expr, Piecewise, Pow
from sympy.printing.precedence import PRECEDENCE

from symnn.equations.reading import ReadingPrinter
from symnn.mistakes.ground import FIRST_SAMPLE, LAST_SAMPLE

_SUPERSCRIPTS = {"2": "²", "3": "³", "4": "⁴"}
_POINTS = {FIRST_SAMPLE: "1", LAST_SAMPLE: "m"}


def text(expr: Expr, *, within: bool = False) -> str:
    """Return an expression in one line of mathematical signs; in brackets where it stands ``within`` a product.

    >>> from symnn.notation import scalar
    >>> text((scalar("a") - 1) ** 2 * scalar("b"))
    'b·(a − 1)²'
    """
    printed = _Signs().doprint(expr)
    printed = re.sub(r"\*\*([234])(?!\d)", lambda power: _SUPERSCRIPTS[power[1]], printed)
    for name, sample in _POINTS.items():
        printed = re.sub(rf"{name}\[(\w+)\]", rf"[\1 = {sample}]", printed)
    printed = printed.replace("*", "·").replace(" - ", " − ")
    printed = re.sub(r"(^|[(\[])-", r"\1−", printed)
    return f"({printed})" if within and expr.is_Add else printed


class _Signs(ReadingPrinter):
    """Print indicators as Iverson brackets, and other cases as a person says them."""

    def _print_Piecewise(self, expr: Piecewise) -> str:
        (value, condition), *others = expr.args
        if not others:
            return str(self._print(value))
        rest = Piecewise(*others) if len(others) > 1 else others[0][0]
        if value == 1 and rest == 0:
            return f"[{self._print(condition)}]"
        return f"({self._print(value)} if {self._print(condition)} else {self._print(rest)})"

    def _print_Pow(self, expr: Pow, rational: bool = False) -> str:
        if expr.exp.is_Integer and expr.exp < -1:
            return f"1/{self.parenthesize(Pow(expr.base, -expr.exp), PRECEDENCE['Mul'])}"
        return str(super()._print_Pow(expr, rational=rational))

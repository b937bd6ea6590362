"""What both LaTeX printers share: sums in the order in which people write them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from sympy import Expr
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE

from symnn.equations.reading import addends


class ReadingPrinter(LatexPrinter):  # type: ignore[misc]
    """A LaTeX printer that writes ``A - Y`` and never ``- Y + A``; terms that hold a ``lead`` go first."""

    lead: ClassVar[type | None]

    def __init__(self) -> None:
        super().__init__({"ln_notation": False})

    def _print_Add(self, expr: Expr, order: str | None = None) -> str:
        text = ""
        for term in addends(expr.args, first=self.lead):
            negative = term.could_extract_minus_sign()
            part = self.parenthesize(-term, PRECEDENCE["Mul"], strict=True) if negative else self._print(term)
            sign = " - " if text and negative else " + " if text else "-" if negative else ""
            text += sign + (bracketed(part) if sign else part)
        return text


def bracketed(text: str) -> str:
    """Return text that begins with a minus sign in brackets, so that an operator may stand before it.

    >>> bracketed("-1.5"), bracketed("1.5")
    ('\\\\left(-1.5\\\\right)', '1.5')
    """
    return rf"\left({text}\right)" if text.startswith("-") else text


def juxtaposed(factors: Sequence[str]) -> str:
    """Return factors side by side, with a dot before each that begins with a digit or a bracketed minus.

    >>> juxtaposed(["2", "x"]), juxtaposed(["2", "-1.5"])
    ('2 x', '2 \\\\cdot \\\\left(-1.5\\\\right)')
    """
    text = factors[0] if factors else ""
    for factor in factors[1:]:
        needs_dot = factor[0].isdigit() or factor.startswith("-")
        text += (r" \cdot " if needs_dot else " ") + bracketed(factor)
    return text

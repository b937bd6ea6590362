"""What both LaTeX printers share: sums in the order in which people write them."""

from __future__ import annotations

from typing import ClassVar

from sympy import Expr
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE

from symnn.equations.reading import addends


class ReadingPrinter(LatexPrinter):  # type: ignore[misc]
    """A LaTeX printer that writes ``A - Y`` and never ``- Y + A``; terms that hold a ``lead`` go first."""

    lead: ClassVar[type]

    def __init__(self) -> None:
        super().__init__({"ln_notation": False})

    def _print_Add(self, expr: Expr, order: str | None = None) -> str:
        text = ""
        for term in addends(expr.args, first=self.lead):
            negative = term.could_extract_minus_sign()
            part = self.parenthesize(-term, PRECEDENCE["Mul"], strict=True) if negative else self._print(term)
            text += (" - " if negative else " + ") + part if text else ("-" if negative else "") + part
        return text

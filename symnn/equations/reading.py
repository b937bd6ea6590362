"""The order in which people write the parts of a sum and of a product; every printer asks here.

SymPy orders by its own hashes of names, which gives ``- Y + A`` and ``X dZ`` where people write ``A - Y`` and ``dZ X``.
"""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Add, Expr, Indexed, Mul, Piecewise, Pow, Rational, S, Symbol
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from symnn.notation import ADJOINT, name_of


def addends(terms: Iterable[Expr], first: type | None = None) -> list[Expr]:
    """Return terms with those that hold a ``first`` ahead, then positive before negative, numbers early.

    >>> from symnn.notation import scalar
    >>> a, y = scalar("a"), scalar("y")
    >>> addends((-y, a)), addends((-(a**2), S.One))
    ([a, -y], [1, -a**2])
    """
    return sorted(
        terms,
        key=lambda term: (first is None or not term.has(first), term.could_extract_minus_sign(), not term.is_number),
    )


def fraction_of(product: Mul) -> tuple[bool, list[Expr], list[Expr]]:
    """Return a product as its sign (True: negative), the factors above the bar, and those below.

    >>> from symnn.notation import scalar
    >>> fraction_of(-2 * scalar("a") / (3 * scalar("b")))
    (True, [2, a], [3, b])
    """
    negative, above, below = False, [], []
    for factor in product.as_ordered_factors():
        if isinstance(factor, Rational):
            negative ^= bool(factor < 0)
            above += [S(abs(factor.p))] if abs(factor.p) != 1 else []
            below += [S(factor.q)] if factor.q != 1 else []
        elif isinstance(factor, Pow) and factor.exp.is_Rational and factor.exp < 0:
            below.append(Pow(factor.base, -factor.exp))
        else:
            above.append(factor)
    return negative, sorted(above, key=_place), below


class ReadingPrinter(StrPrinter):  # type: ignore[misc]
    """Print an expression as plain text with its sums in reading order."""

    def _print_Add(self, expr: Add, order: str | None = None) -> str:
        text = ""
        for term in addends(expr.args):
            negative = term.could_extract_minus_sign()
            part = self.parenthesize(-term if negative else term, PRECEDENCE["Add"], strict=not negative)
            text += (" - " if negative else " + ") + part if text else ("-" if negative else "") + part
        return text


def text_of(expr: Expr) -> str:
    """Return an expression as plain text.

    >>> from symnn.notation import scalar
    >>> text_of(scalar("z") - scalar("Y"))
    'z - Y'
    """
    text: str = ReadingPrinter().doprint(expr)
    return text


def _place(factor: Expr) -> tuple[int, bool]:
    """Numbers, the upstream gradient, tensors, sums and functions, and an indicator last."""
    kinds = (factor.is_number, isinstance(factor, Indexed | Symbol), not isinstance(factor, Piecewise), True)
    upstream = isinstance(factor, Indexed) and name_of(factor).startswith(ADJOINT)
    return kinds.index(True), not upstream

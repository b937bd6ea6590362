"""Equations over entries as LaTeX: names with layers as superscripts, gradients as fractions, sums by their index."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from sympy import Expr, Idx, Indexed, Mul, Piecewise, Pow, S, Sum, Symbol
from sympy.printing.precedence import PRECEDENCE

from symnn.derive import Derivation, Product, SlopeInOutput
from symnn.equations import Equation
from symnn.equations.reading import fraction_of
from symnn.notation import ADJOINT, SLOPE, Target, indices_of, name_of
from symnn.report.escape import escape_latex
from symnn.report.sums import ReadingPrinter
from symnn.rules import ACTIVATIONS

_GREEK = {"alpha", "beta", "gamma", "delta", "epsilon", "eta", "lambda", "mu", "nu", "rho", "sigma", "theta", "phi"}
_NAME = re.compile(r"([A-Za-z]+?)_?([A-Z]?\d*)")
LOSS_LATEX = "L"


class Names:
    """How each tensor of a derivation is written: its own name, its gradient, its activation's slope."""

    def __init__(self, derivation: Derivation) -> None:
        self.tensors = set(derivation.program.shapes)
        self.slopes: Mapping[str, tuple[str, str]] = MappingProxyType(
            {
                path.through: (ACTIVATIONS[path.local.row].latex, name_of(path.local.entry))
                for step in derivation.steps
                for path in step.paths
                if isinstance(path, Product) and isinstance(path.local, SlopeInOutput)
            }
        )

    def whole(self, name: str, indices: tuple[Expr, ...] = ()) -> str:
        """Return a tensor's LaTeX, with indices if there are any.

        >>> from symnn.derive import derive
        >>> from symnn.network import Dense, Network
        >>> Names(derive(Network(inputs=1, layers=[Dense(1)]))).whole("dW1")
        '\\\\frac{\\\\partial L}{\\\\partial W^{(1)}}'
        """
        if name.endswith(SLOPE) and name.removesuffix(SLOPE) in self.slopes:
            function, entry = self.slopes[name.removesuffix(SLOPE)]
            return rf"{function}'\bigl({self.whole(entry, indices)}\bigr)"
        if name.startswith(ADJOINT) and name.removeprefix(ADJOINT) in self.tensors:
            return rf"\frac{{\partial {LOSS_LATEX}}}{{\partial {self.whole(name.removeprefix(ADJOINT), indices)}}}"
        letters = "".join(_letter(index) for index in indices if isinstance(index, Idx))
        below = f"_{{{letters}}}" if letters else ""
        return _base(name) + below

    def entry(self, target: Target) -> str:
        """Return an entry's LaTeX."""
        return self.whole(name_of(target), indices_of(target))


def _letter(index: Idx) -> str:
    return str(index.label)


def _base(name: str) -> str:
    match = _NAME.fullmatch(name)
    if match is None:
        return rf"\mathrm{{{escape_latex(name)}}}"
    stem, number = match.groups()
    if len(stem) == 2 and stem[0].isupper() and stem[1].islower():
        # Wq, Kt: a letter told apart by another, which goes where layers have their number.
        return f"{stem[0]}^{{{stem[1]}}}"
    letter = rf"\{stem}" if stem in _GREEK else stem if len(stem) == 1 else rf"\mathrm{{{stem}}}"
    digits = number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f"{letter}^{{({digits})}}" if digits else letter


class EntryPrinter(ReadingPrinter):
    """Print expressions over entries as people write them."""

    lead = Sum

    def __init__(self, names: Names) -> None:
        super().__init__()
        self.names = names

    def equation(self, equation: Equation, *, aligned: bool = False) -> str:
        """Return ``left = right``, with an alignment mark before the sign if asked for."""
        return f"{self.names.entry(equation.target)} {'&' * aligned}= {self.doprint(equation.right)}"

    def _print_Indexed(self, entry: Indexed) -> str:
        return self.names.entry(entry)

    def _print_Symbol(self, symbol: Symbol) -> str:
        return self.names.whole(str(symbol.name)) if not symbol.is_integer else size_latex(str(symbol.name))

    def _print_Sum(self, expr: Sum) -> str:
        indices = ", ".join(_letter(limits[0]) for limits in expr.limits)
        body = self.parenthesize(expr.function, PRECEDENCE["Mul"]) if expr.function.is_Add else None
        return rf"\sum_{{{indices}}} {body or self._print(expr.function)}"

    def _print_Mul(self, expr: Mul) -> str:
        negative, above, below = fraction_of(expr)
        sums = [factor for factor in above if isinstance(factor, Sum)]
        plain = [factor for factor in above if not isinstance(factor, Sum)]
        top = " ".join(self._factor(factor, alone=len(plain) == 1 and bool(below)) for factor in plain) or "1"
        bottom = " ".join(self._factor(factor, alone=len(below) == 1) for factor in below)
        text = rf"\frac{{{top}}}{{{bottom}}}" if below else ("" if sums and not plain else top)
        return ("-" if negative else "") + " ".join([text, *map(self._print, sums)]).strip()

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


def size_latex(name: str) -> str:
    """Return a size's LaTeX.

    >>> size_latex("n2"), size_latex("m")
    ('n_{2}', 'm')
    """
    letter = name.rstrip("0123456789")
    digits = name[len(letter) :]
    return f"{letter}_{{{digits}}}" if letter and digits else name

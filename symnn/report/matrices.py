"""Equations over whole arrays as LaTeX: products, transposes, and ⊙ between what is multiplied entry by entry.

What has no customary matrix form (a sum over samples, say) has none here either; the report then shows entries.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from sympy import Add, Expr, Idx, Indexed, Mul, Piecewise, Pow, S, Symbol, exp, log
from sympy.printing.precedence import PRECEDENCE, precedence

from symnn.equations import Equation
from symnn.equations.reading import fraction_of
from symnn.kernels.arrays import Aligned, Block, MatMul, arrays_of
from symnn.notation import name_of
from symnn.report.sums import ReadingPrinter, bracketed, juxtaposed
from symnn.rules import recognise_activation

Write = Callable[[str], str]


class MatrixPrinter(ReadingPrinter):
    """Print an array equation, writing each tensor as ``write`` does: by its name, or by its numbers."""

    lead = Block

    def __init__(self, write: Write) -> None:
        super().__init__()
        self.write = write

    def _print_Indexed(self, entry: Indexed) -> str:
        return self.write(name_of(entry))

    def _print_Symbol(self, symbol: Symbol) -> str:
        return self.write(str(symbol.name))

    def _print_Block(self, block: Block) -> str:
        product = cast(MatMul, block.node)
        return f"{self._side(product.left)} {self._side(product.right)}"

    def _side(self, view: Aligned) -> str:
        text = self.write(name_of(view.entry))
        if not view.turned:
            return text
        return (rf"\left({text}\right)" if text.startswith(r"\frac") else f"{{{text}}}") + r"^{\!\top}"

    def _print_Mul(self, expr: Mul) -> str:
        negative, above, below = fraction_of(expr)
        scalars = [factor for factor in above if not _is_array(factor)]
        arrays = [factor for factor in above if _is_array(factor)]
        arrays += [Pow(factor, -1) for factor in below if _is_array(factor)]
        divisors = [factor for factor in below if not _is_array(factor)]
        # A gradient stands beside the bar, not above it.
        tall = [factor for factor in scalars if divisors and r"\frac" in self._print(factor)]
        scalars = [factor for factor in scalars if factor not in tall]
        top, bottom = self._product(scalars, bool(divisors)), self._product(divisors, True)
        scale = " ".join([rf"\frac{{{top or 1}}}{{{bottom}}}" if divisors else top, *map(self._factor, tall)])
        product = r" \odot ".join(bracketed(self._factor(factor)) for factor in arrays)
        together = f"{scale} {product}" if scale and product else scale or product
        return "-" + bracketed(together) if negative else together

    def _product(self, factors: list[Expr], in_fraction: bool) -> str:
        """Return factors side by side; one that stands alone in a fraction needs no brackets."""
        if in_fraction and len(factors) == 1:
            text: str = self._print(factors[0])
            return text
        return juxtaposed([self._factor(factor) for factor in factors])

    def _factor(self, factor: Expr) -> str:
        text: str = self._print(factor) if isinstance(factor, Pow) else self.parenthesize(factor, PRECEDENCE["Mul"])
        return text

    def _print_Pow(self, expr: Pow) -> str:
        written = self._print(expr.base)
        base = rf"\left({written}\right)" if precedence(expr.base) < PRECEDENCE["Atom"] else bracketed(written)
        if expr.exp == -1:
            return rf"\frac{{1}}{{{self._print(expr.base)}}}"
        if expr.exp == S.Half:
            return rf"\sqrt{{{self._print(expr.base)}}}"
        entrywise = r"\odot " if _is_array(expr.base) else ""
        return rf"{{{base}}}^{{{entrywise}{self._print(expr.exp)}}}"

    def _print_exp(self, expr: Expr, exp: Expr | None = None) -> str:
        return rf"\exp\left({self._print(expr.args[0])}\right)"

    def _print_Piecewise(self, expr: Piecewise) -> str:
        return rf"\mathbf{{1}}\!\left[{self._print(expr.args[0][1])}\right]"


def _is_array(factor: Expr) -> bool:
    return bool(factor.atoms(Indexed, Block))


def matrix_form(equation: Equation, write: Write, printer: MatrixPrinter | None = None) -> str | None:
    """Return the right-hand side over whole arrays, or None where no customary form exists.

    ``printer`` prints it where that needs more than names.

    >>> from symnn.network import Dense, Network, program_of
    >>> matrix_form(program_of(Network(inputs=2, layers=[Dense(1)])).equations[0], str)
    'W1 X + b1'
    """
    activated = recognise_activation(equation)
    if activated is not None:
        return rf"{activated.row.latex}\left({write(name_of(activated.entry))}\right)"
    form = arrays_of(equation)
    if form.spread or any(not isinstance(block.node, MatMul) for block in form.body.atoms(Block)):
        return None
    # The exponential of a matrix is another thing than that of its entries.
    if form.body.has(exp, log) or not all(map(_has_all_axes(equation), _added(form.body))):
        return None
    if any(not _customary(piecewise) for piecewise in form.body.atoms(Piecewise)):
        return None
    text: str = (printer or MatrixPrinter(write)).doprint(form.body)
    return text


def multiplies(equation: Equation) -> bool:
    """Tell whether an equation over whole arrays is a product of matrices.

    >>> from symnn.network import Dense, Network, program_of
    >>> [multiplies(equation) for equation in program_of(Network(inputs=2, layers=[Dense(1, "tanh")])).equations]
    [True, False, False]
    """
    return any(isinstance(block.node, MatMul) for block in arrays_of(equation).body.atoms(Block))


def _added(body: Expr) -> list[Expr]:
    """Return the addends but for bare tensors: a bias is added to every sample by custom, nothing else is spread."""
    return [addend for addend in Add.make_args(body) if not isinstance(addend, Indexed)]


def _has_all_axes(equation: Equation) -> Callable[[Expr], bool]:
    axes = set(equation.indices)
    return lambda addend: all(
        axes == {axis for axis in entry.indices if isinstance(axis, Idx)} for entry in addend.atoms(Indexed)
    )


def _customary(piecewise: Piecewise) -> bool:
    return [value for value, _ in piecewise.args] == [1, 0]

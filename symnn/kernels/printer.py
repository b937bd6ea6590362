"""Array equations as NumPy text: matrix products, reductions, and SymPy's NumPy printer for the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from sympy import Add, Expr, Indexed, Mul, Piecewise, Pow, S, Symbol, cse, numbered_symbols
from sympy.printing.numpy import NumPyPrinter
from sympy.printing.precedence import PRECEDENCE

from symnn.equations.reading import addends, fraction_of
from symnn.kernels.arrays import (
    Aligned,
    ArrayEquation,
    Axis,
    Block,
    Contraction,
    MatMul,
    Node,
    Reduction,
    extent,
    fits,
)
from symnn.kernels.stable import Stable
from symnn.notation import name_of, shape_of


class ArrayPrinter(NumPyPrinter):  # type: ignore[misc]
    """Print an elementwise expression over entries as NumPy over arrays whose axes are in a given order."""

    def __init__(self, axes: tuple[Axis, ...]) -> None:
        super().__init__({"fully_qualified_modules": True})
        self.axes = axes

    def _module_format(self, fqn: str, register: bool = True) -> str:
        text: str = super()._module_format(fqn, register)
        return text.replace("numpy.", "np.")

    def _print_Indexed(self, entry: Indexed) -> str:
        return aligned_text(Aligned(entry, self.axes))

    def _print_Block(self, block: Block) -> str:
        return _NODES[type(block.node)](block.node)

    def _print_Stable(self, call: Stable) -> str:
        values = {"z": self._print(call.entry), "axis": self._axis_of(call)}
        text = call.template.format(**values)
        return f"({text})" if text.startswith("-") else text

    def _axis_of(self, call: Stable) -> str:
        return "" if call.index is None else str(self.axes.index(call.index))

    def _print_Add(self, expr: Add, order: str | None = None) -> str:
        ordered = addends(self._as_ordered_terms(expr, order=order), first=Block)
        text = ""
        for term in ordered:
            negative = term.could_extract_minus_sign()
            piece = self.parenthesize(-term if negative else term, PRECEDENCE["Add"], strict=negative)
            if negative and (-term).is_Add:
                piece = f"({self._print(-term)})"
            sign = (" - " if negative else " + ") if text else ("-" if negative else "")
            text += sign + piece
        return text

    def _print_Mul(self, expr: Mul) -> str:
        """Print a product with one fraction bar: a rational factor 1/3 must not become the float 0.333…."""
        negative, above, below = fraction_of(expr)
        sign = "-" if negative else ""
        numbers = any(factor.has(Indexed, Block) and not isinstance(factor, Piecewise) for factor in above)
        top = "*".join(self._factor(factor, indicator=numbers) for factor in above) or "1"
        if not below:
            return sign + top
        bottom = "*".join(self._factor(factor) for factor in below)
        return f"{sign}{top}/({bottom})" if len(below) > 1 else f"{sign}{top}/{bottom}"

    def _print_Pow(self, expr: Pow, rational: bool = False) -> str:
        if expr.exp.is_Rational and expr.exp < 0:
            return f"1/{self._factor(Pow(expr.base, -expr.exp))}"
        text: str = super()._print_Pow(expr, rational=rational)
        return text

    def _factor(self, factor: Expr, *, indicator: bool = False) -> str:
        if isinstance(factor, Block) and isinstance(factor.node, MatMul):
            return f"({self._print(factor)})"
        if indicator and isinstance(factor, Piecewise) and _is_indicator(factor):
            # Only beside a factor of numbers: NumPy neither negates nor subtracts an array of truth values.
            return f"({self._print(factor.args[0][1])})"
        text: str = self.parenthesize(factor, PRECEDENCE["Mul"], strict=False)
        return text

    def _print_Piecewise(self, expr: Piecewise) -> str:
        (value, condition), *others = expr.args
        if not others:
            return str(self._print(value))
        rest = Piecewise(*others) if len(others) > 1 or others[0][1] != S.true else others[0][0]
        return f"np.where({self._print(condition)}, {self._print(value)}, {self._print(rest)})"

    def _print_Relational(self, expr: Expr) -> str:
        return f"{self._print(expr.lhs)} {expr.rel_op} {self._print(expr.rhs)}"


def statements(form: ArrayEquation) -> list[str]:
    """Return the lines that compute an array equation, common subexpressions first.

    >>> from sympy import Sum
    >>> from symnn.equations import Equation
    >>> from symnn.kernels.arrays import arrays_of
    >>> from symnn.notation import index, size, tensor
    >>> i, k = index("i", size("m")), index("k", size("n"))
    >>> W, X, b, Z = tensor("W", size("n")), tensor("X", size("m"), size("n")), tensor("b", 1), tensor("Z", size("m"))
    >>> statements(arrays_of(Equation(Z[i], Sum(X[i, k] * W[k], k) + b[0])))
    ['Z = X @ W + b']
    """
    name = name_of(form.target)
    reductions = [block for block in form.body.atoms(Block) if isinstance(block.node, Reduction)]
    lines: list[str] = []
    blocks: dict[Expr, Expr] = {}
    for number, block in enumerate(sorted(reductions, key=str)):
        shared, body = _shared(block.node.body, f"{name}_r{number}_")
        lines += [f"{symbol} = {ArrayPrinter(block.node.axes).doprint(value)}" for symbol, value in shared]
        blocks[block] = Block(block.name, replace(block.node, body=body))
    shared, body = _shared(form.body.xreplace(blocks), f"{name}_t")
    printer = ArrayPrinter(form.axes)
    lines += [f"{symbol} = {printer.doprint(value)}" for symbol, value in shared]
    text = printer.doprint(body)
    if form.spread:
        shape = ", ".join(map(str, shape_of(form.target)))
        text = f"np.broadcast_to({text}, ({shape}{',' * (len(form.axes) == 1)}))"
    return [*lines, f"{name} = {text}"]


def _shared(body: Expr, prefix: str) -> tuple[list[tuple[Symbol, Expr]], Expr]:
    """Take common subexpressions out of ``body``; entries of tensors are names in NumPy and stay where they are."""
    names = {entry: Symbol(f"_{number}") for number, entry in enumerate(sorted(body.atoms(Indexed), key=str))}
    entries = {symbol: entry for entry, symbol in names.items()}
    shared, (rest,) = cse([body.xreplace(names)], order="none", symbols=numbered_symbols(prefix))
    return [(symbol, value.xreplace(entries)) for symbol, value in shared], rest.xreplace(entries)


def _is_indicator(factor: Piecewise) -> bool:
    """Tell whether a piecewise expression is 1 where a condition holds and 0 elsewhere."""
    return bool(len(factor.args) == 2 and factor.args[0][0] == S.One and factor.args[1] == (S.Zero, S.true))


def aligned_text(view: Aligned) -> str:
    """Return a tensor's name with what it takes to bring its axes into order: nothing, ``.T``, or an index."""
    name, own, axes = name_of(view.entry), view.own, view.axes
    if fits(own, axes):
        return name
    if fits(own[::-1], axes):
        return f"{name}.T"
    kept = [place for place, axis in enumerate(own) if axis != S.Zero]
    if len(kept) < len(own):
        name += "[" + ", ".join(":" if place in kept else "0" for place in range(len(own))) + "]"
    own = tuple(own[place] for place in kept)
    if not own:
        return name
    order = [axis for axis in axes if axis in own]
    if tuple(order) != own:
        name = f"np.transpose({name}, {tuple(own.index(axis) for axis in order)})"
    first = next(place for place, axis in enumerate(axes) if axis in own)
    places = [":" if axis in own else "None" for axis in axes[first:]]
    return f"{name}[{', '.join(places)}]" if "None" in places else name


def _matmul(node: MatMul) -> str:
    return f"{aligned_text(node.left)} @ {aligned_text(node.right)}"


def _contraction(node: Contraction) -> str:
    letters: dict[Axis, str] = {}
    for factor in node.factors:
        for axis in factor.indices:
            letters.setdefault(axis, "abcdefghijklmnopqrstuvwxyz"[len(letters)])
    inputs = ",".join("".join(letters[axis] for axis in factor.indices) for factor in node.factors)
    output = "".join(letters[axis] for axis in node.axes if axis != S.Zero)
    text = f'np.einsum("{inputs}->{output}", {", ".join(name_of(factor) for factor in node.factors)})'
    gaps = [":" if axis != S.Zero else "None" for axis in node.axes]
    return text + (f"[{', '.join(gaps)}]" if "None" in gaps else "")


def _reduction(node: Reduction) -> str:
    body = ArrayPrinter(node.axes).doprint(node.body)
    body = body if isinstance(node.body, Indexed) else f"({body})"
    kept = ", keepdims=True" if node.keepdims else ""
    if len(node.summed) == len(node.axes) and not node.keepdims:
        return f"np.sum{body}" if body.startswith("(") else f"np.sum({body})"
    # Counted from the right where broadcasting leaves out the first axes.
    lacking = all(extent(entry.indices, node.axes) < len(node.axes) for entry in node.body.atoms(Indexed))
    summed = tuple(place - len(node.axes) for place in node.summed) if lacking else node.summed
    axis = summed[0] if len(summed) == 1 else summed
    return f"{body}.sum(axis={axis}{kept})"


_NODES: Mapping[type[Node], Callable[..., str]] = MappingProxyType(
    {MatMul: _matmul, Contraction: _contraction, Reduction: _reduction}
)

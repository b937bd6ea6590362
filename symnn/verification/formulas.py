"""Traced expressions for reading: SymPy expressions with names for what is shared, and LaTeX."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import sympy

from symnn.notation import Expr, scalar, tensor
from symnn.scalars.elementary import NAMED
from symnn.scalars.nodes import ONE, Node, add, call, multiply, ordered, power
from symnn.verification.evidence import Evidence
from symnn.verification.formal import Formal, Operations
from symnn.verification.polynomials import Polynomial
from symnn.verification.rational import Algebra
from symnn.verification.reverse import negative

MOST_NODES = 4000
"""No formulas are shown of an expression with more distinct parts than this."""

_WIDEST_ROW = 150
_LETTERS = {"sum": "z", "product": "d", "power": "q", "expit": "s", "tanh": "t", "exp": "e"}
_RELATIONS = {"<": sympy.Lt, "<=": sympy.Le, ">": sympy.Gt, ">=": sympy.Ge, "==": sympy.Eq, "!=": sympy.Ne}


def _name(name: str) -> str:
    """A name as a symbol may have it, made of what an array is called."""
    kept = "".join(c if c.isalnum() or c == "_" else "_" for c in name).strip("_")
    return kept if kept.isidentifier() else f"p_{kept}"


def _symbol(node: Node) -> Expr:
    name, index, shape = node.data
    return tensor(_name(name), *shape)[index] if index else scalar(_name(name))


def _number(x: Any) -> Expr:
    # The double nearest to an irrational number is shown in decimals, for its fraction tells a reader nothing.
    if int(x.q).bit_length() > _LONGEST_DENOMINATOR:
        return sympy.Float(str(x.p), 17) / sympy.Float(str(x.q), 17)
    return sympy.Rational(int(x.p), int(x.q))


_LONGEST_DENOMINATOR = 40


def _applied(name: str, x: Expr) -> Expr:
    row = NAMED[name]
    if row.formula is None or hasattr(sympy, row.math):
        return getattr(sympy, row.math)(x)
    # What has no name of its own in SymPy is written out.
    return row.formula(Formal(_OVER_SYMPY, x)).it


_OVER_SYMPY = Operations(_number, operator.add, operator.mul, operator.pow, _applied)


def _expression(node: Node, args: list[Expr]) -> Expr:
    match node.op:
        case "number":
            return _number(node.data)
        case "symbol":
            return _symbol(node)
        case "sum":
            return sympy.Add(*args)
        case "product":
            return sympy.Mul(*args)
        case "power":
            return args[0] ** node.data
        case "call":
            return _applied(node.data, args[0])
    return {"inf": sympy.oo, "-inf": -sympy.oo}.get(node.data, sympy.nan)


def with_sigmoids(roots: Iterable[Node]) -> dict[Node, Node]:
    """Return every node that the roots are made of with the sigmoids in it known as such, equal to what it was.

    >>> from symnn.scalars.nodes import MINUS_ONE, symbol
    >>> e = call("exp", multiply(MINUS_ONE, symbol("z")))
    >>> slope = multiply(e, power(add(ONE, e), -2))
    >>> with_sigmoids([slope])[slope]
    Node(expit(z)*(1 - expit(z)))
    """
    found: dict[Node, Node] = {}
    for node in ordered(roots):
        args = [found[arg] for arg in node.args]
        match node.op:
            case "sum":
                found[node] = add(*args)
            case "product":
                found[node] = _slope(*args) or _slope(*args[::-1]) or multiply(*args)
            case "power":
                found[node] = _sigmoid(args[0], node.data) or power(args[0], node.data)
            case "call":
                found[node] = call(node.data, args[0])
            case _:
                found[node] = node
    return found


def _sigmoid(base: Node, n: int) -> Node | None:
    """(1 + exp(-z))**n as a power of the sigmoid of z."""
    if n > 0 or base.op != "sum" or ONE not in base.args:
        return None
    other = base.args[1 - base.args.index(ONE)]
    if other.op != "call" or other.data != "exp":
        return None
    return power(call("expit", negative(other.args[0])), -n)


def _slope(e: Node, s: Node) -> Node | None:
    """exp(-z)*s**n, with s the sigmoid of z, as s**(n - 1)*(1 - s)."""
    base, n = (s.args[0], s.data) if s.op == "power" else (s, 1)
    if e.op != "call" or e.data != "exp" or base.op != "call" or base.data != "expit" or n < 1:
        return None
    if negative(base.args[0]) is not e.args[0]:
        return None
    return multiply(power(base, n - 1), add(ONE, negative(base)))


def formulas(
    loss: Node,
    gradients: Mapping[str, list[Node]],
    shapes: Mapping[str, tuple[int, ...]],
    relations: Iterable[tuple[Node, str, Node]] = (),
) -> tuple[tuple[str, Any], ...]:
    """Return pairs of a name and a SymPy expression: what is shared, the loss, the gradients, the conditions.

    An array of at most two axes is one matrix, a larger one stands entry by entry. Nothing is returned for expressions
    of more than MOST_NODES parts.
    """
    conditions = list(relations)
    roots = [loss, *(x for flat in gradients.values() for x in flat)]
    sides = [side for a, _, b in conditions for side in (a, b)]
    if len(ordered([*roots, *sides])) > MOST_NODES:
        return ()
    plain = with_sigmoids([*roots, *sides])
    shared, known = _shared([plain[root] for root in [*roots, *sides]])
    shown = list(shared)
    shown.append(("L", known[plain[loss]]))
    for name, flat in gradients.items():
        entries = [known[plain[x]] for x in flat]
        shape = shapes[name]
        if not shape:
            shown.append((f"dL/d{name}", entries[0]))
        elif len(shape) > 2 or not entries:
            shown += [(f"dL/d{name}[{k}]", entry) for k, entry in enumerate(entries)]
        else:
            rows, columns = (1, *shape)[-2:]
            shown.append((f"dL/d{name}", sympy.ImmutableMatrix(rows, columns, entries)))
    for k, (a, relation, b) in enumerate(conditions, 1):
        shown.append((f"condition {k}", _RELATIONS[relation](known[plain[a]], known[plain[b]], evaluate=False)))
    return tuple(shown)


def _shared(roots: list[Node]) -> tuple[list[tuple[str, Expr]], dict[Node, Expr]]:
    """Names and expressions of what stands in several places, and every node in terms of these."""
    nodes = ordered(roots)
    uses = Counter(arg for node in nodes for arg in node.args) + Counter(roots)
    named: list[tuple[str, Expr]] = []
    known: dict[Node, Expr] = {}
    size: dict[Node, int] = {}
    counts: Counter[str] = Counter()
    for node in nodes:
        known[node] = _expression(node, [known[arg] for arg in node.args])
        # A sign or a factor is not worth a name.
        free = node.op in ("number", "symbol") or (node.op == "product" and node.args[0].op == "number")
        size[node] = (0 if free else 1) + sum(size[arg] for arg in node.args)
        activation = node.op == "call" and node.data in _LETTERS and not node.fixed
        if activation or (uses[node] > 1 and size[node] > 2 and not free):
            letter = _LETTERS.get(node.data if node.op == "call" else node.op, "f")
            counts[letter] += 1
            name = f"{letter}_{counts[letter]}"
            named.append((name, known[node]))
            known[node], size[node] = scalar(name), 0
    return named, known


def form_expression(over: Algebra, p: Polynomial) -> Expr:
    """Return a normal form as a SymPy expression.

    >>> from symnn.scalars.nodes import symbol
    >>> from symnn.verification.forms import Field
    >>> over = Field()
    >>> form_expression(over, over.form(call("expit", symbol("z"))))
    1/(1 + exp(-z))
    """

    def generator(number: int) -> Expr:
        known = over.generators[number]
        match known.kind:
            case "symbol":
                return _symbol(known.name)
            case "exp":
                return sympy.exp(form_expression(over, known.of))
            case "reciprocal":
                return 1 / form_expression(over, known.of)
        return _applied(known.name, form_expression(over, known.of))

    return sympy.Add(
        *(_number(c) * sympy.Mul(*(generator(g) ** sympy.Rational(e) for g, e in m)) for m, c in p.items())
    )


def recovered_latex(evidence: Evidence) -> str:
    """Return the formulas of a proof as one aligned block of LaTeX: the loss and its gradient, as the code has them."""
    lines = []
    for name, formula in evidence.formulas:
        if name.startswith("condition"):
            joined = "where" if name == "condition 1" else "and"
            lines.append(rf"&\text{{{joined} }} {sympy.latex(formula)}")
        elif isinstance(formula, sympy.MatrixBase) and _width(formula) > _WIDEST_ROW:
            entries = enumerate(formula.flat())
            lines += [
                rf"\frac{{\partial L}}{{\partial {_entry(name, formula, k)}}} &= {sympy.latex(x)}" for k, x in entries
            ]
        else:
            lines.append(f"{_left(name)} &= {sympy.latex(formula, mat_str='bmatrix', mat_delim='')}")
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}" if lines else ""


def _left(name: str) -> str:
    _, _, by = name.partition("/d")
    if not by:
        return str(sympy.latex(scalar(name)))
    return rf"\frac{{\partial L}}{{\partial {sympy.latex(scalar(_name(by)))}}}"


def _entry(name: str, matrix: Any, k: int) -> str:
    index = divmod(k, matrix.cols) if matrix.rows > 1 else (k,)
    return str(sympy.latex(tensor(_name(name.removeprefix("dL/d")), *matrix.shape[-len(index) :])[index]))


def _width(matrix: Any) -> int:
    """The length of the longest row in LaTeX."""
    return max(sum(len(sympy.latex(x)) for x in matrix.row(r)) for r in range(matrix.rows))

"""Let statements make no array that they can do without, as a person would who minds speed.

Fresh arrays can cost more than the arithmetic in them: memory has to be fetched, and given back to the system after
every call. Four forms are rewritten. A buffer is used again only where it is the kernel's own, holds floats, has the
shape of the result, and is read by nothing afterwards, nor ever through a view::

    Z = W @ X + b              Z = W @ X
                               Z += b
    A = np.maximum(Z, 0)       A = np.maximum(Z, 0, out=Z)
    dZ = dA*(A > 0)            dZ = np.multiply(dA, A > 0, out=dA)
    L = -np.sum(Y*T)/m         L = -np.vdot(Y, T)/m
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Mapping, Sequence

from symnn.rules import HELPERS

# Functions of one array that NumPy can write into it.
_UFUNCS = frozenset({"np.maximum", "np.minimum", "np.tanh", "np.exp", "np.log", "np.sqrt", "np.abs"})

_PRODUCT_SUM = re.compile(r"np\.sum\((\w+)\*(\w+)\)")


def in_place(
    lines: Sequence[str], shapes: Mapping[str, tuple[object, ...]], given: Collection[str], wanted: Collection[str]
) -> list[str]:
    """Return the lines, with statements rewritten where a buffer can be used again; comments stay.

    ``shapes`` holds those of all tensors by name, ``given`` the arrays that come from outside, which are floats and
    stay as they are, and ``wanted`` what is read after the last statement.

    >>> lines = ["Z = W @ X + b", "A = np.maximum(Z, 0)", "L = np.sum(Y*A)"]
    >>> shapes = {"W": ("n",), "X": ("n", "m"), "b": (1,), "Y": ("m",), "Z": ("m",), "A": ("m",), "L": ()}
    >>> in_place(lines, shapes, ["W", "X", "b", "Y"], ["L"])
    ['Z = W @ X', 'Z += b', 'A = np.maximum(Z, 0, out=Z)', 'L = np.vdot(Y, A)']
    """
    parts = [line.partition(" = ") for line in lines]
    assigned = [(target, ast.parse(text or "None", mode="eval").body) for target, _, text in parts]
    last = {name: number for number, (_, value) in enumerate(assigned) for name in _reads(value)}
    viewed = {name for _, value in assigned if not _is_fresh(value) for name in _reads(value)}
    floats = set(given)
    own: set[str] = set()
    result: list[str] = []
    for number, (target, value) in enumerate(assigned):
        usable = {
            name
            for name in own
            if last.get(name) == number and name not in wanted and shapes[name] == shapes.get(target)
        }
        if _numbers(value) & floats:
            floats.add(target)
            if shapes.get(target) and isinstance(value, ast.BinOp | ast.Call) and _is_fresh(value):
                own |= {target} - viewed
        result += _rewritten(target, value, usable, floats, split=bool(shapes.get(target))) or [
            _PRODUCT_SUM.sub(lambda found: _inner(found, shapes), lines[number])
        ]
    return result


def _inner(found: re.Match[str], shapes: Mapping[str, tuple[object, ...]]) -> str:
    left, right = found.groups()
    return f"np.vdot({left}, {right})" if left in shapes and shapes[left] == shapes.get(right) else found.group()


def _rewritten(target: str, value: ast.expr, usable: set[str], floats: set[str], *, split: bool) -> list[str]:
    match value:
        case ast.BinOp(left=ast.BinOp(op=ast.MatMult()) as product, op=ast.Add(), right=ast.Name(id=added)):
            if split and _numbers(product) & floats:
                return [f"{target} = {ast.unparse(product)}", f"{target} += {added}"]
        case ast.BinOp(left=ast.Name(id=name), op=ast.Mult(), right=ast.Compare() as where):
            if name in usable:
                return [f"{target} = np.multiply({name}, {ast.unparse(where)}, out={name})"]
        case ast.Call(args=[ast.Name(id=name), *others]):
            if name in usable and _called(value) in _UFUNCS:
                given = ", ".join([name, *map(ast.unparse, others)])
                return [f"{target} = {_called(value)}({given}, out={name})"]
    return []


def _is_fresh(value: ast.expr) -> bool:
    """Tell whether an expression makes an array of its own; whatever may be a view of another does not."""
    return (
        isinstance(value, ast.BinOp | ast.UnaryOp | ast.Compare)
        or _called(value) in _UFUNCS
        or _called(value) in {"np.where", "np.sum"}
        or _called(value).endswith(".sum")
        or _called(value) in HELPERS
    )


def _called(value: ast.expr) -> str:
    return ast.unparse(value.func) if isinstance(value, ast.Call) else ""


def _reads(value: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}


def _numbers(value: ast.expr) -> set[str]:
    """Return the names in an expression outside of comparisons, whose values are truths, whatever they compare."""
    if isinstance(value, ast.Name):
        return {value.id}
    if isinstance(value, ast.Compare):
        return set()
    parts = (part for part in ast.iter_child_nodes(value) if isinstance(part, ast.expr))
    return {name for part in parts for name in _numbers(part)}

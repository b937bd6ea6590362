"""Slips in slopes of activations and in penalties, which span a factor or a term."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from benchmarks.truth.source import Edit, Planting, Source, called

SLOPE = re.compile(r"prime|_grad$|slope")
BIAS = re.compile(r"(?:^|_)b(?:_?(?:enc|dec|u|i|ias)|\d)?$|^bias$|^intercept$|^offset$")
# Module constants that weigh a penalty.
WEIGHTS = {"lam", "reg", "reg_lambda", "decay", "weight_decay", "K_REG", "alpha", "beta"}


def slopes(source: Source) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Yield the slopes of activations: what says them, and the value that they are taken at."""
    for node in source.nodes(ast.BinOp, ast.Compare, ast.Call):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and isinstance(node.left, ast.Constant):
            if node.left.value == 1:
                held = [n for n in ast.walk(node.right) if isinstance(n, ast.Name | ast.Subscript | ast.Attribute)]
                held = [n for n in held if source.segment(n) not in ("np", "np.power", "self")]
                if held and source.segment(held[0]) not in source.numbers:
                    yield node, held[0]
        elif isinstance(node, ast.Compare) and isinstance(node.comparators[0], ast.Constant):
            yield node, node.left
        elif isinstance(node, ast.Call) and SLOPE.search(called(node)) and len(node.args) == 1:
            yield node, node.args[0]
    for node in source.nodes(ast.Call):
        if called(node) == "relu_backward":
            yield node, node.args[1]
        elif called(node) == "where":
            yield node, node.args[0]


def statement(source: Source, node: ast.AST) -> ast.stmt:
    """Return the statement around a node."""
    while not isinstance(node, ast.stmt):
        node = source.parents[node]
    return node


def slope_missing(source: Source) -> Iterator[Planting]:
    """The slope of an activation is left out."""
    for slope, value in slopes(source):
        node: ast.AST = slope
        for outer in source.ancestors(slope):
            if isinstance(outer, ast.BinOp) and isinstance(outer.op, ast.Mult):
                left, right = source.sides(outer)
                yield source.put(
                    outer, left if outer.right is node else right, f"`{source.segment(slope)}` is left out"
                )
                inner = outer.left
                if outer.right is node and isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Mult):
                    before, factor = source.sides(inner)
                    if factor == source.segment(value):
                        yield source.put(outer, before, f"`{factor} * {right}` is left out")
                break
            if isinstance(outer, ast.stmt):
                break
            node = outer
        if isinstance(slope, ast.Call) and called(slope) in ("relu_backward", "where"):
            kept = slope.args[0 if called(slope) == "relu_backward" else 1]
            yield source.put(slope, source.segment(kept), "the slope is left out")


def slope_elsewhere(source: Source) -> Iterator[Planting]:
    """The slope is taken at another layer, gate or step."""
    for slope, value in slopes(source):
        text, around = source.segment(value), statement(source, slope)
        function = source.function(slope)
        others = {variable for name, variable in source.shapes if name == function.name}
        others |= {source.segment(n) for n in ast.walk(function) if isinstance(n, ast.Subscript)}
        for other in sorted(others - {text}):
            alike = _siblings(text, other)
            near = isinstance(value, ast.Name) and source.shape(value, other) == source.shape(value, text) != ()
            if alike or (near and not text[-1].isdigit()):
                inside = [n for n in ast.walk(around) if isinstance(n, type(value)) and source.segment(n) == text]
                inside = [n for n in inside if not isinstance(getattr(n, "ctx", None), ast.Store)]
                edits = tuple(Edit(*source.span(n), other) for n in inside)
                yield Planting(edits, f"the slope at `{other}` for the slope at `{text}`")


def _siblings(one: str, other: str) -> bool:
    return one != other and re.sub(r"[\d\s+-]+", "#", one) == re.sub(r"[\d\s+-]+", "#", other)


def slope_extra(source: Source) -> Iterator[Planting]:
    """The slope of the output's activation where the difference holds it already, or another slope twice."""
    for node in source.nodes(ast.BinOp):
        if isinstance(node.op, ast.Sub) and isinstance(node.left, ast.Name) and not source.sized(node):
            name = node.left.id
            if source.shape(node, name):
                for factor in (f"{name} * (1 - {name})", f"(1 - {name} ** 2)"):
                    yield source.put(node, f"({source.segment(node)}) * {factor}", f"`* {factor}` put in")
    for slope, _ in slopes(source):
        outer = source.parents[slope]
        if isinstance(outer, ast.BinOp) and isinstance(outer.op, ast.Mult):
            text = source.segment(slope)
            text = f"({text})" if not isinstance(slope, ast.Call) else text
            yield source.put(outer, f"{source.segment(outer)} * {text}", f"`* {text}` twice")


def penalties(source: Source) -> Iterator[ast.AST]:
    """Yield the whole products that a penalty's factor stands in."""
    for name in source.nodes(ast.Name):
        if name.id in WEIGHTS and name.id in source.numbers:
            node: ast.AST = name
            for outer in source.ancestors(name):
                if not (isinstance(outer, ast.BinOp) and isinstance(outer.op, ast.Mult | ast.Div)):
                    break
                node = outer
            yield node


def penalty_missing(source: Source) -> Iterator[Planting]:
    """The penalty is left out."""
    for node in penalties(source):
        outer = source.parents[node]
        if isinstance(outer, ast.BinOp) and isinstance(outer.op, ast.Add | ast.Sub):
            left, right = source.sides(outer)
            yield source.put(outer, left if outer.right is node else right, "the penalty is left out")
        elif isinstance(outer, ast.AugAssign):
            yield Planting((Edit(*source.whole(outer), ""),), "the penalty is left out")


def penalty_scaled(source: Source) -> Iterator[Planting]:
    """The penalty is halved or doubled, or divided by the number of samples."""
    for node in penalties(source):
        text = source.segment(node)
        if text.startswith("2 * "):
            yield source.put(node, text.removeprefix("2 * "), "the penalty without its 2")
        yield source.put(node, f"0.5 * {text}", "half the penalty")
        yield source.put(node, f"2 * {text}", "twice the penalty")
        for count in ("m", "n", "num_train", "num_examples", "n_samples"):
            if (source.function(node).name, count) in source.shapes:
                yield source.put(node, f"{text} / {count}", "the penalty is averaged")


def penalty_on_bias(source: Source) -> Iterator[Planting]:
    """The penalty is put on a bias."""
    factors = sorted({node.id for node in source.nodes(ast.Name) if node.id in WEIGHTS and node.id in source.numbers})
    for function in source.functions:
        if function.name == "grad" and factors:
            params = function.args.args[0].arg
            for node in ast.walk(function):
                if isinstance(node, ast.Dict):
                    for at, value in zip(node.keys, node.values, strict=True):
                        if isinstance(at, ast.Constant) and BIAS.search(str(at.value)):
                            added = f'{factors[0]} * {params}["{at.value}"]'
                            yield source.put(value, f"{source.segment(value)} + {added}", f"`+ {added}` on a bias")
                elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Subscript):
                    at = node.target.slice
                    if isinstance(at, ast.Constant) and BIAS.search(str(at.value)):
                        added = f'{factors[0]} * {params}["{at.value}"]'
                        yield source.put(
                            node.value, f"{source.segment(node.value)} + {added}", f"`+ {added}` on a bias"
                        )

"""Slips in arrays: transposes, axes, sums, indices, slices and loops over them."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from benchmarks.truth.source import Edit, Planting, Source, called

AXES = {0: ("1",), 1: ("0",), 2: ("1",), 3: ("2",)}
TURNED = {"sum": "mean", "mean": "sum"}


def transpose_missing(source: Source) -> Iterator[Planting]:
    """A transpose is forgotten."""
    for node in source.nodes(ast.Attribute):
        if node.attr == "T":
            yield source.put(node, source.segment(node.value))
    for node in source.nodes(ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr == "transpose":
            yield source.put(node, source.segment(node.func.value))


def transpose_extra(source: Source) -> Iterator[Planting]:
    """A transpose where none belongs."""
    for node in source.nodes(ast.BinOp):
        if isinstance(node.op, ast.MatMult):
            for side in (node.left, node.right):
                if isinstance(side, ast.Name | ast.Subscript):
                    yield source.put(side, f"{source.segment(side)}.T")
    for node in source.nodes(ast.Call):
        if called(node) in ("dot", "outer"):
            for side in (*node.args, node.func.value if isinstance(node.func, ast.Attribute) else None):
                if isinstance(side, ast.Name | ast.Subscript) and source.segment(side) != "np":
                    yield source.put(side, f"{source.segment(side)}.T")
            yield source.put(node, f"{source.segment(node)}.T")


def axis(source: Source) -> Iterator[Planting]:
    """Another axis."""
    for node in source.nodes(ast.Call):
        given = [keyword.value for keyword in node.keywords if keyword.arg == "axis"]
        if called(node) in TURNED and isinstance(node.func, ast.Attribute) and source.segment(node.func.value) != "np":
            given += node.args[:1]
        for value in given:
            for inner in ast.walk(value):
                if isinstance(inner, ast.UnaryOp):
                    yield source.put(inner, "0")
                elif isinstance(inner, ast.Constant) and not isinstance(source.parents[inner], ast.UnaryOp):
                    yield from (source.put(inner, text) for text in AXES[inner.value])


def keepdims_missing(source: Source) -> Iterator[Planting]:
    """``keepdims`` is forgotten."""
    for node in source.nodes(ast.Call):
        for keyword in node.keywords:
            if keyword.arg == "keepdims":
                start, end = source.span(keyword)
                comma = source.text[:start].rstrip().rfind(",")
                yield Planting((Edit(comma, end, ""),), "`keepdims=True` is left out")


def sum_or_mean(source: Source) -> Iterator[Planting]:
    """A mean for a sum, or a sum for a mean."""
    for node in source.nodes(ast.Call):
        if called(node) in TURNED and isinstance(node.func, ast.Attribute):
            end = source.span(node.func)[1]
            start = end - len(node.func.attr)
            new = TURNED[node.func.attr]
            yield Planting((Edit(start, end, new),), f"`{new}` for `{node.func.attr}`")


def sum_missing(source: Source) -> Iterator[Planting]:
    """A sum over samples or places is forgotten."""
    for node in source.nodes(ast.Call):
        if called(node) == "sum" and isinstance(node.func, ast.Attribute):
            of = node.args[0] if source.segment(node.func.value) == "np" else node.func.value
            yield source.put(node, source.segment(of))


def index(source: Source) -> Iterator[Planting]:
    """An index is off by one."""
    for node in source.nodes(ast.Subscript):
        places = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        for place in places:
            text = source.segment(place)
            if isinstance(place, ast.Constant) and isinstance(place.value, int):
                yield from (source.put(place, str(place.value + step)) for step in (1, -1))
            elif isinstance(place, ast.Name) and source.shape(node, place.id) is None and _local(source, place):
                yield from (source.put(place, f"{text} {step}") for step in ("+ 1", "- 1"))
            elif isinstance(place, ast.UnaryOp | ast.BinOp):
                yield from (source.put(place, f"{text} {step}") for step in ("+ 1", "- 1"))
                if isinstance(place, ast.BinOp):
                    yield source.put(place, source.segment(place.left))


def _local(source: Source, node: ast.Name) -> bool:
    return (source.function(node).name, node.id) in source.shapes


def count(source: Source) -> Iterator[Planting]:
    """The length of another axis is taken for the number of samples."""
    for node in source.nodes(ast.Subscript):
        if isinstance(node.value, ast.Attribute) and node.value.attr == "shape" and not source.sized(node):
            yield from (source.put(node.slice, str(k)) for k in range(3))
    for node in source.nodes(ast.Call):
        if called(node) == "len" and not source.sized(node):
            yield source.put(node, f"{source.segment(node.args[0])}.size")
            yield source.put(node, f"{source.segment(node.args[0])}.shape[1]")
    for node in source.nodes(ast.Attribute):
        if node.attr == "size":
            yield from (source.put(node, f"{source.segment(node.value)}.shape[{k}]") for k in range(2))


def bounds(source: Source) -> Iterator[Planting]:
    """Another slice."""
    for node in source.nodes(ast.Slice):
        others = {source.segment(n) for n in ast.walk(source.function(node)) if isinstance(n, ast.Slice)}
        yield from (source.put(node, other) for other in sorted(others - {":", source.segment(node)}))
        if node.lower is not None and node.upper is not None:
            lower, upper = source.segment(node.lower), source.segment(node.upper)
            yield from (source.put(node, f"{lower} {step}:{upper} {step}") for step in ("+ 1", "- 1"))
        for bound in (node.lower, node.upper):
            if bound is not None:
                text = source.segment(bound)
                yield from (source.put(bound, f"{text} {step}") for step in ("+ 1", "- 1"))
                yield source.put(bound, "", f"the bound `{text}` is left out")


def added_axis(source: Source) -> Iterator[Planting]:
    """A new axis is put elsewhere."""
    for node in source.nodes(ast.Subscript):
        if isinstance(node.slice, ast.Tuple):
            parts = [source.segment(part) for part in node.slice.elts]
            orders = sorted(set(itertools.permutations(parts)) - {tuple(parts)})
            if "None" in parts or "np.newaxis" in parts:
                yield from (source.put(node.slice, ", ".join(order)) for order in orders)


def letters(source: Source) -> Iterator[Planting]:
    """Letters of an ``einsum`` are exchanged or mistaken."""
    for node in source.nodes(ast.Call):
        if called(node) == "einsum" and isinstance(node.args[0], ast.Constant):
            told = node.args[0].value
            known = sorted(set(told) - set(",->"))
            for place, letter in enumerate(told):
                if letter in known:
                    for other in known:
                        yield source.put(node.args[0], f'"{told[:place]}{other}{told[place + 1 :]}"')
                    if told[place + 1 : place + 2] in known:
                        turned = told[:place] + told[place + 1] + letter + told[place + 2 :]
                        yield source.put(node.args[0], f'"{turned}"')


def reversal(source: Source) -> Iterator[Planting]:
    """A loop or a result is not turned round."""
    for node in source.nodes(ast.Call):
        if called(node) == "reversed":
            yield source.put(node, source.segment(node.args[0]))
        elif called(node) == "range" and len(node.args) == 3:
            yield source.put(node, f"range({source.segment(node.args[0])} + 1)")
    for node in source.nodes(ast.Subscript):
        if isinstance(node.slice, ast.Slice) and node.slice.step is not None:
            yield source.put(node, source.segment(node.value))


def loop(source: Source) -> Iterator[Planting]:
    """A loop starts or stops a step too early or too late."""
    for node in source.nodes(ast.For):
        for inner in ast.walk(node.iter):
            if isinstance(inner, ast.Call) and called(inner) == "range":
                if len(inner.args) == 1:
                    text = source.segment(inner.args[0])
                    yield source.put(inner.args[0], f"1, {text}")
                    yield source.put(inner.args[0], f"{text} - 1")
                for bound in inner.args[:2] if len(inner.args) > 1 else ():
                    yield from (source.put(bound, f"{source.segment(bound)} {step}") for step in ("+ 1", "- 1"))
        if isinstance(node.iter, ast.Name):
            yield from (source.put(node.iter, f"{node.iter.id}[{part}]") for part in ("1:", ":-1"))


def repeated(source: Source) -> Iterator[Planting]:
    """``np.add.at`` is written as an addition to chosen rows, which counts repeated rows once, or as an assignment."""
    for node in source.nodes(ast.Call):
        if source.segment(node.func) == "np.add.at":
            of, at, value = (source.segment(given) for given in node.args)
            yield from (source.put(node, f"{of}[{at}] {sign} {value}") for sign in ("+=", "=", "-="))

"""Slips in names: variables, keys, functions, arguments, branches and what is returned."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator

from benchmarks.truth.source import SYMBOLS, Edit, Planting, Source, called

FUNCTIONS = {
    "maximum": ("minimum",),
    "exp": ("log", "expm1"),
    "log": ("exp", "log1p"),
    "tanh": ("sinh", "arctan"),
    "sqrt": ("square",),
    "sign": ("abs",),
    "argmax": ("argmin",),
    "zeros_like": ("ones_like",),
    "zeros": ("ones",),
    "ones_like": ("zeros_like",),
    "hstack": ("vstack",),
    "clip": ("fmod",),
}
TURNED = {">": ("<", "<="), "<": (">", ">="), "<=": (">", ">="), ">=": ("<", "<="), "==": ("!=",), "!=": ("==",)}
# What stands for a value before the activation, by what stands for it after.
BEFORE = (
    ("a", "z"),
    ("A", "Z"),
    ("a", "u"),
    ("a", "g"),
    ("pooled", "a"),
    ("normed", "h"),
    ("xhat", "xmu"),
    ("norm", "y"),
)
BEFORE_KEYS = (("activations", "zs"), ("std", "logvar"), ("D1", "Z1"), ("out", "x"), ("tanh_c", "c"), ("A", "K"))


def _known(source: Source, node: ast.Name) -> Iterator[tuple[str, tuple[int, ...]]]:
    function = source.function(node)
    for (name, variable), shape in source.shapes.items():
        earlier = source.met[function].get(variable, node.lineno) < node.lineno
        if name == function.name and shape is not None and variable != node.id and earlier:
            yield variable, shape


def _variables(source: Source) -> Iterator[ast.Name]:
    for node in source.nodes(ast.Name):
        if isinstance(node.ctx, ast.Load) and source.shape(node, node.id):
            yield node


def variable_same(source: Source) -> Iterator[Planting]:
    """Another variable of the same shape."""
    for node in _variables(source):
        yield from (source.put(node, n) for n, shape in _known(source, node) if shape == source.shape(node, node.id))


def variable_other(source: Source) -> Iterator[Planting]:
    """Another variable of another shape."""
    for node in _variables(source):
        yield from (source.put(node, n) for n, shape in _known(source, node) if shape != source.shape(node, node.id))


def stale(source: Source) -> Iterator[Planting]:
    """The value before an activation for the one after it, or the other way round."""
    for node in source.nodes(ast.Name):
        named = re.fullmatch(r"(\D*)(\d*)", node.id)
        stem, digits = named.groups() if named else (node.id, "")
        for after, before in (*BEFORE, *BEFORE_KEYS):
            for one, other in ((after, before), (before, after)):
                for had, put in ((stem, other + digits), (node.id, other)):
                    if had == one and isinstance(node.ctx, ast.Load) and put in _visible(source, node):
                        yield source.put(node, put)
    for node in source.nodes(ast.Attribute):
        for one, other in (("out", "x"), ("mask", "x"), ("diff", "y")):
            if node.attr == one and source.segment(node.value) == "self" and isinstance(node.ctx, ast.Load):
                yield source.put(node, f"self.{other}")
    for node in source.nodes(ast.Subscript):
        key = source.segment(node)
        if match := re.fullmatch(r'cache\["([AZ])(\d)"\]', key):
            yield source.put(node, f'cache["{"Z" if match[1] == "A" else "A"}{match[2]}"]')


def _visible(source: Source, node: ast.AST) -> set[str]:
    return {variable for name, variable in source.shapes if name == source.function(node).name}


def key(source: Source) -> Iterator[Planting]:
    """Another key of a dict, or another attribute of an object."""
    keys: dict[str, set[str]] = {}
    subscripts = [node for node in ast.walk(source.tree) if isinstance(node, ast.Subscript)]
    for node in subscripts:
        if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
            keys.setdefault(source.segment(node.value), set()).add(node.slice.value)
    for node in source.nodes(ast.Subscript):
        if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
            for other in sorted(keys[source.segment(node.value)] - {node.slice.value}):
                yield source.put(node.slice, f'"{other}"', f"the key `{other}` for `{node.slice.value}`")
    known = {n.attr for n in source.nodes(ast.Attribute) if source.segment(n.value) == "self"}
    for node in source.nodes(ast.Attribute):
        if node.attr in known and isinstance(node.ctx, ast.Load):
            for other in sorted(known - {node.attr}):
                yield source.put(node, f"self.{other}")


def function(source: Source) -> Iterator[Planting]:
    """The name of another function."""
    own = {f.name: len(f.args.args) for f in source.tree.body if isinstance(f, ast.FunctionDef)}
    for node in source.nodes(ast.Call):
        name = called(node)
        if isinstance(node.func, ast.Attribute) and name in FUNCTIONS:
            end = source.span(node.func)[1]
            for other in FUNCTIONS[name]:
                yield Planting((Edit(end - len(name), end, other),), f"`{other}` for `{name}`")
        elif isinstance(node.func, ast.Name) and name in own:
            for other, arguments in own.items():
                if other != name and arguments == own[name] and other not in ("loss", "grad", "example"):
                    yield source.put(node.func, other)


def arguments(source: Source) -> Iterator[Planting]:
    """Two arguments of a call are exchanged."""
    for node in source.nodes(ast.Call):
        if called(node) not in ("where", "clip", "range", "sum", "at", "zeros", "isinstance"):
            for one, other in itertools.combinations(node.args, 2):
                said = f"the arguments `{source.segment(one)}` and `{source.segment(other)}` are exchanged"
                yield source.exchanged(one, other, said)


def comparison(source: Source) -> Iterator[Planting]:
    """A comparison is turned round."""
    for node in source.nodes(ast.Compare):
        before, after = source.span(node.left)[1], source.span(node.comparators[0])[0]
        symbol = SYMBOLS.get(type(node.ops[0]), "")
        if symbol in TURNED:
            start = before + source.text[before:after].index(symbol)
            for other in TURNED[symbol]:
                yield Planting((Edit(start, start + len(symbol), other),), f"`{other}` for `{symbol}`")


def threshold(source: Source) -> Iterator[Planting]:
    """Another threshold."""
    for node in source.nodes(ast.Compare):
        right = node.comparators[0]
        if isinstance(right, ast.Constant):
            yield from (source.put(right, text) for text in ("1", "0.5", "-0.5", *source.numbers))
            if isinstance(node.left, ast.Name):
                yield from (source.put(node.left, name) for name, _ in _known(source, node.left))
    for node in source.nodes(ast.Call):
        if called(node) == "maximum" and isinstance(node.args[0], ast.Constant):
            yield from (source.put(node.args[0], text) for text in ("1", "0.1"))
        elif called(node) == "clip":
            yield from (source.put(bound, text) for bound in node.args[1:] for text in ("0", "0.5"))


def branches(source: Source) -> Iterator[Planting]:
    """The two cases of a choice are exchanged."""
    for node in source.nodes(ast.Call):
        if called(node) in ("where", "clip") and len(node.args) == 3:
            yield source.exchanged(*node.args[1:], f"the cases of `{called(node)}` are exchanged")
    for node in source.nodes(ast.If):
        yield source.put(node.test, f"not ({source.segment(node.test)})")


def results(source: Source) -> Iterator[Planting]:
    """Two results are exchanged where they are returned or taken."""
    for node in source.nodes(ast.Return, ast.Assign, ast.Call):
        groups = []
        if isinstance(node, ast.Assign):
            groups = [target.elts for target in node.targets if isinstance(target, ast.Tuple)]
            groups += [node.value.values] if isinstance(node.value, ast.Dict) else []
        elif isinstance(node, ast.Call) and called(node) == "dict":
            groups = [[keyword.value for keyword in node.keywords]]
        elif isinstance(node, ast.Return):
            held = node.value
            groups = [getattr(held, "elts", None) or getattr(held, "values", None) or []]
        for group in groups:
            for one, other in itertools.combinations(group, 2):
                yield source.exchanged(one, other, f"`{source.segment(one)}` and `{source.segment(other)}` exchanged")

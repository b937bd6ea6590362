"""The kinds of edits, a row each: how unlikely the slip is that it mends, and what was done where it helps."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from symnn.edits.edit import Edit
from symnn.edits.rows import Site, arithmetic, calls, factors, indices, layouts, names, numbers, statements
from symnn.edits.scope import Scope
from symnn.edits.source import Source

Change = str | tuple[str, ast.AST]
"""What takes the place of a node, and the last node whose place it takes as well."""


class Row(NamedTuple):
    """A kind of edit: its id, its cost, what had been done wrong where it mends a gradient, and its generator.

    What ``is_of_terms`` is told of the largest term that it may be made of.
    """

    id: str
    cost: float
    meaning: str
    changes: Callable[[Site], Iterator[Change]]
    is_of_terms: bool = False


EDITS: tuple[Row, ...] = (
    Row("sign", 1, "the sign is wrong", arithmetic.sign),
    Row("operator", 1, "the operator is another", arithmetic.operator),
    Row("power", 1.2, "a power is missing, or one too many", arithmetic.power),
    Row("comparison", 1, "the comparison is another", calls.comparison),
    Row("assignment", 1, "the assignment is of another kind", statements.assigned),
    Row("axis", 1, "the axis is another", layouts.axis),
    Row("number", 1.2, "the number is another", numbers.near),
    Row("name", 1.5, "another array or number is meant", names.of_one_shape),
    Row("name throughout", 1.8, "another array is meant, in all places", names.throughout),
    Row("factors", 2.3, "two factors are too many", arithmetic.factors_left_out),
    Row("like another", 2.6, "a statement is missing, like the one before", statements.like_another),
    Row("transposition", 1.5, "a transposition is missing, or one too many", layouts.transposed),
    Row("operands", 1.5, "the operands stand the wrong way round", arithmetic.operands_exchanged),
    Row("complement", 1.5, "it is one minus that which is meant", arithmetic.complement),
    Row("operand", 2, "an operand is too many", arithmetic.operand_left_out),
    Row("grouping", 2, "the parentheses stand elsewhere", arithmetic.regrouped),
    Row("function", 2, "another function is meant", calls.function),
    Row("call", 2.2, "a function is called that is not to be", calls.left_out),
    Row("arguments", 2, "two arguments are exchanged", calls.arguments_exchanged),
    Row("elements", 2, "two elements are exchanged", calls.elements_exchanged),
    Row("choice", 2, "the choice goes the other way", calls.choice),
    Row("index", 1.5, "the index is another", indices.beside),
    Row("indices", 1.5, "two indices are exchanged", indices.exchanged),
    Row("index left out", 2.2, "an index is too many", indices.left_out),
    Row("bound", 1.5, "the slice has other bounds", indices.bound),
    Row("counter", 2.5, "an index is missing", indices.counted),
    Row("reduction", 2, "the reduction is over other axes", layouts.axis_left_out),
    Row("kept axis", 2, "the axis is to be kept, or not", layouts.kept_axis),
    Row("unbuffered", 1.5, "what repeated indices add counts once only", statements.unbuffered),
    Row("statement", 2.2, "a statement is too many", statements.left_out),
    Row("order", 2, "two statements stand in the wrong order", statements.exchanged),
    Row("later", 2.5, "the statement belongs behind those that follow", statements.later),
    Row("condition", 2.5, "it holds without the condition", statements.branch),
    Row("into the loop", 2.5, "the statement belongs into the loop", statements.into_loop),
    Row("out of the loop", 2.5, "the statement belongs outside of the loop", statements.out_of_loop),
    Row("condition put in", 3.2, "it holds under a condition", statements.condition_put_in),
    Row("as elsewhere", 2.2, "it is another than in the code of the loss", names.as_elsewhere),
    Row("target", 2.2, "it is assigned to another", names.target),
    Row("key", 2.2, "it belongs to another key", names.key),
    Row("loop", 1.8, "the loop is to go the other way round", layouts.loop),
    Row("letters", 2, "the letters of the einsum are others", calls.letters),
    Row("copy", 1.8, "an array is written into that another name holds", names.copied),
    Row("name for a number", 2, "a number is meant, and not one that has a name", names.written),
    Row("comprehension", 2.4, "another of the names that the loop goes through is meant", names.of_the_loop),
    Row("slope of itself", 2.2, "it is the function, and not its slope", factors.slope_of_itself),
    Row("of the file", 2.8, "a factor or a term is missing", factors.of_the_file, True),
    Row("softmax slope", 3, "the slope of softmax is missing", factors.softmax_slope),
    Row("scaled", 2.9, "it is to be divided by a number before, or multiplied by one", statements.scaled),
    Row("factor", 2.2, "a factor of two is missing, or one too many", factors.number, True),
    Row("written number", 2.5, "a number stands for one that has a name", names.number),
    Row("size", 2.5, "another size is meant", names.size),
    Row("named factor", 2.5, "a factor is missing, or one too many", factors.named, True),
    Row("expression", 2.4, "it stands for another array", names.for_an_expression),
    Row("term outside", 2.4, "a term goes through a function that it is to be added to", calls.term_outside),
    Row("size of", 2.6, "its size is meant", names.size_of),
    Row("array", 3, "an array is meant where a number stands", names.for_a_number),
    Row("size factor", 2.6, "it is to be divided by a size, or multiplied by one", factors.size, True),
    Row("function put in", 2.6, "a function is not called", calls.put_in),
    Row("slope called", 2.6, "the slope of the activation is missing", calls.slope_called, True),
    Row("slope", 3, "the slope of the activation is missing", factors.slope, True),
    Row("array factor", 3, "a factor is missing", factors.array, True),
    Row("summed factor", 3.2, "a factor is missing that is a sum", factors.summed, True),
    Row("term", 3, "a term is missing", factors.term, True),
    Row("penalty", 3, "the gradient of the penalty is missing", factors.penalty, True),
    Row("one hot", 3, "the one of the right class is not taken away", statements.one_hot),
    Row("order of axes", 3, "the order is to be reversed", layouts.reversed_order),
    Row("sum", 3, "a sum over an axis is missing", layouts.reduced),
    Row("part", 3.2, "only a part of the array is meant", indices.sliced),
    Row("gradient", 3.1, "it is another product or sum of the arrays at hand", factors.product),
    Row("other shape", 3, "an array of another shape is meant", names.of_another_shape),
    Row("product", 3.2, "the factors of the product stand the wrong way round", layouts.both_transposed),
    Row("number elsewhere", 2, "the number is another", numbers.elsewhere),
    Row("far number", 3, "the number is another", numbers.far),
)
"""Every kind of edit that is tried."""


MEANINGS = {row.id: row.meaning for row in EDITS}
"""What had been done wrong, by the id of the edit that mends it."""

OF_TERMS = frozenset(row.id for row in EDITS if row.is_of_terms)
"""The ids of those that are told of the largest term."""


def edits_of(scope: Scope, rows: Sequence[Row] = EDITS) -> Iterator[Edit]:
    """Yield the edits of a function, in the order of its text, each text once, by the row that it costs least in.

    The function's own definition, its docstring and arguments stay as they are.
    """
    source, seen = scope.function.source, set[tuple[int, int, str]]()
    rows = sorted(rows, key=lambda row: row.cost)
    for node in _nodes(scope.function.node):
        site = Site(node, scope)
        for row in rows:
            for change in row.changes(site):
                one = _edit(source, node, row, change)
                if one is not None and (key := (one.start, one.end, one.text)) not in seen:
                    seen.add(key)
                    yield one


def _nodes(definition: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function's body that have a place in the text, from its start on."""
    body = definition.body  # type: ignore[attr-defined]
    for top in body if isinstance(body, list) else [body]:
        if isinstance(top, ast.Expr) and isinstance(top.value, ast.Constant):
            continue
        for node in ast.walk(top):
            if isinstance(node, ast.expr | ast.stmt) and not isinstance(node, ast.FunctionDef | ast.JoinedStr):
                yield node


def _edit(source: Source, node: ast.AST, row: Row, change: Change) -> Edit | None:
    text, last = change if isinstance(change, tuple) else (change, node)
    is_value = isinstance(node, ast.expr) and not isinstance(node, ast.Slice)
    if isinstance(node, ast.expr) and is_value and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        try:
            text = source.in_place_of(node, text)
        except SyntaxError:
            return None
    start, end = source.span(node)[0], source.span(last)[1]
    start, end, text = _without_common_lines(source.text, start, end, text)
    before = source.text[start:end]
    if text == before:
        return None
    return Edit(source.file, source.line_of(start), start, end, text, (before, text), row.id, row.cost)


def _without_common_lines(whole: str, start: int, end: int, text: str) -> tuple[int, int, str]:
    """A change of several lines without the first and the last ones that stay as they are."""
    before, after = whole[start:end].splitlines(keepends=True), text.splitlines(keepends=True)
    while len(before) > 1 and len(after) > 1 and before[0] == after[0]:
        start += len(before[0])
        before, after = before[1:], after[1:]
    while len(before) > 1 and len(after) > 1 and before[-1] == after[-1]:
        end -= len(before[-1])
        before, after = before[:-1], after[:-1]
    return start, end, "".join(after)

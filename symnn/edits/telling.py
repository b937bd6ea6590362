"""An edit as a person is shown it: without needless parentheses, and with as much around it as it takes to see it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from difflib import unified_diff

from symnn.edits.edit import Edit, all_applied
from symnn.edits.source import Source
from symnn.errors import near

_SMALL = (ast.Name, ast.Constant, ast.Attribute, ast.Subscript, ast.Slice)
_ALONE = (ast.Call, ast.BinOp, ast.UnaryOp, ast.Compare, ast.Subscript, ast.keyword, ast.Attribute)


def tidied(source: Source, edit: Edit) -> Edit:
    """Return an edit without parentheses that change nothing, and with the lines of a statement that is to go.

    >>> source = Source("mine.py", "y = 1 - h")
    >>> tidied(source, Edit("mine.py", 1, 8, 9, "(h ** 2)", ("h", "(h ** 2)"))).shown
    ('1 - h', '1 - h ** 2')
    """
    if edit.text == "pass":
        return _left_out(source, edit)
    tree = _tree(edit.applied(source.text))
    while edit.text.startswith("(") and edit.text.endswith(")"):
        bare = replace(edit, text=edit.text[1:-1])
        if _tree(bare.applied(source.text)) != tree:
            break
        edit = bare
    return _without_parentheses(source, edit, tree)


def _without_parentheses(source: Source, edit: Edit, tree: str) -> Edit:
    """An edit that takes the parentheses around what it leaves along, where they need not stand any more."""
    around = source.text[edit.start - 1 : edit.start], source.text[edit.end : edit.end + 1]
    if around == ("(", ")") and edit.text.isidentifier():
        wider = replace(edit, start=edit.start - 1, end=edit.end + 1)
        edit = wider if _tree(wider.applied(source.text)) == tree else edit
    return replace(edit, shown=_shown(source, edit))


def lines_changed(source: Source, edit: Edit, beside: Sequence[Edit] = ()) -> tuple[str, str]:
    """Return the lines that an edit changes, as they are and as they are to be, without the indentation they share.

    What edits ``beside`` it change within these lines is changed too.
    """
    start = source.text.rfind("\n", 0, edit.start) + 1
    # Lines that go as a whole take their end along, but not the line behind.
    end = source.text.find("\n", edit.end - (edit.end > edit.start and not edit.text))
    end = len(source.text) if end < 0 else max(end, edit.end)
    before = source.text[start:end]
    within = dict.fromkeys((edit, *(one for one in beside if start <= one.start and one.end <= end)))
    moved = [replace(one, start=one.start - start, end=one.end - start) for one in within if one.file == edit.file]
    after = all_applied(before, moved)
    indent = len(before) - len(before.lstrip(" "))
    return tuple(
        "\n".join(row[indent:] if row[:indent].isspace() else row for row in part.rstrip().split("\n"))
        for part in (before, after)
    )  # type: ignore[return-value]


def difference(source: Source, edits: Sequence[Edit]) -> str:
    """Return edits of one file as a unified diff.

    >>> print(difference(Source("mine.py", "y = h"), [Edit("mine.py", 1, 4, 5, "2 * h", ("h", "2 * h"))]))
    --- mine.py
    +++ mine.py
    @@ -1 +1 @@
    -y = h
    +y = 2 * h
    """
    before, after = source.text.splitlines(), all_applied(source.text, edits).splitlines()
    name = near(source.file)
    return "\n".join(unified_diff(before, after, name, name, lineterm=""))


def _left_out(source: Source, edit: Edit) -> Edit:
    node = _node_at(source, edit)
    if not isinstance(node, ast.stmt):
        return edit
    blocks = [value for _, value in ast.iter_fields(source.parents[node]) if isinstance(value, list)]
    if not any(node in block and len(block) > 1 for block in blocks):
        return edit
    start, end = source.line_span(node)
    alone = source.text[start : edit.start].isspace() and not source.text[edit.end : end].strip().strip("\n")
    return replace(edit, start=start, end=end, text="", shown=(edit.shown[0], "")) if alone else edit


def _shown(source: Source, edit: Edit) -> tuple[str, str]:
    node = _node_at(source, edit)
    parent = source.parents.get(node) if node is not None else None
    if isinstance(node, _SMALL) and isinstance(parent, _ALONE) and len(source.text_of(parent)) < _LONGEST:
        start, end = source.span(parent)
        before = source.text[start:end]
        return before, before[: edit.start - start] + edit.text + before[edit.end - start :]
    return source.text[edit.start : edit.end], edit.text


_LONGEST = 60


def _node_at(source: Source, edit: Edit) -> ast.AST | None:
    places = (one for one in ast.walk(source.tree) if isinstance(one, ast.expr | ast.stmt))
    return next((one for one in places if source.span(one) == (edit.start, edit.end)), None)


def _tree(text: str) -> str:
    try:
        return ast.dump(ast.parse(text))
    except SyntaxError:
        return text

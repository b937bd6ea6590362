"""The source of a gradient with what each line leaves: which derivative it is, and which it ought to be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, NamedTuple

import numpy as np

from symnn.edits import Edit, Scope
from symnn.edits.assignments import Assignment
from symnn.errors import UndecidedError
from symnn.verification.evidence import Suspect
from symnn.verification.repair.editor import Editor
from symnn.verification.repair.intermediates import Intermediate
from symnn.verification.repair.meaning import Meaning, meaning_of
from symnn.verification.repair.trial import close


class Annotation(NamedTuple):
    """What a name holds behind a line: what it is, whether that is right (None: not known), and what it ought to be."""

    name: str
    meaning: Meaning | None
    is_right: bool | None
    wanted: Meaning | None = None


@dataclass(frozen=True)
class Line:
    """A line of the gradient's code with its number, what is noted beside it, and whether the mistake is in it."""

    file: str
    number: int
    code: str
    annotations: tuple[Annotation, ...] = ()
    is_wrong: bool = False


def explain(editor: Editor, edits: Sequence[Edit] = ()) -> list[Line]:
    """Return the lines of the functions that a gradient runs, each with what it leaves behind.

    With ``edits`` that make the gradient right, a line is right if it leaves with them what it leaves without. Else it
    is right if that is a derivative of the loss by one of its arrays; of others nothing is known. Raises UndecidedError
    where the loss does not run.
    """
    scopes = editor.scopes()
    intermediates = editor.intermediates()
    before, after = editor.assignments(), editor.assignments(edits) if edits else None
    if before is None:
        raise UndecidedError("the gradient does not run at the point given")
    mended: list[list[Assignment] | None] = [None] * len(before) if after is None else [*after]
    rows = zip(scopes, before, mended, strict=True)
    return [line for scope, one, other in rows for line in _lines(scope, intermediates, one, other, edits)]


def suspect_of(editor: Editor, scopes: Sequence[Scope]) -> Suspect | None:
    """Return the first array of the gradient's own function that is no derivative of the loss, behind some that are.

    None where the code or the loss does not run, or all is known.
    """
    try:
        intermediates, rows = editor.intermediates(), editor.assignments()
    except UndecidedError:
        return None
    right: list[str] = []
    for one in rows[0] if rows else ():
        if not isinstance(one.value, np.ndarray) or one.value.dtype.kind != "f":
            continue
        meaning = meaning_of(one.value, intermediates, called=one.name)
        if meaning is not None and meaning.is_exact:
            right += [one.name] if meaning.kind == "derivative" else []
        elif right:
            told = "" if meaning is None else str(meaning)
            return Suspect(tuple(dict.fromkeys(right)), one.name, scopes[0].function.source.file, one.line, told)
    return None


def _lines(
    scope: Scope,
    intermediates: Sequence[Intermediate],
    before: list[Assignment],
    after: list[Assignment] | None,
    edits: Sequence[Edit],
) -> list[Line]:
    function = scope.function
    found: dict[int, list[Annotation]] = {}
    for one, wanted in _paired(before, after):
        if one.value is not None:
            found.setdefault(one.line, []).append(_annotation(one.name, one.value, wanted, intermediates))
    wrong = {edit.line for edit in edits if edit.file == function.source.file}
    first, last = function.node.lineno, function.node.end_lineno or function.node.lineno
    return [
        Line(function.source.file, k, function.source.line(k), tuple(found.get(k, ())), k in wrong)
        for k in range(first, last + 1)
    ]


def _paired(before: list[Assignment], after: list[Assignment] | None) -> Iterator[tuple[Assignment, Any]]:
    """What each statement leaves, with what it leaves with the edits, which may add and take away statements."""
    mended = after or []
    wanted: dict[int, Any] = {}
    alike = SequenceMatcher(None, [one.name for one in before], [one.name for one in mended], autojunk=False)
    for here, there, size in alike.get_matching_blocks():
        wanted |= {here + k: mended[there + k].value for k in range(size)}
    yield from ((one, wanted.get(k)) for k, one in enumerate(before))


def _annotation(name: str, A: Any, wanted: Any, intermediates: Sequence[Intermediate]) -> Annotation:
    meaning = meaning_of(A, intermediates, called=name)
    if wanted is None:
        is_known = meaning is not None and meaning.is_exact
        return Annotation(name, meaning, True if is_known else None)
    is_right = close(A, wanted)
    return Annotation(name, meaning, is_right, None if is_right else meaning_of(wanted, intermediates, called=name))

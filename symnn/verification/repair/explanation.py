"""The source of a gradient with what each line leaves: which derivative it is, and which it ought to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from symnn.edits import Edit, Scope
from symnn.edits.following import left_by
from symnn.errors import UndecidedError
from symnn.verification.repair.editor import Editor
from symnn.verification.repair.facts import Fact
from symnn.verification.repair.meaning import Meaning, meaning_of
from symnn.verification.repair.trial import close


class Said(NamedTuple):
    """What a name holds behind a line: what it is, whether that is right (None: not known), and what it ought to be."""

    name: str
    meaning: Meaning | None
    is_right: bool | None
    wanted: Meaning | None = None


@dataclass(frozen=True)
class Line:
    """A line of the gradient's code with its number, what is said of it, and whether the mistake is in it."""

    file: str
    number: int
    code: str
    said: tuple[Said, ...] = ()
    is_wrong: bool = False


def explain(editor: Editor, edits: Sequence[Edit] = ()) -> list[Line]:
    """Return the lines of the functions that a gradient runs, each with what it leaves behind.

    With ``edits`` that make the gradient right, a line is right if it leaves with them what it leaves without. Else it
    is right if that is a derivative of the loss by one of its arrays; of others nothing is known. Raises UndecidedError
    where the loss does not run.
    """
    scopes = editor.scopes()
    facts = editor.facts()
    before, after = editor.left(), editor.left(edits) if edits else None
    if before is None:
        raise UndecidedError("the gradient does not run at the point given")
    lines: list[Line] = []
    for number, scope in enumerate(scopes):
        mended = None if after is None else after[number]
        lines += _lines(scope, facts, before[number], mended, edits)
    return lines


def _lines(
    scope: Scope, facts: Sequence[Fact], before: dict[int, Any], after: dict[int, Any] | None, edits: Sequence[Edit]
) -> list[Line]:
    function = scope.function
    said: dict[int, list[Said]] = {}
    for number, left in enumerate(left_by(function)):
        if number in before and left.name != "return":
            one = _said(left.name, before[number], None if after is None else after.get(number), facts)
            said.setdefault(left.line, []).append(one)
    wrong = {edit.line for edit in edits if edit.file == function.source.file}
    first, last = function.node.lineno, function.node.end_lineno or function.node.lineno
    return [
        Line(function.source.file, k, function.source.line(k), tuple(said.get(k, ())), k in wrong)
        for k in range(first, last + 1)
    ]


def _said(name: str, A: Any, wanted: Any, facts: Sequence[Fact]) -> Said:
    meaning = meaning_of(A, facts, called=name)
    if wanted is None:
        is_known = meaning is not None and meaning.is_exact
        return Said(name, meaning, True if is_known else None)
    is_right = close(A, wanted)
    return Said(name, meaning, is_right, None if is_right else meaning_of(wanted, facts, called=name))

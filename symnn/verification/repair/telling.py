"""A repair as a diagnosis: the places that were wrong, what is written there and what would be right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from symnn.edits import MEANINGS, Edit, Source, difference, lines_changed
from symnn.errors import UndecidedError
from symnn.verification.evidence import Diagnosis, Mistake
from symnn.verification.repair.editor import Editor
from symnn.verification.repair.laws import law_of


def with_repair(
    named: Diagnosis, repair: Sequence[Sequence[Edit]], sources: Mapping[str, Source], arrays: tuple[str, ...]
) -> Diagnosis:
    """Return a diagnosis with the edits of a repair, the first of some; the others do as well."""
    first, *others = [tuple(_mistake(one, edits, sources) for one in edits) for edits in repair]
    diff = "\n".join(difference(sources[file], list(own)) for file, own in groupby(repair[0], attrgetter("file")))
    mended = replace(named, mistakes=first, others=tuple(others), repair=diff)
    if named:
        return mended
    kinds = " and ".join(dict.fromkeys(one.id for one in first))
    return replace(mended, said="", difference="", kind=kinds, arrays=named.arrays or arrays)


def with_laws(found: Diagnosis, editor: Editor) -> Diagnosis:
    """Return a diagnosis whose mistakes say which law the right form follows from, where one is known."""
    if not any(one.id in WITH_LAWS for one in found.mistakes):
        return found
    try:
        intermediates, left = editor.intermediates(), editor.assignments(found.edits)
    except UndecidedError:
        return found
    values = {one.name: one.value for rows in left or [] for one in rows if one.value is not None}
    return replace(
        found,
        mistakes=tuple(
            replace(one, because=law_of([one.edit, one.code], values, intermediates)) for one in found.mistakes
        ),
    )


WITH_LAWS = frozenset({"power", "complement", "slope", "expression", "name", "operand", "comparison", "array factor"})
"""The ids of edits that may bring in the slope of a function."""


def _mistake(edit: Edit, beside: Sequence[Edit], sources: Mapping[str, Source]) -> Mistake:
    source = sources[edit.file]
    region = *source.position(edit.start), *source.position(edit.end)
    return Mistake(
        edit.row, MEANINGS[edit.row], edit.line, edit.shown, lines_changed(source, edit, beside), edit, region
    )

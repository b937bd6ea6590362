"""The search for the smallest edit of a gradient's code that makes every array right."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import combinations, product
from operator import attrgetter
from typing import TypeAlias

from symnn.edits import OF_TERMS, Edit, Scope, edits_of, tidied
from symnn.edits.assignments import Assignment
from symnn.errors import UndecidedError
from symnn.verification.conduct import observe
from symnn.verification.evidence import Diagnosis
from symnn.verification.pair import certify
from symnn.verification.repair.editor import Editor
from symnn.verification.repair.explanation import suspect_of
from symnn.verification.repair.intermediates import Intermediate
from symnn.verification.repair.meaning import meaning_of
from symnn.verification.repair.telling import with_laws, with_repair
from symnn.verification.repair.trial import Right, Trial, close, trials_of
from symnn.verification.subject import Subject

# An edit with the arrays that are right with it.
Lead: TypeAlias = tuple[Edit, frozenset[str]]

EFFORT = 10.0
"""For how many seconds edits are tried."""

CERTIFIED = 6
"""How many edits that agree in float64 are certified, the smallest first."""

RANKED = 40
"""How many edits that agree in float64 are ranked by what the lines of the code leave with them."""

AT_ONCE = 32
"""How many edits are tried before the clock is looked at."""

CLEAR = 1.5
"""What an edit costs more in a line that leaves what it ought to."""

MORE = 0.5
"""By how much an edit may cost more than one that is complete, to be tried as well."""

LEADS = 8
"""With how many edits that mend some arrays a second one is tried."""

PLACES = 6
"""At how many places, at most, the same change is made at once."""

ALIKE = 3
"""How many edits that mend the same arrays are combined with those that mend others, the smallest first."""


@dataclass
class Search:
    """Edits tried in float64 at several points, within a number of seconds."""

    editor: Editor
    trials: Sequence[Trial]
    effort: float = EFFORT

    def __post_init__(self) -> None:
        self._until = time.monotonic() + self.effort

    def complete(self, edits: Sequence[Edit], after: Sequence[Edit] = ()) -> Iterator[tuple[Edit, frozenset[str]]]:
        """Yield edits, each tried together with those before, with the arrays that are then right."""
        apart = [one for one in edits if not any(one.overlaps(other) for other in after)]
        for start in range(0, len(apart), AT_ONCE):
            if not self.within_time:
                return
            some = apart[start : start + AT_ONCE]
            tried = self.editor.right(self.trials, [[*after, one] for one in some])
            yield from ((one, right) for one, right in zip(some, tried, strict=True) if right is not None)

    @property
    def within_time(self) -> bool:
        """Whether there is time left."""
        return time.monotonic() <= self._until

    def right(self, edits: Sequence[Edit]) -> Right:
        """Return the arrays that are right at every point with some edits, or None where the code does not run."""
        return self.editor.right(self.trials, [edits])[0]


def repaired(named: Diagnosis, subject: Subject, editor: Editor, seed: int, effort: float = EFFORT) -> Diagnosis:
    """Return a diagnosis with the smallest edits that make the wrong gradient right, if some are found in time.

    Of a gradient whose code cannot be run in float64, or whose text is not to be had, nothing more is told.
    """
    scopes = editor.scopes()
    trials = trials_of(subject, seed, editor.other_numbers) if scopes else []
    search = Search(editor, trials, effort)
    before = search.right([]) if trials else None
    if before is None:
        return named
    wanted = frozenset(subject.parameters.arrays)
    lines = _clear_lines(editor, scopes)
    made = (one for scope in scopes for one in edits_of(scope))
    edits = sorted(
        (replace(one, cost=one.cost + CLEAR) if (one.file, one.line) in lines else one for one in made),
        key=lambda edit: edit.cost,
    )
    found, leads = _single(search, edits, before, wanted)
    sources = {scope.function.source.file: scope.function.source for scope in scopes}
    found = found or _alike(search, edits, wanted) or _pairs(search, edits, leads, wanted)
    found = [
        tuple(tidied(sources[one.file], one) for one in sorted(chosen, key=attrgetter("file", "start")))
        for chosen in _ranked(editor, found)
    ]
    wrong = tuple(name for name in subject.parameters.arrays if name not in before)
    certified = _certified(subject, editor, found, seed)
    if certified:
        return with_laws(with_repair(named, certified, sources, wrong), editor)
    return named or replace(named, suspect=suspect_of(editor, scopes))


def _clear_lines(editor: Editor, scopes: Sequence[Scope]) -> set[tuple[str, int]]:
    """The lines that leave nothing but arrays of the loss and derivatives by these: what is wrong is hardly there."""
    try:
        intermediates, left = editor.intermediates(), editor.assignments()
    except UndecidedError:
        return set()
    found: dict[tuple[str, int], bool] = {}
    for scope, rows in zip(scopes, left or [], strict=False):
        for k, one in enumerate(rows):
            if one.value is not None:
                place = scope.function.source.file, one.line
                # What has another name already may be meant to be something else.
                again = any(x.name != one.name and x.value is not None and close(one.value, x.value) for x in rows[:k])
                known = not again and meaning_of(one.value, intermediates, exactly=True) is not None
                found[place] = found.get(place, True) and known
    return {place for place, is_clear in found.items() if is_clear}


def _single(
    search: Search, edits: Sequence[Edit], before: frozenset[str], wanted: frozenset[str]
) -> tuple[list[tuple[Edit, ...]], list[Lead]]:
    """The edits that make all right, and those that mend some arrays and break none."""
    found: list[tuple[Edit, ...]] = []
    leads: list[Lead] = []
    enough = float("inf")
    for one, right in search.complete(edits):
        if one.cost > enough:
            break
        if right == wanted:
            enough = min(enough, one.cost + MORE)
            found.append((one,))
        elif right > before:
            leads.append((one, right))
    return found, leads


def _alike(search: Search, edits: Sequence[Edit], wanted: frozenset[str]) -> list[tuple[Edit, ...]]:
    """The same change at all the places where it can be made, of those that make all right so."""
    groups: dict[tuple[str, tuple[str, str]], list[Edit]] = {}
    for one in edits:
        groups.setdefault((one.row, one.change), []).append(one)
    together = [tuple(group) for group in groups.values() if 1 < len(group) <= PLACES and _may_stand(group)]
    return [chosen for chosen in together if search.within_time and search.right(chosen) == wanted]


def _pairs(search: Search, edits: Sequence[Edit], leads: list[Lead], wanted: frozenset[str]) -> list[tuple[Edit, ...]]:
    """Two edits, or three, that make all right together: such as mend some arrays each, then a lead with any other."""
    leads.sort(key=lambda lead: (-len(lead[1]), _size([lead[0]])))
    by_right: dict[frozenset[str], list[Edit]] = {}
    for one, right in leads:
        by_right.setdefault(right, []).append(one)
    for count in (2, 3, 4):
        groups = (chosen for chosen in combinations(by_right, count) if frozenset().union(*chosen) == wanted)
        apart = [chosen for group in groups for chosen in product(*(by_right[right][:ALIKE] for right in group))]
        apart = sorted(filter(_may_stand, apart), key=_size)[:CERTIFIED]
        found = [chosen for chosen in apart if search.right(chosen) == wanted]
        if found:
            return found
    for lead, _ in leads[:LEADS]:
        found = [(lead, one) for one, right in search.complete(edits, [lead]) if right == wanted]
        if found:
            return found
    return []


def _may_stand(edits: Sequence[Edit]) -> bool:
    return not any(one.overlaps(other) for one, other in combinations(edits, 2))


def _ranked(editor: Editor, found: Sequence[tuple[Edit, ...]]) -> list[tuple[Edit, ...]]:
    """Edits in the order in which they are told: first those with which most lines leave what the loss knows.

    An edit that puts right in the last line what went wrong in the first leaves wrong arrays between the two.
    """
    some = sorted(found, key=_size)[:RANKED]
    if len(some) < 2:
        return some
    try:
        intermediates = editor.intermediates()
    except UndecidedError:
        return some
    known = {edits: _known(editor.assignments(edits), intermediates) for edits in some}
    return sorted(some, key=lambda edits: -known[edits])


def _known(left: list[list[Assignment]] | None, intermediates: Sequence[Intermediate]) -> int:
    """How many of the arrays that statements leave the loss knows; a derivative by one of its arrays counts twice."""
    meanings = (meaning_of(one.value, intermediates, exactly=True) for rows in left or [] for one in rows)
    return sum(1 + (meaning.kind == "derivative") for meaning in meanings if meaning is not None)


def _certified(
    subject: Subject, editor: Editor, found: Sequence[tuple[Edit, ...]], seed: int
) -> list[tuple[Edit, ...]]:
    """Those that make a gradient *equal* at three points in balls, and leave what it is given as it is."""
    right: list[tuple[Edit, ...]] = []
    for edits in found[:CERTIFIED]:
        with suppress(SyntaxError, ValueError), editor.installed(edits):
            behaves = not observe(subject, seed).problems
            if behaves and certify(subject, points=3, seed=seed).verdict == "equal":
                right.append(edits)
    return right


def _size(edits: Sequence[Edit]) -> tuple[float, int, int]:
    lengths = (one.start - one.end if one.row in OF_TERMS else sum(map(len, one.change)) for one in edits)
    return sum(one.cost for one in edits), sum(lengths), edits[0].start

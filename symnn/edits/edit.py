"""One change of a file's text, told by what was there, what takes its place, and the row of the table it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from operator import eq


@dataclass(frozen=True)
class Edit:
    """Text that takes the place of that from ``start`` to ``end`` in a file; nothing may stand on either side.

    ``shown`` is what is there and what is to be there, as a person is shown them: it may be more than what
    changes. ``row`` is the id of the kind of edit, ``cost`` how unlikely a slip it would mend.

    >>> Edit("mine.py", 3, 4, 5, "h ** 2", ("h", "h ** 2")).applied("1 - h")
    '1 - h ** 2'
    """

    file: str
    line: int
    start: int
    end: int
    text: str
    shown: tuple[str, str]
    row: str = ""
    cost: float = 1.0

    def applied(self, text: str) -> str:
        """Return a file's text with this change."""
        return text[: self.start] + self.text + text[self.end :]

    @property
    def change(self) -> tuple[str, str]:
        """What goes and what comes, without what stays before and behind: the same of slips made alike elsewhere.

        >>> Edit("mine.py", 1, 0, 5, "a", ("a + e", "a")).change == Edit("", 9, 0, 5, "b", ("b + e", "b")).change
        True
        """
        before, after = self.shown
        head = _alike(before, after)
        before, after = before[head:], after[head:]
        tail = _alike(before[::-1], after[::-1])
        return before[: len(before) - tail], after[: len(after) - tail]

    def overlaps(self, other: Edit) -> bool:
        """Return whether two changes touch the same text."""
        return self.file == other.file and self.start < other.end and other.start < self.end


def _alike(one: str, other: str) -> int:
    """With how many characters two texts start alike."""
    return sum(takewhile(bool, map(eq, one, other)))


def all_applied(text: str, edits: Iterable[Edit]) -> str:
    """Return a file's text with several changes, which do not overlap.

    >>> all_applied("a - b", [Edit("", 1, 0, 1, "c", ("a", "c")), Edit("", 1, 4, 5, "d", ("b", "d"))])
    'c - d'
    """
    for one in sorted(edits, key=lambda edit: (-edit.start, -edit.end)):
        text = one.applied(text)
    return text

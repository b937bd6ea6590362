"""What a verdict carries beside its checks: the evidence it rests on, level by level, and the mistake by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

from symnn.edits import Edit
from symnn.errors import near

# How an outcome is known, from the weakest to the strongest.
Level: TypeAlias = Literal["numerical", "certified", "identical", "proved"]

LEVELS: tuple[Level, ...] = ("numerical", "certified", "identical", "proved")
"""The levels of evidence, each stronger than the one before it."""


@dataclass(frozen=True)
class Evidence:
    """What one level of evidence says: its outcome, a sentence, the region it holds in, and the formulas it recovered.

    ``region`` is the path condition, a comparison each, as text; empty where the code takes no branch. ``formulas`` are
    pairs of a name and the SymPy expression that the code computes. A level that cannot decide is *undecided* and
    says why.

    >>> print(Evidence("identical", "equal", "identical with error below 2⁻¹²⁰", region=("Z1[0, 0] > 0",)))
    identical with error below 2⁻¹²⁰, where Z1[0, 0] > 0
    """

    level: Level
    verdict: Literal["equal", "different", "undecided"]
    said: str
    region: tuple[str, ...] = ()
    formulas: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        if not self.region:
            return self.said
        shown = " and ".join(self.region[:_SHOWN])
        more = len(self.region) - _SHOWN
        return f"{self.said}, where {shown}" + (
            f" and {more} more comparison{'s hold' if more > 1 else ' holds'}" if more > 0 else ""
        )


_SHOWN = 3


@dataclass(frozen=True)
class Mistake:
    """A mistake at its place in the code: the kind of edit that mends it, the edit, and what had been done instead.

    ``edit`` is what is written and what would be right, ``code`` the lines that this changes, before and after.
    ``because`` is a law that the right form follows from, where one is known. ``change`` is the edit by places,
    ``region`` where it starts and ends: lines and columns of characters, from 1.
    """

    id: str
    meaning: str
    line: int
    edit: tuple[str, str]
    code: tuple[str, str]
    change: Edit
    region: tuple[int, int, int, int]
    because: str = ""

    @property
    def file(self) -> str:
        """The file that it is in."""
        return self.change.file

    def __str__(self) -> str:
        before, after = map(_in_one_line, self.edit)
        instead = f"`{before}` is to be `{after}`" if after else f"`{before}` is to go"
        return f"in line {self.line} {instead}: {self.meaning}"


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


class Known(NamedTuple):
    """A mistake of the registry of `symnn.mistakes`: its id, and the names that it is told with."""

    id: str
    arguments: tuple[tuple[str, str], ...] = ()


class Suspect(NamedTuple):
    """Where a gradient's code leaves what is known of the loss: the names that still hold derivatives, and the next.

    ``meaning`` is what the next one is nearly, such as twice a derivative; empty where it is none of the loss's.

    >>> print(Suspect(("dZ2", "dW2"), "dA1", "mine.py", 14, "2 · ∂L/∂A1"))
    no mistake is named: dZ2 and dW2 are what they ought to be; dA1 (mine.py:14) is 2 · ∂L/∂A1
    """

    right: tuple[str, ...]
    name: str
    file: str
    line: int
    meaning: str = ""

    def __str__(self) -> str:
        *most, last = self.right
        right = f"{', '.join(most)} and {last} are what they ought to be" if most else f"{last} is what it ought to be"
        what = f"is {self.meaning}" if self.meaning else "is the first that is no derivative of the loss"
        return f"no mistake is named: {right}; {self.name} ({near(self.file)}:{self.line}) {what}"


@dataclass(frozen=True)
class Diagnosis:
    """The mistake: one plain sentence, the kind of rewrite, where it applies, and the difference that it makes.

    ``layer`` counts from 1 and is 0 where no one layer is meant; ``arrays`` are the gradients it falsifies, by the
    names of their parameters; ``difference`` is *yours − exact* as a line of symbols, empty where none could be told.
    ``mistakes`` are the places in the code, with the edits that together make the gradient certainly right, ``repair``
    these as a unified diff, ``others`` edits that do so as well. Where nothing is named, ``suspect`` is where to look.
    ``known`` are the mistakes of the registry that the sentence tells, one or two.
    A diagnosis without a sentence and without a place is false: no mistake has been named.

    >>> found = Diagnosis("the gradient with respect to b1 is m times what it should be", "factor", 1, ("b1",))
    >>> bool(found), str(found), bool(Diagnosis())
    (True, 'the gradient with respect to b1 is m times what it should be', False)
    """

    said: str = ""
    kind: str = ""
    layer: int = 0
    arrays: tuple[str, ...] = ()
    difference: str = ""
    mistakes: tuple[Mistake, ...] = ()
    others: tuple[tuple[Mistake, ...], ...] = ()
    repair: str = ""
    suspect: Suspect | None = None
    known: tuple[Known, ...] = ()

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The changes of the code, by places, that make the gradient right."""
        return tuple(one.change for one in self.mistakes)

    @property
    def is_cause(self) -> bool:
        """Whether it says what to change, or what had been done instead, and not only how the numbers differ."""
        return bool(self.mistakes) or bool(self.said and not set(self.kind.split(" and ")) & SYMPTOMS)

    def __bool__(self) -> bool:
        return bool(self.said or self.mistakes)

    def __str__(self) -> str:
        return self.said or "; and ".join(map(str, self.mistakes))


SYMPTOMS = frozenset({"factor", "part", "rows"})
"""The kinds of what is only told of the numbers: no code is known to be wrong by them."""

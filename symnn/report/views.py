"""What a worked solution shows: views of equations, gradients and updates as LaTeX pieces without prose."""

from __future__ import annotations

from dataclasses import dataclass

from symnn.report.laws import Law


def related(text: str, exact: bool) -> str:
    """Return the text behind ``=``, or behind ``≈`` if it holds a rounded number.

    >>> related("0.5", True), related("0.3333", False)
    ('= 0.5', '\\\\approx 0.3333')
    """
    return ("= " if exact else r"\approx ") + text


@dataclass(frozen=True)
class Line:
    """A quantity: its name, entry by entry, over arrays, with numbers put in, and its value.

    ``arrays`` and ``filled`` are None where there is no such form or no room for it; ``filled_exact`` says whether
    the numbers put in are exact as they are shown. ``shapes`` is the same over shapes, for a product of matrices.
    """

    name: str
    entries: str
    arrays: str | None
    filled: str | None
    filled_exact: bool
    value: str
    exact: bool
    shapes: str | None = None

    @property
    def told(self) -> list[str]:
        """What the quantity equals, line by line: over arrays, with numbers, and its value."""
        arrays = [f"= {self.arrays}"] if self.arrays is not None else []
        filled = [related(self.filled, self.filled_exact)] if self.filled is not None else []
        rows = [*arrays, *filled, related(self.value, self.exact)]
        return [row for place, row in enumerate(rows) if row not in rows[:place]]


@dataclass(frozen=True)
class Forward:
    """One equation of the forward pass with its kind: pre-activation, activation, softmax, loss or other.

    ``key`` is the name of the tensor in the program, as in every view of a step.
    """

    key: str
    kind: str
    label: str
    line: Line


@dataclass(frozen=True)
class Way:
    """One path of a gradient: through which quantity, the local factor, and the named rewrite if there is one."""

    kind: str
    through: str
    by: str
    local: str
    plain: str | None
    product: str
    label: str


@dataclass(frozen=True)
class Backward:
    """The gradient with respect to one tensor: its paths, helper quantities, an entry's formula, and the result."""

    key: str
    laws: tuple[Law, ...]
    kind: str
    tensor: str
    ways: tuple[Way, ...]
    helpers: tuple[Line, ...]
    slopes: tuple[Line, ...]
    formula: str
    line: Line


@dataclass(frozen=True)
class Update:
    """The step on one parameter: its name, and line by line what it becomes."""

    name: str
    told: tuple[str, ...]


@dataclass(frozen=True)
class SymbolRow:
    """A symbol with its kind, the layer it belongs to, its shape in letters and in numbers, and one of its entries."""

    latex: str
    kind: str
    layer: str
    letters: str
    numbers: str
    entry: str


@dataclass(frozen=True)
class Turned:
    """Weights whose indices stand the other way round than in their array, and where an entry stands there."""

    name: str
    entry: str
    row: int
    column: int


@dataclass(frozen=True)
class Count:
    """How many numbers an array holds: its name, the product that counts them, and how many they are."""

    name: str
    product: str
    total: int


@dataclass(frozen=True)
class Valued:
    """A quantity and its value, behind the sign that says whether it is exact."""

    name: str
    value: str


@dataclass(frozen=True)
class Told:
    """A quantity and what it equals, line by line."""

    name: str
    told: tuple[str, ...]


@dataclass(frozen=True)
class EntryByEntry:
    """An array told by its entries: how many it has, how many stand here, and the rule over the whole array.

    ``total`` is larger than the number of ``entries`` where one entry stands for all; ``ways`` is how many summands
    the told entries have at most, ``together`` holds the rewrites in it.
    """

    key: str
    laws: tuple[Law, ...]
    kind: str
    label: str
    name: str
    entries: tuple[Told, ...]
    total: int
    ways: int
    together: tuple[Together, ...]
    line: Line


@dataclass(frozen=True)
class Together:
    """A named rewrite of several equations: the gradient that it gives, and what must be known before."""

    label: str
    formula: str
    helpers: tuple[EntryByEntry, ...]


@dataclass(frozen=True)
class Rule:
    """A gradient as a rule over matrices: what it equals, line by line, after what must be known before it.

    ``entries`` is its equation over entries where there is no customary form over matrices; ``inside`` holds the
    gradients that are written inside it.
    """

    key: str
    laws: tuple[Law, ...]
    kind: str
    is_delta: bool
    tensor: str
    name: str
    told: tuple[str, ...]
    entries: str | None
    before: tuple[Line, ...]
    inside: tuple[Line, ...]
    merged: tuple[str, ...]
    shapes: str | None = None


@dataclass(frozen=True)
class EntryRow:
    """One entry of a gradient: its name, its formula if there is room, and its value.

    ``of`` is how many entries it stands for, or 0 where each has a row.
    """

    name: str
    formula: str | None
    value: str
    of: int

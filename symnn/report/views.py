"""What a worked solution shows: views of equations, gradients and updates as LaTeX pieces without prose."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A quantity: its name, entry by entry, over arrays, with numbers put in, and its value.

    ``arrays`` and ``filled`` are None where there is no such form or no room for it.
    """

    name: str
    entries: str
    arrays: str | None
    filled: str | None
    value: str
    exact: bool

    @property
    def told(self) -> list[str]:
        """What the quantity equals, line by line: over arrays, with numbers, and its value."""
        shown = [f"= {text}" for text in (self.arrays, self.filled) if text is not None]
        return [*shown, ("= " if self.exact else r"\approx ") + self.value]


@dataclass(frozen=True)
class Forward:
    """One equation of the forward pass with its kind: pre-activation, activation, softmax, loss or other."""

    kind: str
    label: str
    line: Line


@dataclass(frozen=True)
class Way:
    """One path of a gradient: through which quantity, the two factors, and the named rewrite if there is one."""

    kind: str
    through: str
    by: str
    upstream: str
    local: str
    plain: str | None
    product: str
    label: str
    condition: str | None


@dataclass(frozen=True)
class Backward:
    """The gradient by one tensor: its paths, helper quantities, and the result."""

    kind: str
    tensor: str
    ways: tuple[Way, ...]
    helpers: tuple[Line, ...]
    slopes: tuple[Line, ...]
    formula: str
    line: Line


@dataclass(frozen=True)
class Update:
    """The step on one parameter."""

    name: str
    gradient_name: str
    before: str
    gradient: str
    after: str
    exact: bool


@dataclass(frozen=True)
class SymbolRow:
    """A symbol with its kind, the layer it belongs to, and its shape in letters and in numbers."""

    latex: str
    kind: str
    layer: str
    letters: str
    numbers: str

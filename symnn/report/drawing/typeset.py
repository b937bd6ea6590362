"""A formula set in type: where each run of characters and each rule stands, from the left end of its baseline."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from symnn.report.drawing.formula import BOLD, ITALIC, Accent, Fraction, Group, Letters, Part, Scripts, Space, parsed
from symnn.report.drawing.metrics import width_of_text

SMALLER, SMALLEST = 0.74, 6.0
"""Indices and parts of fractions have this part of the size of what they belong to, but at least so many points."""
RAISED, LOWERED = 0.36, 0.2
"""How far an index stands above and below the baseline, in parts of the size."""
AXIS = 0.27
"""How high the bar of a fraction stands."""


@dataclass(frozen=True)
class Run:
    """Characters of one face and size on one baseline; ``y`` grows downwards."""

    x: float
    y: float
    size: float
    width: float
    text: str
    slanted: bool
    bold: bool


@dataclass(frozen=True)
class Rule:
    """A horizontal line."""

    x: float
    y: float
    width: float


@dataclass(frozen=True)
class Typeset:
    """A formula in type."""

    width: float
    runs: tuple[Run, ...]
    rules: tuple[Rule, ...]


@lru_cache(maxsize=4096)
def typeset(latex: str, size: float, *, slanted: bool = False) -> Typeset:
    r"""Set a formula at a size of type, all of it slanted if asked for.

    >>> [run.text for run in typeset(r"W^{(1)}_{12}", 8).runs]
    ['W', '(1)', '12']
    """
    press = _Press(slanted)
    width = press.set(parsed(latex), 0.0, 0.0, size)
    return Typeset(width, tuple(press.runs), tuple(press.rules))


class _Press:
    """Set part after part; each call returns where the part ends."""

    def __init__(self, slanted: bool) -> None:
        self.slanted = slanted
        self.runs: list[Run] = []
        self.rules: list[Rule] = []

    def set(self, part: Part, x: float, y: float, size: float) -> float:
        match part:
            case Letters(text, face):
                return self._letters(text, face, x, y, size)
            case Space(width, ruled):
                if ruled:
                    self.rules.append(Rule(x, y + 0.12 * size, width * size))
                return x + width * size
            case Group(parts):
                for each in parts:
                    x = self.set(each, x, y, size)
                return x
            case Accent(mark, base):
                end = self.set(base, x, y, size)
                wide = width_of_text(mark, size) if mark == "→" else 0.333 * size
                shift = 0.06 * size
                self.runs.append(Run((x + end - wide) / 2 + shift, y - 0.02 * size, size, wide, mark, False, False))
                return end
            case Fraction(above, below):
                return self._fraction(above, below, x, y, size)
            case Scripts(base, below, above):
                end = self.set(base, x, y, size)
                small = _smaller(size)
                ends = [end]
                if above is not None:
                    ends.append(self.set(above, end + 0.04 * size, y - RAISED * size, small))
                if below is not None:
                    ends.append(self.set(below, end, y + LOWERED * size, small))
                return max(ends) + (0.04 * size if len(ends) > 1 else 0)

    def _letters(self, text: str, face: str, x: float, y: float, size: float) -> float:
        slanted = self.slanted or (face == ITALIC and text.isalpha()) or text == "∂"
        width = width_of_text(text, size, slanted=slanted)
        last = self.runs[-1] if self.runs else None
        same = last is not None and (last.y, last.size, last.slanted, last.bold) == (y, size, slanted, face == BOLD)
        if last is not None and same and abs(last.x + last.width - x) < 1e-9:
            self.runs[-1] = Run(last.x, y, size, last.width + width, last.text + text, slanted, face == BOLD)
        else:
            self.runs.append(Run(x, y, size, width, text, slanted, face == BOLD))
        return x + width

    def _fraction(self, above: Group, below: Group, x: float, y: float, size: float) -> float:
        small = _smaller(size)
        widths = [_Press(self.slanted).set(part, 0.0, 0.0, small) for part in (above, below)]
        wide = max(widths) + 0.2 * size
        axis = y - AXIS * size
        self.set(above, x + 0.06 * size + (wide - widths[0]) / 2, axis - 0.15 * size, small)
        self.set(below, x + 0.06 * size + (wide - widths[1]) / 2, axis + 0.68 * small + 0.15 * size, small)
        self.rules.append(Rule(x + 0.06 * size, axis, wide))
        return x + wide + 0.12 * size


def _smaller(size: float) -> float:
    return max(SMALLER * size, min(size, SMALLEST))

"""What a derivation may show beside its formulas: curves, a surface with a step on it, points and what separates them.

An exhibit is data and a caption; how it is drawn is the affair of the report. A derivation's file gives its exhibits
as a function ``exhibits()`` that returns them, so that nothing is computed until somebody looks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from symnn.errors import InputError, ShapeError, aligned

Numbers: TypeAlias = tuple[float, ...]


def _numbers(what: str, values: Sequence[float]) -> Numbers:
    numbers = tuple(map(float, values))
    if not numbers or not np.isfinite(numbers).all():
        raise InputError(f"{what} must be finite numbers, at least one: given {list(numbers)[:5]}")
    return numbers


@dataclass(frozen=True)
class Curve:
    """One curve by its points, with the label that tells it from others, interrupted at the x of its ``jumps``.

    ``marks`` are points (x, y) to be marked, such as the value at a kink. Raises `InputError` for what is not finite
    and `ShapeError` where x and y do not fit.

    >>> Curve("cost", (0, 1), (1, 0.5)).y
    (1.0, 0.5)
    """

    label: str
    x: Sequence[float]
    y: Sequence[float]
    jumps: tuple[float, ...] = ()
    marks: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "x", _numbers(f"the x of curve {self.label!r}", self.x))
        object.__setattr__(self, "y", _numbers(f"the y of curve {self.label!r}", self.y))
        if len(self.x) != len(self.y):
            rows = [("x", f"{len(self.x)} points"), ("y", f"{len(self.y)} points")]
            raise ShapeError(f"curve {self.label!r} needs as many x as y\n{aligned(rows)}")
        for mark in self.marks:
            _numbers(f"the marks of curve {self.label!r}", mark)


@dataclass(frozen=True)
class Curves:
    """Curves over one axis, such as a cost by epochs or a function and its derivative; ``logarithmic`` is of y."""

    caption: str
    x_label: str
    y_label: str
    curves: tuple[Curve, ...]
    logarithmic: bool = False


@dataclass(frozen=True)
class Surface:
    """A function of two variables on a rectangle, shown by its contours, and steps taken on it, from point to point."""

    caption: str
    x_label: str
    y_label: str
    x: Sequence[float]
    y: Sequence[float]
    heights: Sequence[Sequence[float]]
    steps: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        for name in ("x", "y"):
            object.__setattr__(self, name, _numbers(f"the {name} of a surface", getattr(self, name)))
        heights = tuple(_numbers("the heights of a surface", row) for row in self.heights)
        object.__setattr__(self, "heights", heights)
        if (len(heights), *{len(row) for row in heights}) != (len(self.y), len(self.x)):
            rows = [
                ("yours", f"{len(heights)} rows"),
                ("expected", f"({len(self.y)}, {len(self.x)}), a row for each y"),
            ]
            raise ShapeError(f"the heights of a surface do not fit its x and y\n{aligned(rows)}")

    @classmethod
    def of(
        cls,
        caption: str,
        labels: tuple[str, str],
        function: Callable[[float, float], float],
        x: Sequence[float],
        y: Sequence[float],
        steps: tuple[tuple[float, float], ...] = (),
    ) -> Surface:
        """Return the surface of a function of two numbers over the grid of ``x`` and ``y``.

        >>> Surface.of("a plane", ("x", "y"), lambda x, y: x + y, (0, 1), (0, 2)).heights
        ((0.0, 1.0), (2.0, 3.0))
        """
        return cls(caption, *labels, x, y, [[float(function(a, b)) for a in x] for b in y], steps)


@dataclass(frozen=True)
class Line:
    """A line w₁x + w₂y + b = 0 with the label that tells it from others."""

    label: str
    weights: tuple[float, float]
    bias: float


@dataclass(frozen=True)
class Separation:
    """Points of two classes in the plane, and the lines that separate them, or try to.

    ``points`` are pairs, ``classes`` 0 or 1 for each. Raises `ShapeError` where they do not fit.
    """

    caption: str
    x_label: str
    y_label: str
    points: tuple[tuple[float, float], ...]
    classes: tuple[int, ...]
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        if len(self.points) != len(self.classes):
            rows = [("points", str(len(self.points))), ("classes", str(len(self.classes)))]
            raise ShapeError(f"every point has a class\n{aligned(rows)}")


# Whatever a derivation may show.
Exhibit: TypeAlias = Curves | Surface | Separation

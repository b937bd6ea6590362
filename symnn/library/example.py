"""One worked example, with everything that its file says: a derivation of the library, or a network of one's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from symnn.derivation import Derivation
from symnn.equations import Program
from symnn.library.exhibits import Exhibit
from symnn.library.figures import Figure
from symnn.library.point import Point
from symnn.network import Network


@dataclass(frozen=True)
class Example:
    """One worked example.

    ``loss`` and ``grad`` are None, and ``code`` is empty, where nothing is written by hand. ``drawn`` names the arrays
    whose numbers were drawn, with ``seed``. ``settings`` are those of the report that the file asks for, ``where`` the
    file as errors name it. ``heading`` is the title without what it says of the findings, empty where that is nothing.
    """

    name: str
    title: str
    text: str
    systems: tuple[int, ...]
    source: Network | Program
    derivation: Derivation
    point: Point
    loss: Callable[..., Any] | None
    grad: Callable[..., Any] | None
    published: tuple[Figure, ...]
    code: str
    exhibits: Callable[[], tuple[Exhibit, ...]]
    style: str | None = None
    notation: str | None = None
    rows: tuple[str, ...] = ()
    drawn: tuple[str, ...] = ()
    seed: int | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    where: str = ""
    heading: str = ""

    @property
    def problem(self) -> str:
        """The first paragraph of the text, which puts the problem; what is found stands in those after it."""
        return self.text.split("\n\n")[0]

    @property
    def arguments(self) -> tuple[dict[str, Any], tuple[Any, ...]]:
        """The parameters and the data at the point, as arrays of doubles."""
        parameters = {name: self.point.floats(name) for name in self.point.parameters}
        return parameters, tuple(self.point.floats(name) for name in self.point.data)

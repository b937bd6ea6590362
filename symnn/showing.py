"""What a notebook shows of an object: asked for here, at the bottom, and made above by whoever is registered for it.

A notebook asks an object how it looks. How formulas look is known floors above those that define networks, derivations
and verdicts, and they must not import upwards; the package that knows says so in its metadata.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from typing import Protocol

GROUP = "symnn.shown"
"""The group of entry points in which a package says that it can show symnn's objects."""


class Show(Protocol):
    """Make the LaTeX or the HTML of an object; return None for one that has none."""

    def __call__(self, thing: object, kind: str) -> str | None:
        """Return the text, ``kind`` being *latex* or *html*."""


class Shown:
    """What has a form in notebooks: formulas as LaTeX, and a fragment of HTML."""

    def _repr_latex_(self) -> str | None:
        return _shown(self, "latex")

    def _repr_html_(self) -> str | None:
        return _shown(self, "html")


def _shown(thing: object, kind: str) -> str | None:
    for show in _shows():
        text = show(thing, kind)
        if text is not None:
            return text
    # A notebook then shows the text that Python prints.
    return None


@cache
def _shows() -> tuple[Show, ...]:
    return tuple(found.load() for found in sorted(entry_points(group=GROUP), key=lambda one: one.name))

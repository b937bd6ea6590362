"""Styles of telling, a row each: which views of a step tree a worked solution shows. Templates hold their words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from symnn.errors import unknown
from symnn.report.story import Teller
from symnn.report.styles import chain, delta, nested, scalar, upstream_local

__all__ = ["STYLES", "UPSTREAM_LOCAL", "Style", "style_of"]


@dataclass(frozen=True)
class Style:
    """A way of telling a derivation.

    ``views`` returns what its template ``styles/NAME.j2`` shows; with ``deltas`` the gradients with respect to
    pre-activations have a letter of their own.
    """

    name: str
    says: str
    views: Callable[[Teller], dict[str, Any]]
    deltas: bool = False


_ROWS = (
    Style("upstream-local", "upstream times local gradient at every node", upstream_local.views),
    Style("scalar", "scalar by scalar with the sum over paths, then gathered into matrix rules", scalar.views),
    Style("delta", "the delta rule, in matrices", delta.views, deltas=True),
    Style("chain", "weight by weight through the chain, all paths", chain.views),
    Style("nested", "the forward pass as one nested formula, the gradient number by number", nested.views),
)

# The styles, by name.
STYLES: Mapping[str, Style] = MappingProxyType({row.name: row for row in _ROWS})
UPSTREAM_LOCAL = "upstream-local"
"""What a derivation that declares no style is told in."""


def style_of(name: str) -> Style:
    """Return a style by name; raise `InputError` for one that is not in the table.

    >>> style_of("delta").deltas
    True
    """
    if name not in STYLES:
        raise unknown("style", name, STYLES)
    return STYLES[name]

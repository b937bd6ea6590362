"""Notation profiles: the letters of a worked solution, where layers are marked, in which order indices stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from symnn.errors import InputError, unknown

EVERY = "*"
"""In place of a list of stems: all of them."""
STORED, FROM_TO, TO_FROM = "stored", "from-to", "to-from"
ORDERS = (STORED, FROM_TO, TO_FROM)


@dataclass(frozen=True)
class Notation:
    """How the tensors of a derivation are written.

    ``symbols`` gives the LaTeX of a whole tensor and ``entries`` that of one of its entries, by the stem of its name
    (``W`` of ``W1``); a stem that is in neither keeps its own letter. ``opens`` and ``closes`` stand around the number
    of a layer, ``shift`` is added to it. ``whole_below`` and ``entries_below`` list the stems that carry that number
    as a subscript, ``comma`` parts it from the indices behind it. ``order`` is that of a weight's two indices.
    ``letters`` renames index letters. ``samples_above`` writes the index of a sample as a superscript in parentheses.
    ``prediction`` is what the loss is of, as an entry and as a whole. With ``linear_outputs`` a layer without an
    activation puts out an ``A``, not a ``Z``. Raises `InputError` for an order that is none, and letters that meet.
    """

    name: str
    says: str
    symbols: Mapping[str, str] = field(default_factory=dict, hash=False)
    entries: Mapping[str, str] = field(default_factory=dict, hash=False)
    opens: str = "("
    closes: str = ")"
    shift: Mapping[str, int] = field(default_factory=dict, hash=False)
    whole_below: str = ""
    entries_below: str = ""
    comma: str = ""
    order: str = STORED
    letters: Mapping[str, str] = field(default_factory=dict, hash=False)
    samples_above: bool = False
    prediction: tuple[str, str] | None = None
    linear_outputs: bool = False
    rate: str = r"\alpha"
    delta: str = r"\delta"

    def __post_init__(self) -> None:
        if self.order not in ORDERS:
            raise unknown("order of indices", self.order, ORDERS)
        if sorted(self.letters) != sorted(self.letters.values()):
            raise InputError(f"the letters of notation {self.name} must be exchanged, or two indices could meet in one")

    def with_symbols(
        self, symbols: Mapping[str, str] | None = None, entries: Mapping[str, str] | None = None, **fields: Any
    ) -> Notation:
        """Return the notation with single symbols replaced, whole and as entries, and any other fields given.

        >>> NOTATIONS["default"].with_symbols({"L": "E"}, rate=r"\\eta").symbol("L")
        'E'
        """
        both = {**self.symbols, **(symbols or {})}, {**self.entries, **(entries or {})}
        return replace(self, symbols=both[0], entries=both[1], **fields)

    def symbol(self, stem: str, *, entry: bool = False) -> str | None:
        """Return the LaTeX for a stem, or None where the notation leaves it as it is.

        >>> NOTATIONS["w-ij-k"].symbol("X"), NOTATIONS["w-ij-k"].symbol("X", entry=True)
        ('a^{0}', 'x')
        """
        whole = self.symbols.get(stem)
        return self.entries.get(stem, whole) if entry else whole

    def is_below(self, stem: str, *, entry: bool) -> bool:
        """Whether the number of a layer stands as a subscript.

        >>> NOTATIONS["w-ij-k"].is_below("b", entry=True), NOTATIONS["w-ij-k"].is_below("W", entry=True)
        (True, False)
        """
        listed = self.entries_below if entry else self.whole_below
        return listed == EVERY or stem in listed.split()


_HATS = (r"\hat{y}", r"\hat{Y}")
_ROWS = (
    Notation("default", "W^{(1)}, Z^{(1)}, A^{(1)}, L: capital letters, layers in parentheses, indices as stored"),
    Notation(
        "brackets",
        "W^{[1]}, z^{[1](i)}, J: layers in square brackets, samples in parentheses, a weight's indices to-from",
        symbols={"L": "J"},
        entries={"W": "w", "Z": "z", "A": "a", "X": "x", "Y": "y"},
        opens="[",
        closes="]",
        order=TO_FROM,
        samples_above=True,
        prediction=_HATS,
    ),
    Notation(
        "bare",
        "w^1, z^1, a^1, C, eta: layers as bare superscripts, a weight's indices to-from",
        symbols={"W": "w", "Z": "z", "A": "a", "X": "x", "Y": "y", "L": "C"},
        opens="",
        closes="",
        order=TO_FROM,
        samples_above=True,
        rate=r"\eta",
    ),
    Notation(
        "delta-lecture",
        "W^{(1)}, z^{(2)}, a^{(2)}, J: layers counted from the inputs, so that the first hidden one is the second",
        symbols={"Z": "z", "A": "a", "Y": "y", "L": "J"},
        shift={"Z": 1, "A": 1},
        prediction=(r"\hat{y}", r"\hat{y}"),
        rate=r"\eta",
    ),
    Notation(
        "w-ij-k",
        "w_{ij}^k, b_{kj}, O_{kj}: k the layer, i from, j to; inputs a^0, outputs O",
        symbols={"A": "O", "Z": "z", "X": "a^{0}", "Y": "y"},
        entries={"W": "w", "X": "x"},
        opens="",
        closes="",
        entries_below="b Z A",
        order=FROM_TO,
        # i is where a weight comes from, so that samples need another letter.
        letters={"k": "i", "i": "s", "s": "k"},
        samples_above=True,
        prediction=(r"\hat{y}", r"\hat{y}"),
        linear_outputs=True,
        rate=r"\eta",
    ),
    Notation(
        "subscript",
        "W_1, z_1, a_1, l: layers as subscripts, a weight's indices to-from",
        symbols={"Z": "z", "A": "a", "X": "x", "Y": "y", "L": r"\ell"},
        entries={"W": "w"},
        whole_below=EVERY,
        entries_below=EVERY,
        comma=",",
        order=TO_FROM,
        samples_above=True,
        prediction=(r"\hat{y}", r"\hat{y}"),
        rate=r"\eta",
    ),
)

# The notations, by name.
NOTATIONS: Mapping[str, Notation] = MappingProxyType({row.name: row for row in _ROWS})
DEFAULT = NOTATIONS["default"]
"""What a derivation that declares no notation is written in."""


def notation_of(name: str) -> Notation:
    """Return a notation by name; raise `InputError` for one that is not in the table.

    >>> notation_of("bare").rate
    '\\\\eta'
    """
    if name not in NOTATIONS:
        raise unknown("notation", name, NOTATIONS)
    return NOTATIONS[name]

"""What a report is asked to be: its style, notation, audience and detail, the form of its numbers, its templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

from symnn.derivation import Derivation
from symnn.errors import InputError, aligned
from symnn.library import Example
from symnn.notation import name_of
from symnn.report.audiences import SOLUTION, STANDARD, Audience, Detail, audience_of, detail_of
from symnn.report.form import DEFAULT_FORM, Form
from symnn.report.names import Names, stem_of
from symnn.report.notations import DEFAULT, Notation, notation_of
from symnn.report.styles import UPSTREAM_LOCAL, Style, style_of
from symnn.report.symbols import with_symbols


class Asked(TypedDict, total=False):
    """What may be asked of a report, each by the name of a row of its table; None where nothing is asked."""

    style: str | None
    notation: Notation | str | None
    audience: str | None
    detail: str | None
    decimals: int | None
    digits: int | None
    fractions: str | None
    symbols: Mapping[str, str] | None
    templates: Path | None


@dataclass(frozen=True)
class Telling:
    """How a report is told."""

    style: Style
    notation: Notation
    audience: Audience
    detail: Detail
    form: Form = DEFAULT_FORM
    templates: Path | None = None

    @property
    def parts(self) -> frozenset[str]:
        """The parts that are shown."""
        return self.detail.parts - self.audience.leaves_out

    @property
    def suffix(self) -> str:
        """What the names of the files end in, so that the sheets for several audiences may lie side by side."""
        return "" if self.audience.name == SOLUTION else f"-{self.audience.name}"


def telling_of(example: Example, asked: Asked) -> Telling:
    """Return how an example is told: as asked, else as its file declares, else by the first row of every table.

    Raises `InputError` for what is in no table.

    >>> from symnn.library import load
    >>> telling_of(load("two-three-one"), {"audience": "student"}).style.name
    'delta'
    """
    declared = {"style": example.style, "notation": example.notation, **example.settings}
    if example.settings:
        try:
            _telling(example, declared)
        except InputError as error:
            raise type(error)(f"{example.where}: in [report], {error}") from error
    wanted: dict[str, Any] = {**declared, **{key: value for key, value in asked.items() if value is not None}}
    if asked.get("decimals") is not None or asked.get("digits") is not None:
        # One of the two on the command line stands against either in the file.
        wanted |= {"decimals": asked.get("decimals"), "digits": asked.get("digits")}
    wanted["symbols"] = {**(declared.get("symbols") or {}), **(asked.get("symbols") or {})}
    return _telling(example, wanted)


def _telling(example: Example, wanted: Mapping[str, Any]) -> Telling:
    notation = wanted.get("notation") or DEFAULT
    notation = notation_of(notation) if isinstance(notation, str) else notation
    symbols = wanted.get("symbols") or {}
    if symbols:
        notation = with_symbols(notation, symbols, _stems(example.derivation))
        _are_written(example.derivation, notation, symbols)
    folder = wanted.get("templates")
    if folder is not None and not Path(folder).is_dir():
        raise InputError(f"{folder} is no folder of templates")
    return Telling(
        style_of(wanted.get("style") or UPSTREAM_LOCAL),
        notation,
        audience_of(wanted.get("audience") or SOLUTION),
        detail_of(wanted.get("detail") or STANDARD),
        Form.of(wanted.get("decimals"), wanted.get("digits"), wanted.get("fractions")),
        folder,
    )


def _are_written(derivation: Derivation, notation: Notation, symbols: Mapping[str, str]) -> None:
    """Raise `InputError` for a symbol that another tensor has already: two that look alike would both lose theirs."""
    names = Names(derivation, notation)
    for name in derivation.program.shapes:
        stem = stem_of(name)
        wanted = notation.symbol(stem) or stem
        if stem in symbols and wanted not in names.whole(name) and not _is_prediction(names, name):
            rows = [
                ("given", f"{stem}={symbols[stem]}"),
                ("do", "choose a letter that no other tensor is written with"),
            ]
            raise InputError(f"the symbol of {stem} is taken\n{aligned(rows)}")


def _is_prediction(names: Names, name: str) -> bool:
    # What the loss is of has a symbol of its own in some notations.
    prediction = names.notation.prediction
    return prediction is not None and names.whole(name) in prediction


def _stems(derivation: Derivation) -> set[str]:
    program = derivation.program
    return {stem_of(name) for name in (*program.shapes, name_of(program.loss))} - {""}

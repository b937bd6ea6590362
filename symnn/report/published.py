"""The published figures of a derivation beside the exact values, and beside those of carried rounding."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from symnn.library import (
    COUNT,
    Account,
    Example,
    Figure,
    Pass,
    Point,
    amount,
    decimals_of,
    quantity,
    rounded,
    work_after,
)
from symnn.report.names import Names
from symnn.report.numbers import array_latex, decimal_latex, number
from symnn.scalars import EXACT


@dataclass(frozen=True)
class Worked:
    """Every quantity with a published figure, worked with so many decimals and exactly."""

    carry: int
    rows: tuple[dict[str, Any], ...]


def figure_view(entry: Account, names: Names) -> dict[str, Any]:
    """Return a published figure beside the exact value, and entry by entry where they differ."""
    figure = entry.figure
    shape = np.shape(figure.printed)
    exact = np.empty(len(entry.exact), dtype=object)
    exact[:] = entry.exact
    # What a truncated or carried print says otherwise than rounding the exact value would.
    off = [
        {"printed": text, "exact": number(value)[0]}
        for text, value in zip(figure.texts, entry.exact, strict=True)
        if rounded(value, decimals_of(text)) != Fraction(text)
    ]
    return {
        "name": quantity_latex(figure.of, names),
        "after": figure.after,
        "printed": printed_latex(figure.printed),
        "exact": array_latex(exact.reshape(shape) if shape else entry.exact[0])[0],
        "relation": figure.relation,
        "carry": figure.carry,
        "off": off,
    }


def quantity_latex(text: str, names: Names) -> str:
    r"""Return what a figure is printed of as LaTeX, with its sign and the learning rate before it.

    >>> from symnn.derivation import derive
    >>> from symnn.network import Dense, Network
    >>> quantity_latex("-rate*db1", Names(derive(Network(inputs=1, layers=[Dense(1)]))))
    '-\\alpha \\frac{\\partial L}{\\partial b^{(1)}}'
    """
    meant = quantity(text)
    counts = meant.name == COUNT and COUNT not in names.tensors
    name = r"\text{number of parameters}" if counts else names.whole(meant.name)
    return ("-" if meant.negative else "") + (f"{names.rate} " if meant.by_rate else "") + name


def worked(example: Example, names: Names) -> tuple[Worked, ...]:
    """Return the figures worked with carried rounding beside the exact ones, for each number of decimals carried."""
    figures = example.published
    afters = {figure.after for figure in figures}
    carries = sorted({figure.carry for figure in figures if figure.carry is not None})
    if not carries:
        return ()
    exact = work_after(example.derivation, example.point, afters)
    found = []
    for carry in carries:
        # What was carried further is not carried here: each row is one way of working, from the start to its figure.
        carried = work_after(example.derivation, example.point, afters, carry=carry)
        rows = tuple(
            _worked(figure, names, example.point, carried[figure.after], exact[figure.after]) for figure in figures
        )
        found.append(Worked(carry, rows))
    return tuple(found)


def _worked(figure: Figure, names: Names, point: Point, carried: Pass, exact: Pass) -> dict[str, Any]:
    return {
        "name": quantity_latex(figure.of, names),
        "after": figure.after,
        "carried": printed_latex(carried_texts(figure, carried, point)),
        "exact": array_latex(amount(figure.of, exact.values, point))[0],
    }


def carried_texts(figure: Figure, carried: Pass, point: Point) -> Any:
    """Return what carried rounding gives for a figure, to the decimals that are printed, nested as the print is."""
    value = amount(figure.of, carried.raw, point)
    numbers = list(value.flat) if isinstance(value, np.ndarray) else [value]
    texts = iter(
        _as_printed(EXACT.lift(entry) if isinstance(entry, int) else entry, text)
        for entry, text in zip(numbers, figure.texts, strict=True)
    )
    return _nested(figure.printed, texts)


def _as_printed(value: Any, text: str) -> str:
    if "/" in text:
        return number(value)[0]
    places = decimals_of(text)
    return decimal_latex(rounded(value, places), places)


def _nested(printed: Any, texts: Any) -> Any:
    return next(texts) if isinstance(printed, str) else [_nested(part, texts) for part in printed]


def printed_latex(printed: Any) -> str:
    """Return a published figure as it was printed, as a LaTeX number or matrix.

    >>> printed_latex([[".5", "-.038"]]), printed_latex("5.28e-4")
    ('\\\\begin{bmatrix} .5 & -.038 \\\\end{bmatrix}', '5.28 \\\\cdot 10^{-4}')
    """
    if isinstance(printed, str):
        digits, _, power = printed.partition("e")
        return rf"{digits} \cdot 10^{{{int(power)}}}" if power else printed
    rows = [printed] if isinstance(printed[0], str) else printed
    body = r" \\ ".join(" & ".join(map(printed_latex, row)) for row in rows)
    return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"

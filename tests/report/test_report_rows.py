"""Sums and products are laid out in rows that fit a page."""

from __future__ import annotations

import re

import pytest

from symnn.report.render import mathml_of
from symnn.report.rows import FULL, MOST_PARTS, fitted, fitted_rows, in_rows, width_of_latex


def test_a_sum_is_broken_into_rows_that_fit():
    parts = [(f"{place}.1234", r"\left(-0.5678\right)") for place in range(MOST_PARTS)]
    rows = in_rows("x", "=", parts)
    assert len(rows) > 1
    assert all(width_of_latex(row) <= FULL for row in rows)
    assert "".join(rows).count(r"\left(-0.5678\right)") == MOST_PARTS


def test_a_product_too_wide_for_a_row_is_broken_before_a_dot():
    rows = in_rows("x", "=", [tuple(["12345678"] * 20)])
    assert len(rows) > 1
    assert all(width_of_latex(row) <= FULL for row in rows)
    assert all(re.match(r"(\\quad|\{\}| )*\\cdot", row) for row in rows[1:])


WIDE = "9" * 50
# A formula, and the beginnings of the rows that it is broken into.
BROKEN = {
    "before a sign": (f"x = {WIDE} + {WIDE} - {WIDE}", ["x", "= 9", r"\quad {} + 9", r"\quad {} - 9"]),
    "before a relation": (f"x = {WIDE} = {WIDE}", ["x", "= 9", "= 9"]),
    "without a name": (f"= {WIDE} + {WIDE}", ["", "= 9", r"\quad {} + 9"]),
    "without a relation": (f"{WIDE} + {WIDE}", ["", "9", r"\quad {} + 9"]),
    "not in brackets": (rf"x = \left({WIDE} + {WIDE}\right)", None),
    "not in a fraction": (rf"x = \frac{{{WIDE} + {WIDE}}}{{2}}", None),
    "not at the sign of a number": (f"x = -{WIDE}{WIDE}", None),
    "not in cases": (rf"\begin{{cases}} {WIDE} + {WIDE} & z > 0 \end{{cases}}", None),
    "not if there is room": ("x = a + b = c", None),
}


@pytest.mark.parametrize(("formula", "rows"), BROKEN.values(), ids=BROKEN)
def test_a_wide_formula_is_broken_outside_all_brackets(formula, rows):
    made = fitted(formula)
    if rows is None:
        assert made == formula
        return
    inside = made.removeprefix(r"\begin{aligned} ").removesuffix(r" \end{aligned}")
    found = [row.strip() for part in inside.split(r"\\") for row in part.split("&", 1)]
    found = [row for place, row in enumerate(found) if place in (0, 1) or row]
    assert [row[: len(start)] for row, start in zip(found, rows, strict=True)] == rows
    assert "merror" not in str(mathml_of(made, display=True))


def test_rows_beside_a_name_are_broken_only_where_they_are_wide():
    assert fitted_rows([f"= {WIDE} + {WIDE}", "= 1"], "x") == [f"= {WIDE}", rf"\quad {{}} + {WIDE}", "= 1"]

"""Sums and products are laid out in rows that fit a page."""

from __future__ import annotations

import re

from symnn.report.rows import FULL, MOST_PARTS, in_rows, width_of_latex


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

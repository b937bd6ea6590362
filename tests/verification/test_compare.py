"""How a verdict shows numbers that differ, and its lines."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from symnn.verification import Check, Verdict
from symnn.verification.verdict import apart


@given(st.decimals("-1e6", "1e6", places=40), st.decimals("-1e6", "1e6", places=40))
def test_different_numbers_are_shown_differently(yours, exact):
    shown = apart(yours, exact)
    close = yours and abs(yours - exact) < abs(exact) * Decimal("1e-38")
    assert yours == exact or close or shown[0] != shown[1]


def test_a_verdict_is_printed_in_aligned_lines():
    checks = (
        Check("W1", (12, 3), "equal", digits=90),
        Check("b10", (3,), "different", (2,), Decimal("0.5"), Decimal("-0.5"), Decimal("1.0")),
        Check("W2", (3, 1), "undecided", note="it is zero"),
    )
    printed = str(Verdict("different", 0, "wrong at b10[2]", checks, ("the point given does not count",)))
    assert printed == "\n".join(
        [
            "different: wrong at b10[2]",
            "  ✓ W1   (12, 3)  90 digits",
            "  ✗ b10  (3,)     differs at b10[2]",
            "      yours       0.5",
            "      exact       -0.5",
            "      difference  1.0e+0  (relative 2.0e+0)  yours = -1 × exact",
            "  ? W2   (3, 1)   undecided: it is zero",
            "  note: the point given does not count",
        ]
    )

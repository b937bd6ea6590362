"""The page of mistakes says what is told today."""

from __future__ import annotations

from tests.diagnosis_page import CASES, PAGE, page


def test_the_page_is_what_the_cases_say():
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m tests.diagnosis_page"


def test_there_are_ten_real_mistakes():
    assert len(list(CASES.glob("[a-z]*.py"))) >= 10

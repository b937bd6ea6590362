"""Verdicts are what is tested here; edits of code have tests of their own in tests/edits, and take their time there."""

from __future__ import annotations

import pytest

from symnn.verification import diagnosis


@pytest.fixture(autouse=True)
def without_edits(monkeypatch):
    monkeypatch.setattr(diagnosis, "repaired", lambda named, *rest: named)

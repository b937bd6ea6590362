"""Verdicts are what is tested here, as in tests/verification."""

from __future__ import annotations

from tests.verification.conftest import without_edits

__all__ = ["without_edits"]

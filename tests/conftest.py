"""The same examples in every run; SYMNN_EXPLORE=1 draws new ones, and what that finds belongs into a test."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None, max_examples=300)
settings.load_profile("explore" if os.environ.get("SYMNN_EXPLORE") else "repeatable")

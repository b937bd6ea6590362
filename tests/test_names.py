"""Two test modules of one name cannot be collected in one run: pytest tells modules apart by name."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

SHARED = {"__init__.py", "conftest.py"}


def test_every_test_module_has_a_name_of_its_own():
    found = Counter(path.name for path in Path(__file__).parent.rglob("*.py") if path.name not in SHARED)
    assert {name for name, count in found.items() if count > 1} == set()

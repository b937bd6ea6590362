"""What holds for every test: the same examples in every run, and nothing left out in silence.

SYMNN_EXPLORE=1 draws new examples and runs whole grids; what that finds belongs into a test. A test with the marker of
a need (tests/needs.py) is skipped by that name where the need is not met, and fails where SYMNN_REQUIRE names it.
"""

from __future__ import annotations

import compileall
import gc
import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.needs import FIXTURES, NEEDS, Running, not_tried, require, required
from tests.pages.browser import browser, page_of

__all__ = ["browser", "page_of"]

settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=50)
settings.register_profile("explore", deadline=None, max_examples=300)
settings.load_profile("explore" if os.environ.get("SYMNN_EXPLORE") else "repeatable")


def pytest_configure(config):
    for name in NEEDS:
        config.addinivalue_line("markers", f"{name}: needs {name} on this machine")
    required()
    # Tests start hundreds of programs, each of which would compile symnn anew where Python is not to write what it
    # compiled.
    if not hasattr(config, "workerinput"):
        compileall.compile_dir(Path(__file__).parents[1] / "symnn", quiet=2)


def pytest_collection_finish():
    # What was imported and collected stays to the end, and tests make trees of many small objects without cycles: the
    # search for cycles would otherwise look at all of it again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    # First, so that -m can choose by what a fixture needs.
    for item in items:
        for fixture, need in FIXTURES.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(need)


def pytest_runtest_setup(item):
    Running.marks = {name for name in NEEDS if item.get_closest_marker(name)}
    for name in NEEDS:
        if name in Running.marks:
            require(name)


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = [report.longrepr[2] for report in skipped if isinstance(report.longrepr, tuple)]
    if lines := not_tried(reasons):
        terminalreporter.section("not tried")
        for line in lines:
            terminalreporter.write_line(line)


# Rooms whose tests are about verdicts; edits of code have tests of their own, in tests/edits, and take time.
WITHOUT_EDITS = {"verification", "people", "wild"}


@pytest.fixture(autouse=True)
def without_edits(request, monkeypatch):
    # By its place among these tests: others are collected too, from wherever they were written.
    if any((Path(__file__).parent / room) in request.path.parents for room in WITHOUT_EDITS):
        monkeypatch.setattr("symnn.verification.diagnosis.repaired", lambda named, *rest: named)

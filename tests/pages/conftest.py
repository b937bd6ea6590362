"""The documents of the grid, written once for all tests that look at them; pytest on a planted test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.needs import REQUIRED
from tests.pages import grid

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def documents(tmp_path_factory):
    """Return the documents of the tellings, in a folder that all processes of this run share."""
    own = tmp_path_factory.getbasetemp().resolve()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "documents"
    folder.mkdir(exist_ok=True)
    return grid.Documents(folder)


@pytest.fixture
def pytester_run(tmp_path):
    """Return a function that runs pytest on the text of a test, under this project's rules, in a process of its own."""

    def run(text, *options, **environment):
        (tmp_path / "test_planted.py").write_text(text, encoding="utf-8")
        rules = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), "-p", "tests.conftest", "-p", "no:symnn"]
        quiet = ["-p", "no:cacheprovider", "-q", *options]
        return subprocess.run(  # noqa: S603 -- the interpreter of this test, on a test of it
            [sys.executable, "-m", "pytest", *rules, *quiet, str(tmp_path / "test_planted.py")],
            cwd=ROOT,
            env={**{name: value for name, value in os.environ.items() if name != REQUIRED}, **environment},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    return run

"""What some tests need beside Python, and what follows where it is not there: a skip by name, or a failure.

``time`` is such a need too: what takes longest of what seldom breaks. The gate requires it, SYMNN_EXPLORE=1 as well.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.grids import EVERYTHING

REQUIRED = "SYMNN_REQUIRE"
"""The environment variable that names, parted by spaces, the needs without which a test fails and is not skipped."""

VNU_JAR = Path(__file__).parent / "pages/node_modules/vnu-jar/build/dist/vnu.jar"
"""The Nu HTML checker, where npm puts it."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Need:
    """Something to test with: what of it is missing here, as words (none if it is here), and how to get it."""

    name: str
    missing: Callable[[], list[str]]
    remedy: str
    lacks: str = "not installed"


def browser_program() -> str | None:
    """Return Chromium, under whichever name it is installed."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def _programs(*names: str) -> list[str]:
    return [name for name in names if shutil.which(name) is None]


def _modules(*names: str) -> list[str]:
    return [name for name in names if importlib.util.find_spec(name) is None]


def _without_time() -> list[str]:
    return [] if EVERYTHING or "time" in os.environ.get(REQUIRED, "").split() else [f"{REQUIRED}=time"]


def _without_browser() -> list[str]:
    return ([] if browser_program() else ["chromium"]) + _modules("playwright", "axe_playwright_python")


def _without_validator() -> list[str]:
    return _programs("java") + ([] if VNU_JAR.is_file() else ["vnu.jar"])


_ROWS = (
    Need(
        "tex",
        lambda: _programs("pdflatex"),
        "Debian's texlive-latex-recommended texlive-pictures",
    ),
    Need("pdftotext", lambda: _programs("pdftotext"), "Debian's poppler-utils"),
    Need("chromium", _without_browser, "Debian's chromium, and pip install -c constraints.txt -e '.[pages]'"),
    Need("text2qti", lambda: _modules("text2qti"), "pip install -c constraints.txt -e '.[exports]'"),
    Need("nbgrader", lambda: _modules("nbgrader"), "pip install -c constraints.txt -e '.[nbgrader]'"),
    Need("sklearn", lambda: _modules("sklearn"), "pip install -c constraints.txt -e '.[data]'"),
    Need("time", _without_time, f"{REQUIRED}=time, which takes minutes more", "not given"),
    Need("validator", _without_validator, "Debian's default-jre-headless, and npm install --prefix tests/pages"),
)
NEEDS = {row.name: row for row in _ROWS}
"""The needs, by name; each is also a marker of pytest."""

FIXTURES = {"browser": "chromium", "engine": "tex"}
"""Which fixture has which need: a test that takes one carries the marker."""


def required() -> set[str]:
    """Return the needs that the environment requires; a name that is none is a wrong use, not a wish for nothing."""
    wanted = set(os.environ.get(REQUIRED, "").split())
    if unknown := sorted(wanted - set(NEEDS)):
        raise pytest.UsageError(f"{REQUIRED} names {', '.join(unknown)}; it may name {', '.join(NEEDS)}")
    return wanted


class Running:
    """The needs that the running test is marked with; None where no test says."""

    marks: set[str] | None = None


def require(name: str) -> None:
    """Go on if a need is met; else fail where it is required, and skip by its name elsewhere.

    A test that requires what it is not marked with fails: the gate chooses by the marker, and would never run it.
    """
    need = NEEDS[name]
    if Running.marks is not None and name not in Running.marks:
        pytest.fail(f"this test needs {name}: mark it with pytest.mark.{name}", pytrace=False)
    missing = need.missing()
    if not missing:
        return
    lacks = f"{' and '.join(missing)} {need.lacks}"
    if name in required():
        pytest.fail(f"{REQUIRED} names {name}: {lacks}", pytrace=False)
    pytest.skip(f"needs {name}: {lacks}")


_REASON = re.compile(r"needs (\w+): ")


def not_tried(reasons: Iterable[str]) -> list[str]:
    """Return a line for every need for want of which tests were skipped, from the reasons given for their skips.

    >>> not_tried(["Skipped: needs tex: pdflatex not installed", "Skipped: on another day"])
    ["1 test that needs tex was not tried. To get it: Debian's texlive-latex-recommended texlive-pictures"]
    """
    counts = dict.fromkeys(NEEDS, 0)
    for reason in reasons:
        if (found := _REASON.search(reason)) and found[1] in counts:
            counts[found[1]] += 1
    return [
        f"{count} {'test that needs' if count == 1 else 'tests that need'} {name} "
        f"{'was' if count == 1 else 'were'} not tried. To get it: {NEEDS[name].remedy}"
        for name, count in counts.items()
        if count
    ]

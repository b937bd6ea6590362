"""The Nu HTML checker on any number of pages in one run of Java."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.needs import VNU_JAR, require

PAGES_A_RUN = 200
"""Pages a run of Java is given: its memory is bounded, and its start, a second, is shared by enough of them."""

BEHIND = {
    "Property “math-style” doesn't exist": "MathML Core has it, and every browser that sets MathML",
    "“bounding-box” is not a “pointer-events” value": "SVG 2 has it; elsewhere it is the shape itself",
    "Text run starts with a composing character": "the line under a formula is one in MathML's own table of operators",
}
"""What the checker says where it is behind a standard, with the reason; nothing else is passed over."""


def faults(pages: Iterable[Path]) -> dict[Path, list[str]]:
    """Return what the checker finds in each page, errors and warnings: the line, what it says, and the place."""
    require("validator")
    found: dict[Path, list[str]] = {page.resolve(): [] for page in pages}
    paths = list(found)
    for first in range(0, len(paths), PAGES_A_RUN):
        for message in _messages(paths[first : first + PAGES_A_RUN]):
            if any(said in message["message"] for said in BEHIND):
                continue
            found[Path(message["url"].removeprefix("file:"))].append(_told(message))
    return found


def _messages(paths: list[Path]) -> list[Mapping[str, str]]:
    checked = subprocess.run(  # noqa: S603 -- the checker that npm installed, on pages of a test
        ["java", "-Xmx1g", "-jar", str(VNU_JAR), "--exit-zero-always", "--format", "json", *map(str, paths)],  # noqa: S607
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
        check=True,
    )
    # Some versions print notes of the JVM before the JSON.
    messages: list[Mapping[str, str]] = json.loads(checked.stderr[checked.stderr.index("{") :])["messages"]
    return messages


def _told(message: Mapping[str, str]) -> str:
    where = message.get("lastLine", "?")
    return f"line {where}: {message['message']} ({message.get('extract', '').strip()})"

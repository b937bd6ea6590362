"""A notebook that is handed in, and run as nbgrader runs it: answers in their cells, one cell after another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import redirect_stdout
from io import StringIO
from typing import Any


def cells(notebook: Mapping[str, Any], question: str) -> dict[str, str]:
    """The text of every cell of a question, by what it is for."""
    found = {cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"]) for cell in notebook["cells"]}
    return {name.removeprefix(question): text for name, text in found.items() if name.startswith(question)}


def answered(notebook: Mapping[str, Any], answers: Mapping[str, str]) -> dict[str, Any]:
    """A notebook with answers in place of what its cells for answers hold, by their names."""
    found: dict[str, Any] = json.loads(json.dumps(notebook))
    for cell in found["cells"]:
        meta = cell["metadata"]["nbgrader"]
        if meta["solution"] and meta["grade_id"] in answers:
            cell["source"] = answers[meta["grade_id"]].splitlines(keepends=True)
    return found


def marks(notebook: Mapping[str, Any], question: str) -> tuple[float, str]:
    """What the cell that marks a question gives, and what it prints."""
    known: dict[str, Any] = {}
    texts = cells(notebook, question)
    for name in ("-given", ""):
        exec(texts[name], known)  # what nbgrader does with a cell
    *cell, last = texts["-marks"].replace("### END HIDDEN TESTS", "").strip().rsplit("\n", 1)
    said = StringIO()
    with redirect_stdout(said):
        exec("\n".join(cell), known)
        exec(f"earned = {last}", known)
    return known["earned"], said.getvalue()

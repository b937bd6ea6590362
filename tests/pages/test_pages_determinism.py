"""The same command writes the same bytes whatever the hash seed, the locale, the time zone and the working folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

import symnn.report
from symnn.library import names
from symnn.report.pdf import find_engine

# A short derivation for every audience, curves, a surface, lines; the rest under SYMNN_EXPLORE=1. What is committed was
# written by another process too.
FOR_ALL, PICTURED = "linear-neuron", ("numerical-check", "descent-on-a-surface", "perceptron-line")
AUDIENCES = tuple(symnn.report.AUDIENCES)
OF = tuple(names()) if os.environ.get("SYMNN_EXPLORE") else PICTURED
COMMANDS = {
    **{f"{FOR_ALL}, {audience}": (FOR_ALL, "--audience", audience) for audience in AUDIENCES},
    **{name: (name,) for name in OF if name != FOR_ALL},
}

PLACES = {
    "one": {"PYTHONHASHSEED": "1", "LC_ALL": "C", "LANG": "C", "TZ": "UTC", "COLUMNS": "40"},
    "another": {
        "PYTHONHASHSEED": "4242",
        "LC_ALL": "tr_TR.UTF-8",
        "LANG": "de_DE.UTF-8",
        "TZ": "Asia/Kathmandu",
        "NO_COLOR": "1",
    },
}
# The command is what the entry point calls: in one process for all, because starting one takes longer than a report.
RUN = """
import json, sys
from symnn.cli import main
for arguments in json.loads(sys.stdin.read()):
    sys.argv = ["symnn", *arguments]
    try:
        main()
    except SystemExit as ended:
        if ended.code:
            raise
"""


def written(place, folder):
    """Return what the commands write, by command and file, run in a folder and an environment of their own."""
    # Deeper in one place than in the other, and by a path within the folder or from the root.
    folder.mkdir(parents=True)
    outs = {what: f"made here {n}" if place == "one" else str(folder / f"out {n}") for n, what in enumerate(COMMANDS)}
    commands = [["report", name, "--out", outs[what], *options] for what, (name, *options) in COMMANDS.items()]
    subprocess.run(  # noqa: S603 -- the command under test
        [sys.executable, "-c", RUN],
        cwd=folder,
        env={**os.environ, **PLACES[place]},
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    )
    return {
        what: {path.name: path.read_bytes() for path in sorted((folder / out).iterdir())} for what, out in outs.items()
    }


def differing(one, other):
    """Return the names of the files that are not the same bytes in both, or in one only."""
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))


@pytest.mark.time
def test_the_same_commands_elsewhere_write_the_same_bytes_for_every_audience(tmp_path):
    one = written("one", tmp_path / "one")
    other = written("another", tmp_path / "an other" / "deeper")
    for what, (name, *_) in COMMANDS.items():
        assert differing(one[what], other[what]) == [], what
        assert {".tex", ".html"} <= {os.path.splitext(file)[1] for file in one[what]}
        if what == name:
            # The pictures are files beside it; where there is an engine, so is the document.
            assert (f"{name}.pdf" in one[what]) is (find_engine() is not None)
    assert any(file.endswith("-1.pdf") for file in one[PICTURED[0]])


def test_a_byte_that_differs_and_a_file_too_many_are_seen():
    one = {"a.tex": b"x", "a.html": b"y"}
    assert differing(one, {**one, "a.tex": b"X"}) == ["a.tex"]
    assert differing(one, {**one, "a.pdf": b"z"}) == ["a.pdf"]
    assert differing(one, dict(one)) == []

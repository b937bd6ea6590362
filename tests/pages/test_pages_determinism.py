"""The same command writes the same bytes whatever the hash seed, the locale, the time zone and the working folder."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import symnn.report
from symnn.library import names
from symnn.report.pdf import find_engine
from tests.grids import EVERYTHING

# Pictures of a training, as files and in the page; the rest under SYMNN_EXPLORE=1.
NAMES = tuple(names()) if EVERYTHING else ("or-gate-trained",)
AUDIENCES = tuple(getattr(symnn.report, "AUDIENCES", ()))

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


def written(place, folder, name, *options):
    """Return what the command writes, by file, run in a folder and an environment of their own."""
    # Deeper in one place than in the other, and by a path within the folder or from the root.
    folder.mkdir(parents=True)
    out = "made here" if place == "one" else str(folder / "out")
    subprocess.run(  # noqa: S603 -- the command under test
        [sys.executable, "-m", "symnn", "report", name, "--out", out, *options],
        cwd=folder,
        env={**os.environ, **PLACES[place]},
        capture_output=True,
        timeout=300,
        check=True,
    )
    return {path.name: path.read_bytes() for path in sorted((folder / out).iterdir())}


def differing(one, other):
    """Return the names of the files that are not the same bytes in both, or in one only."""
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))


def twice(tmp_path, name, *options):
    one = written("one", tmp_path / "one", name, *options)
    other = written("another", tmp_path / "an other" / "deeper", name, *options)
    assert {".tex", ".html"} <= {os.path.splitext(file)[1] for file in one}
    return one, other


@pytest.mark.parametrize("name", NAMES)
def test_the_same_command_elsewhere_writes_the_same_bytes(name, tmp_path):
    one, other = twice(tmp_path, name)
    assert differing(one, other) == []
    # The pictures are files beside it; where there is an engine, so is the document.
    assert (f"{name}.pdf" in one) is (find_engine() is not None)


@pytest.mark.parametrize("audience", AUDIENCES[1:])
def test_the_same_command_for_another_audience_writes_the_same_bytes(audience, tmp_path):
    assert differing(*twice(tmp_path, "linear-neuron", "--audience", audience)) == []


def test_a_byte_that_differs_and_a_file_too_many_are_seen():
    one = {"a.tex": b"x", "a.html": b"y"}
    assert differing(one, {**one, "a.tex": b"X"}) == ["a.tex"]
    assert differing(one, {**one, "a.pdf": b"z"}) == ["a.pdf"]
    assert differing(one, dict(one)) == []

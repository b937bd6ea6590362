"""The wheel holds symnn, with its templates and its derivations, and installs nothing beside it."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def missing(wheel: set[str], sources: set[str]) -> set[str]:
    """Return what the wheel should hold and does not."""
    return sources - wheel


def strangers(wheel: set[str]) -> set[str]:
    """Return the names at the top of the wheel that are neither symnn nor its own description."""
    return {name.split("/")[0] for name in wheel} - {"symnn", f"symnn-{PROJECT['version']}.dist-info"}


def expected() -> set[str]:
    """Return every file that symnn needs to run, by its place in the wheel."""
    code = {path.relative_to(ROOT).as_posix() for path in (ROOT / "symnn").rglob("*.py")}
    templates = {path.relative_to(ROOT).as_posix() for path in (ROOT / "symnn/report/templates").rglob("*.j2")}
    derivations = {f"symnn/derivations/{path.name}" for path in (ROOT / "derivations").glob("*.py")}
    return code | templates | derivations | {"symnn/py.typed"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    for tool in ("build", "hatchling"):
        if importlib.util.find_spec(tool) is None:
            pytest.skip(f"{tool} is not installed")
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(  # noqa: S603 -- the build of the checkout under test
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)],
        check=True,
        capture_output=True,
        timeout=60,
    )
    (path,) = out.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


def test_everything_that_symnn_needs_is_in_the_wheel(wheel):
    assert missing(wheel, expected()) == set()


def test_nothing_else_is_installed(wheel):
    assert strangers(wheel) == set()
    assert not any(part in name for name in wheel for part in ("__pycache__", "/tests/", ".tex", ".html"))


def test_what_is_expected_is_not_nothing():
    names = expected()
    assert "symnn/derivations/or_gate.py" in names
    assert "symnn/report/templates/latex/document.j2" in names
    assert "symnn/report/templates/solution.j2" in names


def test_a_file_left_out_or_one_too_many_is_seen():
    whole = expected()
    assert missing(whole - {"symnn/py.typed"}, whole) == {"symnn/py.typed"}
    assert strangers({*whole, "derivations/or_gate.py", "tests/x.py"}) == {"derivations", "tests"}
    assert strangers({*whole, f"symnn-{PROJECT['version']}.dist-info/RECORD"}) == set()

"""`symnn report` makes a PDF where it can, says in a line how to get one where not, and never leaves half of one."""

from __future__ import annotations

import os
import stat

import pytest

from symnn.report.pdf import HINT
from tests.cli.test_cli import EQUAL, USAGE, here

REPORT = ["report", "linear-neuron", "--out", "made"]
TEXTS = ["linear-neuron.html", "linear-neuron.tex"]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def no_engine(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def failing_engine(tmp_path, monkeypatch):
    """A pdflatex that stops at line 2 of every document."""
    path = tmp_path / "bin" / "pdflatex"
    path.parent.mkdir()
    path.write_text(
        "#!/bin/sh\necho './symnn-document.tex:2: Undefined control sequence.' > symnn-document.log\nexit 1\n",
        encoding="utf-8",
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(path.parent), prepend=os.pathsep)


def written(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.tex
@pytest.mark.parametrize("asked", [[], ["--pdf"]], ids=["not asked", "asked"])
def test_a_pdf_is_made_where_there_is_an_engine(asked, tmp_path, monkeypatch):
    done = here(monkeypatch, *REPORT, *asked)
    assert (done.returncode, done.stderr) == (EQUAL, "")
    assert written(tmp_path / "made") == sorted([*TEXTS, "linear-neuron.pdf"])
    assert done.stdout.splitlines()[-1] == os.path.join("made", "linear-neuron.pdf")
    assert (tmp_path / "made" / "linear-neuron.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.tex
def test_the_same_command_gives_the_same_pdf(tmp_path, monkeypatch):
    made = []
    for zone in ("UTC", "Asia/Kathmandu"):
        monkeypatch.setenv("TZ", zone)
        (tmp_path / zone).mkdir(parents=True)
        monkeypatch.chdir(tmp_path / zone)
        assert here(monkeypatch, *REPORT).returncode == EQUAL
        made.append((tmp_path / zone / "made" / "linear-neuron.pdf").read_bytes())
    assert made[0] == made[1]


def test_none_is_made_where_none_is_wanted(tmp_path, monkeypatch, failing_engine):
    done = here(monkeypatch, *REPORT, "--no-pdf")
    assert (done.returncode, done.stderr) == (EQUAL, "")
    assert written(tmp_path / "made") == TEXTS


def test_without_an_engine_a_line_names_the_packages(tmp_path, monkeypatch, no_engine):
    done = here(monkeypatch, *REPORT)
    assert (done.returncode, done.stderr) == (EQUAL, HINT + "\n")
    assert "apt install texlive-latex-recommended texlive-pictures" in HINT
    assert written(tmp_path / "made") == TEXTS


def test_without_an_engine_and_a_wish_for_a_pdf_nothing_is_said(monkeypatch, no_engine):
    assert here(monkeypatch, *REPORT, "--no-pdf").stderr == ""


def test_a_pdf_that_cannot_be_is_an_error_before_anything_is_written(tmp_path, monkeypatch, no_engine):
    done = here(monkeypatch, *REPORT, "--pdf")
    assert (done.returncode, done.stderr) == (USAGE, f"error: {HINT}\n")
    assert not (tmp_path / "made").exists()


def test_where_tex_fails_the_texts_are_there_whole_and_the_error_is_readable(tmp_path, monkeypatch, failing_engine):
    done = here(monkeypatch, *REPORT)
    assert done.returncode == USAGE
    assert written(tmp_path / "made") == TEXTS
    here(monkeypatch, "report", "linear-neuron", "--out", "again", "--no-pdf")
    for name in TEXTS:
        assert (tmp_path / "made" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    lines = done.stderr.splitlines()
    assert lines[0] == "error: pdflatex cannot set linear-neuron.tex: Undefined control sequence."
    assert lines[1].split() == ["where", "linear-neuron.tex,", "line", "2"]
    assert [line.split()[0] for line in lines[2:]] == [
        "source",
        "do",
        "made/linear-neuron.tex",
        "made/linear-neuron.pdf",
    ]
    assert lines[-1].endswith("not made")


def test_where_tex_fails_the_pdf_of_an_earlier_run_stays_and_is_called_that(tmp_path, monkeypatch, failing_engine):
    here(monkeypatch, *REPORT)
    (tmp_path / "made" / "linear-neuron.pdf").write_bytes(b"%PDF-of yesterday")
    done = here(monkeypatch, *REPORT)
    assert done.returncode == USAGE
    assert done.stderr.splitlines()[-1].endswith("of an earlier run, and not of this text")
    assert (tmp_path / "made" / "linear-neuron.pdf").read_bytes() == b"%PDF-of yesterday"


def test_the_help_says_what_becomes_of_the_pdf(monkeypatch):
    # Where the terminal is a plain one, the help stands in a frame.
    said = " ".join(here(monkeypatch, "report", "--help").stdout.replace("│", " ").split())
    for part in (
        "--no-pdf",
        "by default where pdflatex is installed",
        "If TeX finds an error, the LaTeX and the page are",
    ):
        assert part in said

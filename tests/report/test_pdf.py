"""A PDF is made without a shell or other files, within limits, the same everywhere; an error is one readable text."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time

import pytest

from symnn.errors import InputError, SymnnError
from symnn.library import load
from symnn.report.pdf import HINT, TypesettingError, find_engine, pdf_of, typeset
from symnn.report.solution import report_files
from symnn.report.texlog import first_error
from tests.report.tex import ALLOWED, complaints, document, require_pdflatex

SECRET = "XSECRETX"  # noqa: S105 -- a word to look for


@pytest.fixture
def engine():
    require_pdflatex()


def made(body, **limits):
    """Typeset the body of a document of the name mine.tex."""
    return typeset({"mine.tex": document(body).encode()}, "mine.tex", **limits)


def refused(body, **limits):
    """Return the text of the error that the body of a document makes."""
    with pytest.raises(TypesettingError) as caught:
        made(body, **limits)
    return str(caught.value)


def imposter(folder, monkeypatch, script):
    """Put a program of our own in the place of pdflatex."""
    path = folder / "pdflatex"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


# The engine


def test_without_an_engine_the_error_names_the_packages_in_a_line(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert find_engine() is None
    with pytest.raises(SymnnError, match="texlive-latex-recommended texlive-pictures") as caught:
        pdf_of({"mine.tex": b""}, "mine.tex")
    assert "\n" not in str(caught.value) == HINT


def test_a_document_becomes_a_pdf_in_one_pass(engine):
    done = made("Hello")
    assert done.pdf.startswith(b"%PDF-")
    assert (done.passes, complaints(done.log)) == (1, ())


def test_references_are_settled_by_further_passes(engine):
    done = made(r"See page \pageref{there}.\newpage Here.\label{there}")
    assert (done.passes, complaints(done.log)) == (2, ())


def test_a_document_that_never_settles_is_refused(engine):
    grows = r"\makeatletter\ifdefined\n\else\gdef\n{}\fi \immediate\write\@auxout{\gdef\string\n{\n x}} x"
    assert "is another document after every pass" in refused(grows)


def test_a_picture_is_taken_in_from_the_files(engine):
    files = {name: content for name, content in report_files(load("or-gate-trained")).items() if "html" not in name}
    assert len(files) > 1
    assert len(pdf_of(files, "or-gate-trained.tex")) > sum(map(len, files.values()))


@pytest.mark.parametrize("name", ["../a.pdf", "/a.pdf", ".a.pdf", "a b.pdf", "a%.pdf", "", "symnn-document.tex"])
def test_a_name_that_leads_elsewhere_is_refused(name, engine):
    with pytest.raises(InputError, match="cannot name a picture"):
        pdf_of({"mine.tex": b"", name: b"x"}, "mine.tex")


@pytest.mark.parametrize("name", ["-shell-escape.tex", r"\input x.tex", "a b.tex", "%.tex", "猫.tex", '"|ls".tex'])
def test_the_name_of_the_document_is_never_read_by_tex(name, engine):
    assert pdf_of({name: document("x").encode()}, name) == pdf_of({"mine.tex": document("x").encode()}, "mine.tex")
    with pytest.raises(TypesettingError) as caught:
        pdf_of({name: document(r"\no").encode()}, name)
    assert f"cannot set {name}: Undefined control sequence" in str(caught.value)


# The fence

READS = {
    "input": r"\input{%s}",
    "input, as a primitive": r"\makeatletter\@@input %s ",
    "read": r"\openin1=%s \ifeof1 \else\read1 to\x \typeout{\x}\fi",
    "a dump": r"\typeout{\pdffiledump length 20 {%s}}\pdffiledump length 20 {%s}",
    "a picture": r"\pdfximage{%s}",
    "a pipe": r'\input{|"cat %s"}',
}


def outcome(body, **files):
    """Return all that a run lets out: the log and the PDF, or the error."""
    try:
        done = typeset({"mine.tex": document(body).encode(), **files}, "mine.tex")
    except TypesettingError as error:
        return str(error)
    return done.log + done.pdf.decode("latin-1")


def holds_the_secret(text):
    return SECRET in text or SECRET.encode().hex().upper() in text


@pytest.mark.parametrize("how", READS)
def test_a_file_outside_is_not_read(how, engine, tmp_path):
    (tmp_path / "secret.txt").write_text(SECRET, encoding="utf-8")
    body = READS[how].replace("%s", str(tmp_path / "secret.txt"))
    assert not holds_the_secret(outcome("x " + body))


@pytest.mark.parametrize("how", ["input", "input, as a primitive", "read", "a dump"])
def test_the_same_file_inside_would_be_seen(how, engine):
    body = "x " + READS[how].replace("%s", "secret.txt")
    said = SECRET if "dump" in how else rf"\typeout{{{SECRET}}}"
    assert holds_the_secret(outcome(body, **{"secret.txt": said.encode()}))


WRITES = {
    "a shell": r"\immediate\write18{touch %s}",
    "a pipe": r'\immediate\openout1="|touch %s"\immediate\write1{x}',
    "an absolute path": r"\immediate\openout1=%s \immediate\write1{x}",
}


@pytest.mark.parametrize("how", WRITES)
def test_nothing_is_written_outside(how, engine, tmp_path):
    outcome("x " + WRITES[how].replace("%s", str(tmp_path / "made.txt")))
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_ones_own_tex_tree_is_not_read(engine, tmp_path, monkeypatch):
    for home in (tmp_path / "texmf" / "tex" / "latex", tmp_path):
        home.mkdir(parents=True, exist_ok=True)
        (home / "mine.sty").write_text(rf"\typeout{{{SECRET}}}", encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TEXMFHOME", str(tmp_path / "texmf"))
    monkeypatch.setenv("TEXINPUTS", f"{tmp_path}:")
    monkeypatch.chdir(tmp_path)
    assert SECRET not in refused(r"\makeatletter\@@input mine.sty ")
    ordinary = subprocess.run(  # noqa: S603 -- what pdflatex does without the fence
        [require_pdflatex(), "-interaction=nonstopmode", r"\input{mine.sty}\stop"], capture_output=True, check=False
    )
    assert SECRET.encode() in ordinary.stdout


def test_nothing_is_left_behind(engine, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made("x")
    refused(r"\no")
    refused(r"\def\x{\x}\x", seconds=0.3)
    assert list(tmp_path.iterdir()) == []


# The limits

FOREVER = {
    "a loop": (r"\def\x{\x}\x", "took too long"),
    "pages": (r"\def\x{a\newpage\x}\x", "wrote more than it may"),
    "the log": (r"\def\x{\immediate\write-1{aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}\x}\x", "wrote more than it may"),
    "a file": (r"\immediate\openout1=f \def\x{\immediate\write1{aaaaaaaaaaaaaaa}\x}\x", "wrote more than it may"),
    "many files": (
        r"\count1=0 \def\y{aaaaaaaaaa}\edef\y{\y\y\y\y\y\y\y\y\y\y}\edef\y{\y\y\y\y\y\y\y\y\y\y}"
        r"\def\x{\advance\count1 by 1"
        r"\immediate\openout1=f\the\count1.x \immediate\write1{\y\y\y\y\y\y\y\y}\immediate\closeout1 \x}\x",
        "wrote more than it may",
    ),
    "memory": (r"\def\y{a}\def\x{\edef\y{\y\y}\x}\x", "TeX capacity exceeded"),
}


@pytest.mark.parametrize(("body", "said"), FOREVER.values(), ids=FOREVER)
def test_what_has_no_end_is_stopped(body, said, engine):
    start = time.monotonic()
    # The loop is given little time, so that the test is short; the others must not depend on it.
    text = refused(body, seconds=1 if "long" in said else 60, megabytes=2)
    assert said in text
    assert "  do " in text
    assert time.monotonic() - start < 55


def test_every_process_of_a_run_is_ended(tmp_path, monkeypatch):
    imposter(tmp_path, monkeypatch, f"sleep 300 & echo $! > {tmp_path}/kin; echo $$ > {tmp_path}/self; sleep 300")
    assert "took too long" in refused("x", seconds=1)
    for name in ("kin", "self"):
        assert is_ended(int((tmp_path / name).read_text(encoding="utf-8")))
    assert not is_ended(os.getpid())


def is_ended(pid):
    """Wait a moment for a process to be gone, or a zombie that nobody has waited for."""
    for _ in range(100):
        state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S603, S607
        if not state.stdout.strip() or state.stdout.startswith("Z"):
            return True
        time.sleep(0.02)
    return False


def test_the_run_may_not_ask_for_all_memory(tmp_path, monkeypatch):
    imposter(tmp_path, monkeypatch, "ulimit -v; ulimit -f; ulimit -c; exit 1")
    if subprocess.run(["/bin/sh", "-c", "ulimit -v 1000000"], check=False, capture_output=True).returncode:
        pytest.skip("this system does not limit address space")
    assert "0 (status 1)" in refused("x")
    imposter(
        tmp_path, monkeypatch, 'test "$(ulimit -v)" -le 1048576 && test "$(ulimit -f)" -le 4096 && echo held; exit 1'
    )
    assert "held (status 1)" in refused("x", megabytes=2)


def test_the_environment_is_clean(tmp_path, monkeypatch):
    monkeypatch.setenv("MY_TOKEN", SECRET)
    imposter(tmp_path, monkeypatch, 'echo "$MY_TOKEN|$openin_any|$openout_any|$TZ|$LC_ALL|$SOURCE_DATE_EPOCH"; exit 1')
    assert "|p|p|UTC|C|0 (status 1)" in refused("x")


# Determinism

PLACES = {
    "a time zone": {"TZ": "Asia/Kathmandu"},
    "a locale": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    "a clock": {"SOURCE_DATE_EPOCH": "1700000000", "FORCE_SOURCE_DATE": "0"},
    "settings of TeX": {"max_print_line": "40", "TEXMFOUTPUT": "/nonexistent", "TEXINPUTS": "/nonexistent:"},
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_the_bytes_are_the_same_elsewhere(place, engine, tmp_path, monkeypatch):
    files = {"mine.tex": document(r"\today\ \jobname").encode()}
    here = pdf_of(files, "mine.tex")
    folder = tmp_path / "a place with a longer name"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.chdir(folder)
    for key, value in place.items():
        monkeypatch.setenv(key, value)
    assert pdf_of(files, "mine.tex") == here


def by_hand(files, name, folder, epoch):
    """Run pdflatex as a reader would, without any care."""
    folder.mkdir()
    for other, content in files.items():
        (folder / other).write_bytes(content)
    command = [require_pdflatex(), "-interaction=nonstopmode", name]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": epoch}
    subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True, timeout=60)  # noqa: S603
    return (folder / name).with_suffix(".pdf").read_bytes()


@pytest.mark.tex
def test_a_reader_who_runs_pdflatex_on_a_report_gets_the_same_bytes_whenever_and_wherever(tmp_path):
    files = {name: content for name, content in report_files(load("or-gate-trained")).items() if "html" not in name}
    times = {"one": "0", "another one": "1700000000"}
    documents = {by_hand(files, "or-gate-trained.tex", tmp_path / folder, at) for folder, at in times.items()}
    assert len(documents) == 1
    assert documents == {pdf_of(files, "or-gate-trained.tex")}


@pytest.mark.tex
def test_a_document_without_these_switches_would_differ(tmp_path):
    files = {"mine.tex": document("x").encode()}
    assert by_hand(files, "mine.tex", tmp_path / "one", "0") != by_hand(
        files, "mine.tex", tmp_path / "two", "1700000000"
    )


# Errors: the body of a document, of which line 6 is the first, and what the message says.

ERRORS = {
    "an unknown command": (r"x \nonsense y", ["line 6", r"Undefined control sequence", r"source     x \nonsense y"]),
    "how far it was read": (r"x \nonsense y", [r"read till  x \nonsense" + "\n"]),
    "an unknown command, further down": ("a\n\nb\n" + r"\no", ["line 9", r"source     \no"]),
    "a missing package": (
        r"\makeatletter\input{nothing.sty}",
        ["`nothing.sty' not found", "do         install what is missing"],
    ),
    "a missing picture": (r"\pdfximage{nothing.pdf}", ["cannot find image file nothing.pdf", "put the picture beside"]),
    "a character that LaTeX lacks": (
        "猫 x",
        ["Unicode character 猫 (U+732B) not set up", "source     猫 x", "as text"],
    ),
    "a brace too many": ("x}}", ["Too many }'s", "line 6"]),
    "a brace too few": (r"\textbf{x", ["mine.tex", "do "]),
    "no end": (r"\begin{center} x", [r"\begin{center} on input line 6 ended by \end{document}"]),
    "mathematics in text": ("a_b", ["Missing $ inserted", "source     a_b"]),
    "no page": (r"\relax", ["No pages of output.", "something to show"]),
    "two superscripts": ("$a^b^c$", ["Double superscript", "line 6"]),
    "a message in several lines": (
        r"\makeatletter\@latex@error{One\MessageBreak two\MessageBreak three}\@ehc",
        ["LaTeX Error: One two three"],
    ),
    "a control character": ("x \x1b[31m\\no", ["[U+001B][31m"]),
    "a line of ten thousand characters": ("x" * 10_000 + r"\no", ["x ...\n"]),
}


@pytest.mark.parametrize(("body", "said"), ERRORS.values(), ids=ERRORS)
def test_an_error_is_distilled(body, said, engine):
    text = refused(body)
    assert text.startswith("pdflatex cannot set mine.tex: ")
    for part in said:
        assert part in text
    assert "symnn-document" not in text
    assert len(text.splitlines()) <= 6
    assert max(map(len, text.splitlines())) < 240
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", text)


def test_a_tex_without_its_formats_is_told_to_be_installed(tmp_path, monkeypatch):
    imposter(tmp_path, monkeypatch, "echo \"! I can't find the format file \\`pdflatex.fmt'!\"; exit 1")
    assert "install LaTeX again" in refused("x")


def test_a_tex_that_says_nothing_is_an_error_all_the_same(tmp_path, monkeypatch):
    imposter(tmp_path, monkeypatch, "exit 0")
    assert "it said nothing (status 0)" in refused("x")


@pytest.mark.parametrize("name", ["xelatex", "lualatex", "tectonic"])
def test_no_other_engine_is_run(name, tmp_path, monkeypatch):
    (tmp_path / name).write_text("#!/bin/sh\n", encoding="utf-8")
    (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which(name)
    assert find_engine() is None


# Complaints: the body of a document, and how its complaints begin.

COMPLAINTS = {
    "nothing": ("x", []),
    "a box that nobody sees": (r"\hbox to 0pt{\kern9.9pt}", []),
    "a box that is too wide": (r"\hbox to 0pt{\kern10.1pt}", ["Overfull \\hbox (10.1pt too wide)"]),
    "a box that is too high": (r"\vbox to 0pt{\kern10.1pt}", ["Overfull \\vbox (10.1pt too high)"]),
    "an undefined reference": (
        r"x \ref{nothing}",
        ["LaTeX Warning: Reference `nothing' on page 1 undefined", "LaTeX Warning: There were undefined references"],
    ),
    "a label twice": (
        r"x\label{a}\label{a}",
        ["LaTeX Warning: Label `a' multiply", "LaTeX Warning: There were multiply"],
    ),
    "a character without a glyph": (r"\tracinglostchars=1\char200", ["Missing character: There is no"]),
}


@pytest.mark.parametrize(("body", "begins"), COMPLAINTS.values(), ids=COMPLAINTS)
def test_what_a_log_complains_of_is_offered(body, begins, engine):
    found = complaints(made(body).log)
    assert len(found) == len(begins)
    assert all(one.startswith(begin) for one, begin in zip(found, begins, strict=True))


def test_a_log_of_nothing_has_neither_error_nor_complaint():
    assert first_error("") is None
    assert complaints("") == ()
    assert complaints(f"Overfull \\hbox ({ALLOWED}pt too wide) in x") == ()

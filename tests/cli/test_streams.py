"""Screens, pipes and disks as they may be: not UTF-8, closed, full, or with a reader that has gone."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import pytest

from symnn.cli import main, screen
from symnn.cli.encoding import PLAIN, bear_any_text, plain
from symnn.cli.streams import READER_GONE, open_streams
from tests.cli.test_cli import COMMANDS as COMMANDS_OF
from tests.cli.test_cli import DIFFERENT, EQUAL, GRADIENT, USAGE, target

# What is run, and its status; each prints signs that ASCII has not.
COMMANDS = {
    "derive": (("derive", "or-gate"), EQUAL),
    "verify": (("verify", "mine.py"), DIFFERENT),
    "an error": (("verify", "nöwhere.py"), USAGE),
    "help": (("--help",), EQUAL),
    "usage": (("verify", "mine.py", "--points", "−1"), USAGE),
}
ENCODINGS = ("ascii", "cp437")


def run_in(monkeypatch, folder, arguments, make):
    """Run the command line in this process with streams of one's own; return its status and what was written."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["symnn", *arguments])
    monkeypatch.setenv("COLUMNS", "200")
    streams = make(), make()
    monkeypatch.setattr(sys, "stdout", streams[0])
    monkeypatch.setattr(sys, "stderr", streams[1])
    with pytest.raises(SystemExit) as left:
        main()
    for console in (screen.out, screen.err):
        # What a stream did not take would come out at the next command of this process.
        console._buffer.clear()
    return left.value.code, streams


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(("arguments", "status"), COMMANDS.values(), ids=COMMANDS)
def test_every_command_prints_in_every_encoding(tmp_path, monkeypatch, arguments, status, encoding):
    target(tmp_path, GRADIENT, GRADIENT.replace("(1 -", "-(1 -"))
    left, streams = run_in(
        monkeypatch, tmp_path, arguments, lambda: io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict")
    )
    assert left == status
    written = b"".join(stream.buffer.getvalue() for stream in streams).decode(encoding)
    assert written
    assert "Traceback" not in written
    assert "fault of symnn" not in written


def test_a_mark_in_ascii_is_never_that_of_undecided(tmp_path, monkeypatch):
    target(tmp_path, GRADIENT, GRADIENT.replace("(1 -", "-(1 -"))
    _, (out, _) = run_in(
        monkeypatch, tmp_path, ("verify", "mine.py"), lambda: io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    )
    assert "\n  x w  (2,)  differs at w[" in out.buffer.getvalue().decode("ascii")
    assert "?" not in "".join(PLAIN.values())


def test_what_stands_for_a_sign_is_ascii_and_no_sign_is():
    assert all(text.isascii() and text and not sign.isascii() for sign, text in PLAIN.items())


def test_a_name_that_is_no_text_is_printed_by_its_bytes():
    assert plain("\udcff") == r"\udcff"
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="surrogateescape")
    bear_any_text(stream)
    stream.write("−")
    stream.flush()
    assert stream.buffer.getvalue() == b"-"


class Broken(io.StringIO):
    """A stream that cannot take anything."""

    def __init__(self, error):
        super().__init__()
        self.error = error

    def write(self, text):
        raise self.error

    def flush(self):
        raise self.error

    def fileno(self):
        raise io.UnsupportedOperation


@pytest.mark.parametrize(
    "arguments", [("derive", "or-gate"), ("verify", "mine.py"), ("--help",), ("verify", "none.py")]
)
def test_a_full_disk_is_no_verdict(tmp_path, monkeypatch, arguments):
    target(tmp_path)
    full = OSError(28, "No space left on device")
    left, _ = run_in(monkeypatch, tmp_path, arguments, lambda: Broken(full))
    assert left == USAGE


@pytest.mark.parametrize(
    "arguments",
    [
        ("derive", "or-gate"),
        ("verify", "mine.py", "--format", "json"),
        ("list",),
        ("list", "--json"),
        ("--version",),
        ("--help",),
        ("verify", "--help"),
        ("--nothing",),
    ],
    ids=" ".join,
)
def test_a_reader_that_has_gone_is_no_verdict(tmp_path, monkeypatch, arguments):
    target(tmp_path)
    monkeypatch.setattr(COMMANDS_OF, "names", lambda: ())
    left, _ = run_in(monkeypatch, tmp_path, arguments, lambda: Broken(BrokenPipeError(32, "Broken pipe")))
    assert left == READER_GONE


@pytest.mark.parametrize(
    ("arguments", "status"), [(("verify", "mine.py", "--format", "json"), EQUAL), (("--nothing",), USAGE)]
)
def test_closed_streams_are_no_fault(tmp_path, monkeypatch, arguments, status):
    target(tmp_path)
    left, _ = run_in(monkeypatch, tmp_path, arguments, lambda: None)
    sys.stdout.close(), sys.stderr.close()
    assert left == status


@pytest.mark.skipif(os.name == "nt", reason="a pipe of Unix")
@pytest.mark.parametrize("arguments", [("verify", "mine.py"), ("--help",)], ids=" ".join)
def test_a_pipe_that_is_closed_early_ends_a_command_quietly(tmp_path, arguments):
    target(tmp_path)
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(  # noqa: S603 -- the command line under test
            [sys.executable, "-m", "symnn", *arguments],
            cwd=tmp_path,
            stdout=writer,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (READER_GONE, b"")


def test_a_stream_that_is_read_is_as_it_was(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    open_streams()
    once = sys.stdout
    open_streams()
    assert sys.stdout is once
    once.write("a")
    once.writelines(["b", "c"])
    once.flush()
    assert (once.getvalue(), once.isatty()) == ("abc", False)

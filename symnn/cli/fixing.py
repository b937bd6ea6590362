"""Writing the edits that make a gradient right into its file: shown first, asked for, and all at once or not at all."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from symnn.edits import Source, all_applied, lines_changed
from symnn.errors import InputError, aligned
from symnn.report.files import new_files, put
from symnn.verification.evidence import Mistake

NEWLINES = ("\r\n", "\r", "\n")
"""Ends of lines; a file has the first that it holds."""


def fixed(file: Path, mistakes: Sequence[Mistake]) -> bytes:
    """Return what a file is to hold with the edits that mend mistakes, in its encoding and with its ends of lines.

    Raises InputError where the lines of a mistake are others by now.
    """
    try:
        raw = file.read_bytes()
        encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
        whole = raw.decode(encoding)
    except (OSError, SyntaxError, UnicodeDecodeError) as problem:
        raise InputError(f"cannot read {file}: {problem}") from problem
    end = next((one for one in NEWLINES if one in whole), "\n")
    # Places are counted with one character for the end of a line.
    places = [k for k, one in enumerate(whole) if not (one == "\n" and k and whole[k - 1] == "\r")] + [len(whole)]
    plain = Source(str(file), "".join("\n" if whole[k] == "\r" else whole[k] for k in places[:-1]))
    for one in mistakes:
        there = lines_changed(plain, one.change)[0] if one.change.end <= len(plain.text) else ""
        if there != one.code[0]:
            rows = aligned([("was", one.code[0]), ("is", there)])
            raise InputError(f"line {one.line} of {file} has changed since it was checked: nothing is written\n{rows}")
    own = [
        replace(edit, start=places[edit.start], end=places[edit.end], text=edit.text.replace("\n", end))
        for edit in (one.change for one in mistakes)
    ]
    return all_applied(whole, own).encode(encoding)


def contents_of(checked: Path, mistakes: Sequence[Mistake]) -> dict[Path, bytes]:
    """Return the new contents of the files that mistakes are in, beside a file that was checked, or below.

    Raises InputError: where the code itself says that it is written must not lead anywhere else.
    """
    files = dict.fromkeys(one.file for one in mistakes)
    folder = checked.resolve().parent
    for file in files:
        if not Path(file).resolve().is_relative_to(folder):
            raise InputError(f"{file} is not in the folder of {checked}: nothing is written")
    return {Path(file): fixed(Path(file), [one for one in mistakes if one.file == file]) for file in files}


def write_all(contents: Mapping[Path, bytes]) -> None:
    """Replace files by new contents, those of one folder all or none, with the rights that they have.

    Raises InputError.
    """
    by_folder: dict[Path, dict[Path, bytes]] = {}
    for file, content in contents.items():
        real = file.resolve()
        by_folder.setdefault(real.parent, {})[real] = content
    for folder, own in by_folder.items():
        with new_files(folder, lambda path: True) as staged:
            for real, content in own.items():
                put(staged, real.name, content)
                (staged / real.name).chmod(real.stat().st_mode & 0o7777)

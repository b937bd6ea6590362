"""The files of a set of variants: sheets, keys, exports, index and stress report, written whole or not at all."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version as installed
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any

from symnn.errors import InputError, aligned
from symnn.exam.collecting import rarely_collected
from symnn.exam.exports import EXPORTS
from symnn.exam.key import key
from symnn.exam.key_json import key_json
from symnn.exam.model import Answer, ProblemSet, Solved, Variant
from symnn.exam.reading import read_problem_set
from symnn.exam.sheets import KINDS, sheet
from symnn.exam.stress import Stress, Stressing, Tally
from symnn.exam.stress_report import told
from symnn.exam.variants import Maker, variants
from symnn.exam.wording import Wordings, checked, counted
from symnn.library import Point
from symnn.pools import pool_of
from symnn.report.files import names_in, new_folder, put
from symnn.report.pdf import pdf_of
from symnn.report.render import render

SHEETS, KEYS, EXPORTED = "sheets", "keys", "exports"
"""The folders of what is handed out, of what is not, and of what goes elsewhere."""
OVERVIEW = ("index.html", "index.csv", "stress.txt")
"""The files beside those folders: the variants as a page and as a list, and what the stress test found."""
SUMS = "SHA256SUMS"
"""The list of all files with their digests: what tells the folder of an earlier run, and two runs that are the same."""
FEW = 100
"""Up to so many variants have pages too, if no format is asked for."""


@dataclass(frozen=True)
class Wanted:
    """What is to be made of a problem file with ``count`` variants: in which formats, and by how many processes.

    ``only`` is the number of the one variant that is made, None for all; ``exports`` are names of the table of exports.
    With ``pdf`` the LaTeX files are typeset.
    """

    count: int
    seed: int
    only: int | None = None
    formats: tuple[str, ...] = tuple(KINDS)
    exports: tuple[str, ...] = ()
    pdf: bool = False
    jobs: int = 1

    def command(self, name: str) -> str:
        """Return the command that makes the same again, of a problem file by its name."""
        only = f" --only {self.only}" if self.only is not None else ""
        more = f" --export {','.join(self.exports)}" if self.exports else ""
        pdf = " --pdf" if self.pdf else ""
        variants = f"--variants {self.count} --seed {self.seed}"
        return f"symnn exam {name} {variants}{only} --format {','.join(self.formats)}{more}{pdf} --out DIR"


@dataclass(frozen=True)
class Row:
    """A variant in the index: its number, the ids of its problems in order, and its files by what they are."""

    number: int
    problems: tuple[str, ...]
    files: Mapping[str, str]


@dataclass(frozen=True)
class _Part:
    """What one process makes: rows of the index, what the stress test found, and variants if they are exported."""

    rows: tuple[Row, ...]
    tally: Tally
    packed: tuple[_Packed, ...]


# A variant without what cannot be sent from one process to another: its number, and for each problem its id, its
# numbers, its values and its answers.
_Packed = tuple[int, tuple[tuple[str, Point, dict[str, Any], tuple[Answer, ...]], ...]]


def write_exam(path: Path, wanted: Wanted, out: Path, *, force: bool = False) -> Stress:
    """Write everything that is wanted of a problem file into a folder, and return what the stress test found.

    The folder appears when all is written; ``force`` replaces that of an earlier run. Raises `InputError` for a folder
    that holds anything else, also one that came meanwhile, or cannot be written to, and what reading, making variants
    and typesetting raise; then nothing is left behind, and what was there is as it was.
    """
    with new_folder(out, _of_earlier_run if force else _none, _refused if force else _mixed) as staged:
        problem_set = read_problem_set(path)
        try:
            checked(problem_set)
        except InputError as error:
            raise InputError(f"{path}: {error}") from error
        return _filled(staged, path, problem_set, wanted)


def _filled(folder: Path, path: Path, problem_set: ProblemSet, wanted: Wanted) -> Stress:
    tally = Tally()
    rows: list[Row] = []
    packed: list[_Packed] = []
    for part in _parts(folder, path, wanted):
        rows += part.rows
        packed += part.packed
        tally.add(part.tally)
    made = [_unpacked(one, problem_set, wanted.seed) for one in packed]
    for name in wanted.exports:
        files = EXPORTS[name].write(problem_set, made)
        if not files:
            rows_of = [("asked for", f"{name}: {EXPORTS[name].says}"), ("do", "leave it out, or ask for what it holds")]
            raise InputError(f"no question of this set is one for {name}\n{aligned(rows_of)}")
        for file, content in files.items():
            put(folder, f"{EXPORTED}/{name}/{file}", content)
    stress = tally.result()
    digest = sha256(path.read_bytes()).hexdigest()
    for file, text in _overview(problem_set, wanted, path.name, digest, rows, stress).items():
        put(folder, file, text.encode())
    sums = (f"{sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names_in(folder))
    put(folder, SUMS, "".join(sums).encode())
    return stress


def _parts(folder: Path, path: Path, wanted: Wanted) -> Iterator[_Part]:
    first, count = (1, wanted.count) if wanted.only is None else (wanted.only, 1)
    jobs = min(wanted.jobs or os.cpu_count() or 1, count)
    if jobs <= 1:
        yield _part(folder, path, wanted, first, count)
        return
    ends = [count * job // jobs for job in range(jobs + 1)]
    firsts = [first + end for end in ends[:-1]]
    counts = [end - start for start, end in pairwise(ends)]
    with pool_of(jobs, __name__) as pool:
        try:
            yield from pool.map(_part, [folder] * jobs, [path] * jobs, [wanted] * jobs, firsts, counts)
        except BrokenProcessPool as error:
            rows = [("perhaps", "memory has run out"), ("do", "give fewer --jobs")]
            raise InputError(f"a process that made variants was ended from outside\n{aligned(rows)}") from error


def _part(folder: Path, path: Path, wanted: Wanted, first: int, count: int) -> _Part:
    """Write the files of some variants."""
    problem_set = read_problem_set(path)
    wordings = Wordings(problem_set)
    makers = [Maker(problem) for problem in problem_set.problems]
    stressing = Stressing({maker.bench.problem.id: maker.bench for maker in makers})
    rows: list[Row] = []
    packed: list[_Packed] = []
    with rarely_collected():
        for variant in variants(problem_set, count, wanted.seed, first=first, makers=makers):
            files = variant_files(wordings, variant, wanted)
            for name, content in files.items():
                put(folder, name, content)
            stressing.add(variant)
            order = tuple(one.problem.id for one in variant.problems)
            rows.append(Row(variant.number, order, {_what(name): name for name in files}))
            if wanted.exports:
                packed.append(_pack(variant))
    return _Part(tuple(rows), stressing.tally, tuple(packed))


def variant_files(wordings: Wordings, variant: Variant, wanted: Wanted) -> dict[str, bytes]:
    """Return the files of one variant by their paths: sheets, keys, and the key for machines."""
    stem = f"{wordings.problem_set.name}-{variant.number:0{len(str(wanted.count))}d}"
    files: dict[str, bytes] = {}
    for folder, name, text in ((SHEETS, stem, sheet), (KEYS, f"{stem}-key", key)):
        for kind in wanted.formats:
            files[f"{folder}/{name}.{KINDS[kind]}"] = text(wordings, variant, kind).encode()
        if wanted.pdf:
            source = f"{name}.tex"
            content = files.get(f"{folder}/{source}") or text(wordings, variant, "latex").encode()
            files[f"{folder}/{name}.pdf"] = pdf_of({source: content}, source)
    files[f"{KEYS}/{stem}-key.json"] = key_json(wordings, variant).encode()
    return files


def _what(name: str) -> str:
    """Return what a file is: a sheet or a key, and its ending."""
    return f"{'sheet' if name.startswith(SHEETS) else 'key'} {PurePosixPath(name).suffix[1:]}"


def _pack(variant: Variant) -> _Packed:
    return variant.number, tuple((one.problem.id, one.point, dict(one.values), one.answers) for one in variant.problems)


def _unpacked(packed: _Packed, problem_set: ProblemSet, seed: int) -> Variant:
    problems = {problem.id: problem for problem in problem_set.problems}
    number, parts = packed
    return Variant(
        number, seed, tuple(Solved(problems[name], point, values, answers) for name, point, values, answers in parts)
    )


def _overview(
    problem_set: ProblemSet, wanted: Wanted, file: str, digest: str, rows: Sequence[Row], stress: Stress
) -> dict[str, str]:
    """Return the index, as a page and as a list, and the stress report."""
    kinds = list(dict.fromkeys(kind for row in rows for kind in row.files))
    context = {
        "title": problem_set.title,
        "set_name": problem_set.name,
        "foot": "index",
        "audience": "instructor",
        "points": counted(problem_set.points),
        "problems": [(one.id, one.title, counted(one.points), len(one.asks)) for one in problem_set.problems],
        "rows": rows,
        "kinds": kinds,
        "shuffled": problem_set.shuffle_problems,
        "command": wanted.command(file),
        "version": installed("symnn"),
        "file": file,
        "digest": digest,
        "stress": stress,
        "exports": [(name, EXPORTS[name].says) for name in wanted.exports],
    }
    table = io.StringIO()
    lines = csv.writer(table, lineterminator="\n")
    lines.writerow(["variant", "seed", "problems", *kinds])
    for row in rows:
        lines.writerow([row.number, wanted.seed, " ".join(row.problems), *(row.files.get(kind, "") for kind in kinds)])
    return {
        "index.html": render("exam/index.j2", "html", context),
        "index.csv": table.getvalue(),
        "stress.txt": told(stress),
    }


# What stands in the place of the folder.


def _none(folder: Path) -> tuple[str, ...]:
    return ()


def _of_earlier_run(folder: Path) -> set[str]:
    """Return the names of the files in a folder that a run has written and nobody has changed."""
    sums = folder / SUMS
    if not sums.is_file():
        return set()
    listed = dict(line.partition("  ")[::-2] for line in sums.read_text("utf-8", errors="replace").splitlines())
    # Other people list digests under that name too.
    if not listed.keys() >= set(OVERVIEW):
        return set()
    places = (*OVERVIEW, SHEETS, KEYS, EXPORTED)
    return {SUMS} | {
        name
        for name, digest in listed.items()
        if name.partition("/")[0] in places
        and (folder / name).is_file()
        and sha256((folder / name).read_bytes()).hexdigest() == digest
    }


def _mixed(out: Path, names: list[str]) -> InputError:
    files = f"{len(names)} file{'' if len(names) == 1 else 's'}"
    rows = [("holds", f"{files}, such as {names[0]}"), ("do", "give another folder, or --force")]
    return InputError(f"{out} is not empty: variants of two runs are not mixed\n{aligned(rows)}")


def _refused(out: Path, names: list[str]) -> InputError:
    rows = [("among them", ", ".join(names[:3])), ("do", "move them away, or give another folder")]
    said = "holds files that no earlier run has written, or that were changed since: nothing is replaced"
    return InputError(f"{out} {said}\n{aligned(rows)}")

"""Judges of slips are scored truly: the oracle is right in everything, who says nothing in nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from benchmarks.truth import named
from benchmarks.truth.gradients import program
from benchmarks.truth.judges import Answer, Tally, by_symnn, told, unplanted
from benchmarks.truth.named import cases, judged, tables
from benchmarks.truth.slips import sampled

SILENT = Answer(False, None, None, "", 0.0)


@pytest.fixture(scope="module")
def some():
    return sampled(("svm", "vae")).slips[::4]


def tally(judge, some):
    return Tally.of(judged(judge, some, ("svm", "vae")))


def oracle(module, slip):
    return Answer(bool(slip.lines), slip.lines[0] if slip.lines else None, program(slip.program).text, "this", 1.0)


def test_who_says_nothing_finds_nothing(some):
    found = tally(lambda module, slip: SILENT, some)
    assert (found.slips, found.nothing, found.programs) == (len(some), len(some), 2)
    assert (found.found, found.lines, found.edits, found.causes, found.misleading, found.alarms) == (0,) * 6


def test_who_knows_is_right_in_everything(some):
    found = tally(oracle, some)
    assert (found.found, found.lines, found.edits, found.causes) == (len(some),) * 4
    assert (found.symptoms, found.nothing, found.misleading, found.alarms, found.median) == (0, 0, 0, 0, 1.0)


def test_who_repairs_nothing_misleads(some):
    found = tally(lambda module, slip: Answer(True, 1, slip.text, "there", 0.0), some)
    assert (found.misleading, found.edits, found.lines, found.alarms) == (len(some), 0, 0, 2)


def test_a_line_alone_misleads_where_it_is_not_the_slips(some):
    beside = tally(lambda module, slip: Answer(True, slip.lines[-1] + 1 if slip.lines else None, None, "", 0.0), some)
    assert (beside.lines, beside.misleading) == (len(some), 0)
    assert tally(lambda module, slip: Answer(True, 1, None, "", 0.0), some).misleading == len(some)


def test_a_sentence_without_a_place_is_a_symptom(some):
    assert tally(lambda module, slip: replace(SILENT, said="twice"), some).symptoms == len(some)


def test_the_table_has_a_row_for_each_program_and_the_cases_tell_what_is_left(some):
    done = judged(oracle, some, ())
    assert tables(done, lambda slip: slip.program).row_count == 3
    assert list(cases(done)) == []
    left = list(cases(judged(lambda module, slip: SILENT, some, ())))
    assert sum("NOT FOUND" in line for line in left) == len(some)
    alarmed = judged(lambda module, slip: replace(SILENT, found=True), (), ("svm",))
    assert "FALSE ALARM" in "".join(cases(alarmed))


@dataclass
class Told:
    file: str
    line: int
    start: int
    end: int
    text: str


def test_edits_are_applied_from_the_last_to_the_first(tmp_path):
    file = tmp_path / "code.py"
    file.write_text("a = b\nc = d\n")
    edits = (Told(str(file), 1, 4, 5, "beta"), Told(str(file), 2, 10, 11, "delta"), Told("elsewhere.py", 1, 0, 1, "x"))
    assert told(edits, file) == (1, "a = beta\nc = delta\n")
    assert told(edits[2:], file) == told((), file) == told(None, file) == (None, None)


def test_symnn_finds_a_slip_and_leaves_a_program_alone(some, tmp_path):
    slip = next(slip for slip in some if slip.program == "svm" and slip.shows == "values")
    assert by_symnn(slip.load(tmp_path), slip).found
    right = unplanted("svm")
    assert not by_symnn(right.load(tmp_path), right).found


def test_what_raises_is_no_finding(some, tmp_path):
    module = some[0].load(Path(tmp_path))
    module.example = lambda: ("not", "its", "arguments")
    answer = by_symnn(module, some[0])
    assert not answer.found


def test_the_command_prints_a_table(capsys, monkeypatch, some):
    monkeypatch.setattr(named, "slips", lambda: iter(some))
    monkeypatch.setattr(named, "sampled", lambda: sampled(("svm", "vae")))
    monkeypatch.setattr(named, "by_symnn", oracle)
    named.main(["--programs", "svm", "--cases"])
    assert "edit right" in capsys.readouterr().out

"""``symnn exam``: what it writes, that two runs are the same bytes, and that it never mixes or half-writes anything."""

from __future__ import annotations

import csv
import hashlib
import json
import pickle
import re
import shlex
from pathlib import Path

import pytest
import typer

from symnn.cli.app import app
from symnn.exam import writing
from symnn.exam.exports import EXPORTS, Export
from symnn.exam.reading import read_problem_set
from symnn.library import folder
from tests.cli.test_cli import DIFFERENT, USAGE, here, run
from tests.exam.quizzes import LIGHT, write
from tests.report.pages import Page
from tests.seeds import another_hash_seed

PAGE = (Path(__file__).parents[2] / "docs" / "exams.md").read_text(encoding="utf-8")
OPTIONS = [
    option
    for parameter in typer.main.get_command(app).commands["exam"].params
    for option in parameter.opts
    if option.startswith("--") and option != "--help"
]


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def exam(monkeypatch, folder, *arguments):
    out = folder / "out"
    written = write(folder, text=LIGHT)
    return here(monkeypatch, "exam", written, "--seed", 7, "--jobs", 1, "--out", out, *arguments), out


def test_every_variant_has_its_sheet_its_key_and_its_place_in_the_index(tmp_path, monkeypatch):
    done, out = exam(monkeypatch, tmp_path, "--variants", 2)
    assert (done.returncode, done.stderr) == (0, "")
    assert "no failure" in done.stdout
    written = files(out)
    pages = [f"{stem}.{kind}" for stem in ("sheets/quiz-{}", "keys/quiz-{}-key") for kind in ("tex", "html")]
    each = {name.format(number) for name in (*pages, "keys/quiz-{}-key.json") for number in (1, 2)}
    assert set(written) == each | {"index.html", "index.csv", "stress.txt", "SHA256SUMS"}
    rows = list(csv.DictReader((out / "index.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["variant"] for row in rows] == ["1", "2"]
    assert {row[name] for row in rows for name in row if " " in name} == each
    index = Page(written["index.html"].decode())
    linked = {value for tag, attributes in index.tags if tag == "a" for value in attributes.values()}
    assert linked == each | {"stress.txt"}
    sums = dict(reversed(line.split("  ")) for line in written["SHA256SUMS"].decode().splitlines())
    assert sums == {name: hashlib.sha256(text).hexdigest() for name, text in written.items() if name != "SHA256SUMS"}


def test_two_runs_are_the_same_bytes_whatever_is_around_them(tmp_path, monkeypatch):
    made = []
    other = {"PYTHONHASHSEED": another_hash_seed(), "LC_ALL": "C", "TZ": "UTC1"}
    for number, jobs in enumerate((1, 2)):
        folder = tmp_path / f"elsewhere{number}"
        folder.mkdir()
        write(folder, text=LIGHT)
        monkeypatch.chdir(folder)
        arguments = ["exam", "quiz.toml", "--variants", 2, "--seed", 7, "--jobs", jobs, "--out", f"out{number}"]
        done = run(*arguments, cwd=folder, **other) if number else here(monkeypatch, *arguments)
        assert done.returncode == 0, done.stderr
        made.append(files(folder / f"out{number}"))
    assert made[0] == made[1]


def test_one_variant_alone_is_the_same_as_among_all(tmp_path, monkeypatch):
    done, out = exam(monkeypatch, tmp_path, "--variants", 12, "--only", 2, "--format", "latex")
    assert done.returncode == 0
    alone = files(out)
    assert {name for name in alone if "/" in name} == {
        "sheets/quiz-02.tex",
        "keys/quiz-02-key.tex",
        "keys/quiz-02-key.json",
    }
    (tmp_path / "both").mkdir()
    done, both = exam(monkeypatch, tmp_path / "both", "--variants", 2, "--format", "latex")
    sheet = files(both)["sheets/quiz-2.tex"]
    assert alone["sheets/quiz-02.tex"] == sheet
    assert alone["keys/quiz-02-key.json"] == files(both)["keys/quiz-2-key.json"]
    assert b"--only 2" in alone["index.html"]


def test_the_command_in_the_index_makes_the_same_files(tmp_path, monkeypatch):
    done, out = exam(monkeypatch, tmp_path, "--variants", 1, "--format", "html", "--export", "moodle")
    assert done.returncode == 0
    shown = re.search(r"<code>symnn (exam .*?)</code>", (out / "index.html").read_text(encoding="utf-8"))[1]
    again = [part.replace("DIR", str(tmp_path / "again")) for part in shlex.split(shown)]
    monkeypatch.chdir(tmp_path)
    assert here(monkeypatch, *again).returncode == 0
    assert files(tmp_path / "again") == files(out)


def test_a_folder_that_holds_something_is_refused_and_left_as_it_was(tmp_path, monkeypatch):
    done, out = exam(monkeypatch, tmp_path, "--format", "latex")
    before = files(out)
    done, _ = exam(monkeypatch, tmp_path, "--variants", 2, "--format", "latex")
    assert done.returncode == USAGE
    assert "variants of two runs are not mixed" in done.stderr
    assert files(out) == before


def test_with_force_an_earlier_run_is_replaced_whole(tmp_path, monkeypatch):
    _, out = exam(monkeypatch, tmp_path, "--variants", 2, "--format", "latex")
    done, _ = exam(monkeypatch, tmp_path, "--variants", 1, "--format", "latex", "--force")
    assert done.returncode == 0
    assert not (out / "sheets" / "quiz-2.tex").exists()


def test_files_of_ones_own_are_never_replaced(tmp_path, monkeypatch):
    _, out = exam(monkeypatch, tmp_path, "--format", "latex")
    (out / "marks.csv").write_text("mine", encoding="utf-8")
    before = files(out)
    done, _ = exam(monkeypatch, tmp_path, "--variants", 2, "--format", "latex", "--force")
    assert done.returncode == USAGE
    assert "marks.csv" in done.stderr
    assert files(out) == before


def test_a_sheet_that_was_changed_since_is_not_replaced(tmp_path, monkeypatch):
    _, out = exam(monkeypatch, tmp_path, "--format", "latex")
    with (out / "sheets" / "quiz-1.tex").open("a", encoding="utf-8") as sheet:
        sheet.write("% a correction of mine\n")
    before = files(out)
    done, _ = exam(monkeypatch, tmp_path, "--format", "latex", "--force")
    assert done.returncode == USAGE
    assert "sheets/quiz-1.tex" in done.stderr
    assert files(out) == before


def test_a_list_of_digests_that_is_not_ours_makes_nothing_ours(tmp_path, monkeypatch):
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_bytes(b"mine")
    (out / "SHA256SUMS").write_text(f"{hashlib.sha256(b'mine').hexdigest()}  mine.txt\n", encoding="utf-8")
    before = files(out)
    done, _ = exam(monkeypatch, tmp_path, "--format", "latex", "--force")
    assert (done.returncode, files(out)) == (USAGE, before)


@pytest.mark.parametrize("options", [[], ["--force"]], ids=["plain", "with force"])
def test_a_folder_that_appears_while_variants_are_made_is_left_as_it_is(tmp_path, monkeypatch, options):
    filled = writing._filled

    def meanwhile(*given):
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "notes.txt").write_text("my own notes", encoding="utf-8")
        return filled(*given)

    monkeypatch.setattr(writing, "_filled", meanwhile)
    done, _ = exam(monkeypatch, tmp_path, "--format", "latex", *options)
    assert done.returncode == USAGE
    assert "notes.txt" in done.stderr
    assert files(tmp_path) == {"out/notes.txt": b"my own notes", "quiz.toml": LIGHT.encode()}


def test_an_export_is_written_into_a_folder_of_its_own(tmp_path, monkeypatch):
    numeric = [name for name in EXPORTS if name != "nbgrader"]
    done, out = exam(monkeypatch, tmp_path, "--format", "latex", "--export", ",".join(numeric))
    assert done.returncode == 0, done.stderr
    for name in numeric:
        assert any(file.startswith(f"exports/{name}/") for file in files(out))


def test_an_export_with_nothing_to_hold_is_an_error_and_nothing_is_written(tmp_path, monkeypatch):
    done, out = exam(monkeypatch, tmp_path, "--format", "latex", "--export", "nbgrader")
    assert done.returncode == 2
    assert "no question of this set is one for nbgrader" in done.stderr
    assert not out.exists()


def broken(*_):
    raise OSError(28, "No space left on device")


def outside(*_):
    return {"../../../escaped.txt": b""}


def test_numbers_of_a_toml_file_go_from_one_process_to_another():
    for problem in read_problem_set(folder() / "backprop-quiz.toml").problems:
        point = problem.example.point
        sent = pickle.loads(pickle.dumps(point))  # noqa: S301 -- made a line above
        assert (sent, repr(sent)) == (point, repr(point))


@pytest.mark.parametrize("write_", [broken, outside])
def test_nothing_is_left_of_a_run_that_fails(tmp_path, monkeypatch, write_):
    monkeypatch.setattr(writing, "EXPORTS", {"moodle": Export("moodle", "broken", write_)})
    done, _ = exam(monkeypatch, tmp_path, "--format", "latex", "--export", "moodle")
    assert done.returncode == USAGE
    assert [path.name for path in tmp_path.iterdir()] == ["quiz.toml"]


def test_an_answer_that_does_not_stand_the_test_gives_status_1_and_is_named(tmp_path, monkeypatch):
    class Failing(writing.Stressing):
        def add(self, variant):
            first, *others = variant.problems
            spoilt = [type(one)(**{**vars(one), "least": one.most + 1, "most": one.most + 2}) for one in first.answers]
            changed = type(first)(**{**vars(first), "answers": tuple(spoilt)})
            super().add(type(variant)(variant.number, variant.seed, (changed, *others)))

    monkeypatch.setattr(writing, "Stressing", Failing)
    done, out = exam(monkeypatch, tmp_path, "--format", "latex")
    assert done.returncode == DIFFERENT
    assert "does not hold the answer" in done.stdout
    assert "see " in done.stdout
    assert "variant 1, linear-neuron, Z1" in (out / "stress.txt").read_text(encoding="utf-8")
    assert (out / "sheets" / "quiz-1.tex").exists()


MISTAKES = {
    "a variant that there is none of": (["--variants", 2, "--only", 3], "there is no variant 3"),
    "an unknown format": (["--format", "docx"], "docx"),
    "an unknown export": (["--export", "mooodle"], "mooodle"),
    "no format": (["--format", ","], "names nothing"),
}


@pytest.mark.parametrize(("arguments", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_the_options_is_told_and_nothing_is_written(tmp_path, monkeypatch, arguments, said):
    done, out = exam(monkeypatch, tmp_path, *arguments)
    assert done.returncode == USAGE
    assert said in done.stderr
    assert not out.exists()


@pytest.mark.tex
def test_sheets_and_keys_are_typeset_if_asked_for(tmp_path, monkeypatch):
    done, out = exam(monkeypatch, tmp_path, "--format", "html", "--pdf")
    assert done.returncode == 0, done.stderr
    written = files(out)
    for name in ("sheets/quiz-1.pdf", "keys/quiz-1-key.pdf"):
        assert written[name].startswith(b"%PDF")
    assert "sheets/quiz-1.tex" not in written


@pytest.mark.parametrize("option", OPTIONS)
def test_every_option_is_told_on_the_page(option):
    assert f"`{option}`" in PAGE


def test_the_problem_file_on_the_page_is_one(tmp_path):
    path = tmp_path / "page.toml"
    path.write_text(re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)[1], encoding="utf-8")
    assert [ask.id for ask in read_problem_set(path).problems[0].asks]


def test_keys_say_which_run_they_are_of(tmp_path, monkeypatch):
    _, out = exam(monkeypatch, tmp_path, "--format", "latex")
    data = json.loads((out / "keys" / "quiz-1-key.json").read_text(encoding="utf-8"))
    assert (data["set"], data["variant"], data["seed"]) == ("quiz", 1, 7)

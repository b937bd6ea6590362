"""Marking by the keys that were printed is marking by the seed; a key that does not fit is refused with why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from symnn.errors import InputError
from symnn.exam.key_json import key_json
from symnn.exam.reading import read_problem_set
from symnn.exam.wording import Wordings
from symnn.grade import find_keys, mark_answers, parse_answers
from tests.exam.making import shared_variants
from tests.grade.lessons import ASK, HEAD

QUIZ = """
title = "Quiz"
[[problems]]
id = "neuron"
derivation = "or-gate"
title = "A neuron"
text = "A sigmoid neuron."
decimals = 3
[problems.bounds]
least = -1
most = 1
step = 0.1
fixed = ["X", "Y"]
""" + "\n".join(ASK.format(quantity=one, points=2) for one in ("A1", "L", "dW1", "W1_new"))

ROWS = "".join(
    f"s{number},{number},{question},{value}\n"
    for number in (1, 2)
    for question, value in (
        ("L", "0.125"),
        ("A1", '"0.5 0.5 0.5 0.5"'),
        ("dW1", '"[-0.1, 0.2]"'),
        ("W1-new-1-1", "0.3"),
    )
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("quiz")
    (path / "quiz.toml").write_text(QUIZ, encoding="utf-8")
    (path / "keys").mkdir()
    problem_set = read_problem_set(path / "quiz.toml")
    wordings = Wordings(problem_set)
    for variant in shared_variants(problem_set, 2, 5):
        (path / "keys" / f"quiz-{variant.number}-key.json").write_text(key_json(wordings, variant), encoding="utf-8")
    return path


def marked(folder: Path, problem: Path | None = None, rows: str = ROWS):
    problem_set = read_problem_set(problem or folder / "quiz.toml")
    return mark_answers(problem_set, parse_answers((HEAD + rows).encode()), keys=find_keys(folder, problem_set))


def test_marks_by_keys_are_those_by_the_seed(folder):
    problem_set = read_problem_set(folder / "quiz.toml")
    by_seed = mark_answers(problem_set, parse_answers((HEAD + ROWS).encode()), 5)
    assert marked(folder) == by_seed
    assert by_seed.listed == ()


def test_a_variant_without_a_key_is_listed_and_the_others_are_marked(folder):
    found = marked(folder, rows=ROWS + "s3,3,L,1\ns3,3,A1,1 2 3 4\n")
    assert [(one.line, one.what) for one in found.listed] == [
        (line, "variant 3 cannot be marked: there is no key of variant 3") for line in (10, 11)
    ]
    assert [sheet.student for sheet in found.sheets] == ["s1", "s2"]


def changed(folder: Path, tmp_path: Path, change) -> Path:
    """The keys with one thing changed in the first."""
    (tmp_path / "keys").mkdir()
    for path in sorted((folder / "keys").iterdir()):
        held = json.loads(path.read_text(encoding="utf-8"))
        if held["variant"] == 1:
            change(held)
        (tmp_path / "keys" / path.name).write_text(json.dumps(held), encoding="utf-8")
    (tmp_path / "quiz.toml").write_text(QUIZ, encoding="utf-8")
    return tmp_path


def answer(held: dict, at: int = 0) -> dict:
    return held["problems"][0]["questions"][0]["answers"][at]


CHANGES = {
    "another format": lambda held: held.update(format="symnn-exam-key/9"),
    "another set": lambda held: held.update(set="other"),
    "another variant": lambda held: held.update(variant=2),
    "another number given": lambda held: held["problems"][0]["given"].update(W1=[["1/7", "1/7"]]),
    "another shape": lambda held: held["problems"][0]["given"].update(W1=[["1/7"]]),
    "another answer": lambda held: answer(held).update(exact="3"),
    "an interval elsewhere": lambda held: answer(held).update(least="5", most="6"),
    "text for a number": lambda held: answer(held).update(exact="1+1"),
    "a float": lambda held: answer(held).update(exact=0.5),
    "a number without end": lambda held: answer(held).update(least="-" + "9" * 5000),
    "an answer missing": lambda held: held["problems"][0]["questions"].pop(),
    "an answer too many": lambda held: held["problems"][0]["questions"][0]["answers"].append(
        {**answer(held), "id": "Q-9"}
    ),
    "another learning rate": lambda held: held["problems"][0].update(learning_rate="7"),
    "no problems": lambda held: held.update(problems=None),
    "a mistake that is not there": lambda held: answer(held)["wrong"].append(
        {"mistake": 999, "value": "1", "shown": "1"}
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_key_that_does_not_fit_marks_nobody(what, folder, tmp_path):
    found = marked(changed(folder, tmp_path, CHANGES[what]))
    assert {one.line for one in found.listed} == {2, 3, 4, 5}
    assert all(one.what.startswith("variant 1 cannot be marked: ") for one in found.listed)
    assert [sheet.student for sheet in found.sheets] == ["s2"]


@pytest.mark.parametrize("content", ["", "[]", "{", "[" * 100_000, "\x00"])
def test_a_key_that_is_no_json_marks_nobody(content, folder, tmp_path):
    path = changed(folder, tmp_path, lambda held: None)
    (path / "keys" / "quiz-1-key.json").write_text(content, encoding="utf-8")
    assert [sheet.student for sheet in marked(path).sheets] == ["s2"]


def test_a_folder_without_keys_is_refused(tmp_path, folder):
    problem_set = read_problem_set(folder / "quiz.toml")
    with pytest.raises(InputError, match="holds no keys"):
        find_keys(tmp_path, problem_set)
    with pytest.raises(InputError, match="cannot read"):
        find_keys(tmp_path / "none", problem_set)


def test_a_folder_with_the_keys_of_another_set_is_refused(tmp_path, folder):
    other = tmp_path / "midterm.toml"
    other.write_text(QUIZ, encoding="utf-8")
    with pytest.raises(InputError, match="holds no keys of this set") as caught:
        find_keys(folder, read_problem_set(other))
    assert "keys of quiz" in str(caught.value)
    assert "midterm" in str(caught.value)


def test_a_key_that_does_not_fit_says_why(folder, tmp_path):
    found = marked(changed(folder, tmp_path, CHANGES["another learning rate"]))
    (what,) = {one.what for one in found.listed}
    assert what.endswith("does not fit the problem file: it has another learning rate")

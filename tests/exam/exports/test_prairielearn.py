"""A PrairieLearn question, run as its documentation says, draws its variants and marks as the key does."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from fractions import Fraction
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema
import pytest

from symnn.exam import Variant
from symnn.exam.exports import EXPORTS
from tests.exam.exports.marked_back import HOSTILE, Key, Mark, answers, disagreements, hostile, made, small

RUNNER = Path(__file__).with_name("prairielearn_runner.py")
SERVER = "backprop-quiz-two-three-two/server.py"
# What the published schema of info.json requires of it, and all that it allows of what is written here.
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["uuid", "type", "title", "topic"],
    "properties": {
        "uuid": {"type": "string", "pattern": "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"},
        "type": {"enum": ["Calculation", "MultipleChoice", "Checkbox", "File", "MultipleTrueFalse", "v3"]},
        "title": {"type": "string"},
        "topic": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "gradingMethod": {"enum": ["Internal", "External", "Manual"]},
        "singleVariant": {"type": "boolean"},
        "partialCredit": {"type": "boolean"},
    },
}
# The attributes of the element that are documented and used here.
ATTRIBUTES = {"answers-name", "label", "display", "show-help-text", "placeholder", "size"}
TAGS = {"p", "ul", "li", "table", "tbody", "tr", "td", "pl-question-panel", "pl-number-input"}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(EXPORTS["prairielearn"].write(*made()), tmp_path_factory.mktemp("course"))


def written(files: Mapping[str, bytes], folder: Path) -> Path:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def run(folder: Path, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    command = [sys.executable, "-I", str(RUNNER), str(folder)]
    # The command is this Python and a file of ours.
    done = subprocess.run(  # noqa: S603
        command, input=json.dumps(requests), capture_output=True, text=True, check=True, timeout=120
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def seeds(folder: Path, upto: int) -> dict[int, int]:
    """A seed for every variant of a question."""
    drawn = run(folder, [{"seed": seed, "submitted": {}} for seed in range(upto)])
    return {one["params"]["variant"]: seed for seed, one in enumerate(drawn)}


def read(course: Path, variants: tuple[Variant, ...]) -> dict[Key, Mark]:
    """Marks of everything that is asked, each typed text marked when it is asked for the first time, all at once."""
    found: dict[Key, Mark] = {}
    for folder in sorted(course.iterdir()):
        problem = folder.name.removeprefix("backprop-quiz-")
        drawn = seeds(folder, len(variants))
        assert sorted(drawn) == [one.number for one in variants]
        names = json.loads((folder / "variants.json").read_text(encoding="utf-8"))
        asked: list[tuple[Key, str]] = []
        marks: dict[tuple[Key, str], tuple[Fraction, str]] = {}
        for one in names:
            keys = {(one["number"], problem, name): marker(marks, asked) for name in one["answers"]}
            found |= {key: mark(key) for key, mark in keys.items()}
        # Twice: what is typed is known after the first time.
        own = {key: mark for key, mark in found.items() if key[1] == problem}
        if {key for key, _ in answers(variants) if key[1] == problem} == set(own):
            list(disagreements_of(variants, problem, own))
        sheets: dict[tuple[int, int], dict[str, str]] = {}
        for key, text in dict.fromkeys(asked):
            # The next sheet of this variant on which this number is not given yet.
            place = next(place for place in count() if key[2] not in sheets.get((key[0], place), {}))
            sheets.setdefault((key[0], place), {})[key[2]] = text
        graded = run(folder, [{"seed": drawn[number], "submitted": sheet} for (number, _), sheet in sheets.items()])
        for ((number, _), sheet), data in zip(sheets.items(), graded, strict=True):
            for name, text in sheet.items():
                part = data["partial_scores"][name]
                marks[(number, problem, name), text] = Fraction(part["score"]), part["feedback"]
    return found


def disagreements_of(variants: tuple[Variant, ...], problem: str, marks: Mapping[Key, Mark]) -> Any:
    """The disagreements of one problem."""
    only = [
        Variant(one.number, one.seed, tuple(solved for solved in one.problems if solved.problem.id == problem))
        for one in variants
    ]
    return disagreements(only, marks)


def marker(marks: dict[tuple[Key, str], tuple[Fraction, str]], asked: list[tuple[Key, str]]) -> Callable[[Key], Mark]:
    def of(key: Key) -> Mark:
        def mark(text: str) -> tuple[Fraction, str]:
            if (key, text) not in marks:
                asked.append((key, text))
                return Fraction(0), ""
            return marks[key, text]

        return mark

    return of


@pytest.mark.time
def test_the_key_and_every_modelled_wrong_answer_are_marked_as_they_should_be(course: Path) -> None:
    assert list(disagreements(made()[1], read(course, made()[1]))) == []


@pytest.mark.parametrize(
    ("file", "pattern", "planted"),
    [
        ("variants.json", r'("right": \[\s*)"[^"]+"', r'\1"-1000"'),
        ("variants.json", r"The bias b2 is left out of Z2\.", "Something else."),
        ("server.py", r"return 0\.0, one", "return 0.5, one"),
        ("server.py", r"GRACE \* max", "-1 * max"),
    ],
)
def test_a_planted_error_is_seen(file: str, pattern: str, planted: str, tmp_path: Path) -> None:
    whole, found = small()
    files = EXPORTS["prairielearn"].write(whole, found)
    spoilt = {
        path: re.sub(pattern, planted, data.decode()).encode() if path.endswith(file) else data
        for path, data in files.items()
    }
    assert spoilt != files
    assert any(disagreements(found, read(written(spoilt, tmp_path), found)))


def test_a_right_sheet_earns_everything_and_each_number_its_share(course: Path) -> None:
    for folder in course.iterdir():
        problem = folder.name.removeprefix("backprop-quiz-")
        for number, seed in seeds(folder, len(made()[1])).items():
            right = {key[2]: (one.shown, one) for key, one in answers(made()[1]) if key[:2] == (number, problem)}
            texts = {name: text for name, (text, _) in right.items()}
            name, (text, answer) = next(iter(right.items()))
            full, less = run(
                folder,
                [{"seed": seed, "submitted": texts}, {"seed": seed, "submitted": {**texts, name: "123456"}}],
            )
            assert full["score"] == 1
            assert full["correct_answers"][name] == float(text)
            siblings = [one for _, one in right.values() if one.ask == answer.ask]
            total = sum({one.ask.id: one.ask.points for _, one in right.values()}.values())
            assert less["score"] == pytest.approx(float(1 - answer.ask.points / len(siblings) / total))


def test_info_fits_the_schema_and_the_identifier_follows_from_the_names(course: Path) -> None:
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(course.glob("*/info.json"))]
    for one in found:
        jsonschema.validate(one, SCHEMA)
    assert len({UUID(one["uuid"]) for one in found}) == len(made()[0].problems)


class _Page(HTMLParser):
    """A page's text and its fields."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.fields = "", []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        if tag == "pl-number-input":
            held = dict(attrs)
            assert set(held) <= ATTRIBUTES
            assert held["label"].startswith("$")
            self.fields.append(held["answers-name"])

    def handle_data(self, data: str) -> None:
        self.text += data


def rendered(template: str, params: Mapping[str, Any]) -> str:
    """Fill in a Mustache template as far as the pages use it: a section over a list, and names of parameters."""

    def escaped(value: str) -> str:
        return value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")

    def section(found: re.Match[str]) -> str:
        return "".join(found[2].replace("{{.}}", escaped(one)) for one in params[found[1]])

    page = re.sub(r"\{\{#params\.(\w+)\}\}\n(.*?)\{\{/params\.\1\}\}\n", section, template, flags=re.DOTALL)
    page = re.sub(r"\{\{params\.(\w+)\}\}", lambda found: escaped(params[found[1]]), page)
    assert "{{#" not in page
    assert "{{{" not in template
    return page


def test_the_page_asks_for_every_number_and_shows_what_is_given(course: Path) -> None:
    for folder in course.iterdir():
        template = (folder / "question.html").read_text(encoding="utf-8")
        for one in json.loads((folder / "variants.json").read_text(encoding="utf-8")):
            page = _Page(rendered(template, one["params"]))
            assert sorted(page.fields) == sorted(one["answers"])
            assert all(f"${given}$" in page.text for given in one["params"]["givens"])


def test_what_people_write_is_shown_as_they_wrote_it(tmp_path: Path) -> None:
    course = written(EXPORTS["prairielearn"].write(*hostile()), tmp_path)
    for folder in course.iterdir():
        template = (folder / "question.html").read_text(encoding="utf-8")
        assert "{{params}}" not in template
        (one,) = json.loads((folder / "variants.json").read_text(encoding="utf-8"))
        assert _Page(rendered(template, one["params"])).text.count(HOSTILE) == 2
        assert json.loads((folder / "info.json").read_text(encoding="utf-8"))["title"] == HOSTILE
        assert seeds(folder, 1) == {1: 0}
        # The program is one for all questions: nothing of a question is written into it.
        assert (folder / "server.py").read_bytes() == EXPORTS["prairielearn"].write(*small())[SERVER]


def test_the_same_set_gives_the_same_bytes() -> None:
    assert EXPORTS["prairielearn"].write(*made()) == EXPORTS["prairielearn"].write(*made())

"""What each line of a gradient leaves is told beside the code: which derivative it is, and which it ought to be."""

from __future__ import annotations

import numpy as np
import pytest

from symnn.cli.checking import Request, finding
from symnn.edits import Edit, Source, lines_changed
from symnn.errors import InputError
from symnn.report.explanation import explained_page, explained_text, write_explanation
from symnn.verification.repair import editor_of, explain
from symnn.verification.subject import pair_of
from tests.cli.test_cli import here
from tests.cli.test_fix import RIGHT, WRONG

rate = 0.5


def loss(p, x, y):
    z = x @ p["W"] + p["b"]
    h = np.tanh(z)
    return np.sum((h - y) ** 2) + rate * np.sum(p["W"] ** 2)


def grad(p, x, y):
    h = np.tanh(x @ p["W"] + p["b"])
    dh = 2 * (h - y)
    dz = dh * (1 - h**2)
    total = np.zeros_like(p["W"])
    for row, d in zip(x, dz, strict=True):
        total += np.outer(row, d)
    return {"W": total + 2 * rate * p["W"], "b": dz.sum(axis=0)}


R = np.random.default_rng(0)
EXAMPLE = {"W": R.normal(size=(3, 2)), "b": R.normal(size=2)}, R.normal(size=(5, 3)), R.normal(size=(5, 2))


def said_of(function):
    subject = pair_of(loss, function, *EXAMPLE)
    return {one.name: one for line in explain(editor_of(subject)) for one in line.annotations}


def test_every_line_of_a_right_gradient_says_which_derivative_it_leaves():
    said = said_of(grad)
    assert {name: str(one.meaning) for name, one in said.items() if name in ("h", "dh", "dz")} == {
        "h": "h",
        "dh": "∂L/∂h",
        "dz": "∂L/∂z",
    }
    assert all(said[name].is_right for name in ("h", "dh", "dz"))
    assert said["total"].meaning is None, "without the part of the penalty it is no derivative of the loss"


def test_a_multiple_of_a_derivative_is_told_with_its_factor():
    def doubled(p, x, y):
        h = np.tanh(x @ p["W"] + p["b"])
        dz = 4 * (h - y) * (1 - h**2)
        return {"W": x.T @ dz + 2 * rate * p["W"], "b": dz.sum(axis=0)}

    one = said_of(doubled)["dz"]
    assert (str(one.meaning), one.is_right) == ("2 · ∂L/∂z", None)


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(WRONG, encoding="utf-8")
    return path


def test_the_line_that_is_to_be_changed_is_pointed_at(mine):
    told = finding(mine, Request(explained=True))
    text = explained_text(told.lines)
    (wrong,) = [line for line in text.splitlines() if ">" in line]
    assert wrong.strip() == "11>     return (1 - h) * x"
    assert any(line.endswith("✓ h = np.tanh(w * x)") for line in text.splitlines())


def test_the_page_shows_the_code_and_what_is_told_escaped(mine):
    mine.write_text(WRONG.replace("# größer", '# <script>alert("1 < 2")</script>'), encoding="utf-8")
    told = finding(mine, Request(explained=True))
    page = explained_page(told.file, told.verdict, told.lines)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "because" in page
    assert "return (1 - h ** 2) * x" in page


def test_a_page_takes_the_place_of_a_page_only(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError):
        write_explanation(path, "<html>")
    assert path.read_text(encoding="utf-8") == "mine"


def test_it_is_printed_and_written_by_the_command(mine, monkeypatch, tmp_path):
    mine.write_text(RIGHT, encoding="utf-8")
    done = here(monkeypatch, "verify", mine, "--explain", "--explain-to", tmp_path / "page.html")
    assert done.returncode == 0
    assert "✓ h = np.tanh(w * x)" in done.stdout
    assert "np.tanh(w * x)" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_a_page_is_of_one_file(mine, monkeypatch, tmp_path):
    done = here(monkeypatch, "verify", mine, mine, "--explain-to", tmp_path / "page.html")
    assert done.returncode == 2


def test_lines_are_held_against_their_own_where_the_edit_takes_a_statement_away():
    def twice(p, x, y):
        h = np.tanh(x @ p["W"] + p["b"])
        dh = 2 * (h - y)
        dh = 2 * dh
        dz = dh * (1 - h**2)
        return {"W": x.T @ dz + 2 * rate * p["W"], "b": dz.sum(axis=0)}

    editor = editor_of(pair_of(loss, twice, *EXAMPLE))
    (scope,) = editor.scopes()
    text = scope.function.source.text
    start = text.index("        dh = 2 * dh\n")
    gone = Edit(scope.function.source.file, 0, start, start + len("        dh = 2 * dh\n"), "", ("dh = 2 * dh", ""))
    said = [one for line in explain(editor, [gone]) for one in line.annotations]
    assert [(one.name, one.is_right) for one in said if one.name != "dh"] == [("h", True), ("dz", False)]
    assert [str(one.wanted) for one in said if one.name == "dz"] == ["∂L/∂z"]
    assert [one.is_right for one in said if one.name == "dh"] == [True, None]


def test_a_line_that_goes_is_shown_alone(tmp_path):
    source = Source("mine.py", "a = 1\nb = 2\nc = 3\n")
    assert lines_changed(source, Edit("mine.py", 2, 6, 12, "", ("b = 2", ""))) == ("b = 2", "")

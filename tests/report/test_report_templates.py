"""Templates of one's own stand in for symnn's, in a sandbox; their page of documentation says what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment, PackageLoader, nodes

from symnn.errors import InputError
from symnn.library import load
from symnn.report import AUDIENCES, report
from tests.report.examples import FINDINGS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/templates.md").read_text(encoding="utf-8")
EXAMPLE = load("or-gate")
HEAD = '<% extends "symnn/solution.j2" %>\n<% import format ~ "/blocks.j2" as b with context %>\n'
PARSER = Environment(
    loader=PackageLoader("symnn.report"),
    autoescape=True,
    block_start_string="<%",
    block_end_string="%>",
    variable_start_string="<<",
    variable_end_string=">>",
    comment_start_string="<#",
    comment_end_string="#>",
)


def told(folder: Path, text: str, name: str = "solution.j2", audience: str = "solution") -> dict[str, str]:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return report(EXAMPLE, FINDINGS, templates=folder, audience=audience)


def test_the_example_of_the_page_does_what_it_says(tmp_path):
    (example,) = re.findall(r"```jinja\n(.*?)```", PAGE, re.DOTALL)
    texts, plain = told(tmp_path, example), report(EXAMPLE, FINDINGS)
    for kind, text in texts.items():
        assert "Solution to problem sheet 3" in text
        assert "Compare the loss with that of your neighbour." in text
        assert "The hand-written code" in plain[kind].replace("{-}", "-")
        assert "The hand-written code" not in text.replace("{-}", "-")


def blocks(template: str) -> set[str]:
    source = PARSER.loader.get_source(PARSER, template)[0]
    return {block.name for block in PARSER.parse(source).find_all(nodes.Block)}


def test_every_block_is_on_the_page_and_every_one_of_the_page_is_a_block():
    table = PAGE.split("## The blocks")[1].split("##")[0]
    listed = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    assert listed == blocks("solution.j2") - {"body"}
    for audience in AUDIENCES.values():
        assert blocks(audience.template) <= listed | {"body"}


def test_every_macro_of_the_page_is_in_every_format():
    table = PAGE.split("## What the blocks `b` offer")[1].split("##")[0]
    listed = set(re.findall(r"^\| `(\w+)\(", table, re.MULTILINE))
    assert listed
    for kind in ("latex", "beamer", "html"):
        source = PARSER.loader.get_source(PARSER, f"{kind}/blocks.j2")[0]
        assert listed <= {macro.name for macro in PARSER.parse(source).find_all(nodes.Macro)}


def test_a_part_can_be_replaced_by_itself(tmp_path):
    texts = told(tmp_path, "Nothing is known.", "parts/verification.j2")
    assert all("Nothing is known." in text for text in texts.values())


def test_the_sheet_of_any_audience_can_be_extended(tmp_path):
    for audience, row in AUDIENCES.items():
        text = f'<% extends "symnn/{row.template}" %><% block kind %>Mine: {audience}<% endblock %>'
        assert f"Mine: {audience}" in told(tmp_path, text, row.template, audience)["html"]


# A template, and what is said of it.
UNUSABLE = {
    "a name that is not given": ("<< nobody >>", "nobody"),
    "a statement that is none": ("<% nothing %>", "nothing"),
    "a template that is not there": ('<% include "nowhere.j2" %>', "nowhere"),
    "a way out of the sandbox": ("<< ().__class__.__mro__ >>", "unsafe"),
    "a way out of the folder": ('<% include "../secret.txt" %>', "secret"),
    "a format string as a way out": ('<< "{0.__class__}".format(title) >>', "unsafe"),
}


@pytest.mark.parametrize("what", UNUSABLE)
def test_what_cannot_be_used_is_an_error_that_says_where(tmp_path, what):
    text, said = UNUSABLE[what]
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    with pytest.raises(InputError, match="a template cannot be used") as caught:
        told(tmp_path / "own", HEAD + "<% block problem %>" + text + "<% endblock %>")
    assert said in str(caught.value)


def test_a_value_is_escaped_in_a_template_of_ones_own(tmp_path):
    texts = told(tmp_path, HEAD + "<% block problem %><< 'a<b & 50%' >><% endblock %>")
    assert r"a\textless{}b \& 50\%" in texts["latex"]
    assert "a&lt;b &amp; 50%" in texts["html"]


def test_a_student_template_that_asks_for_an_answer_gets_none(tmp_path):
    text = '<% extends "symnn/student.j2" %><% block problem %><< loss_before >><% endblock %>'
    with pytest.raises(InputError, match="a template cannot be used"):
        told(tmp_path, text, "student.j2", "student")


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(InputError, match="is no folder of templates"):
        report(EXAMPLE, templates=tmp_path / "nowhere")

"""What stands at the door is what the documents use, each of it is told on its page, and no name hides another."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from functools import reduce
from pathlib import Path
from types import ModuleType

import pytest

import symnn
from tests import api_page

ROOT = Path(__file__).parents[1]
PAGES = {
    path.name: path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
}

# Looks like a name of symnn and is that of a file.
FILES = {"symnn.sarif", "symnn.yml"}
DOTTED = re.compile(r"(?<![\w./-])(?<!from )symnn(?:\.[A-Za-z_]\w*)+")

PACKAGES = [symnn.__name__, *(one.name for one in pkgutil.walk_packages(symnn.__path__, "symnn.") if one.ispkg)]


def python_blocks(text):
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL)


def names_of(text):
    """The dotted names of symnn in a page; what is imported from a room stands for the room and the name."""
    found = {name for name in DOTTED.findall(text) if name not in FILES}
    for block in python_blocks(text):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "symnn":
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return sorted(found)


NAMES = [(page, name) for page, text in PAGES.items() for name in names_of(text)]


@pytest.mark.parametrize(("page", "name"), NAMES)
def test_every_name_of_symnn_in_a_document_is_there(page, name):
    _, first, *others = name.split(".")
    assert first in symnn.__all__, f"{page} uses symnn.{first}: export it in symnn/__init__.py"
    reduce(getattr, others, getattr(symnn, first))


def test_names_are_found_in_text_and_in_code():
    text = "`symnn.a.b` and see/symnn.c, symnn.sarif\n```python\nfrom symnn.d import e\nimport numpy\n```\n"
    assert names_of(text) == ["symnn.a.b", "symnn.d.e"]
    assert {"symnn.verify", "symnn.byhand", "symnn.recovered_latex"} <= {name for _, name in NAMES}


def test_the_page_of_the_door_is_what_the_docstrings_say():
    written = api_page.PAGE.read_text(encoding="utf-8")
    assert written == api_page.page(), "docs/api.md is out of date: run python -m tests.api_page"


@pytest.mark.parametrize("name", symnn.__all__)
def test_everything_at_the_door_has_its_section_and_is_linked(name):
    page = PAGES["api.md"]
    assert f"\n## `symnn.{name}`\n" in page
    assert f"[`{name}`](#symnn{name.lower()})" in page


def test_the_page_of_the_door_is_linked_from_the_readme():
    assert "(docs/api.md)" in PAGES["README.md"]


def hidden(package: ModuleType) -> list[str]:
    """The modules of a package that cannot be reached by their names, since something else has the name."""
    modules = {one.name for one in pkgutil.iter_modules(package.__path__)}
    return sorted(name for name in modules & vars(package).keys() if not isinstance(vars(package)[name], ModuleType))


@pytest.mark.parametrize("name", PACKAGES)
def test_no_name_hides_a_module(name):
    assert hidden(importlib.import_module(name)) == []


def test_a_planted_name_that_hides_a_module_is_seen(monkeypatch):
    monkeypatch.setattr(symnn, "verification", symnn.verify)
    assert hidden(symnn) == ["verification"]

"""The rules of the house that a machine can keep: size, no text run as code, docstrings, no private paths."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "symnn").rglob("*.py"))
}

LONGEST = 400

# Turning text into expressions runs it; nothing in symnn may do that to text from outside.
NEVER = {"eval", "sympify", "parse_expr"}
# Where text may run, and why that text is safe to run.
MAY_RUN_TEXT = {
    "symnn/kernels/kernel.py": "NumPy source that symnn itself printed from a derived program",
    "symnn/kernels/evaluation.py": "NumPy source that symnn itself printed from one equation",
    "symnn/edits/functions.py": "functions that run in this process anyway, with a small edit of their own text",
    "symnn/library/loading.py": "derivation files: Python that the user keeps in a folder and asks to run",
}
RUN_TEXT = {"exec", "compile", "exec_module"}
UNLISTED = ", and has no line in MAY_RUN_TEXT"

# A comment made for a reader, not for a tool, at the start of a line or behind a statement.
COMMENT = re.compile(r"(?:^|  )# (?!fmt|noqa|type:)\w")

# What would tell on the machine a file was written on; spelt so that no pattern matches itself.
PRIVATE = {
    "a path of one machine": re.compile(r"(?<![\w.~$}])/(?:home|Users|root|work|tmp|mnt|srv)/\w"),
    "a path of one Windows machine": re.compile(r"\b[A-Z]:[\\/](?:Users|Documents|Temp)\b"),
    "a package registry": re.compile(r"://[^\s/\"']*(?:pypi|pythonhosted|npmjs|devpi|artifactory|nexus)", re.I),
    "a choice of registry": re.compile(r"(?:--(?:extra-)?index-url|--find-links|PIP_(?:EXTRA_)?INDEX_URL)[ =]"),
}


@cache
def parsed(source: str) -> ast.Module:
    """The tree of a text, made once: resolving what a package exports asks for the same modules again and again."""
    return ast.parse(source)


def too_long(source: str) -> bool:
    return len(source.splitlines()) > LONGEST


def text_run_as_code(path: str, source: str) -> Iterator[str]:
    """Calls in one module that run text as code, and imports that would bring such a call in under any name."""
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name in NEVER:
                    yield f"{path}:{node.lineno} imports {alias.name}"
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            last = called.split(".")[-1]
            # A method may be called eval or compile (re.compile, a derivation's compile); the builtins may not.
            builtin = called in {last, f"builtins.{last}"}
            if last in NEVER and (builtin or last != "eval"):
                yield f"{path}:{node.lineno} calls {called}"
            elif last in RUN_TEXT and (builtin or last == "exec_module"):
                yield f"{path}:{node.lineno} calls {called}{UNLISTED}"


def forbidden(path: str, source: str) -> list[str]:
    """What `text_run_as_code` finds, less what the file has a reason for."""
    found = text_run_as_code(path, source)
    return [said for said in found if path not in MAY_RUN_TEXT or not said.endswith(UNLISTED)]


def file_of(module: str, sources: Mapping[str, str]) -> str | None:
    stem = module.replace(".", "/")
    return next((path for path in (f"{stem}.py", f"{stem}/__init__.py") if path in sources), None)


def is_described(name: str, path: str, sources: Mapping[str, str]) -> bool:
    """Whether ``name`` has a docstring where it is defined, or for a constant a comment or string beside it.

    The docstring of a class counts only if it is its own: one inherited from a base says nothing new.
    """
    source = sources[path]
    lines, body = source.splitlines(), parsed(source).body
    for place, node in enumerate(body):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
            return ast.get_docstring(node) is not None
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                follower = body[place + 1] if place + 1 < len(body) else None
                beside = isinstance(follower, ast.Expr) and isinstance(follower.value, ast.Constant)
                near = lines[max(node.lineno - 2, 0) : node.lineno]
                return beside or any(COMMENT.search(line) for line in near)
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    if (submodule := file_of(f"{node.module}.{alias.name}", sources)) is not None:
                        return ast.get_docstring(parsed(sources[submodule])) is not None
                    origin = file_of(node.module, sources)
                    return origin is not None and is_described(alias.name, origin, sources)
    submodule = file_of(f"{path.removesuffix('/__init__.py').replace('/', '.')}.{name}", sources)
    return submodule is not None and ast.get_docstring(parsed(sources[submodule])) is not None


def exported(source: str) -> list[str]:
    for node in parsed(source).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            return list(ast.literal_eval(node.value))
    return []


def undescribed(path: str, sources: Mapping[str, str]) -> list[str]:
    """The names in a module's ``__all__`` that say nothing of themselves."""
    return [name for name in exported(sources[path]) if not is_described(name, path, sources)]


def private(text: str) -> Iterator[str]:
    """What in a text belongs to one machine, and the line it stands on."""
    for number, line in enumerate(text.splitlines(), start=1):
        for what, pattern in PRIVATE.items():
            if found := pattern.search(line):
                yield f"line {number} names {what}: {found.group()}"


def tracked_files() -> list[str]:
    """Every file git keeps; in an unpacked archive, where there is no git, every file that is not hidden."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(  # a fixed command, run on the checkout under test
            ["git", "ls-files", "-z"],  # noqa: S607
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split("\0")
        return [name for name in listed if (ROOT / name).is_file()]
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in found if not any(part.startswith(".") for part in path.parts))


def test_a_module_fits_one_sitting():
    long = [path for path, source in SOURCES.items() if too_long(source)]
    assert long == [], f"longer than {LONGEST} lines: split by purpose"


def test_no_text_runs_as_code():
    assert [said for path, source in SOURCES.items() for said in forbidden(path, source)] == []


def test_what_may_run_text_does():
    idle = [path for path in MAY_RUN_TEXT if not list(text_run_as_code(path, SOURCES[path]))]
    assert idle == [], "these run no text any more: take their lines out"


def test_what_is_exported_is_described():
    found = {path: names for path in SOURCES if (names := undescribed(path, SOURCES))}
    assert found == {}


def test_a_package_says_what_it_exports():
    packages = [path for path in SOURCES if path.count("/") > 1 and "/__init__.py" in path]
    assert len(packages) > 10
    assert [path for path in packages if not exported(SOURCES[path])] == [], "these need an __all__"


def test_tracked_files_tell_nothing_of_a_machine():
    found = {
        name: said
        for name in tracked_files()
        if name and (said := list(private((ROOT / name).read_text(encoding="utf-8", errors="replace"))))
    }
    assert found == {}


def test_a_planted_long_module_is_seen():
    assert too_long("x = 1\n" * (LONGEST + 1))
    assert not too_long("x = 1\n" * LONGEST)


PLANTED_CALLS = {
    "eval": ("eval('1')", "calls eval"),
    "eval by its module": ("import builtins\nbuiltins.eval('1')", "calls builtins.eval"),
    "sympify": ("import sympy\nsympy.sympify('x')", "calls sympy.sympify"),
    "sympify by another name": ("from sympy import sympify as read", "imports sympify"),
    "parse_expr": ("from sympy.parsing import sympy_parser\nsympy_parser.parse_expr('x')", "calls sympy_parser"),
    "exec": ("def run(text):\n    exec(text)", "calls exec, and has no line"),
    "a module from a file": ("spec.loader.exec_module(module)", "calls spec.loader.exec_module, and has no line"),
    "compile": ("compile('1', '', 'eval')", "calls compile, and has no line"),
}


@pytest.mark.parametrize("planted", PLANTED_CALLS)
def test_a_planted_call_that_runs_text_is_seen(planted):
    source, said = PLANTED_CALLS[planted]
    (only,) = forbidden("symnn/rules/table.py", source)
    assert said in only


def test_calls_that_only_share_the_name_pass():
    source = "import re\nre.compile('x')\nderivation.compile()\nnode.eval(1)\nfrom sympy import SympifyError"
    assert forbidden("symnn/rules/table.py", source) == []


def test_a_file_with_a_reason_may_run_text_but_never_evaluate_it():
    for path in MAY_RUN_TEXT:
        assert forbidden(path, "exec(compile('1', '', 'exec'))") == []
        assert forbidden(path, "eval('1')") == [f"{path}:1 calls eval"]


PLANTED_PACKAGE = {
    "symnn/planted/__init__.py": (
        "from symnn.planted.rooms import ADDED, BARE, BESIDE, Base, Heir, told, untold\n"
        "from symnn.planted import rooms\n"
        "__all__ = ['ADDED', 'BARE', 'BESIDE', 'Base', 'Heir', 'lost', 'rooms', 'told', 'untold']\n"
    ),
    "symnn/planted/rooms.py": (
        "'''Rooms.'''\n"
        "# How many were added.\n"
        "ADDED = 1\n"
        "# fmt: on\n"
        "BARE = 2  # noqa: X1\n"
        "BESIDE = 3  # in the middle\n"
        "class Base:\n    '''A base.'''\n"
        "class Heir(Base):\n    pass\n"
        "def told():\n    '''Say it.'''\n"
        "def untold():\n    pass\n"
    ),
}


def test_planted_exports_without_a_description_are_seen():
    found = undescribed("symnn/planted/__init__.py", PLANTED_PACKAGE)
    assert found == ["BARE", "Heir", "lost", "untold"]


# Pieced together, so that this file passes its own test.
PLANTED_LINES = {
    "a path of one machine": ["see /" + "home/ada/notes", "`/" + "Users/ada`", "--out=/" + "tmp/x"],
    "a path of one Windows machine": ["C:" + "\\Users\\ada", "D:" + "/Temp/x"],
    "a package registry": ["https:" + "//files.python" + "hosted.org/packages", "http:" + "//PyPI.example/simple"],
    "a choice of registry": ["pip install --extra-" + "index-url somewhere", "PIP_" + "INDEX_URL=somewhere"],
}


def test_a_planted_private_line_is_seen():
    for what, lines in PLANTED_LINES.items():
        for line in lines:
            (only,) = private(f"first line\n{line}\n")
            assert only.startswith(f"line 2 names {what}")


@pytest.mark.parametrize("line", ["and/" + "home/made", "docs/" + "root/x", "$TMP/" + "work/x", "\\frac{A}{B:\\\\}"])
def test_a_line_that_only_looks_private_passes(line):
    assert list(private(line)) == []


def test_every_private_pattern_is_planted():
    assert PLANTED_LINES.keys() == PRIVATE.keys()

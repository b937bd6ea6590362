"""Imports only go down: each floor of symnn knows the floors below it and nothing above."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "symnn"

# From the ground up. Names on one line stand side by side and do not import each other.
FLOORS = (
    ("errors", "showing", "pools"),
    ("notation", "edits"),
    ("equations",),
    ("scalars",),
    ("rules",),
    ("network",),
    ("kernels",),
    ("derivation",),
    ("byhand", "mistakes"),
    ("verification",),
    ("library", "progress"),
    ("sandbox",),
    ("report",),
    ("exam",),
    ("grade",),
    ("cli", "plugin", "notebook"),
    ("__init__",),
    ("__main__",),
)
HEIGHT = {name: height for height, names in enumerate(FLOORS) for name in names}

# Floors that may know less than everything below them: of symnn, and of what is installed beside it.
ONLY_FROM_SYMNN = {"byhand": {"errors"}, "scalars": {"errors", "edits"}}
ONLY_FROM_OUTSIDE = {"byhand": {"numpy"}, "errors": set(), "showing": set(), "pools": set()}

# What may be imported while a function runs: by whom, what, and why it is worth that.
LATE = {
    ("symnn.report.solution", "symnn.report.plots"): "matplotlib is slow to start, and only pictures need it",
}

IMPORTS_IN_DISGUISE = {"__import__", "import_module"}


def floor_of(module: str) -> str:
    """The floor of a dotted module name: ``symnn.rules.table`` is on ``rules``, ``symnn`` on ``__init__``."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imported(tree: ast.AST, module: str, is_package: bool) -> Iterator[tuple[int, str]]:
    """Line and full name of everything imported; ``from symnn import rules`` counts as ``symnn.rules``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = module.split(".")
                kept = parts[: len(parts) - node.level + is_package]
                base = ".".join([*kept, base] if base else kept)
            if base == "symnn":
                # A name that is no floor is one that symnn/__init__.py itself defines.
                for alias in node.names:
                    yield node.lineno, f"symnn.{alias.name}" if alias.name in HEIGHT else "symnn"
            else:
                yield node.lineno, base


def hidden_imports(tree: ast.AST, module: str, is_package: bool) -> Iterator[tuple[int, str]]:
    """Line and name of what is imported while a function runs, or through a function that imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from imported(node, module, is_package)
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in IMPORTS_IN_DISGUISE:
                yield node.lineno, name


def violations(module: str, source: str, is_package: bool = False) -> list[str]:
    """What is wrong with the imports of one module, given its dotted name and text."""
    floor = floor_of(module)
    if floor not in HEIGHT:
        return [f"{module}: {floor!r} stands on no floor: give it a line in FLOORS"]
    tree = ast.parse(source)
    hidden = {line for line, name in hidden_imports(tree, module, is_package) if (module, name) not in LATE}
    found = [f"{module}:{line} imports inside a function" for line in sorted(hidden)]
    for line, name in imported(tree, module, is_package):
        top, target = name.split(".")[0], floor_of(name)
        if top != "symnn":
            if top not in sys.stdlib_module_names and top not in ONLY_FROM_OUTSIDE.get(floor, {top}):
                found.append(f"{module}:{line} imports {name}, which {floor} may not know")
        elif target not in HEIGHT:
            found.append(f"{module}:{line} imports {name}, which stands on no floor")
        elif target != floor:
            if HEIGHT[target] >= HEIGHT[floor]:
                found.append(f"{module}:{line} imports {name}, which is not below {floor}")
            elif target not in ONLY_FROM_SYMNN.get(floor, {target}):
                found.append(f"{module}:{line} imports {name}, which {floor} may not know")
    return found


def dotted(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {dotted(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def test_a_module_imports_only_from_below():
    found = [
        said
        for module, path in MODULES.items()
        for said in violations(module, path.read_text(encoding="utf-8"), path.name == "__init__.py")
    ]
    assert found == []


def test_what_may_be_imported_late_is():
    late = {
        (module, name)
        for module, path in MODULES.items()
        for _, name in hidden_imports(ast.parse(path.read_text(encoding="utf-8")), module, path.name == "__init__.py")
    }
    assert LATE.keys() - late == set(), "these are not imported late any more: take their lines out"


def test_every_package_is_found():
    floors = {floor_of(module) for module in MODULES}
    assert {"__init__", "errors", "notation", "byhand"} <= floors <= HEIGHT.keys()


# module, text, what must be said of it
PLANTED = {
    "upwards": (
        "symnn.rules.table",
        "from symnn.report import printer",
        "symnn.report, which is not below rules",
    ),
    "upwards by a plain import": ("symnn.rules", "import symnn.cli", "symnn.cli, which is not below rules"),
    "upwards from the package": (
        "symnn.rules",
        "from symnn import verification",
        "symnn.verification, which is not below",
    ),
    "upwards, relatively": (
        "symnn.rules.table",
        "from ..derivation import steps",
        "symnn.derivation, which is not below",
    ),
    "upwards, only for types": (
        "symnn.errors",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from symnn.notation import Expr",
        "symnn.errors:3 imports symnn.notation, which is not below errors",
    ),
    "sideways": ("symnn.cli", "from symnn.plugin import fixture", "symnn.plugin, which is not below cli"),
    "the package itself": ("symnn.cli", "from symnn import version", "symnn, which is not below cli"),
    "the tested side on derivations": (
        "symnn.byhand.dense",
        "from symnn.derivation import steps",
        "symnn.derivation, which byhand may not know",
    ),
    "the tested side on kernels": (
        "symnn.byhand.dense",
        "from symnn import kernels",
        "symnn.kernels, which byhand may not know",
    ),
    "the tested side on SymPy": ("symnn.byhand.dense", "import sympy", "sympy, which byhand may not know"),
    "numbers on equations": (
        "symnn.scalars.ball",
        "from symnn.equations import Equation",
        "symnn.equations, which scalars may not know",
    ),
    "inside a function": (
        "symnn.derivation.steps",
        "def late():\n    from symnn.rules import table",
        "symnn.derivation.steps:2 imports inside a function",
    ),
    "inside a method": (
        "symnn.derivation.steps",
        "class A:\n    async def late(self):\n        import numpy",
        "symnn.derivation.steps:3 imports inside a function",
    ),
    "by a function": (
        "symnn.derivation.steps",
        "import importlib\nreport = importlib.import_module('symnn.report')",
        "symnn.derivation.steps:2 imports inside a function",
    ),
    "inside a function of a module that may import another so": (
        "symnn.report.solution",
        "def late():\n    from symnn.report.plots import svg\n    import matplotlib",
        "symnn.report.solution:3 imports inside a function",
    ),
    "off the table": ("symnn.attic", "", "'attic' stands on no floor"),
    "importing what is off the table": (
        "symnn.cli",
        "import symnn.attic",
        "symnn.attic, which stands on no floor",
    ),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_violation_is_reported(planted):
    module, source, said = PLANTED[planted]
    (only,) = violations(module, source)
    assert said in only


# module, text, whether it is a package's __init__
ALLOWED = {
    "downwards": ("symnn.report.page", "from symnn.derivation import steps\nfrom symnn import errors", False),
    "within its own floor": ("symnn.rules.table", "from symnn.rules.row import Row", False),
    "within its own floor, relatively": ("symnn.rules", "from .row import Row", True),
    "NumPy and the standard library, by hand": (
        "symnn.byhand.dense",
        "import numpy as np\nimport math",
        False,
    ),
}


@pytest.mark.parametrize("allowed", ALLOWED)
def test_what_is_allowed_is_not_reported(allowed):
    assert violations(*ALLOWED[allowed]) == []

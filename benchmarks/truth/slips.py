"""Slips planted in ordinary programs: the text of a file with one thing wrong in the code of its gradient.

Which of them are wrong is decided here without symnn: by the numbers that the right gradient gives.
"""

from __future__ import annotations

import ast
import importlib.util
import random
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.truth.kinds import KINDS, Change

PROGRAMS = Path(__file__).with_name("programs")
WRONG, RIGHT = 1e-6, 1e-7
PER_PROGRAM, PAIRS_PER_PROGRAM = 22, 4
_NAMES = count()


@dataclass(frozen=True)
class Slip:
    """A program's text with slips, of one kind or two, at lines from 1; ``was`` and ``now`` are what changed."""

    program: str
    kinds: tuple[str, ...]
    text: str
    lines: tuple[int, ...]
    was: tuple[str, ...]
    now: tuple[str, ...]


def programs() -> list[str]:
    """Return the names of the programs."""
    return sorted(path.stem for path in PROGRAMS.glob("[a-z]*.py"))


def text_of(program: str) -> str:
    """Return the text of a program."""
    return (PROGRAMS / f"{program}.py").read_text(encoding="utf-8")


def loaded(text: str, folder: Path) -> types.ModuleType:
    """Return the module of a text, kept as a file in a folder."""
    name = f"slip_{next(_NAMES)}"
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def slips(program: str, folder: Path) -> Iterator[Slip]:
    """Yield the slips that are planted in a program: as many of each kind as there are, in turns."""
    text = text_of(program)
    for (change,) in _chosen(_changes(text), PER_PROGRAM, text, folder, 1, program):
        yield _slip(program, text, (change,))


def pairs(program: str, folder: Path) -> Iterator[Slip]:
    """Yield slips of two kinds at once, on different lines, each of which is wrong by itself."""
    text = text_of(program)
    for changes in _chosen(_changes(text), PAIRS_PER_PROGRAM, text, folder, 2, program):
        yield _slip(program, text, changes)


def restores(text: str, program: str, folder: Path) -> bool:
    """Return whether a text has the right gradients, as the program has them, at its example and other points."""
    return _agrees(text, text_of(program), folder, RIGHT)


def _slip(program: str, text: str, changes: tuple[Change, ...]) -> Slip:
    kinds, was, now = zip(*((one.kind, text[one.start : one.end], one.text) for one in changes), strict=True)
    planted, lines = _planted(text, changes)
    return Slip(program, kinds, planted, lines, was, now)


def _planted(text: str, changes: tuple[Change, ...]) -> tuple[str, tuple[int, ...]]:
    lines = [text.count("\n", 0, one.start) + 1 for one in changes]
    for k, one in sorted(enumerate(changes), key=lambda row: -row[1].start):
        shift = one.text.count("\n") - text[one.start : one.end].count("\n")
        lines = [line + shift * (line > lines[k]) for line in lines]
        text = text[: one.start] + one.text + text[one.end :]
    return text, tuple(lines)


def _chosen(
    changes: dict[str, list[Change]], wanted: int, text: str, folder: Path, together: int, program: str
) -> Iterator[tuple[Change, ...]]:
    """Changes, kind by kind in turns and at random within a kind, that make the gradient wrong."""
    rng = random.Random(f"{program}{together}")  # noqa: S311
    heaps = {kind: rng.sample(some, len(some)) for kind, some in changes.items()}
    made: set[str] = set()
    while heaps and wanted:
        for kind in rng.sample(sorted(heaps), len(heaps)):
            if not heaps[kind]:
                del heaps[kind]
                continue
            chosen = [heaps[kind].pop()]
            if together == 2:
                others = [one for some in changes.values() for one in some if _apart(one, chosen[0], text)]
                chosen += rng.sample(others, 1) if others else []
            if len(chosen) < together or not all(_is_wrong((one,), text, folder) for one in chosen):
                continue
            planted, _ = _planted(text, tuple(chosen))
            if planted not in made and _is_wrong(tuple(chosen), text, folder):
                made.add(planted)
                yield tuple(chosen)
                wanted -= 1
                break


def _apart(one: Change, other: Change, text: str) -> bool:
    first, second = (text.count("\n", 0, change.start) for change in (one, other))
    return first != second and (one.end <= other.start or other.end <= one.start)


def _is_wrong(changes: tuple[Change, ...], text: str, folder: Path) -> bool:
    planted, _ = _planted(text, changes)
    try:
        module = loaded(planted, folder)
        with np.errstate(all="ignore"):
            found = _arrays(module.grad(*module.example()))
        if any(A is None or A.dtype.kind not in "fi" or not np.all(np.isfinite(A)) for A in found):
            return False
        wanted = _arrays(loaded(text, folder).example()[:1])
        if [A.shape for A in found] != [A.shape for A in wanted]:
            return False
        return not _agrees(planted, text, folder, WRONG)
    except Exception:
        return False


def _agrees(one: str, other: str, folder: Path, within: float) -> bool:
    """Whether two texts have the same loss and gradients at the example and five other points."""
    try:
        modules = [loaded(text, folder) for text in (one, other)]
        for number in range(6):
            rows = []
            for module in modules:
                params, *data = module.example()
                params = _moved(params, np.random.default_rng(number)) if number else params
                with np.errstate(all="ignore"):
                    rows.append([*_arrays(module.grad(params, *data)), np.asarray(module.loss(params, *data))])
            if len(rows[0]) != len(rows[1]) or not all(map(_close, *rows, [within] * len(rows[0]))):
                return False
    except Exception:
        return False
    return True


def _close(a: Any, b: Any, within: float) -> bool:
    same = a.shape == b.shape and bool(np.all(np.isfinite(a)))
    return same and float(np.linalg.norm(a - b)) <= within * max(float(np.linalg.norm(b)), 1e-12)


def _moved(x: Any, rng: np.random.Generator) -> Any:
    if isinstance(x, dict):
        return {key: _moved(value, rng) for key, value in x.items()}
    if isinstance(x, list | tuple):
        return type(x)(_moved(value, rng) for value in x)
    return rng.normal(size=x.shape)


def _arrays(x: Any) -> list[Any]:
    if isinstance(x, dict):
        return [A for key in sorted(x) for A in _arrays(x[key])]
    if isinstance(x, list | tuple):
        return [A for value in x for A in _arrays(value)]
    return [np.asarray(x)]


def _changes(text: str) -> dict[str, list[Change]]:
    """Every change of every kind in the functions that the gradient alone runs."""
    tree = ast.parse(text)
    found: dict[str, list[Change]] = {}
    for function in _of_the_gradient(tree):
        for kind, changes in KINDS.items():
            for change in changes(function, text):
                found.setdefault(kind, []).append(change)
    return found


def _of_the_gradient(tree: ast.Module) -> list[ast.FunctionDef]:
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    of_loss, of_grad = _reached(functions, ["loss", "example", "__init__"]), _reached(functions, ["grad"])
    return [functions[name] for name in functions if name in of_grad and name not in of_loss]


def _reached(functions: dict[str, ast.FunctionDef], starts: list[str]) -> set[str]:
    found, queue = set[str](), list(starts)
    while queue:
        name = queue.pop()
        if name in functions and name not in found:
            found.add(name)
            used = (getattr(node, "id", getattr(node, "attr", "")) for node in ast.walk(functions[name]))
            queue += [one for one in used if one in functions]
    return found

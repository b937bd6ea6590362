"""The file that ``symnn verify`` is given: imported, and held to its contract. Runs in the child only."""

from __future__ import annotations

import inspect
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from symnn.errors import InputError, UndecidedError, aligned
from symnn.library import import_file
from symnn.network import Network

CONTRACT = aligned(
    [
        ("loss", "loss(params, *data) returns one number"),
        ("grad", "grad(params, *data) returns arrays named and shaped like params"),
        ("example", "example() returns (params, *data), the arguments to check at"),
        ("network", "may be given: the Network that the loss belongs to; then a mistake is named"),
    ]
)
"""What a file must hold, a line each."""

FUNCTIONS = ("loss", "grad", "example")
"""The functions that every file gives."""

PACKAGE = Path(__file__).resolve().parents[1]


class AskedTooMuchError(UndecidedError):
    """The code asked for more memory than it may use."""


@dataclass(frozen=True)
class Submission:
    """What a file gives: its functions by name, the line each starts at, and the network if it says which.

    ``parameters`` are the names of the parameters of each function, as far as Python knows them.
    """

    functions: dict[str, Callable[..., Any]]
    lines: dict[str, int]
    parameters: dict[str, list[str]]
    network: Network | None


def submission(file: Path) -> Submission:
    """Import a file as if Python ran it from its folder, and return what it gives.

    Raises InputError if it cannot be run or does not hold to the contract, `AskedTooMuchError`.
    """
    sys.path.insert(0, str(file.resolve().parent))
    # Python itself may know a module of the file's name.
    name = f"symnn_target_{file.stem}"
    module = guarded(f"{file} cannot be run", lambda: import_file(file, name))
    found = {name: getattr(module, name, None) for name in FUNCTIONS}
    missing = [name for name, function in found.items() if not callable(function)]
    if missing:
        raise InputError(f"{file} has no function {', '.join(missing)}\n{CONTRACT}")
    functions = {name: function for name, function in found.items() if callable(function)}
    network = getattr(module, "network", None)
    lines = {name: line for name, function in functions.items() if (line := _line(function, file))}
    parameters = {name: _parameters(function) for name, function in functions.items()}
    return Submission(functions, lines, parameters, network if isinstance(network, Network) else None)


def arguments(file: Path, example: Callable[[], Any]) -> tuple[Any, ...]:
    """Return ``(params, *data)`` of a file. Raises as `submission` does."""
    found = guarded(f"example() of {file} cannot be run", example)
    if not isinstance(found, tuple) or not found:
        raise InputError(f"example() of {file} returned {type(found).__name__}, not (params, *data)\n{CONTRACT}")
    return found


def guarded(what: str, run: Callable[[], Any]) -> Any:
    """Return ``run()``; whatever it raises becomes an InputError that says where, or an `AskedTooMuchError`."""
    try:
        return run()
    except MemoryError as problem:
        raise AskedTooMuchError(what) from problem
    except BaseException as problem:
        raise InputError(f"{what}: {type(problem).__name__}: {problem}{_place(problem)}") from problem


def _parameters(function: Callable[..., Any]) -> list[str]:
    try:
        return list(inspect.signature(function).parameters)
    except (ValueError, TypeError):
        return []


def _line(function: Callable[..., Any], file: Path) -> int:
    """The line at which a function of the file starts; 0 for one that is from elsewhere."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    return code.co_firstlineno if code is not None and Path(code.co_filename).resolve() == file.resolve() else 0


def _place(problem: BaseException) -> str:
    """Return where the user's own code raised, as a line of its own."""
    if isinstance(problem, SyntaxError):
        return f"\n  at line {problem.lineno}" if problem.lineno else ""
    frames = [
        frame
        for frame in traceback.extract_tb(problem.__traceback__)
        if not Path(frame.filename).is_relative_to(PACKAGE)
    ]
    frames = [frame for frame in frames if not frame.filename.startswith("<frozen")]
    return f"\n  at line {frames[-1].lineno}, in {frames[-1].name}" if frames else ""

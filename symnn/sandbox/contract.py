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
from symnn.sandbox.targets import target_of, told
from symnn.verification.adapters.passes import methods_of

CONTRACT = aligned(
    [
        ("loss", "loss(params, *data) returns one number"),
        ("grad", "grad(params, *data) returns arrays named and shaped like params"),
        ("example", "example() returns (params, *data), the arguments to check at"),
        ("network", "may be given: the Network that the loss belongs to; then a mistake is named"),
        ("target", "in the place of loss and grad: whatever else verify takes, with example() for its arguments"),
    ]
)
"""What a file must hold, a line each."""

FUNCTIONS = ("loss", "grad", "example")
"""The functions that a file with a pair gives."""

PACKAGE = Path(__file__).resolve().parents[1]


class AskedTooMuchError(UndecidedError):
    """The code asked for more memory than it may use."""


@dataclass(frozen=True)
class Submission:
    """What a file gives: its functions by name, the line each starts at, and the network if it says which.

    ``parameters`` are the names of the parameters of each function, as far as Python knows them. ``target`` is what
    `symnn.verify` is called with first where that is no pair of loss and grad: an object, layers, or two functions.
    """

    functions: dict[str, Callable[..., Any]]
    lines: dict[str, int]
    parameters: dict[str, list[str]]
    network: Network | None
    target: tuple[Any, ...] = ()
    names: tuple[str, ...] = ()
    argnum: int | tuple[int, ...] | None = None


def submission(file: Path) -> Submission:
    """Import a file as if Python ran it from its folder, and return what it gives.

    Raises InputError if it cannot be run or does not hold to the contract, `AskedTooMuchError`.
    """
    sys.path.insert(0, str(file.resolve().parent))
    # Python itself may know a module of the file's name.
    name = f"symnn_target_{file.stem}"
    module = guarded(f"{file} cannot be run", lambda: import_file(file, name))
    found = {name: getattr(module, name, None) for name in FUNCTIONS}
    functions = {name: function for name, function in found.items() if callable(function)}
    network = getattr(module, "network", None)
    target: tuple[Any, ...] = ()
    missing = [name for name in FUNCTIONS if name not in functions]
    if missing or hasattr(module, "target"):
        target = guarded(f"{file} cannot be run", lambda: target_of(module))
        if not target:
            raise InputError(f"{file} has no function {', '.join(missing)}, and nothing else to check\n{CONTRACT}")
        functions = {name: function for name, function in functions.items() if name == "example"}
        if "example" not in functions and not isinstance(network, Network):
            raise InputError(
                f"{file} has no function example, which returns what {told(target)} is called with\n{CONTRACT}"
            )
    lines = {name: line for name, function in functions.items() if (line := _line(function, file))}
    if target and (line := _line_of_target(target, file)):
        lines["grad"] = line
    return Submission(
        functions,
        lines,
        {name: _parameters(function) for name, function in functions.items()},
        network if isinstance(network, Network) else None,
        target,
        tuple(getattr(module, "names", ())),
        getattr(module, "argnum", None),
    )


def _line_of_target(target: tuple[Any, ...], file: Path) -> int:
    """The line at which the backward part of a target starts."""
    last = target[-1]
    last = last[-1] if isinstance(last, list | tuple) and last else last
    names = methods_of(last)
    method = getattr(type(last), names[1], None) if names else last
    return _line(method, file) if callable(method) else 0


def arguments(file: Path, example: Callable[[], Any], alone: bool = False) -> tuple[Any, ...]:
    """Return ``(params, *data)`` of a file; with ``alone``, one argument may be returned as it is.

    Raises as `submission` does.
    """
    found = guarded(f"example() of {file} cannot be run", example)
    if alone and not isinstance(found, tuple):
        found = (found,)
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

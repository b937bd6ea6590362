"""The file that ``symnn verify`` is given: read, and held to its contract."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from symnn.errors import InputError, aligned
from symnn.library import import_file
from symnn.network import Network

_CONTRACT = aligned(
    [
        ("loss", "loss(params, *data) returns one number"),
        ("grad", "grad(params, *data) returns arrays named and shaped like params"),
        ("example", "example() returns (params, *data), the arguments to check at"),
        ("network", "may be given: the Network that the loss belongs to; then a mistake is named"),
    ]
)


PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Target:
    """What a file gives to be checked: two functions, their arguments, and the network if it says which."""

    loss: Callable[..., Any]
    grad: Callable[..., Any]
    arguments: tuple[Any, ...]
    network: Network | None


def read_target(file: Path) -> Target:
    """Return what a file gives to be checked.

    Raises `InputError` if the file cannot be read or run, or does not hold to the contract; nothing that the file
    raises passes as a traceback.
    """
    if not file.is_file():
        raise InputError(f"{file} is no file: give a Python file with loss, grad and example()")
    if file.suffix != ".py":
        raise InputError(f"{file} is no Python file: its name must end in .py")
    # As if Python ran the file: it may import what lies beside it.
    sys.path.insert(0, str(file.resolve().parent))
    module = _guarded(f"{file} cannot be run", lambda: import_file(file, f"symnn_target_{file.stem}"))
    missing = [name for name in ("loss", "grad", "example") if not callable(getattr(module, name, None))]
    if missing:
        raise InputError(f"{file} has no function {', '.join(missing)}\n{_CONTRACT}")
    arguments = _guarded(f"example() of {file} cannot be run", module.example)
    if not isinstance(arguments, tuple) or not arguments:
        raise InputError(f"example() of {file} returned {type(arguments).__name__}, not (params, *data)\n{_CONTRACT}")
    network = getattr(module, "network", None)
    return Target(module.loss, module.grad, arguments, network if isinstance(network, Network) else None)


def _guarded(what: str, run: Callable[[], Any]) -> Any:
    try:
        return run()
    except (Exception, SystemExit) as problem:
        raise InputError(f"{what}: {type(problem).__name__}: {problem}{_place(problem)}") from problem


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

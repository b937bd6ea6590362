"""Opening a file in a child: what it gives to be checked, with proxies in the place of its functions."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from symnn.errors import InputError
from symnn.network import Network, network_from_table
from symnn.sandbox.caller import Caller
from symnn.sandbox.limits import Limits
from symnn.sandbox.process import Child
from symnn.sandbox.proxy import Proxy


@dataclass(frozen=True)
class Target:
    """What a file gives to be checked: two functions, their arguments, and the network if it says which.

    ``lines`` says where in the file its functions start.
    """

    loss: Callable[..., Any]
    grad: Callable[..., Any]
    arguments: tuple[Any, ...]
    network: Network | None
    lines: dict[str, int] = field(default_factory=dict)


def checked_path(file: Path) -> Path:
    """Return the path of a Python file. Raises InputError for anything else."""
    try:
        found = file.is_file()
    except OSError as problem:
        raise InputError(f"cannot read {file}: {problem.strerror}") from problem
    if not found:
        raise InputError(f"{file} is no file: give a Python file with loss, grad and example()")
    if file.suffix != ".py":
        raise InputError(f"{file} is no Python file: its name must end in .py")
    return file


@contextlib.contextmanager
def opened(child: Child) -> Iterator[Target]:
    """Give what the file of a child holds to be checked, and end the child when all is done.

    Raises InputError if the file cannot be run or does not hold to the contract, `StoppedError` and `CannotRunError`
    for what its import or its ``example()`` does beyond that.
    """
    with child:
        lines, names, network = child.ask("the import", _read_submission, do="open")
        arguments = child.ask("example()", _read_arguments, do="example")
        caller = Caller(child)
        loss, grad = (Proxy(name, names.get(name, []), caller) for name in ("loss", "grad"))
        yield Target(loss, grad, arguments, network, lines)


def _read_submission(found: dict[str, Any]) -> tuple[dict[str, int], dict[str, list[str]], Network | None]:
    table = found["network"]
    lines = {str(name): int(line) for name, line in found["lines"].items()}
    names = {str(name): list(map(str, row)) for name, row in found["parameters"].items()}
    return lines, names, None if table is None else network_from_table(table, "network")


def _read_arguments(found: dict[str, Any]) -> tuple[Any, ...]:
    arguments = found["arguments"]
    if not isinstance(arguments, tuple) or not arguments:
        raise TypeError("the child has checked that these are a tuple")
    return arguments


def child_of(file: Path, limits: Limits) -> Child:
    """Start the process that runs a file. Raises InputError for what is no Python file."""
    return Child(checked_path(file), limits)

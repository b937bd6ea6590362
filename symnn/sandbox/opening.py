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
from symnn.sandbox.editing import RemoteEditor
from symnn.sandbox.limits import Limits
from symnn.sandbox.process import Child
from symnn.sandbox.proxy import Proxy
from symnn.verification.adapters.network_stack import described_stack
from symnn.verification.structure import Parameters, parameters
from symnn.verification.subject import Missing, Subject


@dataclass(frozen=True)
class Target:
    """What a file gives to be checked: two functions, their arguments, and the network if it says which.

    ``lines`` says where in the file its functions start. ``subject`` is what a target that is no such pair was read as.
    """

    loss: Callable[..., Any]
    grad: Callable[..., Any]
    arguments: tuple[Any, ...]
    network: Network | None
    lines: dict[str, int] = field(default_factory=dict)
    subject: Subject | None = None
    argnum: int | tuple[int, ...] | None = None


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
def opened(child: Child, seed: int = 0) -> Iterator[Target]:
    """Give what the file of a child holds to be checked, and end the child when all is done.

    Raises InputError if the file cannot be run or does not hold to the contract, `StoppedError` and `CannotRunError`
    for what its import or its ``example()`` does beyond that.
    """
    with child:
        found = child.ask("the import", _read_submission, do="open")
        caller = Caller(child)
        loss, grad = (Proxy(name, found.names.get(name, []), caller) for name in ("loss", "grad"))
        if not found.is_target:
            arguments = child.ask("example()", _read_arguments, do="example")
            grad.editor = RemoteEditor(child, arguments)
            yield Target(loss, grad, arguments, found.network, found.lines, argnum=found.argnum)
            return
        read = child.ask("the target", lambda answer: answer, do="adapt", seed=seed)
        arguments = _read_arguments(read)
        grad.editor = RemoteEditor(child, arguments)
        subject = _subject(read, loss, grad, caller, found.network)
        yield Target(loss, grad, arguments, found.network, found.lines, subject)


@dataclass(frozen=True)
class _Opened:
    lines: dict[str, int]
    names: dict[str, list[str]]
    network: Network | None
    is_target: bool
    argnum: int | tuple[int, ...] | None


def _read_submission(found: dict[str, Any]) -> _Opened:
    table = found["network"]
    return _Opened(
        {str(name): int(line) for name, line in found["lines"].items()},
        {str(name): list(map(str, row)) for name, row in found["parameters"].items()},
        None if table is None else network_from_table(table, "network"),
        bool(found["is_target"]),
        found["argnum"],
    )


def _subject(read: dict[str, Any], loss: Proxy, grad: Proxy, caller: Caller, network: Network | None) -> Subject:
    params, *data = _read_arguments(read)
    described = None
    if network is not None and read["fixed"] is not None:
        described = described_stack(network, read["fixed"], data[0], tuple(map(str, read["supplied"])))
    missing = tuple(Missing(str(n), tuple(map(int, shape)), str(said)) for n, shape, said in read["missing"])
    return Subject(
        loss,
        grad,
        parameters(params) if params else Parameters({}, {}),
        tuple(data),
        shape=str(read["shape"]),
        notes=tuple(map(str, read["notes"])),
        missing=missing,
        only_floats=str(read["only_floats"]),
        again=(lambda: (Proxy("again_loss", [], caller), Proxy("again_grad", [], caller)))
        if read["keeps_state"]
        else None,
        words=tuple(map(str, read["words"])),
        described=described,
    )


def _read_arguments(found: dict[str, Any]) -> tuple[Any, ...]:
    arguments = found["arguments"]
    if not isinstance(arguments, tuple) or not arguments:
        raise TypeError("the child has checked that these are a tuple")
    return arguments


def child_of(file: Path, limits: Limits) -> Child:
    """Start the process that runs a file. Raises InputError for what is no Python file."""
    return Child(checked_path(file), limits)

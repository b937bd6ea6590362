"""The file that ``symnn verify`` is given: read, and held to its contract."""

from __future__ import annotations

import contextlib
import decimal
import itertools
import os
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

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
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Target:
    """What a file gives to be checked: two functions, their arguments, and the network if it says which."""

    loss: Callable[..., Any]
    grad: Callable[..., Any]
    arguments: tuple[Any, ...]
    network: Network | None


@contextlib.contextmanager
def opened(file: Path) -> Iterator[Target]:
    """Give what a file holds to be checked, and leave no trace of the file for the next one.

    Raises `InputError` if the file cannot be read or run, or does not hold to the contract; nothing that the file
    raises passes as a traceback.
    """
    if not _is_file(file):
        raise InputError(f"{file} is no file: give a Python file with loss, grad and example()")
    if file.suffix != ".py":
        raise InputError(f"{file} is no Python file: its name must end in .py")
    with _isolated(file.resolve().parent):
        yield _read(file)


def _read(file: Path) -> Target:
    # Two files may have one name; a module has its own.
    name = f"symnn_target_{next(_NUMBERS)}_{file.stem}"
    module = _guarded(f"{file} cannot be run", lambda: import_file(file, name))
    missing = [name for name in ("loss", "grad", "example") if not callable(getattr(module, name, None))]
    if missing:
        raise InputError(f"{file} has no function {', '.join(missing)}\n{_CONTRACT}")
    arguments = _guarded(f"example() of {file} cannot be run", module.example)
    if not isinstance(arguments, tuple) or not arguments:
        raise InputError(f"example() of {file} returned {type(arguments).__name__}, not (params, *data)\n{_CONTRACT}")
    network = getattr(module, "network", None)
    return Target(module.loss, module.grad, arguments, network if isinstance(network, Network) else None)


def _is_file(file: Path) -> bool:
    try:
        return file.is_file()
    except OSError as problem:
        raise InputError(f"cannot read {file}: {problem.strerror}") from problem


@contextlib.contextmanager
def _isolated(folder: Path) -> Iterator[None]:
    """Run a file as if Python ran it from its folder, and take back what it changes for files that run after it.

    Taken back: the path, the modules found in the folder or elsewhere on what the file added to the path, the working
    directory, and how NumPy, decimals and warnings behave. Installed packages stay, for theirs may load only once.
    """
    path, entries, modules = sys.path, list(sys.path), dict(sys.modules)
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            stack.callback(os.chdir, os.getcwd())
        stack.enter_context(np.errstate())
        stack.enter_context(decimal.localcontext())
        stack.enter_context(warnings.catch_warnings())
        sys.path.insert(0, str(folder))
        try:
            yield
        finally:
            own = {folder, *map(_resolved, set(sys.path) - set(entries))}
            sys.path = path
            sys.path[:] = entries
            new = {name: module for name, module in sys.modules.items() if name not in modules}
            local = {name for name, module in new.items() if "." not in name and _folders(module) & own}
            for name in new:
                if name.partition(".")[0] in local:
                    del sys.modules[name]
            sys.modules.update(modules)


def _folders(module: ModuleType | None) -> set[Path]:
    """Return the folders on the path that a module or package was found in."""
    spec = getattr(module, "__spec__", None)
    if spec is None:
        return set()
    places = list(spec.submodule_search_locations or ()) or [spec.origin] * bool(spec.has_location)
    return {_resolved(place).parent for place in places}


def _resolved(entry: object) -> Path:
    return Path(str(entry)).resolve()


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

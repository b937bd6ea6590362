"""The folder of derivations: a file dropped in is listed, tested and reported.

A file holds a docstring (its first line is the title, what stands in it behind a colon and in any paragraph but the
first is not shown to students), ``systems``, ``network`` or ``program``, ``point``, the
hand-written ``loss`` and ``grad``, and ``published`` figures; it may hold a function ``exhibits`` that returns curves
and other things to be drawn, and name the ``style`` and the ``notation`` that its report is told in, and the ``rows``
of the tables whose derivatives it is to derive.

What is not in the folder is opened by its path: a file like these, which is run, or a TOML file, which is only read.
"""

from __future__ import annotations

import importlib.util
import inspect
import sys
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from symnn.derivation import derive
from symnn.equations import Program
from symnn.errors import InputError, unknown
from symnn.library.described import read_described
from symnn.library.example import Example
from symnn.library.point import Point
from symnn.network import Network

HERE = Path(__file__).resolve().parent


def folder() -> Path:
    """Return the folder of derivations: inside the package once installed, beside it in a checkout."""
    inside = HERE.parent / "derivations"
    return inside if inside.is_dir() else HERE.parent.parent / "derivations"


def names() -> tuple[str, ...]:
    """Return the names of all derivations, sorted.

    >>> "or-gate" in names()
    True
    """
    return tuple(sorted(_name(path) for path in folder().glob("*.py") if not path.stem.startswith("_")))


def load(name: str) -> Example:
    """Return a derivation by name, such as ``or-gate``; raise `InputError` for one that is not in the folder.

    A file is run once in a process, and again only if it was changed: the same object is returned.

    >>> load("or-gate").systems
    (7,)
    """
    if name not in names():
        raise unknown("derivation", name, names())
    path = folder() / f"{name.replace('-', '_')}.py"
    return _read_once(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=128)
def _read_once(path: Path, _changed: int) -> Example:
    return read(path)


def example_of(given: str) -> Example:
    """Return the derivation of that name, or the example in the ``.toml`` or ``.py`` file at that path.

    A ``.py`` file is run as Python runs it, with the rights of the caller. Raises `InputError` as `load`, `read` and
    `read_described` do.

    >>> example_of("or-gate").name
    'or-gate'
    """
    path = Path(given)
    if path.suffix.lower() == ".toml":
        return read_described(path)
    return read(path) if path.suffix.lower() == ".py" else load(given)


def read(path: Path) -> Example:
    """Run a file and return the derivation in it; raise `InputError` naming what is missing or of the wrong kind."""
    if not path.is_file():
        raise InputError(f"cannot read {path}: there is no such file")
    try:
        module = import_file(path, f"symnn_derivations.{path.stem}")
    except (Exception, SystemExit) as error:
        raise InputError(f"{path.name} cannot be run: {type(error).__name__}: {error}") from error
    found = {key: getattr(module, key, None) for key in _KINDS}
    for key, kind in _KINDS.items():
        if not isinstance(found[key], kind) or (kind is str and not str(found[key]).strip()):
            raise InputError(f"{path.name}: {key} is missing or no {_word(kind)}")
    source = getattr(module, "network", None) or getattr(module, "program", None)
    if not isinstance(source, Network | Program):
        raise InputError(f"{path.name}: give a `network` or a `program`")
    if not all(callable(getattr(module, name, None)) for name in ("loss", "grad")):
        raise InputError(f"{path.name}: loss and grad must be functions")
    for key in ("style", "notation"):
        if not isinstance(getattr(module, key, None), str | None):
            raise InputError(f"{path.name}: {key} is no text; write its name in quotes")
    title, _, text = inspect.cleandoc(str(found["__doc__"])).partition("\n")
    title = title.rstrip(".")
    return Example(
        name=_name(path),
        title=title,
        text=text.strip(),
        systems=tuple(module.systems),
        source=source,
        derivation=derive(source, title=f"{title[0].lower()}{title[1:]}" if not title[:2].isupper() else title),
        point=module.point,
        loss=module.loss,
        grad=module.grad,
        published=tuple(module.published),
        code="\n\n\n".join(_code(module)),
        exhibits=getattr(module, "exhibits", tuple),
        style=getattr(module, "style", None),
        notation=getattr(module, "notation", None),
        rows=tuple(getattr(module, "rows", ())),
        where=str(path),
        heading=title.partition(": ")[0],
    )


def import_file(path: Path, name: str) -> ModuleType:
    """Import a Python file that the user asked to run, under a module name; what it raises is passed on."""
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise InputError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    # inspect finds the source of a class through the table of modules.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


_KINDS: dict[str, type] = {"__doc__": str, "systems": tuple, "point": Point, "published": tuple}


def _word(kind: type) -> str:
    return {"str": "docstring"}.get(kind.__name__, kind.__name__)


def _name(path: Path) -> str:
    return path.stem.replace("_", "-")


def _code(module: ModuleType) -> list[str]:
    """Return the source of every function and class that the file itself defines, in order."""
    own = [
        value
        for value in vars(module).values()
        if (inspect.isfunction(value) or inspect.isclass(value))
        and value.__module__ == module.__name__
        # What is drawn is not what is taught.
        and value.__name__ != "exhibits"
    ]
    return [inspect.getsource(value).rstrip() for value in own]

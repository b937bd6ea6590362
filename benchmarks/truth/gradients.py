"""What a program's gradient is: modules loaded from text, gradients as named arrays, points, and how two differ."""

from __future__ import annotations

import importlib.util
import itertools
import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.abc import InspectLoader
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import numpy as np

Arrays: TypeAlias = Mapping[str, Any]

PROGRAMS = Path(__file__).parent / "programs"
NAMES = tuple(sorted(file.stem for file in PROGRAMS.glob("[!_]*.py")))
POINTS = 5
SMALL = 1e-6

_numbers = itertools.count()


class StructureError(ValueError):
    """A gradient has other arrays than the right one, or numbers that are not finite."""


def source_of(program: str) -> str:
    """Return the text of a program."""
    return (PROGRAMS / f"{program}.py").read_text(encoding="utf-8")


def load(text: str, folder: Path, stem: str) -> ModuleType:
    """Write a text into a folder and return it as a module, under a name that no other module has."""
    name = f"{stem}_{next(_numbers)}"
    file = folder / f"{name}.py"
    file.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


class InMemory(InspectLoader):
    """Loads a text as a module without a file, which is quicker where nobody looks at the source."""

    def __init__(self, text: str) -> None:
        self.text = text

    def get_source(self, fullname: str) -> str:
        """Return the text."""
        return self.text


def run(text: str, stem: str) -> ModuleType:
    """Return a text as a module that has no file and that no other module can find."""
    loader = InMemory(text)
    spec = importlib.util.spec_from_loader(f"{stem}_{next(_numbers)}", loader)
    module = importlib.util.module_from_spec(spec)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loader.exec_module(module)
    return module


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every array in dicts, lists and tuples, with the path that leads to it."""
    if isinstance(value, Mapping):
        for key in sorted(value, key=str):
            yield from leaves(value[key], f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from leaves(inner, f"{path}.{place}")
    else:
        yield path, np.asarray(value, np.float64)


def drawn(value: Any, rng: np.random.Generator) -> Any:
    """Return parameters of the same structure and shapes, drawn anew."""
    if isinstance(value, Mapping):
        return {key: drawn(inner, rng) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(drawn(inner, rng) for inner in value)
    return 0.7 * rng.normal(size=np.shape(value)) if np.ndim(value) else 0.7 * float(rng.normal())


def gradient(module: ModuleType, place: int) -> Arrays:
    """Return what ``grad`` gives at a place: 0 is the example, the others are drawn parameters with the same data."""
    params, data = arguments(module, place)
    # What warns is wrong in the same way wherever warnings are errors.
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return dict(leaves(module.grad(params, *data)))


def value(module: ModuleType, place: int) -> float:
    """Return the loss at a place."""
    params, data = arguments(module, place)
    return float(module.loss(params, *data))


def arguments(module: ModuleType, place: int) -> tuple[Any, tuple[Any, ...]]:
    """Return parameters and data of a place; both are new at every call, since a slip may write into them."""
    params, *data = module.example()
    return (drawn(params, np.random.default_rng([77, place])) if place else params), tuple(data)


def difference(right: Arrays, got: Arrays, tolerance: float) -> str:
    """Return how two gradients differ, *shape*, *order* or *values*; raise `StructureError` if incomparable.

    *Order* is said of right arrays in each other's places, and nothing of equal gradients.
    """
    if right.keys() != got.keys():
        raise StructureError("other arrays than the right gradient has")
    if not all(np.all(np.isfinite(g)) for g in got.values()):
        raise StructureError("not finite")
    wrong = [name for name, g in right.items() if not same(g, got[name], tolerance)]
    if not wrong:
        return "shape" if any(g.shape != got[name].shape for name, g in right.items()) else ""
    left = list(wrong)
    for name in wrong:
        fitting = [other for other in left if other != name and same(right[other], got[name], tolerance)]
        if not fitting:
            return "values"
        left.remove(fitting[0])
    return "order"


def same(right: Any, got: Any, tolerance: float) -> bool:
    """Whether two arrays hold the same numbers, be it in another shape."""
    return right.size == got.size and bool(
        np.linalg.norm(got.ravel() - right.ravel()) <= tolerance * max(np.linalg.norm(right), SMALL)
    )


@dataclass(frozen=True)
class Program:
    """An ordinary program, right as it stands, with its losses and gradients at the example and at drawn places."""

    name: str
    text: str
    module: ModuleType
    losses: tuple[float, ...]
    gradients: tuple[Arrays, ...]

    @classmethod
    def of(cls, name: str) -> Program:
        """Load a program and work out what is right."""
        module = importlib.import_module(f"benchmarks.truth.programs.{name}")
        places = range(POINTS + 1)
        return cls(
            name,
            source_of(name),
            module,
            tuple(value(module, place) for place in places),
            tuple(gradient(module, place) for place in places),
        )

    def shows(self, module: ModuleType, tolerance: float = 1e-6) -> str:
        """Return how a gradient is wrong, as `difference` says or *elsewhere* than at the example; else nothing.

        Raises whatever the module raises at the example, and `StructureError`.
        """
        if found := difference(self.gradients[0], gradient(module, 0), tolerance):
            return found
        return "elsewhere" if self.wrong_elsewhere(module, tolerance) else ""

    def wrong_elsewhere(self, module: ModuleType, tolerance: float) -> bool:
        """Whether a module's gradient is wrong at a drawn place, or cannot be worked out there."""
        for place in range(1, POINTS + 1):
            try:
                if difference(self.gradients[place], gradient(module, place), tolerance):
                    return True
            except Exception:
                return True
        return False

    def restored(self, text: str, folder: Path, tolerance: float = 1e-7) -> bool:
        """Whether a text has the right loss and the right gradient at the example and at every drawn place."""
        try:
            module = load(text, folder, self.name)
            if self.shows(module, tolerance):
                return False
            losses = [value(module, place) for place in range(POINTS + 1)]
        except Exception:
            return False
        return bool(np.allclose(losses, self.losses, rtol=tolerance, atol=0))


@cache
def program(name: str) -> Program:
    """Return a program, loaded once."""
    return Program.of(name)

"""Opening a run: for its duration, unmodified NumPy code computes over a number system."""

from __future__ import annotations

import builtins
import gc
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from types import FunctionType, ModuleType
from typing import Any

from symnn.scalars.buffers import buffers_in, cells_swapped
from symnn.scalars.draws import drawing, generators_swapped, is_generator
from symnn.scalars.lifting import lift_array
from symnn.scalars.places import LIBRARIES
from symnn.scalars.registered import REGISTERED
from symnn.scalars.run import NumberSystem, Run, Slack, close_run, open_run, precision
from symnn.scalars.scientific import scientific
from symnn.scalars.standins import FLOAT, STANDINS

Namespace = dict[str, Any]

_ABSENT = object()

INSTALLED = ("site-packages", "dist-packages")
"""What a path holds where a package was installed."""
# Not the user's even where they are run from a checkout.
_NEVER = {"symnn", "numpy", "scipy", "flint"}


def running(
    system: NumberSystem,
    *,
    widen: Slack = (0, 0.0),
    functions: Iterable[Any] = (),
) -> AbstractContextManager[Run]:
    """Open a run: inside, arrays that code creates hold scalars of ``system``; all is restored after.

    It reaches the module that opens it, the modules of ``functions`` (functions, methods,
    classes or objects), and the user's own modules that these refer to. There NumPy's creation
    functions make ScalarArrays where they would make float arrays, ``math.exp`` and its kin take
    scalars, and ``float(x)`` is a scalar x itself. An import inside of a function there gives the same; a module of the
    user's own that is first imported so is not reached.

    With ``widen``, a float constant that is no rounded simple rational stands for all reals within
    so many units in its last place, and for 0 too if it is smaller than a bound. Runs nest. Not for use by several
    threads at once.

    >>> import numpy as np
    >>> from symnn.scalars import EXACT
    >>> with running(EXACT):
    ...     print(np.zeros(2) + np.array([0.1, 1 / 3]))
    [Exact(1/10) Exact(1/3)]
    """
    caller = sys._getframe(1).f_globals
    roots = [_namespace(part) for f in functions for part in _parts(f)]
    roots += [] if _is_library(caller) else [caller]
    return _run(Run(system, widen), roots, [part for f in functions for part in _parts(f)])


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause Python's cycle collector: scalars are in no cycles, and it would walk 100,000 of them half the time.

    >>> with collector_paused():
    ...     gc.isenabled()
    False
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def _run(run: Run, roots: list[Namespace], functions: list[Any]) -> Iterator[Run]:
    with ExitStack() as stack:
        stack.enter_context(collector_paused())
        stack.enter_context(precision(None if run.system is None else run.system.bits))
        open_run(run)
        stack.callback(close_run)
        spaces = _reached(roots)
        for namespace in spaces:
            for name, standin in _edits(namespace):
                stack.callback(_restore, namespace, name, namespace.get(name, _ABSENT))
                namespace[name] = standin
            for name in buffers_in(namespace) if run.system is not None else ():
                stack.callback(_restore, namespace, name, namespace[name])
                namespace[name] = lift_array(namespace[name])
        stack.callback(setattr, builtins, "__import__", builtins.__import__)
        builtins.__import__ = _importing(builtins.__import__, {id(space) for space in spaces})
        for function in functions if run.system is not None else ():
            for undo in (*cells_swapped(function), *generators_swapped(function)):
                stack.callback(undo)
        yield run


def stand_ins() -> dict[int, Any]:
    """Return what stands in for modules, functions and types in a run, by the identity of each."""
    return STANDINS | scientific() | REGISTERED


def _importing(original: Callable[..., Any], spaces: set[int]) -> Callable[..., Any]:
    """The import statement, which gives functions of some namespaces what stands in for a module."""

    def imported(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        module = original(name, globals, locals, fromlist, level)
        return module if id(globals) not in spaces else stand_ins().get(id(module), module)

    return imported


def _edits(namespace: Namespace) -> list[tuple[str, Any]]:
    """The names to rebind, with what stands in; ``float`` is rebound where the builtin is in sight."""
    builtin = [] if "float" in namespace else [("float", FLOAT)]
    standins = stand_ins()
    # By identity: a user's object may refuse to be hashed or compared.
    known = [(name, standins[id(bound)]) for name, bound in namespace.items() if id(bound) in standins]
    generators = [(name, drawing(bound)) for name, bound in namespace.items() if is_generator(bound)]
    return builtin + known + generators


def _restore(namespace: Namespace, name: str, before: Any) -> None:
    if before is _ABSENT:
        namespace.pop(name, None)
    else:
        namespace[name] = before


def _is_library(namespace: Namespace) -> bool:
    name = _name(namespace)
    return name.startswith(LIBRARIES) and name in sys.modules and vars(sys.modules[name]) is namespace


def _name(namespace: Namespace) -> str:
    return str(namespace.get("__name__", ""))


def _parts(x: Any) -> tuple[Any, ...]:
    """What a function of ours runs that is the user's, where its class says so; else the function itself."""
    parts: tuple[Any, ...] = x.runs_code_of if hasattr(type(x), "runs_code_of") else (x,)
    return parts


def _namespace(x: Any) -> Namespace:
    """The global names of a function, method, partial, class, or the class of any other object."""
    inner = inspect.unwrap(getattr(x, "func", x))
    if isinstance(space := getattr(inner, "__globals__", None), dict):
        return space
    owner = inner if isinstance(inner, type) else type(inner)
    return vars(sys.modules[owner.__module__])


def _reached(roots: list[Namespace]) -> list[Namespace]:
    """The namespaces of the roots and of the user's own modules they refer to, directly or not."""
    packages = {_name(root).partition(".")[0] for root in roots} - {"", "symnn"}
    found = {id(root): root for root in roots}
    queue = list(found.values())
    while queue:
        for bound in list(queue.pop().values()):
            module = _module(bound)
            if module is not None and id(vars(module)) not in found and _is_own(module, packages):
                found[id(vars(module))] = vars(module)
                queue.append(vars(module))
    return list(found.values())


def _module(bound: Any) -> ModuleType | None:
    if isinstance(bound, ModuleType):
        return bound
    return sys.modules.get(bound.__module__) if isinstance(bound, (FunctionType, type)) else None


def _is_own(module: ModuleType, packages: set[str]) -> bool:
    """Whether a module is the user's: of a package under test, or neither installed nor Python's own."""
    package = module.__name__.partition(".")[0]
    path = getattr(module, "__file__", None) or ""
    foreign = package in sys.stdlib_module_names or package in _NEVER or not path
    return package in packages or not (foreign or any(part in path for part in INSTALLED))

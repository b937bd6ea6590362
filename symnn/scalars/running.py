"""Running unmodified NumPy code over a number system: what has to be replaced meanwhile, in tables."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any

import numpy as np

from symnn.scalars.base import Scalar, ScalarArray
from symnn.scalars.lifting import is_floating, lift, lift_array
from symnn.scalars.run import NumberSystem, Run, close_run, open_run, precision

_ABSENT = object()

# Creation functions, and where their dtype stands among the positional arguments.
_CREATION: dict[str, int | None] = {
    "array": 1,
    "asarray": 1,
    "asanyarray": 1,
    "ascontiguousarray": 1,
    "asfortranarray": 1,
    "copy": None,
    "zeros": 1,
    "ones": 1,
    "empty": 1,
    "full": 2,
    "eye": 3,
    "identity": 1,
    "zeros_like": 1,
    "ones_like": 1,
    "empty_like": 1,
    "full_like": 2,
    "arange": 3,
    "linspace": 5,
    "diag": None,
    "atleast_1d": None,
    "atleast_2d": None,
    "fromiter": 1,
}

# Uninitialised memory is no number: an array made without values starts from zeros.
_INSTEAD = {"empty": "zeros", "empty_like": "zeros_like"}

_MATH: dict[str, str] = {
    "exp": "exp",
    "expm1": "expm1",
    "log": "log",
    "log1p": "log1p",
    "log2": "log2",
    "log10": "log10",
    "sqrt": "sqrt",
    "tanh": "tanh",
    "sinh": "sinh",
    "cosh": "cosh",
    "sin": "sin",
    "cos": "cos",
    "tan": "tan",
    "atan": "arctan",
    "asin": "arcsin",
    "acos": "arccos",
    "atanh": "arctanh",
    "asinh": "arcsinh",
    "erf": "erf",
    "fabs": "__abs__",
}

_ORIGINAL: dict[str, Callable[..., Any]] = {name: getattr(np, name) for name in _CREATION}


def _creating(name: str, dtype_at: int | None) -> Callable[..., Any]:
    original = _ORIGINAL[_INSTEAD.get(name, name)]

    def create(*args: Any, **kwargs: Any) -> Any:
        if dtype_at is not None and len(args) > dtype_at:
            kwargs["dtype"], args = args[dtype_at], (*args[:dtype_at], *args[dtype_at + 1 :])
        dtype = kwargs.get("dtype")
        real = dtype is not None and is_floating(dtype)
        if real:
            # Without a dtype NumPy keeps the scalars; what it then gives as int is lifted below.
            del kwargs["dtype"]
        elif dtype is not None and args and isinstance(args[0], (Scalar, ScalarArray)):
            return args[0].astype(dtype)
        made = original(*args, **kwargs)
        return lift_array(made) if real or made.dtype.kind in "fO" else made

    return create


def _accepting(original: Callable[..., Any], method: str) -> Callable[..., Any]:
    def function(x: Any, *base: Any) -> Any:
        scalar = x.reshape(())[()] if isinstance(x, ScalarArray) and x.size == 1 else x
        if not isinstance(scalar, Scalar):
            return original(x, *base)
        # Only the logarithm has a second argument.
        result = getattr(scalar, method)()
        return result / getattr(lift(base[0], scalar), method)() if base else result

    return function


class _FloatType(type):
    def __instancecheck__(cls, x: object) -> bool:
        return isinstance(x, (float, Scalar))

    def __call__(cls, x: Any = 0.0) -> Any:
        scalar = x.reshape(())[()] if isinstance(x, ScalarArray) and x.size == 1 else x
        return scalar if isinstance(scalar, Scalar) else float(x)


class _Float(float, metaclass=_FloatType):
    """Stands in for ``float`` in the modules under test, where ``float(loss)`` means the loss itself."""


_REPLACED: dict[tuple[ModuleType, str], Callable[..., Any]] = {
    **{(np, name): _creating(name, at) for name, at in _CREATION.items()},
    **{(math, name): _accepting(getattr(math, name), method) for name, method in _MATH.items()},
}
_BY_ORIGINAL = {getattr(library, name): new for (library, name), new in _REPLACED.items()}


def _edits(modules: Iterable[ModuleType], functions: Iterable[Any]) -> Iterator[tuple[dict[str, Any], str, Any]]:
    """Every (namespace, name, replacement) of a run."""
    for (library, name), replacement in _REPLACED.items():
        yield vars(library), name, replacement
    namespaces = [vars(module) for module in modules] + [_namespace(f) for f in functions]
    for namespace in {id(space): space for space in namespaces}.values():
        if namespace.get("float", float) is float:
            yield namespace, "float", _Float
        for name, bound in list(namespace.items()):
            if type(bound).__hash__ is not None and callable(bound) and bound in _BY_ORIGINAL:
                yield namespace, name, _BY_ORIGINAL[bound]


def _namespace(function: Any) -> dict[str, Any]:
    """The global names of a function, a method, a partial, or an object that can be called."""
    inner = inspect.unwrap(getattr(function, "func", function))
    found = getattr(inner, "__globals__", None) or getattr(type(inner).__call__, "__globals__", None)
    return found if isinstance(found, dict) else {}


def _restore(namespace: dict[str, Any], name: str, before: Any) -> None:
    if before is _ABSENT:
        namespace.pop(name, None)
    else:
        namespace[name] = before


@contextmanager
def running(
    system: NumberSystem,
    *,
    widen: bool = False,
    modules: Iterable[ModuleType] = (),
    functions: Iterable[Any] = (),
) -> Iterator[Run]:
    """Open a run: inside, arrays that code creates hold scalars of ``system``; all is restored after.

    NumPy's creation functions make ScalarArrays where they would make float arrays, ``math.exp`` and
    its kin take scalars, and the working precision is the system's. Names imported from NumPy or
    math, and ``float``, are replaced in ``modules`` and in the modules of ``functions``. With
    ``widen``, a float constant that is no rounded simple rational stands for all reals within one
    unit in its last place. Runs nest. Not for use by several threads at once.

    >>> from symnn.scalars import EXACT
    >>> with running(EXACT):
    ...     print(np.zeros(2) + np.array([0.1, 1 / 3]))
    [Exact(1/10) Exact(1/3)]
    """
    run = Run(system, widen)
    with ExitStack() as stack:
        stack.enter_context(precision(system.bits))
        open_run(run)
        stack.callback(close_run)
        for namespace, name, replacement in _edits(modules, functions):
            stack.callback(_restore, namespace, name, namespace.get(name, _ABSENT))
            namespace[name] = replacement
        yield run

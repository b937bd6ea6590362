"""A pair run over traces: what its loss and its gradient compute, as expressions, and in which region."""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np

from symnn.scalars import (
    DEFAULT_BITS,
    NumberSystem,
    Scalar,
    ScalarArray,
    Trace,
    array,
    ball,
    precision,
    running,
    trace,
    traced,
)
from symnn.scalars.lifting import lift
from symnn.scalars.nodes import ZERO, Node, limited, symbol
from symnn.verification.calling import call, fresh, single, to_one
from symnn.verification.gradients import finite_scalars, gradients_of, scalars_of
from symnn.verification.reverse import derivatives
from symnn.verification.subject import Subject

MOST_STEPS = 300_000
"""How many operations on numbers a loss and its gradient may take together; about three seconds of tracing."""

# Which of the data become symbols.
Opening: TypeAlias = Literal["all", "fractions", "none"]


@dataclass
class Tracing:
    """What a pair computes: nodes of its loss and of its gradient arrays, flat, and the shapes of both kinds of arrays.

    ``values`` gives each symbol its ball; ``open`` and ``closed`` name the data that became symbols and the data that
    stayed as they are; ``relations`` are the path condition; ``random`` tells that random numbers were drawn.
    """

    loss: Node
    gradients: dict[str, list[Node]]
    shapes: dict[str, tuple[int, ...]]
    parameters: dict[str, list[Node]]
    values: dict[Node, Any]
    open: list[str]
    closed: list[str]
    relations: list[tuple[Node, str, Node]]
    inexact_constants: set[float]
    random: bool

    def blind(self) -> list[str]:
        """Return the arrays on which the loss does not depend at all, as behind units dead for every sample."""
        entries = [(name, node) for name, flat in self.parameters.items() for node in flat]
        exact = derivatives(self.loss, [node for _, node in entries])
        seen = {name for (name, _), x in zip(entries, exact, strict=True) if x is not ZERO}
        return [name for name, flat in self.parameters.items() if flat and name not in seen]


@dataclass
class _Data:
    """Data on its way to traces: what may becomes symbols, the rest stays numbers."""

    system: NumberSystem
    opening: Opening
    open: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    values: dict[Node, Any] = field(default_factory=dict)

    def lifted(self, x: Any, name: str) -> Any:
        if isinstance(x, np.ndarray) and x.dtype.kind == "f":
            doubles = x.astype(np.float64)
            if not self._opens(name, doubles):
                return to_one(array(doubles, self.system), doubles)
            return self._noted(self._summing(traced(name, doubles), doubles))
        if isinstance(x, float):
            number = self.system.lift(0) + x
            return self._noted(Trace(number.value, symbol(name))) if self._opens(name, x) else number
        if isinstance(x, dict):
            return {key: self.lifted(value, f"{name}.{key}") for key, value in x.items()}
        if type(x) in (list, tuple):
            return type(x)([self.lifted(value, f"{name}[{k}]") for k, value in enumerate(x)])
        if x is not None and not isinstance(x, str):
            self.closed.append(name)
        return x

    def _summing(self, symbols: Any, doubles: Any) -> Any:
        """Symbols whose values sum to exactly one where the doubles do as nearly as doubles can."""
        exact = to_one(array(doubles, ball(self.system.bits or DEFAULT_BITS)), doubles)
        entries = [
            Trace(x.value, t.node) for x, t in zip(exact.ravel().tolist(), symbols.ravel().tolist(), strict=True)
        ]
        held = np.empty(len(entries), dtype=object)
        held[:] = entries
        return held.reshape(doubles.shape).view(ScalarArray)

    def _opens(self, name: str, x: Any) -> bool:
        opens = self.opening == "all" or (self.opening == "fractions" and not bool(np.all(x == np.floor(x))))
        (self.open if opens else self.closed).append(name)
        return opens

    def _noted(self, symbols: Any) -> Any:
        entries: list[Any] = [symbols] if isinstance(symbols, Scalar) else symbols.ravel().tolist()
        self.values.update({x.node: x.value for x in entries})
        return symbols


def trace_pair(pair: Subject, point: Mapping[str, Any], opening: Opening) -> Tracing:
    """Run a pair at a point, its parameters as symbols, and of its data what ``opening`` says.

    Of floats that is all, or arrays that hold more than integers, which labels and one-hot targets do not, or none.
    Raises InputError for gradients that cannot be used, UndecidedError where the code cannot run on traces.

    >>> from symnn.verification.structure import parameters
    >>> pair = Subject(lambda w: w**2, lambda w: 2 * w, parameters(0.5), ())
    >>> trace_pair(pair, {"params": np.array(0.5)}, "all").gradients
    {'params': [Node(2*params)]}
    """
    system = trace(DEFAULT_BITS)
    with precision(system.bits):
        data = _Data(system, opening)
        given = [data.lifted(x, name) for x, name in zip(pair.data, _names(pair.loss, len(pair.data)), strict=True)]
        symbols = {name: traced(name, A) for name, A in point.items()}
        loss, grad = _Watched(pair.loss), _Watched(pair.grad)
        with limited(MOST_STEPS), running(system, functions=(pair.loss, pair.grad)) as run:
            # The loss goes first: classes keep there what their backward pass needs.
            found: Any = lift(single(call("loss", loss, pair.parameters.passed(symbols), *fresh(given))))
            result = call("grad", grad, pair.parameters.passed(symbols), *fresh(given))
            gradients = gradients_of(result, pair.parameters)
            arrays = {name: finite_scalars(name, scalars_of(name, g)) for name, g in gradients.items()}
    entries = {name: A.ravel().tolist() for name, A in symbols.items()}
    data.values.update({x.node: x.value for flat in entries.values() for x in flat})
    return Tracing(
        found.node,
        {name: [x.node for x in A.ravel().tolist()] for name, A in arrays.items()},
        {name: A.shape for name, A in arrays.items()},
        {name: [x.node for x in flat] for name, flat in entries.items()},
        data.values,
        data.open,
        data.closed,
        run.relations,
        run.inexact_constants,
        loss.drew or grad.drew,
    )


@dataclass
class _Watched:
    """A function of the user, and whether it drew from the global random numbers when it was called."""

    function: Callable[..., Any]
    drew: bool = False

    def __call__(self, *args: Any) -> Any:
        before = _random_state()
        result = self.function(*args)
        self.drew = before != _random_state()
        return result


def _random_state() -> Any:
    _, keys, *rest = np.random.get_state(legacy=True)
    return list(keys), rest, random.getstate()


def openings(pair: Subject) -> list[Opening]:
    """Return the ways to open the data of a pair, from most symbols to none, those left out that open no other.

    >>> from symnn.verification.structure import parameters
    >>> openings(Subject(max, max, parameters(0.5), (np.array([1.0, 0.0]),)))
    ['all', 'none']
    """
    found: dict[tuple[str, ...], Opening] = {}
    for opening in _OPENINGS:
        data = _Data(trace(DEFAULT_BITS), opening)
        for k, x in enumerate(pair.data):
            data.lifted(x, f"data{k}")
        # Of two that open the same, the later one has the truer name.
        found[tuple(data.open)] = opening
    return list(found.values())


_OPENINGS: tuple[Opening, ...] = ("all", "fractions", "none")


def _names(loss: Callable[..., Any], count: int) -> list[str]:
    """The names that the loss has for its data."""
    try:
        names = list(inspect.signature(loss).parameters)[1 : count + 1]
    except (TypeError, ValueError):
        names = []
    named = len(names) == count and "args" not in names
    return names if named else [f"data{k}" for k in range(count)]

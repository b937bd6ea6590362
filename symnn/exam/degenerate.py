"""What numbers are no good for an exercise, a row each: they hide mistakes, cannot be decided, or are no fun.

A row looks at the right numbers of a draw and says what is wrong with them, or nothing. All that comes of it is another
draw, so doubles tell well enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq
from sympy import exp, tanh

from symnn.exam.bench import Bench, Scope
from symnn.notation import adjoint_name, name_of
from symnn.rules import recognise_activation, recognise_loss

SATURATED = 4
"""Beyond this a sigmoid is within 2 % of its end, and its slope nearly 0."""

LARGEST = 2000
"""An answer that is larger is no fun to work out by hand."""

NEAR = 1e-3
"""How near to a kink is at it."""

Doubles = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Watched:
    """Which arrays of a problem the rows look at, found once: by name, with the kinks of an activation."""

    kinked: tuple[tuple[str, str, tuple[float, ...]], ...]
    growing: tuple[str, ...]
    met: tuple[tuple[str, str], ...]
    tables: tuple[str, ...]
    gradients: tuple[str, ...]
    computed: tuple[str, ...]
    asked: tuple[str, ...]
    dead: bool
    features_first: bool
    sparse: frozenset[str]

    @classmethod
    def of(cls, bench: Bench, sparse: Iterable[str] = ()) -> Watched:
        """Find what is to be looked at in a problem; zeros in the arrays that are ``sparse`` lie in the problem."""
        program = bench.derivation.program
        kinked, growing = [], []
        for equation in program.equations:
            found = recognise_activation(equation)
            if found is not None and found.row.kinks:
                kinked.append((name_of(found.entry), equation.name, tuple(float(at) for at, _ in found.row.kinks)))
            if equation.right.has(exp) or equation.right.has(tanh):
                growing += [name for name in equation.reads if bench.lesson.shapes[name]]
        loss = recognise_loss(program, program.equations[-1])
        met = () if loss is None else ((name_of(loss.prediction), name_of(loss.target)),)
        parameters = tuple(name_of(tensor) for tensor in program.parameters)
        fixed = bench.problem.bounds.fixed
        return cls(
            tuple(kinked),
            tuple(dict.fromkeys(growing)),
            met,
            tuple(name for name in parameters if name not in fixed and len(bench.lesson.shapes[name]) == 2),
            tuple(adjoint_name(name) for name in parameters if adjoint_name(name) in bench.lesson.shown),
            tuple(bench.lesson.shown),
            bench.names,
            bench.problem.dead,
            getattr(bench.problem.example.source, "layout", "features-first") == "features-first",
            frozenset(sparse),
        )


def doubles(bench: Bench, right: Scope) -> dict[str, Any]:
    """Return all right numbers as arrays of doubles."""
    return {
        name: np.array([double(number) for number in numbers]).reshape(bench.lesson.shapes[name])
        for name, numbers in right.items()
        if name in bench.lesson.shapes
    }


def double(number: Any) -> float:
    """Return a rational number or the middle of a ball as a double; a ball that is 0 as far as is certain as 0.

    >>> from flint import arb
    >>> double(fmpq(1, 3)), double(arb("1e-97", "1e-96"))
    (0.3333333333333333, 0.0)
    """
    if isinstance(number, fmpq):
        return int(number.p) / int(number.q)
    middle = float(number.mid())
    return 0.0 if abs(middle) < NEAR and number.contains(0) else middle


def loss_is_zero(watched: Watched, values: Doubles) -> str:
    """A loss of 0, or a prediction that is its target: nothing is left to learn."""
    for prediction, target in watched.met:
        if values[prediction].shape == values[target].shape and np.any(values[prediction] == values[target]):
            return "a prediction is its target"
    return ""


def at_a_kink(watched: Watched, values: Doubles) -> str:
    """A pre-activation at a kink."""
    for before, _, kinks in watched.kinked:
        if any(np.any(abs(values[before] - at) < NEAR) for at in kinks):
            return f"an entry of {before} lies at a kink"
    return ""


def dead_unit(watched: Watched, values: Doubles) -> str:
    """A unit that is off for all samples, where that is not wanted; a whole layer that is off in any case."""
    samples = 1 if watched.features_first else 0
    for _, after, _ in watched.kinked:
        if not np.any(values[after]):
            return f"all of {after} is 0"
        if not watched.dead and values[after].ndim == 2 and np.any(np.all(values[after] == 0, axis=samples)):
            return f"a unit of {after} is off for all samples"
    return ""


def saturated(watched: Watched, values: Doubles) -> str:
    """A pre-activation at which an activation is nearly flat."""
    for name in watched.growing:
        if np.any(abs(values[name]) > SATURATED):
            return f"an entry of {name} is beyond {SATURATED}: an activation is nearly flat there"
    return ""


def zero_entry(watched: Watched, values: Doubles) -> str:
    """A 0 among gradients or values, which hides whatever it is multiplied with.

    Behind a kink zeros are what is taught; there only the gradients with respect to parameters are looked at.
    """
    looked_at = (() if watched.dead else watched.gradients) if watched.kinked else watched.computed
    for name in looked_at:
        if name not in watched.sparse and not np.all(values[name]):
            return f"an entry of {name} is 0"
    return ""


def alike_rows(watched: Watched, values: Doubles) -> str:
    """A matrix of parameters with two equal rows or columns, or one that is its own transpose."""
    for name in watched.tables:
        table = values[name]
        for rows in (table, table.T):
            if rows.shape[1] > 1 and len({tuple(row) for row in rows.tolist()}) < len(rows):
                return f"two rows or columns of {name} are equal"
        if table.shape[0] == table.shape[1] > 1 and np.array_equal(table, table.T):
            return f"{name} is its own transpose"
        if 1 in table.shape and table.size > 1 and len(set(table.ravel().tolist())) == 1:
            return f"all entries of {name} are equal"
    return ""


def too_large(watched: Watched, values: Doubles) -> str:
    """An answer that is absurdly large."""
    for name in watched.asked:
        if np.any(abs(values[name]) > LARGEST):
            return f"an entry of {name} is beyond {LARGEST}"
    return ""


# The cheapest to tell, and the most frequent, first.
DEGENERATE: tuple[Callable[[Watched, Doubles], str], ...] = (
    alike_rows,
    loss_is_zero,
    saturated,
    at_a_kink,
    dead_unit,
    too_large,
    zero_entry,
)


def degenerate(watched: Watched, values: Doubles) -> str:
    """Return what is wrong with right numbers by the first row that finds something, or an empty text."""
    return next((said for row in DEGENERATE if (said := row(watched, values))), "")

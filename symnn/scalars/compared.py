"""Which comparisons code made, where, and how they came out: one that came out only one way leaves a branch unseen.

A comparison of arrays is one, made by one ufunc: the outcomes of its entries are gathered while it runs. What sorting
or a search for the largest compares, and what symnn compares itself, is gathered and forgotten.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from symnn.scalars.places import LIBRARIES, place
from symnn.scalars.run import current

RELATIONS: dict[str, str] = {
    "less": "<",
    "less_equal": "<=",
    "greater": ">",
    "greater_equal": ">=",
    "equal": "==",
    "not_equal": "!=",
}
"""Ufuncs that compare entries, each with what it asks."""

BOUNDING: dict[str, tuple[str, ...]] = {
    "maximum": (">=",),
    "minimum": ("<=",),
    "fmax": (">=",),
    "fmin": ("<=",),
    "clip": (">=", "<="),
}
"""Ufuncs that keep a number within bounds, with the comparison that fails where each bound takes its place."""

ASKING: dict[str, tuple[str, ...]] = {
    **{name: (relation,) for name, relation in RELATIONS.items()},
    **BOUNDING,
    "absolute": (">=",),
    "fabs": (">=",),
    "sign": ("<",),
    "heaviside": (">",),
    "copysign": (">=",),
    "huber": ("<=",),
}
"""Ufuncs that decide by a comparison of entries, each with what it asks of every one first."""

GUARD = 1e-4
"""A bound so near to 0, or to 1, keeps probabilities out of logarithms and denominators, and is meant for no more."""

QUIET = {
    *("sort", "argsort", "partition", "argpartition", "max", "min", "amax", "amin", "argmax", "argmin", "ptp"),
    *("median", "quantile", "percentile", "unique", "searchsorted", "digitize", "interp"),
    *(
        "norm",
        "vector_norm",
        "matrix_norm",
        "cond",
        "slogdet",
        "eigh",
        "eigvalsh",
        "svd",
        "svdvals",
        "qr",
        "matrix_rank",
    ),
    *("isclose", "allclose", "array_equal", "array_equiv"),
}
"""Functions that compare to order or to find, where no branch hangs on how a comparison comes out."""


def noted(outcome: bool, relation: str) -> bool:
    """Return the outcome of a comparison of two scalars, and record it where the code under test made it."""
    run = current()
    if run._gathered is not None:
        run._gathered.add((relation, outcome))
        return outcome
    if run.system is None:
        return outcome
    frame = sys._getframe(2)
    key = frame.f_code, frame.f_lasti, outcome
    if key not in run._placed:
        run._placed.add(key)
        if not _is_library(frame):
            run.compared.add((f"{place([(frame, frame.f_lineno)])}: {relation}", outcome))
    return outcome


def record(name: str, outcomes: set[bool]) -> None:
    """Record how a comparison came out, or a draw that is zero or not, for the line of the code under test."""
    run = current()
    if run._gathered is not None or run.system is None:
        return
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and _is_library(frame):
        frame = frame.f_back
    if frame is None:
        return
    for outcome in outcomes:
        key = frame.f_code, frame.f_lasti, name, outcome
        if key not in run._placed:
            run._placed.add(key)
            run.compared.add((f"{place([(frame, frame.f_lineno)])}: {name}", outcome))


def clipped_by(bound: Any, other: Any) -> None:
    """Record that a guard took the place of a number: a single constant near 0 or 1, as in ``np.clip(p, 1e-7, 1)``."""
    entries = [x for x in (bound, other) if x.size == 1]
    for x in (A.ravel().tolist()[0] for A in entries):
        value = getattr(x, "value", None)
        if value is not None and getattr(x, "tangent", None) is None and hasattr(value, "mid"):
            size = abs(float(value.mid()))
            if 0 < min(size, abs(1 - size)) <= GUARD:
                current().clipped.add(float(value.mid()))


def outcomes_of(name: str, operands: list[Any], found: set[Any]) -> None:
    """Record how the comparisons came out by which a ufunc decided."""
    asked = ASKING[name]
    for relation in asked:
        outcomes = {outcome for question, outcome in found if question == relation}
        record(relation if name in RELATIONS else name if len(asked) == 1 else f"{name} {relation}", outcomes)
    for position, relation in enumerate(BOUNDING.get(name, ()), start=1):
        if (relation, False) in found and position < len(operands):
            clipped_by(operands[position], operands[0])


def _is_library(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__", "")).startswith(LIBRARIES)


@contextmanager
def gathering() -> Iterator[set[Any]]:
    """Gather the outcomes of the comparisons of scalars made meanwhile, as pairs with what was asked.

    >>> from symnn.scalars import Ball
    >>> with gathering() as found:
    ...     Ball(1) > 0
    True
    >>> found
    {('>', True)}
    """
    run = current()
    before, run._gathered = run._gathered, set()
    try:
        yield run._gathered
    finally:
        run._gathered = before

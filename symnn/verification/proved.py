"""The level *proved*: a gradient equals the derivative of its loss, for all inputs of the branch that was traced.

The loss and the gradient run over traces, which gives their expressions and the path condition. The expression of the
loss is differentiated exactly, and each entry of the gradient less its derivative is brought to the normal form of
rational functions. Zero is a proof. That an entry is different is decided by balls at a point, never by a form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np
from flint import arb

from symnn.errors import UndecidedError
from symnn.scalars import DEFAULT_BITS, collector_paused, precision
from symnn.scalars.nodes import Node, TooLargeError, text
from symnn.scalars.operators import RELATION
from symnn.verification.calling import CannotRunError, KinkError
from symnn.verification.evidence import Evidence
from symnn.verification.forms import Field
from symnn.verification.points import points
from symnn.verification.polynomials import plus
from symnn.verification.regions import region, strictly
from symnn.verification.reverse import derivatives, evaluated
from symnn.verification.statements import Entry, at_the_data, different, equal, shown
from symnn.verification.subject import Subject
from symnn.verification.tracing import Opening, Tracing, openings, trace_pair

STARTS = 8
"""From how many points a branch is looked for that has no kink right there and every array at work."""

MOVES = 4
"""At how many points of the branch an entry that no form settles is looked at in balls."""

LONG_SUM = 12
"""From how many terms on a sum is first taken for a symbol of its own."""


def prove(pair: Subject, point: Mapping[str, Any]) -> Evidence:
    """Prove that a gradient is the derivative of its loss, on the branch that the code takes at a point.

    Data enters as symbols first, and where that proves nothing, as the numbers given. *equal* is a proof for all
    parameters in the region, wherever both are defined; *different* is certain, at values of the parameters in
    the region; all else, and what the code raises, is *undecided* with the reason. The formulas are the loss and
    the gradient as the code computes them. Raises InputError for gradients that cannot be used.

    >>> from symnn.verification.structure import parameters
    >>> pair = Subject(lambda w: 1 / (1 + np.exp(-w)), lambda w: np.exp(w) / (1 + np.exp(w)) ** 2, parameters(0.5), ())
    >>> print(prove(pair, pair.parameters.arrays))
    proved for all parameters: 1 entry equal as rational functions of 1 exponential
    """
    with collector_paused(), precision(DEFAULT_BITS):
        try:
            for opening in openings(pair):
                evidence = _attempt(pair, point, opening)
                if evidence.verdict != "undecided":
                    break
        except TooLargeError as error:
            return Evidence("proved", "undecided", f"not proved: {error}")
        return evidence


def _attempt(pair: Subject, point: Mapping[str, Any], opening: Opening) -> Evidence:
    tracing = None
    try:
        tracing = _traced(pair, point, opening)
        return _judged(tracing, pair)
    except UndecidedError as error:
        if tracing is None and isinstance(error.__cause__, TooLargeError):
            raise error.__cause__ from error
        said = f"not proved{at_the_data(tracing)}: {error}"
        return Evidence("proved", "undecided", said, *shown(tracing))


def _traced(pair: Subject, point: Mapping[str, Any], opening: Opening) -> Tracing:
    """The pair traced at the point; near it where the point lies on a kink, or some array has no influence there."""
    last = UndecidedError("")
    blind: Tracing | None = None
    for _, start in islice(points(point, 0), STARTS):
        try:
            tracing = trace_pair(pair, start, opening)
            _refuse_ties(tracing)
            if not tracing.blind():
                return tracing
            blind = blind or tracing
        except CannotRunError:
            raise
        except UndecidedError as error:
            if isinstance(error.__cause__, TooLargeError):
                raise
            last = error
    if blind is None:
        raise last
    return blind


def _refuse_ties(tracing: Tracing) -> None:
    """Forget comparisons of what is equal everywhere. Raises KinkError where what is equal only here was compared."""
    field = Field()
    for a, sign, b in tracing.relations:
        if sign == "==" and not field.vanishes(plus(field.form(a), field.form(b), -1)):
            (said,) = region([(a, sign, b)])
            raise KinkError(f"the point lies on a kink, where {said}")
    tracing.relations = strictly(tracing.relations)


def _judged(tracing: Tracing, pair: Subject) -> Evidence:
    for name, shape in tracing.shapes.items():
        wanted = pair.parameters.arrays[name].shape
        if shape != wanted:
            said = f"the gradient of {name} has shape {shape}, not {wanted}"
            return Evidence("proved", "different", said, *shown(tracing))
    entries = list(_entries(tracing))
    wrong = _wrong(entries, tracing)
    if wrong:
        return different(wrong, tracing)
    try:
        return _compared(entries, Field(cut=LONG_SUM), tracing)
    except UndecidedError:
        return _compared(entries, Field(), tracing)


def _compared(entries: list[Entry], field: Field, tracing: Tracing) -> Evidence:
    """The proof, entry by entry. Raises UndecidedError where there is none in this field."""
    zero = 0
    for entry in entries:
        exact = field.form(entry.exact)
        zero += not exact
        difference = plus(field.form(entry.yours), exact, -1)
        if not field.vanishes(difference) and not field.vanishes(difference, thorough=True):
            raise UndecidedError(
                f"{entry.name} is the derivative in balls, at every point looked at, but not in its form"
            )
    if zero == len(entries):
        raise UndecidedError("the loss does not depend on the parameters there, so nothing was compared")
    return equal(tracing, field, len(entries), zero)


def _entries(tracing: Tracing) -> Iterator[Entry]:
    symbols = [(name, k, node) for name, flat in tracing.parameters.items() for k, node in enumerate(flat)]
    exact = derivatives(tracing.loss, [node for _, _, node in symbols])
    for (name, k, node), derivative in zip(symbols, exact, strict=True):
        yield Entry(text(node), tracing.gradients[name][k], derivative)


def _wrong(entries: list[Entry], tracing: Tracing) -> list[tuple[Entry, Any, Any]]:
    """The entries that are certainly wrong at some point of the branch, each with its value and the exact one."""
    for at in _inside(tracing):
        yours = evaluated([entry.yours for entry in entries], at)
        exact = evaluated([entry.exact for entry in entries], at)
        found = [(e, y, x) for e, y, x in zip(entries, yours, exact, strict=True) if y != x]
        if found:
            return found
    return []


def _inside(tracing: Tracing) -> Iterator[dict[Node, Any]]:
    """Values of all symbols at points of the branch: those given, then moved parameters with the same data."""
    yield tracing.values
    rng = np.random.default_rng(0)
    sides = [side for a, _, b in tracing.relations for side in (a, b)]
    parameters = [node for flat in tracing.parameters.values() for node in flat]
    found = 0
    for halvings in range(4 * MOVES):
        noise = rng.integers(-(2**20), 2**20, size=len(parameters), endpoint=True) / 2.0 ** (20 + halvings)
        at = {
            **tracing.values,
            **{x: tracing.values[x] + arb(d) for x, d in zip(parameters, noise.tolist(), strict=True)},
        }
        values = evaluated(sides, at)
        compared = zip(values[::2], tracing.relations, values[1::2], strict=True)
        if all(RELATION[sign].holds(a, b) for a, (_, sign, _), b in compared):
            yield at
            found += 1
            if found == MOVES:
                return

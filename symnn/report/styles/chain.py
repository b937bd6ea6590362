"""Told weight by weight: each derivative as a chain from the loss to the parameter, one product for each path."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any

from symnn.derivation import SumOverPaths, told_step
from symnn.notation import adjoint_name
from symnn.report.concrete import Concrete, Place
from symnn.report.entrywise import ABOUT, EQUAL, Summand, is_first, summands
from symnn.report.laws import laws_of
from symnn.report.numbers import number
from symnn.report.rows import Part, in_rows, packed
from symnn.report.story import Teller
from symnn.report.styles.scalar import together
from symnn.report.views import EntryByEntry, Told, related

MOST_PATHS = 4
"""A sum over more paths than this shows the first few."""

# The links of a chain, from the loss to the parameter.
Chain = tuple[Summand, ...]


def views(teller: Teller) -> dict[str, Any]:
    """Return the forward pass, and the gradient with respect to every parameter, chain by chain."""
    concrete = Concrete(teller)
    derivation = teller.derivation
    steps = [step for step in derivation.steps if step.name in teller.parameters]
    return {
        "forward": teller.forward(),
        "backward": tuple(gradient(concrete, step) for step in steps),
        "together": tuple(one for step in derivation.steps for one in together(concrete, step)),
        "most_paths": MOST_PATHS,
    }


def gradient(concrete: Concrete, step: SumOverPaths) -> EntryByEntry:
    """Return the gradient with respect to one array of parameters, entry by entry."""
    teller = concrete.teller
    places, total = concrete.told(step.result.name)
    count = paths(concrete, step.name)
    told = tuple(_entry(concrete, step, place, count) for place in places)
    whole = teller.names.whole(step.name)
    line = teller.lines.line(told_step(step)[-1])
    return EntryByEntry(step.result.name, laws_of(step), "parameter", "", whole, told, total, count, (), line)


def paths(concrete: Concrete, name: str) -> int:
    """Return how many paths lead from one entry of a tensor to the loss."""

    @cache
    def count(tensor: str) -> int:
        total = 0
        for path in concrete.teller.derivation.gradient(tensor).paths:
            total += 1 if is_first(path) else concrete.count(path.result.over) * count(path.through)
        return total

    return count(name)


def chains(concrete: Concrete, step: SumOverPaths, place: Place) -> Iterator[Chain]:
    """Yield the chains from the loss to one entry, one for each path."""
    for link in summands(concrete, step, place):
        if link.through is None:
            yield (link,)
            continue
        name, above = link.through
        for rest in chains(concrete, concrete.teller.derivation.gradient(name), above):
            yield (*rest, link)


def _entry(concrete: Concrete, step: SumOverPaths, place: Place, count: int) -> Told:
    name = adjoint_name(step.name)
    left = concrete.name(name, place)
    found = list(islice(chains(concrete, step, place), MOST_PATHS))
    more: list[Part] = [(r"\cdots",)] if count > MOST_PATHS else []
    partials, formulas, numbers = ([*map(_product, found, [which] * len(found)), *more] for which in range(3))
    exact = all(link.exact for chain in found for link in chain)
    value = related(*number(concrete.value(name, place), concrete.teller.form))
    rows: list[str] = []
    if any(len(chain) > 1 for chain in found):
        rows += in_rows(left, EQUAL, partials)
    for relation, parts in ((EQUAL, formulas), (EQUAL if exact else ABOUT, numbers)):
        new = in_rows(left, relation, parts)
        rows += new if new != rows[-len(new) :] and new != [value] else []
    return Told(left, packed(left, [*rows, value]))


def _product(chain: Chain, which: int) -> Part:
    """Return the product along a chain: by name (0), as formulas (1), or in numbers (2)."""
    if len(chain) == 1:
        (only,) = chain
        return (only.partials, only.formulas, only.numbers)[which]
    return tuple(link.link[which] for link in chain)

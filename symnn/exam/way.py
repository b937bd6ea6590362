"""What stands between the questions of a problem: quantities that nobody is asked for and that an answer needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symnn.exam.model import NUMBER, Solved
from symnn.exam.wording import Quantity, Wording
from symnn.report.form import Form
from symnn.report.numbers import array_latex
from symnn.report.views import related


def unasked(wording: Wording) -> dict[str, tuple[str, ...]]:
    """Return for every question, by id, the quantities that it needs and no question asks for whole.

    They come in the order of the equations, each at the first question that needs it; none of them is given.
    """
    problem = wording.problem
    told = {*wording.parameters, *wording.data, *problem.given}
    told |= {ask.quantity for ask in problem.asks if ask.kind == NUMBER and ask.place is None}
    found = {}
    for ask in problem.asks:
        needed = wording.reads.get(ask.quantity, frozenset()) if ask.kind == NUMBER else frozenset()
        found[ask.id] = tuple(name for name in wording.reads if name in needed and name not in told)
        told.update(found[ask.id])
    return found


def way(wording: Wording, solved: Solved, names: Iterable[str], form: Form) -> tuple[str, ...]:
    """Return how quantities that nobody is asked for are found, and their numbers, as LaTeX."""
    return tuple(line for name in names for line in lines_of(wording.quantity(name), solved, form))


def lines_of(quantity: Quantity, solved: Solved, form: Form) -> Iterator[str]:
    """Yield how a quantity is found, over arrays or by a general entry, where that is told, and what it is."""
    value = related(*array_latex(solved.values[quantity.key], form))
    if quantity.arrays is not None:
        yield f"{quantity.name} {quantity.sign} {quantity.arrays} {value}"
    else:
        yield from [quantity.entries] if quantity.entries else []
        yield f"{quantity.name} {value}"

"""Equations at one entry: their indices put in, written with the names of entries or with their numbers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from sympy import Expr, Idx, Indexed, Integer, Piecewise, Rational, S, Symbol, factor_terms
from sympy.printing.precedence import PRECEDENCE

from symnn.equations.equation import occurrences
from symnn.library import rounded
from symnn.notation import Target, indices_of, name_of
from symnn.report.entries import EntryPrinter
from symnn.report.form import BLANK_LATEX, is_blank
from symnn.report.numbers import number
from symnn.report.story import Teller
from symnn.scalars import EXACT, Exact

Place = tuple[int, ...]
Environment = dict[Expr, Expr]

MOST_ENTRIES = 12
"""An array of more entries than this is told by one that stands for all."""
LARGE = 500
"""In a network with an array of more entries than this, the small arrays are told more briefly as well:"""
FEW_ENTRIES = 4
"""only those of at most so many entries are told entry by entry."""
_FINE = 40
"""Decimals by which the branch of a piecewise function is chosen."""


class Concrete:
    """The entries of a derivation's tensors, one by one, with the values of a pass."""

    def __init__(self, teller: Teller) -> None:
        self.teller = teller
        self.sizes: Environment = {size: Integer(teller.sizes[str(size)]) for size in teller.derivation.program.sizes}
        self.most = FEW_ENTRIES if any(np.size(v) > LARGE for v in teller.values.values()) else MOST_ENTRIES
        self._names = _SymbolsAt(self)

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of a tensor."""
        return tuple(np.shape(self.teller.values[name]))

    def value(self, name: str, place: Place) -> Any:
        """Return an entry's value."""
        value = self.teller.values[name]
        entry = value[place] if isinstance(value, np.ndarray) else value
        return EXACT.lift(entry) if isinstance(entry, int) else entry

    def name(self, name: str, place: Place) -> str:
        """Return an entry's LaTeX."""
        return self.teller.names.at(name, place, self.shape(name))

    def told(self, name: str) -> tuple[tuple[Place, ...], int]:
        """Return the places of a tensor that are told one by one, and how many it has; of many, one stands for all.

        The one is the first whose value is not 0, because it has the most to tell.
        """
        shape = self.shape(name)
        places, total = itertools.product(*map(range, shape)), math.prod(shape)
        if total <= self.most:
            return tuple(places), total
        telling = (p for p in places if not (isinstance(v := self.value(name, p), Exact) and v == 0))
        return (next(telling, (0,) * len(shape)),), total

    def at(self, target: Target, place: Place) -> Environment:
        """Return what the indices of an entry, and the sizes, stand for at a place."""
        axes = indices_of(target)
        own = {axis: Integer(at) for axis, at in zip(axes, place, strict=True) if isinstance(axis, Idx)}
        return {**self.sizes, **own}

    def spread(self, over: tuple[Idx, ...], env: Environment) -> Iterator[Environment]:
        """Return the environments of a sum, one for each summand."""
        for numbers in itertools.product(*(range(self.extent(axis)) for axis in over)):
            yield {**env, **dict(zip(over, map(Integer, numbers), strict=True))}

    def extent(self, axis: Idx) -> int:
        """Return how far an index runs."""
        return int((axis.upper + 1).xreplace(self.sizes))

    def count(self, over: tuple[Idx, ...]) -> int:
        """Return how many summands a sum has."""
        return math.prod(map(self.extent, over))

    def place(self, entry: Target) -> Place:
        """Return the place of an entry whose indices are numbers."""
        return tuple(int(axis) for axis in indices_of(entry))

    def put(self, expr: Expr, env: Environment) -> Expr:
        """Return an expression with its indices put in; a product that SymPy would multiply out stays a product."""
        result = expr.xreplace(env)
        return factor_terms(result) if expr.is_Mul and result.is_Add else result

    def symbols(self, expr: Expr, *, factor: bool = False) -> str:
        """Return an expression with the names of entries, in brackets where it is to be a factor and needs them."""
        return _written(self._names, expr, factor)

    def numbers(self, expr: Expr, *, factor: bool = False) -> tuple[str, bool]:
        """Return an expression with the numbers of entries, and whether all of them are exact as they are shown."""
        printer = _NumbersAt(self)
        text = _written(printer, expr, factor)
        return text, printer.exact


def _written(printer: EntryPrinter, expr: Expr, factor: bool) -> str:
    if not factor:
        text: str = printer.doprint(expr)
        return text
    text = printer.parenthesize(expr, PRECEDENCE["Mul"], strict=True)
    return rf"\left({text}\right)" if text.startswith("-") else text


class _SymbolsAt(EntryPrinter):
    """Print entries whose indices are numbers."""

    def __init__(self, concrete: Concrete) -> None:
        super().__init__(concrete.teller.names)
        self.concrete = concrete

    def _print_Indexed(self, entry: Indexed) -> str:
        return self.concrete.name(name_of(entry), self.concrete.place(entry))


class _NumbersAt(EntryPrinter):
    """Print the numbers of entries; ``exact`` tells whether all so far were shown exactly."""

    times = r" \cdot "

    def __init__(self, concrete: Concrete) -> None:
        super().__init__(concrete.teller.names)
        self.concrete = concrete
        self.exact = True

    def _number(self, name: str, place: Place) -> str:
        text, exact = number(self.concrete.value(name, place), self.concrete.teller.form)
        self.exact &= exact
        return text

    def _print_Indexed(self, entry: Indexed) -> str:
        return self._number(name_of(entry), self.concrete.place(entry))

    def _print_Symbol(self, symbol: Symbol) -> str:
        return self._number(str(symbol.name), ())

    def _factor(self, factor: Expr, *, alone: bool) -> str:
        text = super()._factor(factor, alone=alone)
        return rf"\left({text}\right)" if text.startswith("-") and not alone else text

    def _print_Piecewise(self, expr: Piecewise) -> str:
        if any(
            is_blank(self.concrete.value(name_of(entry), self.concrete.place(entry))) for entry in occurrences(expr)
        ):
            # Which branch holds is for the reader to find.
            return BLANK_LATEX
        values: Mapping[Expr, Expr] = {entry: self._rational(entry) for entry in occurrences(expr)}
        for value, condition in expr.args:
            if condition.xreplace(values) == S.true:
                text: str = self._print(value)
                return text
        raise ValueError(f"no branch of {expr} holds")

    def _rational(self, entry: Target) -> Rational:
        value = self.concrete.value(name_of(entry), self.concrete.place(entry))
        near = value.value if isinstance(value, Exact) else rounded(value, _FINE)
        return Rational(str(near))

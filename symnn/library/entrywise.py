"""Equations evaluated entry by entry over raw flint numbers: for small arrays many times faster than over arrays.

An equation is planned once for the sizes at hand: which entries meet in each product, and the expression as nested
functions of them. A tensor is a flat list of rationals, or of balls where a function made one of its entries
irrational. What cannot be planned, as a function that only kernels know, is left to `symnn.library.worked.value_of`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import repeat
from math import prod
from operator import add, eq, ge, gt, itemgetter, le, lt, mul, ne
from typing import Any, TypeAlias

import numpy as np
from flint import arb, fmpq
from sympy import (
    Abs,
    Add,
    Eq,
    Expr,
    Ge,
    Gt,
    Idx,
    Indexed,
    Le,
    Lt,
    Mul,
    Ne,
    Piecewise,
    Pow,
    Rational,
    Symbol,
    exp,
    log,
    sign,
    tanh,
)

from symnn.equations import Equation, Term, occurrences
from symnn.errors import UndecidedError
from symnn.notation import indices_of, name_of, shape_of

Numbers: TypeAlias = list[Any]
Function: TypeAlias = Callable[[Sequence[Any]], Any]
Sizes: TypeAlias = Mapping[str, int]

MOST_PRODUCTS = 20_000
"""Up to how many products of entries an equation is planned; beyond, whole arrays are faster."""


class UnplannedError(Exception):
    """Raised where an equation cannot be planned; whoever plans it knows another way."""


@dataclass(frozen=True)
class Entrywise:
    """An equation planned for certain sizes: what it defines and reads, the shape, and how it is computed."""

    name: str
    reads: frozenset[str]
    shape: tuple[int, ...]
    run: Callable[[Mapping[str, Numbers]], Numbers]


def entrywise(equation: Equation, sizes: Sizes) -> Entrywise:
    """Return an equation planned for ``sizes``; raise `UnplannedError` for one that must be computed otherwise.

    >>> from sympy import Sum
    >>> from symnn.notation import LOSS, SAMPLES, index, tensor
    >>> i = index("i", SAMPLES)
    >>> planned = entrywise(Equation(LOSS, Sum(tensor("Z", SAMPLES)[i] ** 2, i) / SAMPLES), {"m": 2})
    >>> planned.run({"Z": [fmpq(3), fmpq(1, 2)]})
    [37/8]
    """
    terms = [_planned_term(term, indices_of(equation.target), sizes) for term in equation.terms]

    def run(scope: Mapping[str, Numbers]) -> Numbers:
        result = terms[0](scope)
        for term in terms[1:]:
            result = list(map(add, result, term(scope)))
        return in_one_kind(result)

    return Entrywise(equation.name, frozenset(equation.reads), numeric(shape_of(equation.target), sizes), run)


def numeric(shape: Sequence[Expr], sizes: Sizes) -> tuple[int, ...]:
    """Return a symbolic shape in numbers.

    >>> from symnn.notation import size
    >>> numeric((size("n1"), size("m")), {"n1": 3, "m": 2})
    (3, 2)
    """
    return tuple(int(axis) if axis.is_Integer else sizes[str(axis)] for axis in shape)


def in_one_kind(numbers: Numbers) -> Numbers:
    """Return numbers as they are if all are rational, else all of them as balls.

    >>> in_one_kind([fmpq(1, 2), arb(2)])
    [0.500000000000000, 2.00000000000000]
    """
    if any(isinstance(number, arb) for number in numbers):
        return [number if isinstance(number, arb) else arb(number) for number in numbers]
    return numbers


def _planned_term(term: Term, own: Sequence[Expr], sizes: Sizes) -> Callable[[Mapping[str, Numbers]], Numbers]:
    entries = occurrences(term.body)
    axes = [index for index in own if isinstance(index, Idx)]
    extents = [_extent(index, sizes) for index in axes]
    summed = [_extent(index, sizes) for index in term.over]
    outputs, addends = prod(extents), prod(summed)
    if outputs * addends > MOST_PRODUCTS:
        raise UnplannedError
    grid = dict(zip((*axes, *term.over), np.indices((*extents, *summed)), strict=True))
    columns = [(name_of(entry), _column(places(entry, grid, sizes, outputs * addends))) for entry in entries]
    factor, rest = term.body.as_independent(*entries, as_Add=False) if entries else (term.body, None)
    if rest is not None and sorted(map(str, Mul.make_args(rest))) == sorted(map(str, entries)):
        scale = _function(factor, {}, sizes)(())
        products = _products(columns, None if scale == 1 else scale)
    elif entries:
        products = _bodies(columns, _function(term.body, {entry: place for place, entry in enumerate(entries)}, sizes))
    else:
        number = _function(term.body, {}, sizes)(())
        return lambda _: [number * addends] * outputs
    if addends == 1:
        return products

    def run(scope: Mapping[str, Numbers]) -> Numbers:
        every = products(scope)
        return [sum(every[start : start + addends], _NOTHING) for start in range(0, outputs * addends, addends)]

    return run


_NOTHING = fmpq(0)
Column: TypeAlias = Callable[[Numbers], Sequence[Any]]


def _column(places: Sequence[int]) -> Column:
    """Return what picks the numbers at places."""
    if len(places) == 1:
        (only,) = places
        return lambda numbers: (numbers[only],)
    return itemgetter(*places)


def _products(columns: Sequence[tuple[str, Column]], scale: Any) -> Callable[[Mapping[str, Numbers]], Numbers]:
    """Return what computes plain products of entries, the body of most equations, each times a number."""

    def run(scope: Mapping[str, Numbers]) -> Numbers:
        result = reduce(_multiplied, (column(scope[name]) for name, column in columns))
        return list(result) if scale is None else [scale * number for number in result]

    return run


def _multiplied(one: Sequence[Any], other: Sequence[Any]) -> Sequence[Any]:
    return list(map(mul, one, other))


def _bodies(columns: Sequence[tuple[str, Column]], body: Function) -> Callable[[Mapping[str, Numbers]], Numbers]:
    """Return what computes an expression of entries, in every place."""
    return lambda scope: list(map(body, zip(*(column(scope[name]) for name, column in columns), strict=True)))


def _extent(index: Idx, sizes: Sizes) -> int:
    (extent,) = numeric((index.upper + 1,), sizes)
    return extent


def places(entry: Expr, grid: Mapping[Idx, Any], sizes: Sizes, count: int) -> list[int]:
    """Return where in its flat tensor an entry lies, for every output and every addend.

    ``grid`` gives every index its numbers in the shape of all outputs and addends, ``count`` of them.
    """
    flat = np.zeros(count, dtype=int)
    if isinstance(entry, Indexed):
        shape = numeric(entry.base.shape, sizes)
        for axis, index in enumerate(entry.indices):
            along = grid[index].reshape(count) if isinstance(index, Idx) else int(index)
            flat = flat + along * prod(shape[axis + 1 :])
    return [int(place) for place in flat]


def _function(expr: Expr, operands: Mapping[Expr, int], sizes: Sizes) -> Function:
    """Return an expression as a function of the numbers that stand for its entries."""
    if expr in operands:
        return itemgetter(operands[expr])
    if isinstance(expr, Rational):
        return _constant(fmpq(int(expr.p), int(expr.q)))
    if isinstance(expr, Symbol) and str(expr) in sizes:
        return _constant(fmpq(sizes[str(expr)]))
    if isinstance(expr, Piecewise):
        return _cases([(_function(value, operands, sizes), _condition(c, operands, sizes)) for value, c in expr.args])
    if isinstance(expr, Pow):
        return _power(_function(expr.base, operands, sizes), expr.exp)
    if type(expr) not in _OPERATIONS:
        raise UnplannedError
    operation = _OPERATIONS[type(expr)]
    parts = [_function(part, operands, sizes) for part in expr.args]
    if len(parts) == 1:
        (only,) = parts
        return lambda given: operation(only(given))
    first, *others = parts

    def folded(given: Sequence[Any]) -> Any:
        total = first(given)
        for other in others:
            total = operation(total, other(given))
        return total

    return folded


def _constant(number: Any) -> Function:
    return lambda _: number


def _power(base: Function, exponent: Expr) -> Function:
    if exponent == Rational(1, 2):
        return lambda given: _root(base(given))
    if exponent == Rational(-1, 2):
        return lambda given: 1 / _root(base(given))
    if not exponent.is_Integer:
        raise UnplannedError
    times, under = abs(int(exponent)), bool(exponent < 0)

    def raised(given: Sequence[Any]) -> Any:
        number = base(given)
        # By multiplying, for a power of a ball about zero is none by logarithms.
        result = reduce(mul, repeat(number, times))
        return 1 / result if under else result

    return raised


def _cases(cases: Sequence[tuple[Function, Function]]) -> Function:
    def chosen(given: Sequence[Any]) -> Any:
        return next(value(given) for value, holds in cases if holds(given))

    return chosen


def _condition(condition: Any, operands: Mapping[Expr, int], sizes: Sizes) -> Function:
    if condition == True:  # noqa: E712 SymPy's own true is another object
        return _constant(True)
    if type(condition) not in _RELATIONS:
        raise UnplannedError
    holds, fails = _RELATIONS[type(condition)]
    left, right = (_function(side, operands, sizes) for side in condition.args)

    def decided(given: Sequence[Any]) -> bool:
        one, other = left(given), right(given)
        if holds(one, other):
            return True
        if fails(one, other):
            return False
        raise UndecidedError(f"cannot decide {condition}: the balls overlap")

    return decided


def _root(number: Any) -> Any:
    if isinstance(number, fmpq) and number >= 0:
        root = arb(number).sqrt()
        over, under = fmpq(number.p).p.isqrt(), number.q.isqrt()
        return fmpq(over, under) if over * over == number.p and under * under == number.q else root
    return arb(number).sqrt()


def _sign(number: Any) -> Any:
    if number == 0:
        return fmpq(0)
    if not (number > 0 or number < 0):
        raise UndecidedError("cannot decide a sign: the ball holds 0")
    return fmpq(1 if number > 0 else -1)


def _exp(number: Any) -> Any:
    return fmpq(1) if number == 0 else arb(number).exp()


def _log(number: Any) -> Any:
    return fmpq(0) if number == 1 else arb(number).log()


def _tanh(number: Any) -> Any:
    return fmpq(0) if number == 0 else arb(number).tanh()


_OPERATIONS: Mapping[type, Callable[..., Any]] = {
    Add: add,
    Mul: mul,
    Abs: abs,
    exp: _exp,
    log: _log,
    tanh: _tanh,
    sign: _sign,
}
# When a relation certainly holds, and when it certainly fails.
_RELATIONS: Mapping[type, tuple[Callable[..., bool], Callable[..., bool]]] = {
    Gt: (gt, le),
    Ge: (ge, lt),
    Lt: (lt, ge),
    Le: (le, gt),
    Eq: (eq, ne),
    Ne: (ne, eq),
}

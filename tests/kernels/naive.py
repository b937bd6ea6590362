"""An equation computed entry by entry with plain loops: slow, and too simple to be wrong."""

from __future__ import annotations

import itertools

import numpy as np
from sympy import Dummy, Idx, lambdify

from symnn.equations import occurrences
from symnn.notation import indices_of, name_of, shape_of


def length(axis, sizes):
    return int(axis) if axis.is_number else sizes[str(axis)]


def interpret(equation, values, sizes):
    """The array that ``equation`` defines, from arrays and numbers by name and the numbers of the sizes."""
    shape = tuple(length(axis, sizes) for axis in shape_of(equation.target))
    terms = [(term, *_function(term.body)) for term in equation.terms]
    result = np.zeros(shape)
    for place in np.ndindex(shape):
        at = {axis: p for axis, p in zip(indices_of(equation.target), place, strict=True) if isinstance(axis, Idx)}
        total = 0.0
        for term, read, function in terms:
            for summed in itertools.product(*(range(length(axis.upper + 1, sizes)) for axis in term.over)):
                where = at | dict(zip(term.over, summed, strict=True))
                total += function(*(_value(symbol, values, sizes, where) for symbol in read))
        result[place] = total
    return result


def _function(body):
    entries = {entry: Dummy() for entry in occurrences(body)}
    flat = body.xreplace(entries)
    sizes = sorted(flat.free_symbols - set(entries.values()), key=str)
    return (*entries, *sizes), lambdify((*entries.values(), *sizes), flat, modules="math", dummify=True)


def _value(symbol, values, sizes, where):
    if not indices_of(symbol):
        name = name_of(symbol)
        return values[name] if name in values else sizes[name]
    place = tuple(where[axis] if isinstance(axis, Idx) else int(axis) for axis in indices_of(symbol))
    return float(values[name_of(symbol)][place])

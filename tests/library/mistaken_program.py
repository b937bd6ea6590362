"""A second way to a wrong answer, by kernels over balls: the program with the mistake in it, run from end to end."""

from __future__ import annotations

import numpy as np

from symnn.derivation import told_equations
from symnn.errors import InputError, UndecidedError
from symnn.kernels import arguments, data_names, extend
from symnn.library.worked import BITS, as_balls
from symnn.mistakes.ground import FIRST_SAMPLE, LAST_SAMPLE
from symnn.mistakes.update import RATE, equations_after, update_equations
from symnn.notation import name_of
from symnn.scalars import array, ball, overlaps, running
from symnn.scalars.lifting import lift


def leaves_of(derivation, point):
    """Every array that comes from outside, as balls: parameters, data, the learning rate, and the two indicators."""
    parameters = {name_of(tensor): point.exact(name_of(tensor)) for tensor in derivation.program.parameters}
    data = tuple(point.exact(name) for name in data_names(derivation.program))
    given = arguments(derivation.program, derivation.sizes, parameters, data)
    leaves = {name: as_balls(A if A.ndim else A[()]) for name, A in given.items()}
    sizes = {
        str(axis): extent
        for name, A in given.items()
        for axis, extent in zip(derivation.program.shapes[name], A.shape, strict=True)
        if not axis.is_Integer
    }
    samples = sizes.get("m", 0)
    leaves[name_of(RATE)] = as_balls(point.exact_rate)
    leaves[LAST_SAMPLE] = array((np.arange(samples) == samples - 1).astype(int), ball(BITS))
    leaves[FIRST_SAMPLE] = array((np.arange(samples) == 0).astype(int), ball(BITS))
    return leaves


def equations_of(ground, derivation, through_told):
    """All equations up to the new loss: backwards as they are told, or, to plant in them, as the one rule gives them.

    The derivation has its named rewrites, the ground's has none.
    """
    told = told_equations(derivation)
    own = {equation.name for equation in ground.equations}
    back = told if through_told else (*ground.equations, *(e for e in told if e.name not in own))
    return (*derivation.program.equations, *back, *update_equations(derivation), *equations_after(derivation))


def run(program, equations, leaves, planted=None):
    """All arrays by name, None for what cannot be computed; with ``planted``, a mistake in the equations."""
    found = dict(leaves)
    for right in equations:
        instead = right if planted is None else planted.instead.get(right.name, right)
        ahead = () if planted is None else planted.ahead.get(right.name, ())
        found[right.name] = computed(program, found, (*ahead, instead))
    return found


def computed(program, found, equations):
    """What the last of a few equations defines, or None where it cannot be computed."""
    known = {name: value for name, value in found.items() if value is not None}
    for equation in equations:
        if not known.keys() >= set(equation.reads):
            return None
        with running(ball(BITS)):
            try:
                value = extend(program, known, [equation])[equation.name]
            except (UndecidedError, ZeroDivisionError, InputError):
                return None
            value = lift(np.asanyarray(value))
        entries = value.ravel().tolist()
        if not all(entry.value.is_finite() for entry in entries):
            return None
        known[equation.name] = value if value.ndim else value[()]
    return known[equations[-1].name]


def alike(one, other):
    """Whether two arrays may be the same, entry by entry, and have one shape."""
    if np.shape(one) != np.shape(other):
        return False
    pairs = zip(np.ravel(one).tolist(), np.ravel(other).tolist(), strict=True) if np.shape(one) else [(one, other)]
    return all(overlaps(a, b) for a, b in pairs)


def complaints(shown, right, wrong, answer):
    """What is not as the run program has it in an answer, which is None where the mistake is said to change nothing."""
    claimed = {} if answer is None else dict(answer.arrays)
    for name in shown:
        if wrong[name] is None:
            if name in claimed:
                yield f"{name} has a value where the program has none"
        elif alike(right[name], wrong[name]):
            if name in claimed:
                yield f"{name} is right, and is told as wrong"
        elif name not in claimed:
            yield f"{name} is wrong, and is not told"
        elif not alike(claimed[name], wrong[name]):
            yield f"{name} is wrong in another way than is told"

"""What a signature makes of the functions by whose formulas it knows the others: exp, log and roots, the rest opaque.

A function takes a signature without a derivative and returns another; what it gives as shadow does not matter, as the
ball's own function replaces it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb, fmpq

from symnn.errors import UndecidedError
from symnn.scalars.signature_rules import square_root

_NEGATIVE_INFINITY = arb("-inf")


def _exp(x: Any) -> Any:
    if x.value == _NEGATIVE_INFINITY:
        return x.constant(fmpq(0))
    tower, rest, powers = x.tower, x.fixed, None
    for key, c in x.logs.items():
        argument, logarithm = tower.logarithms[key]
        if c.q > 2:
            continue
        coefficient = x.constant(c)
        rest = rest - logarithm * coefficient
        powers = argument**coefficient if powers is None else powers * argument**coefficient
    if powers is not None and not any(rest.residues):
        return powers
    if len(rest.residues) < 2:
        tower.exceeded = True
        raise UndecidedError(f"exponentials are nested deeper than the {len(tower.primes) - 1} levels of the tower")
    y = x.made(tower.exponentials(rest.residues), (1, 0) if x.degree != (0, 0) else x.degree, not rest.known)
    tower.exponents[y.residues[0]] = rest
    return y if powers is None else y * powers


def _log(x: Any) -> Any:
    tower, y = x.tower, x.residues[0]
    if y == 1:
        return x.constant(fmpq(0))
    if y == 0:
        return x.made(tower.drawn("log", y), x.degree, True)
    reciprocal = pow(y, -1, tower.primes[0])
    for key, sign in ((y, 1), (reciprocal, -1)):
        if key in tower.exponents:
            return sign * tower.exponents[key]
        if key in tower.logarithms:
            return sign * tower.logarithms[key][1]
    degree = (1, 0) if x.degree != (0, 0) else x.degree
    # What is unknown of it is among its terms, and nothing else of it is.
    logarithm = x.made(tower.drawn("log", y), degree, False, {y: fmpq(1)})
    tower.logarithms[y] = (x, logarithm)
    return logarithm


def _sqrt(x: Any) -> Any:
    tower, y = x.tower, x.residues[0]
    # Of what a root has been taken before, the same root is taken again, whatever has been squared since.
    root = None if y in tower.rooted else square_root(x)
    if root is not None:
        positive = root.residues[0] in tower.exponents or root.residues[0] in tower.roots
        return root if positive else abs(root)
    unknown, roots = tower.drawn("sqrt", y), []
    for level, (residue, p) in enumerate(zip(x.residues, tower.primes, strict=False)):
        root = pow(residue, (p + 1) // 4, p)
        # Of what is no square modulo p the root is unknown: equality is still sound, but roots no longer undo squares.
        roots.append(root if root * root % p == residue else unknown[level])
    tower.rooted.add(y)
    tower.roots.add(roots[0])
    tower.strayed |= roots[0] == unknown[0]
    return x.made(tuple(roots), x.degree, True)


def _odd(name: str) -> Callable[[Any], Any]:
    """An unknown odd function, the value at a residue being fixed by the seed."""

    def function(x: Any) -> Any:
        p, y = x.tower.primes[0], x.residues[0]
        if y == 0:
            return x.constant(fmpq(0))
        mirrored = 2 * y > p
        drawn = x.tower.drawn(name, p - y if mirrored else y)
        value = x.made(drawn, (1, 0) if x.degree != (0, 0) else x.degree, True)
        return -value if mirrored else value

    return function


_tan_of_half = _odd("tangent of half of")


def _sin(x: Any) -> Any:
    t = _tan_of_half(x)
    return 2 * t / (1 + t * t)


def _cos(x: Any) -> Any:
    t = _tan_of_half(x)
    return (1 - t * t) / (1 + t * t)


def _arctan(x: Any) -> Any:
    # A kernel that runs on any scalar writes π so.
    if x.rational is not None and abs(x.rational) == 1:
        return x.root_of_pi**2 * x.constant(x.rational) / 4
    return _some_arctan(x)


_some_arctan = _odd("arctan")


OWN: dict[str, Callable[[Any], Any]] = {
    "exp": _exp,
    "log": _log,
    "sqrt": _sqrt,
    "sin": _sin,
    "cos": _cos,
    "arctan": _arctan,
    "arcsin": _odd("arcsin"),
    "erf": _odd("erf"),
}
"""The functions that have no formula in others."""

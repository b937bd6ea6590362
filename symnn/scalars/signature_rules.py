"""The arithmetic of signatures: a rule for each operator, from residues at every level to degree and derivative.

Behind them stand the functions by whose formulas the others are known: exp, log and roots, the rest opaque. One takes a
signature without a derivative and returns another; what it gives as shadow does not matter, as the ball's own function
replaces it. The class itself stands above, in ``signature_numbers``.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import add
from typing import Any

from flint import arb, fmpq

from symnn.errors import UndecidedError
from symnn.scalars.nodes import rational_root
from symnn.scalars.operators import Operator
from symnn.scalars.plain import power
from symnn.scalars.tower import CONSTANT, add_degrees, minus, multiply_degrees, plus, times

Logarithms = dict[Any, Any]

NO_LOGARITHMS: Logarithms = {}
"""What most numbers hold: shared, and never written to."""

LARGEST_RATIONAL = 4096
"""Bits up to which a constant remembers that it is rational."""

OF_ANOTHER_RUN = "a number kept from an earlier run was met: the code carries state from one call to the next"
"""What is said where the residues of two towers would mix."""

_MOST_LOGARITHMS = 8
"""How many logarithms a sum may hold before it is opaque as a whole."""

_LARGEST_EXPONENT = 10**6


def _logs(of: Operator, a: Any, b: Any) -> Logarithms | None:
    """The logarithms in a sum, or None where they are too many to be kept apart."""
    if not b.logs:
        return dict(a.logs)
    logs = dict(a.logs)
    for key, c in b.logs.items():
        logs[key] = of(logs.get(key, 0), c)
    logs = {key: c for key, c in logs.items() if c != 0}
    return logs if len(logs) <= _MOST_LOGARITHMS else None


def combine(of: Operator, a: Any, b: Any) -> Any:
    """Return what addition or subtraction is ``of`` two; logarithms among the terms stay apart."""
    primes, logs = a.tower.primes, _logs(of, a, b) if a.logs or b.logs else NO_LOGARITHMS
    return type(a)(
        a.tower,
        of(a.value, b.value),
        tuple([of(x, y) % p for x, y, p in zip(a.residues, b.residues, primes, strict=False)]),
        add_degrees(a.degree, b.degree),
        a.opaque or b.opaque or logs is None,
        plus(a.slope, b.slope if of is add else minus(b.slope, primes[0]), primes[0]),
        logs or NO_LOGARITHMS,
    )


def multiply(a: Any, b: Any) -> Any:
    """Return a b; a logarithm times a rational stays one. The square of b remembers b."""
    primes, logs = a.tower.primes, NO_LOGARITHMS
    if a.logs and b.rational is not None:
        logs = {key: c * b.rational for key, c in a.logs.items() if b.rational != 0}
    elif b.logs and a.rational is not None:
        logs = {key: c * a.rational for key, c in b.logs.items() if a.rational != 0}
    lost = not logs and bool(a.logs or b.logs)
    slope = None
    if a.slope is not None or b.slope is not None:
        slope = plus(times(a.slope, b.part, primes[0]), times(a.part, b.slope, primes[0]), primes[0])
    product = type(a)(
        a.tower,
        a.value * b.value,
        tuple([x * y % p for x, y, p in zip(a.residues, b.residues, primes, strict=False)]),
        multiply_degrees(a.degree, b.degree),
        a.opaque or b.opaque or lost,
        slope,
        logs,
    )
    if a.residues[0] == b.residues[0] and a.degree != CONSTANT:
        a.tower.squares[product.residues[0]] = a.fixed
    elif a.tower.squares:
        left, right = square_root(a), square_root(b)
        if left is not None and right is not None:
            a.tower.squares[product.residues[0]] = left * right
    return product


def square_root(a: Any) -> Any:
    """Return such an r, of either sign, that a is r r, where one has been met or a is a rational square; or None."""
    if a.rational is None:
        return a.tower.squares.get(a.residues[0])
    root = rational_root(a.rational)
    return None if root is None else a.constant(root)


def invert(b: Any) -> Any:
    """Return 1 / b; where b is zero, an unknown number."""
    primes, value = b.tower.primes, 1 / b.value
    degree = (b.degree[1], b.degree[0])
    if any(x == 0 for x in b.residues):
        # Where a branch not taken divides by zero, nothing may come of it: an unknown number does not.
        inverse = type(b)(b.tower, value, b.tower.drawn("1 /", b.residues[0]), degree, True)
    else:
        residues = tuple([pow(x, -1, p) for x, p in zip(b.residues, primes, strict=False)])
        inverse = type(b)(b.tower, value, residues, degree, not b.known)
    if b.slope is not None:
        square = times(inverse.part, inverse.part, primes[0])
        inverse.slope = minus(times(square, b.slope, primes[0]), primes[0])
    return inverse


def divide(a: Any, b: Any) -> Any:
    """Return a / b."""
    if b.rational is not None and b.rational != 0:
        return multiply(a, a.constant(1 / b.rational))
    quotient = multiply(a, invert(b))
    quotient.value = a.value / b.value
    return quotient


def raise_to(a: Any, b: Any) -> Any:
    """Return a to the power b. Raises UndecidedError where b is a whole number beyond reach."""
    n = b.rational
    if n is None or n.q > 2:
        return (b * a.log()).exp().shadowed(power(a.value, b.value))
    if n.q == 2:
        return (raise_to(a.sqrt(), a.constant(n.p))).shadowed(power(a.value, n))
    n = int(n.p)
    if abs(n) > _LARGEST_EXPONENT:
        raise UndecidedError(f"a power of {n} is too high for a signature")
    if n < 0:
        return invert(raise_to(a, a.constant(-n))).shadowed(power(a.value, n))
    if a.rational is not None and a.rational.height_bits() * n <= LARGEST_RATIONAL:
        return a.constant(a.rational**n)
    if n <= 1:
        return a if n else a.constant(1)
    primes = a.tower.primes
    raised = type(a)(
        a.tower,
        power(a.value, n),
        tuple([pow(x, n, p) for x, p in zip(a.residues, primes, strict=False)]),
        (n * a.degree[0], n * a.degree[1]),
        not a.known,
    )
    if a.slope is not None:
        raised.slope = times(a.slope, (n * raise_to(a.fixed, a.constant(n - 1))).part, primes[0])
    if n % 2 == 0 and a.degree != CONSTANT:
        a.tower.squares[raised.residues[0]] = raise_to(a.fixed, a.constant(n // 2))
    return raised


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

"""Signature: a number as residues in a tower of primes, with a ball as its shadow and a derivative if it has one.

Indeterminates are random residues, and every operation is done on residues. Two formulas that are equal for all values
of the indeterminates give equal residues always; so where residues differ the formulas do, and that is certain unless
an *opaque* value entered one of them. Two formulas that differ give equal residues by accident only. For rational
functions the chance of that is at most degree / prime (Schwartz and Zippel), which is rigorous as long as the fixed
primes divide no coefficient; the degree is carried along. With exponentials it rests on Gonnet's assumption and not on
a proof: that powers of a generator, with exponents that are independent over the rationals, behave as independent
indeterminates. Each exponential then counts as one indeterminate.

A value is opaque where nothing but a few laws is known of a function. A logarithm undoes exp, and exp undoes it in sums
with rational coefficients. A square root has its argument for its square; of the two roots it is the one that is a
square itself, which is multiplicative, and it is the positive one where its argument was made as a square. Were another
square root to be a formula without roots, its sign would be left to chance: balls at one point settle that. Of sin, erf
and their kin it is known whether they are odd, and their derivatives are exact.

Comparisons are decided by the shadows, and the current run records them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import add, mul, sub, truediv
from typing import Any

from flint import arb, fmpq

from symnn.errors import UndecidedError
from symnn.scalars import signature_rules as rules
from symnn.scalars.base import Scalar
from symnn.scalars.constants import root_meant
from symnn.scalars.elementary import Elementary, with_elementary
from symnn.scalars.operators import Operator, Relation, both_ways
from symnn.scalars.plain import Exact, decided, decimals
from symnn.scalars.run import current, number, placed
from symnn.scalars.signature_rules import LARGEST_RATIONAL, NO_LOGARITHMS, OF_ANOTHER_RUN, OWN, Logarithms
from symnn.scalars.tower import CONSTANT, Degree, Part, Residues, Tower, times


def _operand(one: Signature, x: Any) -> Any:
    """The other operand as a signature, or None where it is no number of ours."""
    if isinstance(x, Signature):
        if x.tower is not one.tower:
            raise UndecidedError(OF_ANOTHER_RUN)
        return x
    plain = number(x)
    return None if plain is NotImplemented else constant(one.tower, plain)


def _binary(rule: Operator, of: Operator | None = None) -> tuple[Operator, Operator]:
    """The operator and its reflection; ``of`` two rationals is a rational, while it is not too long."""

    def apply(a: Any, b: Any) -> Any:
        if of is not None and a.rational is not None and b.rational is not None and (of is not truediv or b.rational):
            q = of(a.rational, b.rational)
            if q.height_bits() <= LARGEST_RATIONAL:
                return constant(a.tower, q)
        return rule(a, b)

    return both_ways(apply, _operand)


def _truth(row: Relation, one: Signature, other: Signature) -> bool:
    a, b = one.value, other.value
    if one.residues[0] == other.residues[0]:
        return row.of_itself(False)
    if not (a < b or a > b):
        left, right = decimals(a, ".4g"), decimals(b, ".4g")
        if a == b:
            raise UndecidedError(f"{left} {row.sign} {right} is decided at equality: the point lies on a kink")
        raise UndecidedError(f"cannot decide whether {left} {row.sign} {right}: the balls overlap")
    if one.degree != CONSTANT or other.degree != CONSTANT:
        current().condition(placed(f"{decimals(a, '.4g')} {'<' if a < b else '>'} {decimals(b, '.4g')}"))
    return bool(row.holds(-1 if a < b else 1, 0))


def _function(row: Elementary) -> Callable[[Any], Any]:
    of: Any = row.formula or OWN[row.name]

    def method(self: Signature) -> Signature:
        x = self.fixed
        if x.rational is not None and row.rational_at is not None and x.rational == row.rational_at[0]:
            y = constant(x.tower, fmpq(row.rational_at[1])).shadowed(arb(row.rational_at[1]))
        else:
            y = of(x).shadowed(row.of(x.value))
        if self.slope is not None:
            y.slope = times(row.slope(x, y).part, self.slope, self.tower.primes[0])
        return y

    return method


@with_elementary(_function)
class Signature(Scalar):
    """A number over a tower of primes: ``residues`` with a ball ``value`` as their shadow.

    ``degree`` bounds the degrees of numerator and denominator, ``opaque`` says that an unknown number is in it,
    ``logs`` are logarithms with rational coefficients that are among its terms, ``rational`` is its value where it is a
    rational constant, and ``slope`` its derivative along one direction (None: exactly 0). Comparisons raise
    UndecidedError where the shadows overlap and the residues differ.

    >>> tower = Tower(1, seed=0)
    >>> x, y = (Signature(tower, arb(2), tower.indeterminates(name, 1)[0], (1, 0)) for name in "xy")
    >>> (x + y) ** 2 == x * x + 2 * x * y + y * y, (x + y).exp() == x.exp() * y.exp(), x.exp().log() == x
    (True, True, True)
    """

    __slots__ = ("degree", "logs", "opaque", "rational", "residues", "slope", "tower", "value")

    def __init__(
        self,
        tower: Tower,
        value: Any,
        residues: Residues,
        degree: Degree = CONSTANT,
        opaque: bool = False,
        slope: Part | None = None,
        logs: Logarithms = NO_LOGARITHMS,
        rational: Any = None,
    ) -> None:
        self.tower, self.value, self.residues, self.degree = tower, value, residues, degree
        self.opaque, self.slope, self.logs, self.rational = opaque, slope, logs, rational

    @property
    def known(self) -> bool:
        """Whether nothing opaque is in it."""
        return not self.opaque and not self.logs

    @property
    def part(self) -> Part:
        """The residue modulo p0, with its degree."""
        return Part(self.residues[0], self.degree, self.opaque or bool(self.logs))

    @property
    def tangent(self) -> Any:
        """None for a constant; the residue of the derivative for what depends on indeterminates."""
        if self.degree == CONSTANT and self.slope is None:
            return None
        return 0 if self.slope is None else self.slope.residue

    @property
    def fixed(self) -> Signature:
        """The number without its derivative."""
        return self if self.slope is None else self.made(self.residues, self.degree, self.opaque, self.logs)

    @property
    def root_of_pi(self) -> Signature:
        """The square root of π over the same tower."""
        return Signature(self.tower, arb.const_sqrt_pi(), self.tower.root_of_pi, CONSTANT, True)

    def made(self, residues: Residues, degree: Degree, opaque: bool, logs: Logarithms = NO_LOGARITHMS) -> Signature:
        """Return a number over the same tower and with the same shadow, without a derivative."""
        return Signature(self.tower, self.value, residues, degree, opaque, None, logs)

    def shadowed(self, value: Any) -> Signature:
        """Return the same number with another shadow."""
        x = self
        return Signature(x.tower, value, x.residues, x.degree, x.opaque, x.slope, x.logs, x.rational)

    def constant(self, x: Any) -> Signature:
        """Return a rational constant over the same tower."""
        return constant(self.tower, x)

    __add__, __radd__ = _binary(partial(rules.combine, add), add)
    __sub__, __rsub__ = _binary(partial(rules.combine, sub), sub)
    __mul__, __rmul__ = _binary(rules.multiply, mul)
    __truediv__, __rtruediv__ = _binary(rules.divide, truediv)
    __pow__, __rpow__ = _binary(rules.raise_to)
    __lt__, __le__, __gt__, __ge__, __eq__, __ne__ = decided(_truth, _operand)

    def __hash__(self) -> int:
        return hash(self.residues[0])

    def __neg__(self) -> Any:
        return self * -1


def constant(tower: Tower, x: Any) -> Signature:
    """Return a constant over a tower, from an int, float, Fraction, decimal string or flint number.

    A float is the double it is. A rational, which is how floats of running code come, is a root where it is a rounded
    one, such as that of 2/π. A ball that is no rational is opaque. Raises InputError for what is no real number.

    >>> constant(Tower(0, seed=0), "0.5") * 2 == 1
    True
    """
    if isinstance(x, arb):
        # An interval is one unknown number, the same wherever the same interval occurs.
        return Signature(tower, x, tower.drawn("the number", x.str(radius=True)), CONSTANT, True)
    if isinstance(x, float) and (x != x or x in (float("inf"), -float("inf"))):
        return constant(tower, arb(x))
    q = x if isinstance(x, fmpq) else Exact(x).value
    if isinstance(x, float):
        return Signature(tower, arb(q), tower.reduced(q), rational=q)
    known: Signature | None = tower.constants.get(q)
    if known is None:
        known = tower.constants[q] = _meant(tower, q) or Signature(tower, arb(q), tower.reduced(q), rational=q)
    return known


def _meant(tower: Tower, q: Any) -> Signature | None:
    """The root that a double is the rounding of, or None."""
    root = root_meant(q)
    if root is None:
        return None
    sign, r, k = root
    # The root that is a square itself: it is multiplicative, and so stands for the positive one.
    rational = tower.reduced(r)
    roots = tuple([pow(y, (p + 1) // 4, p) for y, p in zip(rational, tower.primes, strict=True)])
    if any(s * s % p != y for s, y, p in zip(roots, rational, tower.primes, strict=True)):
        return None
    root_of_r = Signature(tower, arb(r).sqrt(), roots, CONSTANT, True)
    meant: Signature = sign * root_of_r * root_of_r.root_of_pi**k
    return meant

"""The normal form of traced expressions: rational functions of symbols, exponentials, logarithms and roots.

A form is a polynomial in generators. Exponentials of exponents that are linearly independent over the rationals are
generators of their own; ``exp(u + v)`` is their product and ``exp(-u)`` a negative power. The reciprocal R of an
irreducible polynomial D is a generator with the relation R·D = 1, applied as R·lead(D) → 1 − R·(D − lead(D)); the root
S of v has S² → v. So nothing is brought over a common denominator, and ``a = R`` of a sigmoid has the slope R − R².
A form of zero is a proof that the expression is zero wherever it is defined. Another form proves nothing by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from flint import fmpq

from symnn.errors import UndecidedError
from symnn.scalars.nodes import SMALLER, Node, TooLargeError
from symnn.verification.polynomials import (
    UNIT,
    Monomial,
    Polynomial,
    accumulate,
    common,
    constant,
    factors,
    frozen,
    generators,
    lead,
    monic,
    plus,
    raised,
    shifted,
    times,
)

WORK = 1_000_000
"""How many products of terms a proof may take; about five seconds."""

# What a generator is: a symbol, an exponential, a reciprocal, a square root or another function.
Kind: TypeAlias = Literal["symbol", "exp", "reciprocal", "root", "function"]


@dataclass(frozen=True)
class Generator:
    """A generator: its kind, the name of a symbol's node or a function, and the polynomial it is a function of."""

    kind: Kind
    name: Any
    of: Polynomial


@dataclass
class Algebra:
    """The generators met so far, their relations, and the work done; forms over one of them can be compared."""

    limit: int = WORK
    work: int = 0
    generators: list[Generator] = field(default_factory=list)
    _known: dict[Any, int] = field(default_factory=dict)
    rules: dict[int, tuple[Monomial, Polynomial]] = field(default_factory=dict)
    residues: dict[int, int | None] = field(default_factory=dict)

    def spend(self, amount: int) -> None:
        """Count work. Raises TooLargeError beyond the limit."""
        self.work += amount
        if self.work > self.limit:
            raise TooLargeError(f"the formulas grow beyond {self.limit:,} products of terms: {SMALLER}")

    def generator(self, kind: Kind, name: Any, of: Polynomial) -> int:
        """Return the number of a generator, new or known."""
        key = (kind, name, frozen(of))
        if key not in self._known:
            self._known[key] = len(self.generators)
            self.generators.append(Generator(kind, name, of))
        return self._known[key]

    def symbol(self, node: Node) -> Polynomial:
        """Return the form of a symbol."""
        return self.one(self.generator("symbol", node, {}))

    def function(self, name: str, u: Polynomial) -> Polynomial:
        """Return the form of a function of which nothing is known."""
        return self.one(self.generator("function", name, u))

    def one(self, number: int) -> Polynomial:
        """Return the form of a generator."""
        return {((number, 1),): fmpq(1)}

    def multiply(self, p: Polynomial, q: Polynomial) -> Polynomial:
        """Return the product of two forms."""
        self.spend(len(p) * len(q))
        product: Polynomial = {}
        for a, x in p.items():
            for b, y in q.items():
                accumulate(product, times(a, b), x * y)
        return self.reduced(product)

    def power(self, p: Polynomial, n: int) -> Polynomial:
        """Return a form to a whole power."""
        base = self.inverse(p) if n < 0 else p
        result = constant(1)
        for _ in range(abs(n)):
            result = self.multiply(result, base)
        return result

    def reduced(self, p: Polynomial) -> Polynomial:
        """Return a polynomial with all relations applied."""
        if all(self._rule(monomial) is None for monomial in p):
            return p
        done: Polynomial = {}
        pending = dict(p)
        while pending:
            monomial, c = pending.popitem()
            rule = self._rule(monomial)
            if rule is None:
                accumulate(done, monomial, c)
                continue
            divisor, replacement = rule
            rest = times(monomial, raised(divisor, -1))
            self.spend(len(replacement))
            for other, x in replacement.items():
                accumulate(pending, times(rest, other), c * x)
        return done

    def _rule(self, monomial: Monomial) -> tuple[Monomial, Polynomial] | None:
        """The first relation whose leading monomial divides this one."""
        for generator, exponent in monomial:
            rule = self.rules.get(generator)
            if rule is not None and exponent > 0:
                exponents = dict(monomial)
                if all(exponents.get(g, 0) >= e for g, e in rule[0]):
                    return rule
        return None

    def reciprocal(self, divisor: Polynomial) -> Polynomial:
        """Return the form of 1/D for a monic irreducible D."""
        number = self.generator("reciprocal", "", divisor)
        if number not in self.rules:
            top = lead(divisor)
            rest = {m: c for m, c in divisor.items() if m != top}
            one = ((number, 1),)
            self.rules[number] = times(top, one), plus(constant(1), shifted(rest, one), -1)
        return self.one(number)

    def inverse(self, p: Polynomial) -> Polynomial:
        """Return the form of 1/p. Raises UndecidedError where p is zero."""
        if not p:
            raise UndecidedError("the code divides by what is zero for all inputs")
        cleared, divisors = self.cleared(p)
        c, outer, inner = monic(cleared)
        result = shifted(self._monomial_inverse(outer), UNIT, 1 / c)
        for factor, n in factors(inner):
            result = self.multiply(result, self.power(self.reciprocal(factor), n))
        for divisor, n in divisors:
            result = self.multiply(result, self.power(divisor, n))
        return result

    def _monomial_inverse(self, monomial: Monomial) -> Polynomial:
        result = constant(1)
        for number, n in monomial:
            generator = self.generators[number]
            if generator.kind == "root":
                # 1/S = S/v, where the relation is S*S = v.
                over = self.multiply(self.one(number), self.inverse(self.rules[number][1]))
                result = self.multiply(result, self.power(over, n))
            else:
                result = self.reduced(shifted(result, ((number, -n),)))
        return result

    def cleared(self, p: Polynomial) -> tuple[Polynomial, list[tuple[Polynomial, int]]]:
        """Return N and pairs (D, n) such that p is N over the product of all D**n, and no reciprocal is in N."""
        divisors: list[tuple[Polynomial, int]] = []
        while True:
            numbers = [g for g in generators(p) if self.generators[g].kind == "reciprocal"]
            if not numbers:
                return p, divisors
            number = numbers[0]
            divisor = self.generators[number].of
            highest = max(dict(monomial).get(number, 0) for monomial in p)
            powers = [constant(1)]
            for _ in range(highest):
                powers.append(self.multiply(powers[-1], divisor))
            total: Polynomial = {}
            for monomial, c in p.items():
                own = dict(monomial).get(number, 0)
                bare = times(monomial, ((number, -own),)) if own else monomial
                self.spend(len(powers[highest - own]))
                for other, x in powers[highest - own].items():
                    accumulate(total, times(bare, other), c * x)
            p = self.reduced(total)
            divisors.append((divisor, highest))

    def vanishes(self, p: Polynomial, thorough: bool = False) -> bool:
        """Return whether a form is zero; False leaves it open, less so if ``thorough``."""
        if thorough:
            if residue(self, p):
                return False
            p, _ = self.cleared(p)
        # Exponentials and symbols are no divisors of zero: clear their negative powers, so that relations apply.
        negative = [(g, e) for g, e in (common(p) if p else UNIT) if e < 0]
        return not (self.reduced(shifted(p, tuple((g, -e) for g, e in negative))) if negative else p)

    def count(self, kind: Kind) -> int:
        """Return how many generators there are of a kind."""
        return sum(generator.kind == kind for generator in self.generators)


def residue(over: Algebra, p: Polynomial) -> int | None:
    """Return a form modulo a prime, its independent generators at fixed residues; None where it has none there.

    Anything but 0 or None tells that the generators would have to be dependent for the form to be zero.

    >>> over = Algebra()
    >>> residue(over, {}), residue(over, over.one(over.generator("function", "f", {}))) > 0
    (0, True)
    """
    total = 0
    try:
        for monomial, c in p.items():
            term = int(c.p) * pow(int(c.q), -1, _PRIME)
            for number, exponent in monomial:
                base = _at(over, number)
                if base is None or exponent != int(exponent):
                    return None
                term = term * pow(base, int(exponent), _PRIME) % _PRIME
            total += term
    except ValueError:  # Zero has no inverse.
        return None
    return total % _PRIME


def _at(over: Algebra, number: int) -> int | None:
    """The residue of a generator; of a square root, that of its square must be a square."""
    if number in over.residues:
        return over.residues[number]
    generator = over.generators[number]
    value: int | None = pow(_BASE, number + 2, _PRIME)
    if generator.kind == "reciprocal":
        divisor = residue(over, generator.of)
        value = pow(divisor, -1, _PRIME) if divisor else None
    elif generator.kind == "root":
        square = residue(over, over.rules[number][1])
        # The prime is 3 modulo 4.
        value = None if square is None else pow(square, (_PRIME + 1) // 4, _PRIME)
        value = None if value is None or (value * value - (square or 0)) % _PRIME else value
    over.residues[number] = value
    return value


_PRIME = 2**61 - 1
_BASE = 1_234_567_891_234_567

"""Tower: primes p0, p1, … of which each divides the one before it minus one, and what was drawn over them.

A signature keeps a number modulo every prime of a tower. An exponential at level k is a power of an element of order
p(k+1) modulo p(k), with the number modulo p(k+1) as its exponent: so exp(a + b) = exp(a) exp(b) holds at every level,
and every exponential uses up the lowest one. A part of it is a residue modulo one prime, with the degree of the formula
that it is a value of.
"""

from __future__ import annotations

import hashlib
import random
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from flint import fmpz

Residues = tuple[Any, ...]

BITS = 256
"""Size of the smallest prime of a tower."""

# 2, 3, 5 and every exponential are squares modulo a prime that is -1 modulo this, and -1 is none: of the two roots
# of a square exactly one is a square again, and taking that one is multiplicative.
_MODULUS = 120


@lru_cache(maxsize=32)
def primes(height: int, bits: int = BITS) -> Residues:
    """Return ``height + 1`` primes, the largest first: each divides the one before it minus one.

    >>> p, q = primes(1, 64)
    >>> (p - 1) % q == 0, p % 120 == q % 120 == 119
    (True, True)
    """
    lowest = (fmpz(2) ** (bits - 1) // _MODULUS + 1) * _MODULUS - 1
    while not lowest.is_probable_prime() or not lowest.is_prime():
        lowest += _MODULUS
    found = [lowest]
    while len(found) <= height:
        found.append(_above(found[-1]))
    return tuple(reversed(found))


def _above(p: Any) -> Any:
    """The smallest prime q that is -1 modulo 120 and 1 modulo p."""
    # q = 1 + c p with p = -1 (mod 120), hence c = 2 (mod 120).
    q, step = 1 + 2 * p, _MODULUS * p
    while not q.is_probable_prime() or not _is_prime_above(q, p):
        q += step
    return q


def _is_prime_above(q: Any, p: Any) -> bool:
    """Whether q is prime, by Pocklington's theorem: p is a prime above the square root of q, and divides q - 1."""
    power = pow(fmpz(2), (q - 1) // p, q)
    return bool(pow(power, p, q) == 1 and (power - 1).gcd(q) == 1)


class Tower:
    """A tower of ``height + 1`` primes, with everything drawn at random over it from one seed.

    It remembers the logarithms and exponentials taken, so that each undoes the other in every run over one tower.
    ``exceeded`` says that exponentials were nested deeper than the tower is high, ``rooted`` and ``roots`` hold what
    square roots were taken of and what they are, and ``strayed`` says that one was taken of what is no square modulo
    p0, so that its square is another number.

    >>> from flint import fmpq
    >>> tower = Tower(1, seed=0)
    >>> tower.reduced(fmpq(1, 3))[0] * 3 % tower.primes[0]
    1
    """

    def __init__(self, height: int, seed: int | str, bits: int = BITS) -> None:
        self.primes = primes(height, bits)
        self.height, self.seed, self.bits = height, seed, bits
        self.exceeded = self.strayed = False
        self.rooted: set[Any] = set()
        self.roots: set[Any] = set()
        # What is remembered, by residues modulo p0: constants by value, y to a where y = exp(a), s to log(s), b b to b.
        self.constants: dict[Any, Any] = {}
        self.exponents: dict[Any, Any] = {}
        self.logarithms: dict[Any, tuple[Any, Any]] = {}
        self.squares: dict[Any, Any] = {}
        # What was drawn last by each name: whoever has the seed can draw it again, and needs the name only.
        self.draws: dict[str, list[Residues]] = {}
        self._generators = [self._generator(k) for k in range(height)]

    def _generator(self, level: int) -> Any:
        """An element whose order modulo the prime of this level is the prime of the next."""
        p, order = self.primes[level], self.primes[level + 1]
        (seeded, tries) = (self.drawn("generator", fmpz(level))[level], 0)
        while (g := pow(seeded + tries, (p - 1) // order, p)) in (0, 1):
            tries += 1
        return g

    def reduced(self, x: Any) -> Residues:
        """Return the rational ``x`` modulo every prime; its denominator is smaller than they are, or prime to them."""
        if x.q == 1:
            return tuple(x.p % p for p in self.primes)
        return tuple(x.p * pow(x.q % p, -1, p) % p for p in self.primes)

    def exponentials(self, residues: Residues) -> Residues:
        """Return exp of a number given by its residues: it has one level fewer."""
        below = zip(self._generators, residues[1:], self.primes, strict=False)
        return tuple(pow(g, a, p) for g, a, p in below)

    def drawn(self, name: str, x: Any) -> Residues:
        """Return the value at x, a residue modulo p0, of an unknown function: a draw that the seed fixes."""
        return tuple(self._hashed(f"{self.seed} {name} {level} {x}", p) for level, p in enumerate(self.primes))

    @staticmethod
    def _hashed(text: str, p: Any) -> Any:
        size = p.bit_length() // 8 + 9
        return fmpz(int.from_bytes(hashlib.shake_256(text.encode()).digest(size), "big")) % p

    @cached_property
    def root_of_pi(self) -> Residues:
        """The root of π: an unknown number, drawn as a square, so that it is the root taken of its own square."""
        return tuple(x * x % p for x, p in zip(self.drawn("the root of", "pi"), self.primes, strict=True))

    def indeterminates(self, name: str, count: int, levels: int | None = None) -> list[Residues]:
        """Return the residues, at the first ``levels``, of so many independent indeterminates, drawn by name."""
        rng = random.Random(f"{self.seed} indeterminates {name}")  # noqa: S311
        known = self.primes[:levels]
        by_level = [_residues(rng, p, count) for p in known]
        self.draws[name] = drawn = list(zip(*by_level, strict=True))
        return drawn


def _residues(rng: random.Random, p: Any, count: int) -> list[Any]:
    # 64 bits more than the prime has: then no residue is noticeably likelier than another.
    size = p.bit_length() // 8 + 9
    drawn = rng.randbytes(size * count)
    return [fmpz(int.from_bytes(drawn[k : k + size], "big")) % p for k in range(0, size * count, size)]


Degree = tuple[int, int]

CONSTANT: Degree = (0, 0)
"""Degrees of numerator and denominator of a number that depends on nothing."""


class Part(NamedTuple):
    """A residue modulo p0 with its degree, and whether something opaque is in it: a value, or a derivative."""

    residue: Any
    degree: Degree
    opaque: bool


def add_degrees(a: Degree, b: Degree) -> Degree:
    """Return degrees that the sum of two fractions has at most.

    >>> add_degrees((2, 0), (1, 0)), add_degrees((1, 1), (1, 2))
    ((2, 0), (3, 3))
    """
    return max(a[0] + b[1], b[0] + a[1]), a[1] + b[1]


def multiply_degrees(a: Degree, b: Degree) -> Degree:
    """Return degrees that the product of two fractions has at most."""
    return a[0] + b[0], a[1] + b[1]


def plus(a: Part | None, b: Part | None, p: Any) -> Part | None:
    """Return the sum of two parts modulo p; None is an exact zero."""
    if a is None or b is None:
        return a or b
    return Part((a.residue + b.residue) % p, add_degrees(a.degree, b.degree), a.opaque or b.opaque)


def times(a: Part | None, b: Part | None, p: Any) -> Part | None:
    """Return the product of two parts modulo p; None is an exact zero."""
    if a is None or b is None:
        return None
    return Part(a.residue * b.residue % p, multiply_degrees(a.degree, b.degree), a.opaque or b.opaque)


def minus(a: Part | None, p: Any) -> Part | None:
    """Return a part with the opposite sign; None is an exact zero."""
    return None if a is None else Part(-a.residue % p, a.degree, a.opaque)

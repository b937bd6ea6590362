"""Exponentials, logarithms, roots and circular functions of normal forms, and the forms of traced expressions."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import Any

from flint import fmpq, fmpz

from symnn.errors import UndecidedError
from symnn.scalars.elementary import NAMED
from symnn.scalars.nodes import Node, ordered, rational_root
from symnn.verification.formal import Formal, Operations
from symnn.verification.polynomials import (
    UNIT,
    Monomial,
    Polynomial,
    accumulate,
    common,
    constant,
    generators,
    plus,
    raised,
    shifted,
    whole,
)
from symnn.verification.rational import Algebra

LARGEST_MULTIPLE = 24
"""An exponential counts as a product of powers of others when the powers have no larger numerator or denominator."""

_FACTORED_BITS = 64


@dataclass
class Field(Algebra):
    """The algebra with the functions that networks are made of.

    With ``cut``, a sum of more terms than that counts as a symbol where something other than a sum is made of it, the
    same for all multiples of it. What is zero for any value of that symbol is zero for its own, so that zeros stay
    proofs, at a fraction of the work; not all zeros are seen as such.

    >>> from symnn.scalars.nodes import call, symbol
    >>> over, x = Field(), symbol("x")
    >>> over.form(call("log_expit", x)) == over.form(call("log", call("expit", x)))
    True
    """

    _basis: list[tuple[Monomial, Polynomial, dict[int, Any]]] = field(default_factory=list)
    cut: int = 0
    _forms: dict[Node, Polynomial] = field(default_factory=dict)
    _cuts: dict[Node, Polynomial] = field(default_factory=dict)

    def form(self, node: Node) -> Polynomial:
        """Return the normal form of a traced expression. Raises UndecidedError where it has none."""
        for part in ordered([node], self._forms):
            self._forms[part] = self._made(part)
        return self._forms[node]

    def _made(self, node: Node) -> Polynomial:
        whole_sums = not self.cut or node.op == "sum" or any(arg.op == "number" for arg in node.args)
        args = [self._forms[arg] if whole_sums else self._short(arg) for arg in node.args]
        match node.op:
            case "number":
                return constant(node.data)
            case "symbol":
                return self.symbol(node)
            case "sum":
                self.spend(len(args[0]) + len(args[1]))
                return plus(args[0], args[1])
            case "product":
                return self.multiply(args[0], args[1])
            case "power":
                return self.power(args[0], node.data)
            case "call":
                return function_form(self, node.data, args[0])
        raise UndecidedError(f"the code computes with {node.data}, which is no number")

    def _short(self, node: Node) -> Polynomial:
        """The form of a node, or its cut where it is a long sum."""
        form = self._forms[node]
        if node.op != "sum" or len(form) <= self.cut:
            return form
        if node not in self._cuts:
            c = form[max(form)]
            self._cuts[node] = shifted(self.function("cut", shifted(form, UNIT, 1 / c)), UNIT, c)
        return self._cuts[node]

    def exponential(self, u: Polynomial) -> Polynomial:
        """Return the form of exp(u)."""
        result, rest = constant(1), dict(u)
        for monomial, c in u.items():
            # exp(n log v) = v**n.
            generator = self.generators[monomial[0][0]] if len(monomial) == 1 and monomial[0][1] == 1 else None
            if generator is not None and generator.kind == "function" and generator.name == "log":
                n = math.floor(Fraction(int(c.p), int(c.q)))
                result = self.multiply(result, self.power(generator.of, n)) if n else result
                accumulate(rest, monomial, fmpq(-n))
        return self.multiply(result, self._independent(rest)) if rest else result

    def _independent(self, u: Polynomial) -> Polynomial:
        """The exponential of u as a product of powers of those known, or else as a generator of its own."""
        rest = dict(u)
        powers: dict[int, Any] = {}
        for pivot, vector, combination in self._basis:
            c = rest.get(pivot, 0)
            if c:
                rest = plus(rest, vector, -c)
                for number, x in combination.items():
                    powers[number] = powers.get(number, 0) + c * x
        if rest:
            number = self.generator("exp", "", u)
            pivot = max(rest)
            c = rest[pivot]
            combination = {number: 1 / c, **{other: -x / c for other, x in powers.items() if x}}
            self._basis.append((pivot, {m: x / c for m, x in rest.items()}, combination))
            return self.one(number)
        if all(max(abs(int(x.p)), int(x.q)) <= LARGEST_MULTIPLE for x in powers.values()):
            exponents = {g: whole(Fraction(int(x.p), int(x.q))) for g, x in powers.items() if x}
            return self.reduced({tuple(sorted(exponents.items())): fmpq(1)})
        return self.one(self.generator("exp", "", u))

    def positive(self, p: Polynomial) -> bool:
        """Return whether a form is positive at a glance: positive terms in exponentials and roots only."""
        return all(c > 0 and all(self._is_positive(g) or e % 2 == 0 for g, e in monomial) for monomial, c in p.items())

    def _is_positive(self, number: int) -> bool:
        generator = self.generators[number]
        return generator.kind == "exp" or generator.name == "sqrt"

    def logarithm(self, v: Polynomial) -> Polynomial:
        """Return the form of log(v). Raises UndecidedError where v is zero."""
        if not v:
            raise UndecidedError("the code takes the logarithm of what is zero for all inputs")
        cleared, divisors = self.cleared(v)
        if not all(self.positive(divisor) for divisor, _ in divisors):
            return self.function("log", v)
        total: Polynomial = {}
        for divisor, n in divisors:
            total = plus(total, self._log_of_base(divisor), -n)
        return plus(total, self._log_of_base(cleared))

    def _log_of_base(self, v: Polynomial) -> Polynomial:
        """The logarithm of a form without reciprocals: exponentials in all terms come out, so does a number."""
        outer, c, rest = self._parted(v)
        total = self._log_of_number(c)
        for number, n in outer:
            total = plus(total, self.generators[number].of, _rational(n))
        return total if rest == constant(1) else plus(total, self.function("log", rest))

    def _parted(self, v: Polynomial) -> tuple[Monomial, Any, Polynomial]:
        """A form as the exponentials in all its terms, a positive number, and the rest: v is their product."""
        outer = common(v, [g for g in generators(v) if self.generators[g].kind == "exp"])
        inner = shifted(v, raised(outer, -1))
        c = abs(inner[max(inner)])
        return outer, c, {m: x / c for m, x in inner.items()}

    def _log_of_number(self, c: Any) -> Polynomial:
        total: Polynomial = {}
        for part, sign in ((fmpz(c.p), 1), (fmpz(c.q), -1)):
            for prime, n in part.factor() if part.bit_length() <= _FACTORED_BITS else [(part, 1)]:
                if prime != 1:
                    total = plus(total, self.function("log", constant(fmpq(prime))), sign * int(n))
        return total

    def root(self, v: Polynomial) -> Polynomial:
        """Return the form of the square root of v."""
        if not v:
            return {}
        outer, c, rest = self._parted(v)
        result = self._root_of_number(c)
        if outer:
            result = shifted(result, raised(outer, Fraction(1, 2)))
        return result if rest == constant(1) else self.multiply(result, self._root_generator(rest))

    def _root_generator(self, v: Polynomial) -> Polynomial:
        number = self.generator("root", "sqrt", v)
        self.rules[number] = ((number, 2),), v
        return self.one(number)

    def _root_of_number(self, c: Any) -> Polynomial:
        plain = rational_root(c)
        if plain is not None:
            return constant(plain)
        # sqrt(p/q) = sqrt(p*q)/q, with all squares taken out of p*q.
        outside, inside = fmpq(1, c.q), fmpz(c.p * c.q)
        if inside.bit_length() <= _FACTORED_BITS:
            for prime, n in inside.factor():
                outside *= fmpq(prime) ** (int(n) // 2)
                inside //= prime ** (2 * (int(n) // 2))
        return shifted(self._root_generator(constant(fmpq(inside))), UNIT, outside)

    def circular(self, name: str, u: Polynomial) -> Polynomial:
        """Return the form of sin(u) or cos(u), of which the square of the sine is rewritten."""
        cosine = self.function("cos", u)
        if name == "cos":
            return cosine
        number = self.generator("root", "sin", u)
        self.rules[number] = ((number, 2),), plus(constant(1), self.multiply(cosine, cosine), -1)
        return self.one(number)


def _rational(n: Any) -> Any:
    ratio = Fraction(n)
    return fmpq(ratio.numerator, ratio.denominator)


def _over(f: Field) -> Operations:
    return Operations(constant, plus, f.multiply, f.power, partial(function_form, f))


def function_form(f: Field, name: str, u: Polynomial) -> Polynomial:
    """Return the normal form of a function by its name in ELEMENTARY, from that of its argument.

    >>> over, x = Field(), constant(3)
    >>> function_form(over, "expm1", x) == plus(over.exponential(x), constant(1), -1)
    True
    """
    formula = NAMED[name].formula
    match name:
        case "exp":
            return f.exponential(u)
        case "log":
            return f.logarithm(u)
        case "sqrt":
            return f.root(u)
        case "sin" | "cos":
            return f.circular(name, u)
    return f.function(name, u) if formula is None else formula(Formal(_over(f), u)).it

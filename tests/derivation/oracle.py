"""The other way to the gradient: write the whole loss out over scalar symbols, and let SymPy differentiate it.

Nothing here knows of `symnn.derive` or `symnn.kernels`. `written_out` makes the loss of a network with its own plain
loops, from the description and the formulas of the tables; `expand` computes given equations entry by entry over
the same symbols; `Fractions` decides exactly whether two of the expressions are one: every distinct exp, tanh, log
or root in them is one more indeterminate, and over these both are quotients of polynomials with integer coefficients.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import sympy
from flint import Ordering, arb, fmpq, fmpz_mpoly_ctx
from sympy import Abs, Idx, Indexed, Piecewise, Symbol, exp, log, sign, tanh

from symnn.notation import indices_of, name_of
from symnn.rules.activations import z as argument
from symnn.rules.functions import NormalDensity, NormalShare, Over, RootTwoOverPi, TimesLog
from symnn.rules.losses import p as prediction
from symnn.rules.losses import y as target
from symnn.rules.normalisers import Normaliser
from symnn.rules.normalisers import e as weight
from symnn.rules.normalisers import s as total


@dataclass
class WrittenOut:
    """A scalar loss over scalar symbols: ``arrays`` of symbols by name, and the rational ``point`` they stand for."""

    loss: sympy.Expr
    arrays: dict[str, np.ndarray]
    point: dict[Symbol, sympy.Rational]
    _gradients: dict[str, np.ndarray] = field(default_factory=dict)

    def gradient(self, name):
        """The derivatives with respect to every entry of an array, by sympy.diff."""
        if name not in self._gradients:
            self._gradients[name] = map_entries(lambda symbol: sympy.diff(self.loss, symbol), self.arrays[name])
        return self._gradients[name]


def map_entries(function, array):
    result = np.empty(array.shape, dtype=object)
    for place in np.ndindex(array.shape):
        result[place] = function(array[place])
    return result


def symbols_for(name, values):
    """An array of symbols, and the numbers they stand for."""
    values = np.array(values, dtype=object)
    array = np.empty(values.shape, dtype=object)
    point = {}
    for place in np.ndindex(values.shape):
        array[place] = Symbol("_".join([name, *map(str, place)]), real=True)
        point[array[place]] = sympy.Rational(Fraction(values[place]))
    return array, point


def written_out(network, parameters, x, y):
    """The loss of ``network`` at a rational point; ``x[sample][feature]`` and ``y[sample][output]``.

    The targets are put in as numbers, so that what they satisfy (adding up to one) is known.
    """
    first = network.layout == "features-first"
    arrays, point = {}, {}
    for name, values in {**parameters, "X": np.array(x, dtype=object).T if first else x}.items():
        arrays[name], part = symbols_for(name, values)
        point |= part
    x_symbols = arrays["X"].T if first else arrays["X"]
    summands = []
    for sample, wanted in zip(x_symbols, y, strict=True):
        values = list(sample)
        for number, layer in enumerate(network.layers, start=1):
            weights = arrays[f"W{number}"] if first else arrays[f"W{number}"].T
            before = []
            for unit in range(layer.units):
                value_before = sum(weights[unit, below] * value for below, value in enumerate(values))
                if layer.bias:
                    value_before += arrays[f"b{number}"].reshape(-1)[unit]
                before.append(value_before)
            values = _activated(layer.row, before, point)
        formula = opaque(network.loss_row.summand)
        summands += [
            decided(formula.xreplace({target: t, prediction: a}), point)
            for t, a in zip(map(_exact, wanted), values, strict=True)
        ]
    divisor = {"sum": 1, "mean": len(y), "mean-over-all": len(summands)}[network.reduction]
    return WrittenOut(sum(summands) / sympy.Integer(divisor), arrays, point)


def _exact(value):
    return sympy.Rational(Fraction(value))


def _activated(row, before, point):
    if isinstance(row, Normaliser):
        weights = [opaque(row.weight).xreplace({argument: z}) for z in before]
        return [
            opaque(row.output).xreplace({argument: z, weight: own, total: sum(weights)})
            for z, own in zip(before, weights, strict=True)
        ]
    return [decided(opaque(row.forward).xreplace({argument: z}), point) for z in before]


class Exp(sympy.Function):
    """The exponential, kept as it stands: SymPy would turn exp(u)*exp(v) into exp(u + v), one atom more.

    Only a logarithm in the exponent is undone, so that exp(z - log(s)) is the share that it is.
    """

    @classmethod
    def eval(cls, argument):
        terms = sympy.Add.make_args(argument)
        undone = [term for term in terms if isinstance(term, log) or isinstance(-term, log)]
        if not undone:
            # Of an exponential and its reciprocal one is the indeterminate.
            return 1 / cls(-argument) if argument.could_extract_minus_sign() else None
        factors = [term.args[0] if isinstance(term, log) else 1 / (-term).args[0] for term in undone]
        return cls(argument - sympy.Add(*undone)) * sympy.Mul(*factors)

    def fdiff(self, argindex=1):
        return self


def _density(ball):
    return (-ball * ball / 2).exp() / (2 * arb.pi()).sqrt()


# What is one more indeterminate, and its value over balls.
FUNCTIONS = {
    Exp: arb.exp,
    tanh: arb.tanh,
    log: arb.log,
    NormalShare: lambda ball: (1 + (ball / arb(2).sqrt()).erf()) / 2,
    NormalDensity: _density,
    sympy.sin: arb.sin,
    sympy.cos: arb.cos,
    RootTwoOverPi: lambda ball: (2 / arb.pi()).sqrt(),
}


def opaque(expression):
    """The expression with `Exp` for every exponential, and products and quotients where targets are not 0."""
    plain = expression.replace(TimesLog, lambda y, x: y * log(x)).replace(Over, lambda y, x: y / x)
    return plain.replace(exp, Exp)


class OnKink(Exception):  # noqa: N818
    """The point lies where no branch can be decided."""


def decided(expression, point):
    """The expression with every Piecewise replaced by its branch at the point, and every size by its sign there."""
    signs = {
        part: _sign(part.args[0], point) * (part.args[0] if isinstance(part, Abs) else 1)
        for part in expression.atoms(Abs, sign)
    }
    expression = expression.xreplace(signs)
    if not expression.has(Piecewise):
        return expression
    branches = {}
    for piecewise in sorted(expression.atoms(Piecewise), key=lambda e: e.count_ops()):
        for branch, condition in piecewise.args:
            branches[piecewise] = branch
            if condition == sympy.true:
                break
            if condition.func(_gap(condition.lhs - condition.rhs, point), 0):
                break
    return expression.xreplace(branches)


def _gap(expression, point):
    """The value of an expression at the point, unless it is too near to 0 to tell its sign."""
    gap = expression.replace(Exp, exp).xreplace(point)
    if gap.is_Rational:
        return gap
    gap = sympy.Float(str(Balls(point)(opaque(expression)).mid().str(30, radius=False)))
    if abs(gap) < sympy.Float("1e-20"):
        raise OnKink
    return gap


def _sign(expression, point):
    gap = _gap(expression, point)
    return sympy.Integer(bool(gap > 0)) - sympy.Integer(bool(gap < 0))


def expand(equations, known, sizes, point):
    """Every tensor that ``equations`` define, entry by entry, as expressions over scalar symbols.

    ``known`` holds arrays of expressions (or an expression, for a scalar) by name.
    """
    values = dict(known)
    for equation in equations:
        shape = tuple(_length(axis, sizes) for axis in _shape(equation.target))
        result = np.empty(shape, dtype=object)
        for place in np.ndindex(shape):
            at = {axis: p for axis, p in zip(indices_of(equation.target), place, strict=True) if isinstance(axis, Idx)}
            result[place] = decided(_sum_of_terms(equation.terms, at, values, sizes), point)
        values[equation.name] = result if shape else result[()]
    return values


def _shape(target):
    return tuple(target.base.shape) if isinstance(target, Indexed) else ()


def _length(axis, sizes):
    return int(axis) if axis.is_number else sizes[str(axis)]


def _sum_of_terms(terms, at, values, sizes):
    addends = []
    for term in terms:
        body = opaque(term.body)
        entries = term.body.atoms(Indexed)
        inside = set().union(*(entry.free_symbols for entry in entries)) if entries else set()
        symbols = {s for s in term.body.free_symbols | inside if isinstance(s, Symbol)} - {
            entry.base.label for entry in entries
        }
        plain = {s: sympy.Integer(sizes[s.name]) for s in symbols if s.name in sizes}
        plain |= {
            s: np.asarray(values[s.name], dtype=object)[()] for s in symbols if s.name in values and not s.is_integer
        }
        for summed in itertools.product(*(range(_length(axis.upper + 1, sizes)) for axis in term.over)):
            where = at | dict(zip(term.over, summed, strict=True))
            entry_values = {entry: values[name_of(entry)][_place(entry, where)] for entry in entries}
            addends.append(body.xreplace(entry_values | plain))
    return sympy.Add(*addends)


def _place(entry, where):
    return tuple(where[axis] if isinstance(axis, Idx) else int(axis) for axis in entry.indices)


class Quotient:
    """A quotient of two polynomials with integer coefficients in lowest terms: arithmetic and a test for zero."""

    def __init__(self, above, below):
        common = above.gcd(below)
        if below.leading_coefficient() < 0:
            common = -common
        self.above, self.below = (above, below) if common == 1 else (above / common, below / common)

    def __add__(self, other):
        if self.below == other.below:
            return Quotient(self.above + other.above, self.below)
        return Quotient(self.above * other.below + other.above * self.below, self.below * other.below)

    def __mul__(self, other):
        return Quotient(self.above * other.above, self.below * other.below)

    def __pow__(self, exponent):
        above, below = (self.above, self.below) if exponent >= 0 else (self.below, self.above)
        return Quotient(above ** abs(exponent), below ** abs(exponent))

    def __eq__(self, other):
        return bool(self.above == other.above and self.below == other.below)

    __hash__ = None


def is_root(expression):
    return isinstance(expression, sympy.Pow) and not expression.exp.is_Integer


class Fractions:
    """The field in which a set of expressions is compared; its indeterminates are the atoms of all of them.

    Of a square root it also knows what its square is.
    """

    def __init__(self, expressions):
        atoms, seen, todo = set(), set(), list(expressions)
        while todo:
            expression = todo.pop()
            if expression in seen:
                continue
            seen.add(expression)
            if isinstance(expression, (Symbol, *FUNCTIONS)):
                atoms.add(expression)
            elif is_root(expression):
                atoms.add(sympy.sqrt(expression.base))
                todo.append(expression.base)
            else:
                todo += expression.args
        order = sorted(atoms, key=sympy.default_sort_key)
        self.ring = fmpz_mpoly_ctx.get([f"x{number}" for number in range(max(len(order), 1))], Ordering.degrevlex)
        self.one = self.ring.from_dict({(0,) * self.ring.nvars(): 1})
        self.memo = {atom: Quotient(x, self.one) for atom, x in zip(order, self.ring.gens(), strict=False)}
        self.squares = [(place, self(atom.base)) for place, atom in enumerate(order) if is_root(atom)]

    def equal(self, left, right):
        """Whether two expressions are one and the same element of the field."""
        if not self.squares:
            return self(left) == self(right)
        difference = (self(left) + self(right) * Quotient(self.one * -1, self.one)).above
        for place, square in self.squares:
            difference = self._without_square(difference, place, square)
        return difference == 0

    def _without_square(self, polynomial, place, square):
        """The polynomial, up to a factor, with the square of one indeterminate put in until it is linear in it."""
        parts = {}
        for powers, coefficient in polynomial.to_dict().items():
            rest = tuple(power % 2 if at == place else power for at, power in enumerate(powers))
            parts.setdefault(powers[place] // 2, {})[rest] = coefficient
        highest = max(parts, default=0)
        result = self.one * 0
        for power, part in parts.items():
            result += self.ring.from_dict(part) * square.above**power * square.below ** (highest - power)
        return result

    def __call__(self, expression):
        if expression not in self.memo:
            self.memo[expression] = self._quotient(expression)
        return self.memo[expression]

    def _quotient(self, expression):
        if expression.is_Rational:
            return Quotient(self.one * int(expression.p), self.one * int(expression.q))
        if is_root(expression):
            if expression.exp.q != 2:
                raise NotImplementedError(f"no rule for the root {expression}")
            return self.memo[sympy.sqrt(expression.base)] ** int(expression.exp.p)
        if isinstance(expression, sympy.Pow):
            return self(expression.base) ** int(expression.exp)
        parts = [self(part) for part in expression.args]
        result = parts[0]
        for part in parts[1:]:
            result = result * part if isinstance(expression, sympy.Mul) else result + part
        return result


class Balls:
    """The value of expressions at a rational point, with a rigorous radius."""

    def __init__(self, point):
        self.memo = {symbol: arb(fmpq(int(value.p), int(value.q))) for symbol, value in point.items()}

    def __call__(self, expression):
        if expression not in self.memo:
            self.memo[expression] = self._ball(expression)
        return self.memo[expression]

    def _ball(self, expression):
        if expression.is_Rational:
            return arb(fmpq(int(expression.p), int(expression.q)))
        if isinstance(expression, sympy.Pow):
            base = self(expression.base)
            return base ** int(expression.exp) if expression.exp.is_Integer else base ** self(expression.exp)
        parts = [self(part) for part in expression.args]
        if type(expression) in FUNCTIONS:
            return FUNCTIONS[type(expression)](parts[0])
        result = parts[0]
        for part in parts[1:]:
            result = result * part if isinstance(expression, sympy.Mul) else result + part
        return result


def same(left, right):
    """Whether two arrays of expressions are identical as quotients of polynomials over their atoms: exact."""
    left, right = np.asarray(left, dtype=object), np.asarray(right, dtype=object)
    if left.shape != right.shape:
        return False
    field = Fractions([*left.flat, *right.flat])
    return all(field.equal(a, b) for a, b in zip(left.flat, right.flat, strict=True))

"""What a derivation of a row's derivative is made of: moves, each by a law, from what is to be differentiated on.

A move holds what stands before and after it as expressions in which a derivative still to be taken is SymPy's
`Derivative`, taken at a place `Subs`. It knows nothing of how it will be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sympy import Expr

# What each kind of move does, in a line; formulas stand between backticks, as they are written by hand.
LAWS: Mapping[str, str] = MappingProxyType(
    {
        "definition": "the function is written out by its definition",
        "identity": "the derivative of a quantity with respect to itself is 1",
        "substitution": "the derivative with respect to the inner function `u` is multiplied by that of `u`",
        "power rule": "the derivative of `u^n` is `n u^(n-1)`",
        "logarithm rule": "the derivative of `log u` is `1/u`",
        "exponential rule": "the derivative of `e^z` is `e^z`, and that of `e^(-z)` is `-e^(-z)`",
        "tanh rule": "the derivative of `tanh u` is `1 - tanh^2 u`, times that of `u`",
        "back-substitution": "`u` is written out again",
        "product rule": "the derivative of `u v` is `u' v + u v'`",
        "quotient rule": "the derivative of `u/v` is `(u' v - u v')/v^2`",
        "density rule": "the derivative of the share of a distribution below `z` is its density at `z`",
        "sigmoid rule": "the derivative of the logistic function `sigma` is `sigma (1 - sigma)`",
        "polynomial rule": "powers are differentiated one by one",
        "cases": "away from the kinks each case is differentiated alone",
        "case by case": "the derivatives of the cases",
        "declared at kinks": "at a kink the value declared is taken; cases may be told by the output",
        "algebra": "the fraction is taken apart and put together again",
        "in the output": "what the function puts out is called `a`, and the derivative is written in it",
        "chain rule": "the derivative with respect to the prediction is multiplied by the prediction's own",
        "loss rule": "the derivative of the loss with respect to the prediction is put in",
        "in the prediction": "what the activation puts out is the prediction, and the derivative is written in it",
        "cancellation": "what stands above a bar and below it cancels",
        "sum rule": "a sum is differentiated term by term, and a factor that does not change stays",
        "constant factor": "a factor that does not change stays, and a term that does not change has the derivative 0",
        "constant term": "what the variable does not occur in has the derivative 0",
        "linear rule": "a term that does not change has the derivative 0, and a factor that does not change stays",
        "difference rule": "the prediction has the derivative 1 by itself, and what does not change has 0",
        "absolute value rule": "the derivative of `|u|` is the sign of `u`, times that of `u`",
        "declared value": "at a kink, where the cases have different slopes, the value declared is taken",
        "sign": "what is `1` above 0, `0` at 0 and `-1` below it is called the sign",
        "no kink": "where the cases meet, their derivatives agree: the function has a derivative there too",
        "common denominator": "the fractions are put over one denominator",
        "one-hot": "the target is 1 for the class of the sample and 0 for every other",
        "one formula": "both cases are one formula in the target",
        "logarithm of a quotient": "the logarithm of a quotient is a difference, and `log e^z` is `z`",
        "targets add up to one": "the logarithm of the total is the same for every unit, and the targets count it once",
        "one term is left": "in the sum only the term with `j = k` is not 0",
        "Kronecker delta": "an entry changes with itself only: its derivative with respect to another is 0",
    }
)


@dataclass(frozen=True)
class Move:
    """One move of a derivation: the rule by name, and the expression before and after it."""

    rule: str
    before: Expr
    after: Expr

    @property
    def law(self) -> str:
        """What the rule says, in a line, with formulas between backticks."""
        return LAWS[self.rule]


@dataclass(frozen=True)
class Way:
    """A derivation of a row's derivative: its name, the row, and the moves in order.

    ``letters`` says what the letters stand for that the moves introduce, the output ``a`` among them.
    """

    row: str
    name: str
    moves: tuple[Move, ...]
    letters: Mapping[Expr, Expr]

    @property
    def result(self) -> Expr:
        """The derivative, as the last move leaves it."""
        return self.moves[-1].after


def way(row: str, name: str, start: Expr, *then: tuple[str, Expr], letters: Mapping[Expr, Expr] | None = None) -> Way:
    """Return the way that starts from ``start``; each later pair is a rule and what it arrives at.

    ``letters`` says what the letters stand for that the moves introduce.

    >>> from sympy import Derivative, S, Symbol
    >>> x = Symbol("x")
    >>> way("linear", "definition", Derivative(x, x), ("identity", S.One)).result
    1
    """
    befores = (start, *(after for _, after in then))
    moves = tuple(Move(rule, before, after) for before, (rule, after) in zip(befores, then, strict=False))
    return Way(row, name, moves, MappingProxyType(dict(letters or {})))

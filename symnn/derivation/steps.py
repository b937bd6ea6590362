"""The steps of a derivation: immutable, named, each with its law in one line and able to compute its result again.

A step knows equations and nothing of how it will be told: printers and templates look at its class.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, TypeAlias

from sympy import Dummy, Expr, Idx, S, diff, factor_terms

from symnn.equations import Equation, Program, Term, equation_of_terms
from symnn.notation import Target, adjoint, fresh, index, indices_of, name_of
from symnn.showing import Shown


@dataclass(frozen=True)
class Step:
    """One move of a derivation; ``law`` states it in a line, ``result`` is what it arrives at."""

    law: ClassVar[str]

    @property
    def substeps(self) -> tuple[Step, ...]:
        """The steps this one builds on."""
        return ()


@dataclass(frozen=True)
class UpstreamGradient(Step):
    """The gradient of the loss with respect to an equation's output, which the backward pass already has."""

    law: ClassVar[str] = "the gradient of the loss with respect to the equation's output; for the loss itself it is 1"

    target: Target
    is_loss: bool = False

    @property
    def result(self) -> Expr:
        """The adjoint of the target, or 1."""
        return S.One if self.is_loss else adjoint(self.target)


@dataclass(frozen=True)
class LocalGradient(Step):
    """The derivative of one equation with respect to one tensor entry in it, with every other entry held fixed."""

    law: ClassVar[str] = "the derivative of the equation's right-hand side by the entry, all other entries held fixed"

    equation: Equation
    term: Term
    entry: Target
    result: Expr

    @classmethod
    def of(cls, equation: Equation, term: Term, entry: Target) -> LocalGradient:
        """Differentiate ``term`` of ``equation`` by ``entry``."""
        return cls(equation, term, entry, cls._differentiate(term, entry))

    def recompute(self) -> Expr:
        """Compute the result again from the equation."""
        return self._differentiate(self.term, self.entry)

    @staticmethod
    def _differentiate(term: Term, entry: Target) -> Expr:
        # Differentiating by an entry of SymPy's Indexed gives Kronecker deltas; by a symbol, what the rule says.
        symbol = Dummy(real=True)
        slope = diff(term.body.xreplace({entry: symbol}), symbol).xreplace({symbol: entry})
        return factor_terms(slope)


@dataclass(frozen=True)
class SlopeInOutput(Step):
    """A named rewrite: the slope of an activation in terms of what it put out, such as ``a(1 - a)``."""

    law: ClassVar[str] = "the slope of the activation, written in its output"

    local: LocalGradient
    row: str
    result: Expr

    @property
    def entry(self) -> Target:
        """The entry that the slope is by."""
        return self.local.entry

    @property
    def equation(self) -> Equation:
        """The equation that applies the activation."""
        return self.local.equation

    @property
    def substeps(self) -> tuple[Step, ...]:
        """The local gradient that is rewritten."""
        return (self.local,)


@dataclass(frozen=True)
class SlopeInInput(SlopeInOutput):
    """A named rewrite: the slope of an activation in terms of what it takes in, such as ``Phi(z) + z phi(z)``."""

    law: ClassVar[str] = "the slope of the activation, written in its input so that it keeps its digits"


@dataclass(frozen=True)
class Product(Step):
    """One path: the upstream gradient times the local gradient, summed over the indices the entry lacks."""

    law: ClassVar[str] = "upstream gradient times local gradient, summed over the indices that the entry does not have"

    upstream: UpstreamGradient
    local: LocalGradient | SlopeInOutput
    target: Target
    result: Term

    @classmethod
    def of(cls, upstream: UpstreamGradient, local: LocalGradient | SlopeInOutput, target: Target) -> Product:
        """Multiply, and rename the indices so that the entry reads like ``target``."""
        return cls(upstream, local, target, cls._multiply(upstream, local, target))

    @property
    def substeps(self) -> tuple[Step, ...]:
        """The two factors."""
        return (self.upstream, self.local)

    @property
    def through(self) -> str:
        """The name of the tensor that the path goes through."""
        return name_of(self.upstream.target)

    def recompute(self) -> Term:
        """Compute the result again from the two factors."""
        return self._multiply(self.upstream, self.local, self.target)

    @property
    def factors(self) -> tuple[Expr, Expr]:
        """The upstream and the local gradient, with their indices renamed as in the result."""
        renaming, _ = self._renaming(self.upstream, self.local, self.target)
        return self.upstream.result.xreplace(renaming), self.local.result.xreplace(renaming)

    @classmethod
    def _multiply(cls, upstream: UpstreamGradient, local: LocalGradient | SlopeInOutput, target: Target) -> Term:
        renaming, over = cls._renaming(upstream, local, target)
        body = (upstream.result * local.result).xreplace(renaming)
        return Term(body, tuple(renaming.get(axis, axis) for axis in over))

    @staticmethod
    def _renaming(
        upstream: UpstreamGradient, local: LocalGradient | SlopeInOutput, target: Target
    ) -> tuple[dict[Expr, Expr], tuple[Idx, ...]]:
        """Return how indices are renamed, and which are summed over (by their old names)."""
        term = local.term if isinstance(local, LocalGradient) else local.local.term
        own = set(indices_of(local.entry))
        over = tuple(
            axis for axis in (*indices_of(upstream.target), *term.over) if isinstance(axis, Idx) and axis not in own
        )
        return renamed(indices_of(local.entry), indices_of(target), over), over


@dataclass(frozen=True)
class Merge(Step):
    """A named rewrite of several equations at once: their gradients, found by the one rule, in closed form.

    ``plain`` holds what the one rule gives, ``helpers`` the equations of tensors that the closed form needs, and
    ``condition`` what the data must satisfy.
    """

    law: ClassVar[str] = "the gradients through these equations, taken together and simplified"

    rewrite: str
    upstream: UpstreamGradient
    target: Target
    plain: tuple[SumOverPaths, ...]
    paths: tuple[Product, ...]
    helpers: tuple[Equation, ...]
    condition: str | None
    result: Term

    @property
    def substeps(self) -> tuple[Step, ...]:
        """The gradients found by the one rule."""
        return (*self.plain, *self.paths)

    @property
    def through(self) -> str:
        """The name of the tensor that the path goes through."""
        return name_of(self.upstream.target)


# One way from a tensor to the loss.
Path: TypeAlias = Product | Merge


@dataclass(frozen=True)
class SumOverPaths(Step, Shown):
    """The gradient with respect to one tensor: the sum over every path from it to the loss. ``program`` holds both."""

    law: ClassVar[str] = "the gradient of the loss with respect to a tensor is a sum over all paths from it to the loss"

    target: Target
    paths: tuple[Path, ...]
    program: Program | None = field(default=None, compare=False, repr=False)

    @property
    def name(self) -> str:
        """The name of the tensor that the gradient is by."""
        return name_of(self.target)

    @property
    def substeps(self) -> tuple[Step, ...]:
        """The paths."""
        return self.paths

    @cached_property
    def result(self) -> Equation:
        """The equation that defines the gradient."""
        return equation_of_terms(adjoint(self.target), tuple(path.result for path in self.paths))

    @property
    def helpers(self) -> tuple[Equation, ...]:
        """The equations that must come before ``result``."""
        return tuple(equation for path in self.paths if isinstance(path, Merge) for equation in path.helpers)


def renamed(own: tuple[Expr, ...], wanted: tuple[Expr, ...], others: tuple[Idx, ...]) -> dict[Expr, Expr]:
    """Return the renaming of indices that turns ``own`` into ``wanted`` and keeps ``others`` clear of them.

    >>> from symnn.notation import index, size
    >>> n, m = size("n"), size("m")
    >>> j, k, l = (index(letter, n) for letter in "jkl")
    >>> renamed((k,), (j,), (j,)) == {k: j, j: k}
    True
    """
    renaming = {mine: theirs for mine, theirs in zip(own, wanted, strict=True) if mine != theirs}
    taken = {_letter(axis) for axis in wanted}
    for other in others:
        letter = _letter(other)
        if letter in taken:
            letter = fresh(taken | {_letter(rest) for rest in others if rest != other})
            renaming[other] = index(letter, other.upper + 1)
        taken.add(letter)
    return renaming


def _letter(axis: Expr) -> str:
    return str(axis.label) if isinstance(axis, Idx) else ""

"""What mistakes are planted in, and the ways an equation is changed: scaled, read from another tensor, turned round."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial

from sympy import Expr, Indexed

from symnn.derivation import Derivation, Product, SlopeInOutput, SumOverPaths, told_equations
from symnn.derivation.rule import backward_steps
from symnn.equations import Equation, Term, equation_of_terms, occurrences
from symnn.mistakes.words import kind_of, sentence
from symnn.network import Network
from symnn.notation import SLOPE, Size, Target, adjoint_name, name_of, scalar, slope, tensor
from symnn.rules import recognise_normaliser

FIRST_SAMPLE, LAST_SAMPLE = "is_first_sample", "is_last_sample"
"""Tensors over the samples that are 1 at one sample and 0 elsewhere; whoever computes with a mistake supplies them."""

RAW = "_raw"
"""What is put behind a gradient's name for the right gradient, where a mistake changes it afterwards."""


@dataclass(frozen=True)
class Planted:
    """A mistake at one place: its id, the names that it is told with, and the equations that stand there instead.

    ``ahead`` holds equations of further tensors that are computed just before the equation they are filed under;
    ``formula`` is *yours − exact* where it is not to be read off the equations.
    """

    id: str
    arguments: Mapping[str, str]
    instead: Mapping[str, Equation]
    ahead: Mapping[str, tuple[Equation, ...]] = field(default_factory=dict)
    formula: str = ""

    @cached_property
    def kind(self) -> str:
        """What a person calls mistakes like it."""
        return kind_of(self.id)

    @cached_property
    def said(self) -> str:
        """The sentence that tells it."""
        return sentence(self.id, self.arguments)

    @property
    def layer(self) -> int:
        """The layer of the first equation that is changed, counted from 1; 0 where its name tells none."""
        return layer_of(next(iter(self.instead)))


def layer_of(name: str) -> int:
    """Return the number at the end of a tensor's name, its layer; 0 where there is none.

    >>> layer_of("dW2"), layer_of("A1_slope"), layer_of("dX")
    (2, 1, 0)
    """
    # Python does not read a number of thousands of digits, and no network has so many layers.
    found = re.fullmatch(r"\D*(\d{1,9})", name.removesuffix(SLOPE))
    return int(found[1]) if found else 0


@dataclass(frozen=True)
class Ground:
    """What mistakes are planted in: a derivation without merged steps, the network if there is one, sizes if known."""

    derivation: Derivation
    network: Network | None
    sizes: Mapping[str, int] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, derivation: Derivation, network: Network | None, sizes: Mapping[str, int] | None = None) -> Ground:
        """Return the ground of a derivation, its merged steps taken apart again; the same object for the same."""
        return _ground(derivation, network, tuple(sorted({**derivation.sizes, **(sizes or {})}.items())))

    @cached_property
    def steps(self) -> tuple[SumOverPaths, ...]:
        """The gradients a person would compute: all but those inside a softmax."""
        groups = (recognise_normaliser(self.derivation.program, e) for e in self.derivation.program.equations)
        inside = {name for group in groups if group is not None for name in group.names[:2]}
        return tuple(step for step in self.derivation.steps if step.name not in inside)

    @cached_property
    def equations(self) -> tuple[Equation, ...]:
        """The right backward equations."""
        return told_equations(self.derivation)

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names of the parameters."""
        return tuple(map(name_of, self.derivation.program.parameters))

    @cached_property
    def biases(self) -> tuple[SumOverPaths, ...]:
        """The gradients with respect to parameters that are added to sums over other tensors, as a bias is."""
        uses = self.derivation.program.uses
        return tuple(
            step
            for step in self.derivation.steps
            if step.name in self.parameters
            and len(told(step).terms) == 1
            and told(step).reads == (adjoint_name(uses[step.name][0].name),)
        )

    @cached_property
    def slopes(self) -> tuple[tuple[SumOverPaths, SlopeInOutput, Target], ...]:
        """Every gradient that passes an activation, with the slope and the activation's output."""
        return tuple(
            (step, path.local, path.upstream.target)
            for step in self.derivation.steps
            for path in step.paths
            if isinstance(path, Product) and isinstance(path.local, SlopeInOutput)
        )

    @cached_property
    def shapes(self) -> Mapping[str, tuple[Size, ...]]:
        """The symbolic shape of every tensor of both passes."""
        shapes = dict(self.derivation.program.shapes)
        for equation in self.equations:
            shapes[equation.name] = tuple(equation.target.base.shape) if isinstance(equation.target, Indexed) else ()
        return shapes

    def numbers(self, shape: tuple[Size, ...]) -> tuple[int, ...] | None:
        """Return a symbolic shape in numbers, or None where a size is not known."""
        known = [int(axis) if axis.is_Integer else self.sizes.get(str(axis)) for axis in shape]
        return tuple(size for size in known if size is not None) if None not in known else None

    def before(self, equation: Equation) -> tuple[str, ...]:
        """Return the names of all tensors that are known when a backward equation is computed."""
        leaves = tuple(map(name_of, self.derivation.program.leaves))
        ahead = tuple(e.name for e in self.derivation.program.equations)
        names = [e.name for e in self.equations]
        return (*leaves, *ahead, *names[: names.index(equation.name)])

    def in_place_of(self, equation: Equation, name: str, wanted: Iterable[str]) -> Iterator[tuple[str, Equation]]:
        """Yield the equation with the tensor ``name`` read from each ``wanted`` tensor that has its shape."""
        own = self.shapes[name]
        for other in wanted:
            theirs = self.shapes.get(other)
            if other == name or theirs is None or len(theirs) != len(own):
                continue
            if own == theirs or (self.numbers(own) is not None and self.numbers(own) == self.numbers(theirs)):
                yield other, reading(equation, name, partial(entry_like, name=other))


@lru_cache(maxsize=64)
def _ground(derivation: Derivation, network: Network | None, sizes: tuple[tuple[str, int], ...]) -> Ground:
    steps = backward_steps(derivation.program, merges=False)
    return Ground(replace(derivation, steps=steps), network, dict(sizes))


def entry_like(entry: Target, name: str) -> Target:
    """Return an entry of the tensor ``name`` whose axes and indices are those of ``entry``."""
    if not isinstance(entry, Indexed):
        return scalar(name)
    return tensor(name, *entry.base.shape)[entry.indices]


def entry_of(equation: Equation, name: str) -> Target:
    """Return the first entry of the tensor ``name`` on the right of an equation that reads it."""
    return next(entry for term in equation.terms for entry in occurrences(term.body) if name_of(entry) == name)


def turned(entry: Target) -> Target:
    """Return an entry of the transposed matrix: fit to stand there where the matrix is square."""
    return tensor(name_of(entry), *entry.base.shape[::-1])[entry.indices[::-1]]


def reading(equation: Equation, name: str, instead: Callable[[Target], Target]) -> Equation:
    """Return the equation with every entry of the tensor ``name`` replaced by ``instead(entry)``."""
    terms = []
    for term in equation.terms:
        swap = {entry: instead(entry) for entry in occurrences(term.body) if name_of(entry) == name}
        terms.append(Term(term.body.xreplace(swap), term.over))
    return equation_of_terms(equation.target, tuple(terms))


def told_terms(step: SumOverPaths) -> tuple[Term, ...]:
    """Return what each path adds to a gradient, slopes by name."""
    return tuple(
        Product.of(path.upstream, replace(path.local, result=slope(path.upstream.target)), path.target).result
        if isinstance(path, Product) and isinstance(path.local, SlopeInOutput)
        else path.result
        for path in step.paths
    )


def told(step: SumOverPaths) -> Equation:
    """Return the gradient's own equation, its slopes by name."""
    return equation_of_terms(step.result.target, told_terms(step))


def times(equation: Equation, factor: Expr) -> dict[str, Equation]:
    """Return an equation with its right-hand side multiplied by a factor, by its name."""
    terms = tuple(Term(factor * term.body, term.over) for term in equation.terms)
    return {equation.name: equation_of_terms(equation.target, terms)}


def slope_is(output: Target, right: Expr) -> dict[str, Equation]:
    """Return the equation that makes ``right`` the slope of the activation that puts out ``output``."""
    target = slope(output)
    return {name_of(target): Equation(target, right)}


def pre_activation(local: SlopeInOutput) -> Target:
    """Return the entry an activation is applied to, with the indices of what it puts out."""
    renaming = dict(zip(local.entry.indices, local.equation.target.indices, strict=True))
    return local.entry.xreplace(renaming)


def raw(equation: Equation) -> tuple[Target, Equation]:
    """Return the entry that holds the right gradient before it is changed, and the equation that defines it."""
    target = equation.target
    kept = entry_like(target, name_of(target) + RAW)
    return kept, Equation(kept, equation.right)

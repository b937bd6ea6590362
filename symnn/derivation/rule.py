"""The one rule of differentiation, run backwards over a program.

For every occurrence of a tensor T[J] on the right of ``out[I] = sum over K of e``::

    T̄[J] += sum over (I ∪ K) \\ J of  out̄[I] * ∂e/∂T[J]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symnn.derivation.merges import MERGES, Match, MergeRule
from symnn.derivation.steps import (
    LocalGradient,
    Merge,
    Path,
    Product,
    SlopeInInput,
    SlopeInOutput,
    SumOverPaths,
    UpstreamGradient,
)
from symnn.equations import Equation, Program, Term, occurrences
from symnn.errors import InputError, aligned
from symnn.notation import Target, indices_of, name_of
from symnn.rules import recognise_activation, recognise_loss
from symnn.rules.activations import a, z


def backward_steps(program: Program, *, rewrites: bool = True, merges: bool = True) -> tuple[SumOverPaths, ...]:
    """Return the gradient with respect to every computed tensor, parameter and input, in the order of a backward pass.

    With ``rewrites=False`` only the one rule is applied; with ``merges=False`` slopes are rewritten, but no equations
    are taken together. Raises `InputError` for a parameter or an input that does not influence the loss, or influences
    it only through a function that is flat wherever it has a slope, such as a step.
    """
    return _Backward(program, MERGES if rewrites and merges else (), slopes=rewrites).run()


class _Backward:
    """One run of the rule: the paths found so far, by the tensor they lead from."""

    def __init__(self, program: Program, merges: Sequence[MergeRule], *, slopes: bool) -> None:
        self.program = program
        self.merges = merges
        self.slopes = slopes
        self.paths: dict[str, list[Path]] = {}
        self.entries = _canonical_entries(program)

    def run(self) -> tuple[SumOverPaths, ...]:
        steps: list[SumOverPaths] = []
        consumed: set[str] = set()
        leaves = [name_of(leaf) for leaf in (*self.program.parameters, *self.program.inputs)]
        first_use = {leaf: self.program.uses.get(leaf, self.program.equations)[0] for leaf in leaves}
        for equation in reversed(self.program.equations):
            if equation.name not in consumed:
                steps += self._visit(equation, consumed)
            # No equation further ahead reads such a leaf: all its paths are known.
            steps += [self._sum(leaf) for leaf in leaves if first_use[leaf] == equation]
        return tuple(steps)

    def _visit(self, equation: Equation, consumed: set[str]) -> Iterator[SumOverPaths]:
        """Settle the gradient with respect to what an equation defines, and add the paths that lead through it."""
        if equation.name in self.paths:
            yield self._sum(equation.name)
        elif equation.target != self.program.loss:
            return
        merge = self._merge(equation, consumed)
        for path in self._products(equation, slopes=self.slopes) if merge is None else (merge,):
            self._add(path)

    def _add(self, path: Path) -> None:
        self.paths.setdefault(name_of(path.target), []).append(path)

    def _sum(self, name: str) -> SumOverPaths:
        if name not in self.paths:
            raise InputError(f"the loss does not depend on {name}: take it out, or use it")
        if all(path.result.body == 0 for path in self.paths[name]):
            raise self._no_gradient(name)
        return SumOverPaths(self.entries[name], tuple(self.paths[name]), self.program)

    def _no_gradient(self, name: str) -> InputError:
        """Return the error for a tensor that the loss does not change with, wherever it has a slope."""
        through = [self.program.definitions[path.through] for path in self.paths[name]]
        known = [recognise_activation(e) or recognise_loss(self.program, e) for e in through]
        reasons = {found.row.name: found.row.no_gradient for found in known if found and found.row.no_gradient}
        rows = [("equation", str(equation)) for equation in through]
        rows += [("why", f"{row}: {reason}") for row, reason in reasons.items()]
        rows += [("do", "take another activation or loss; for the forward pass alone use forward_kernel")]
        if name in map(name_of, self.program.inputs) and not reasons:
            rows += [("or", f"give {name} as a target, which gets no gradient")]
        said = f"there is no useful gradient with respect to {name}: it is 0 wherever it exists"
        return InputError(f"{said}\n{aligned(rows)}")

    def _products(self, equation: Equation, *, slopes: bool) -> Iterator[Product]:
        """Yield the paths through one equation, one for every occurrence of a tensor that gets a gradient."""
        upstream = UpstreamGradient(equation.target, is_loss=equation.target == self.program.loss)
        activated = recognise_activation(equation) if slopes else None
        targets = {name_of(tensor) for tensor in self.program.targets}
        for term in equation.terms:
            for entry in occurrences(term.body):
                if name_of(entry) in targets:
                    continue
                local = LocalGradient.of(equation, term, entry)
                factor: LocalGradient | SlopeInOutput = local
                if activated is not None and activated.row.slope is not None:
                    kind = SlopeInInput if activated.row.slope.has(z) else SlopeInOutput
                    slope = activated.row.slope.xreplace({a: equation.target, z: entry})
                    factor = kind(local, activated.row.name, slope)
                yield Product.of(upstream, factor, self.entries[name_of(entry)])

    def _merge(self, equation: Equation, consumed: set[str]) -> Merge | None:
        for rule in self.merges:
            match = rule.match(self.program, equation)
            if match is not None:
                consumed |= {inner.name for inner in match.consumed}
                return self._merged(rule, match, equation)
        return None

    def _merged(self, rule: MergeRule, match: Match, equation: Equation) -> Merge:
        """Return the merge with what the one rule gives over the same equations, for telling and for proof."""
        inner = _Backward(self.program, (), slopes=False)
        plain: list[SumOverPaths] = []
        for part in reversed(match.consumed):
            if part.target != equation.target:
                plain.append(inner._sum(part.name))
            for path in inner._products(part, slopes=False):
                inner._add(path)
        behind = name_of(match.entry)
        target = self.entries[behind]
        renaming = dict(zip(indices_of(match.entry), indices_of(target), strict=True))
        return Merge(
            rewrite=rule.name,
            upstream=UpstreamGradient(equation.target, is_loss=equation.target == self.program.loss),
            target=target,
            plain=tuple(plain),
            paths=tuple(path for path in inner.paths[behind] if isinstance(path, Product)),
            helpers=match.helpers,
            condition=match.condition,
            result=Term(match.gradient.xreplace(renaming)),
        )


def _canonical_entries(program: Program) -> dict[str, Target]:
    """Return how each tensor's entry is written in its gradient: as it was defined, or as it was first used."""
    entries: dict[str, Target] = {}
    for equation in program.equations:
        for term in equation.terms:
            for entry in occurrences(term.body):
                entries.setdefault(name_of(entry), entry)
    entries.update({equation.name: equation.target for equation in program.equations})
    return entries

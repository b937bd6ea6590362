"""The named rewrites that take several equations together, a row each; ``tests/derivation`` proves each for any width.

A merge looks at a program and the equation at which the backward pass has arrived. It answers with the entry
behind the equations it consumes and the closed form of that entry's gradient, or with None.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from sympy import Expr, Idx, Indexed, Piecewise, S, Sum, cancel, diff, factor_terms, fraction

from symnn.equations import Equation, Program, occurrences
from symnn.notation import Target, adjoint, index, indices_of, name_of, tensor
from symnn.rules import Normalised, Normaliser, recognise_activation, recognise_loss, recognise_normaliser
from symnn.rules.activations import a, z
from symnn.rules.losses import p, y


@dataclass(frozen=True)
class Match:
    """Where a merge applies: the equations it consumes, the entry behind them, and its adjoint."""

    consumed: tuple[Equation, ...]
    entry: Target
    gradient: Expr
    helpers: tuple[Equation, ...] = ()
    condition: str | None = None


# Looks at a program and the equation at which the backward pass has arrived.
Matcher: TypeAlias = Callable[[Program, Equation], Match | None]


@dataclass(frozen=True)
class MergeRule:
    """A row of the table: a name and the search for places where it applies."""

    name: str
    match: Matcher


def shares_with_loss(normaliser: str) -> Matcher:
    """Return the search for a loss that takes logarithms of shares, as cross-entropy on a softmax.

    With targets ``y`` that add up to one, a loss whose derivative with respect to ``log share`` is ``c y`` has, by the
    logit, the derivative ``-c (share - y)``.
    """

    def match(program: Program, equation: Equation) -> Match | None:
        found = _summand(program, equation)
        if found is None:
            return None
        body, output = found
        group = _normaliser(normaliser, program, program.definitions[name_of(output)])
        if group is None:
            return None
        targets = [
            entry
            for entry in body.atoms(Indexed)
            if _is_distribution(program, entry, group.index, output, group.output.target)
        ]
        if len(targets) != 1:
            return None
        by_log = diff(body.xreplace({output: a}), a) * _by_log_share(group.row)
        factor = cancel(by_log / targets[0])
        if factor.atoms(Indexed) or factor.has(a):
            return None
        renaming = _renaming(group.output.target, output)
        return Match(
            consumed=(group.weights, group.total, group.output, equation),
            entry=group.entry.xreplace(renaming),
            gradient=-factor * (group.row.share.xreplace({a: output}) - targets[0]) * _upstream(program, equation),
            condition=name_of(targets[0]),
        )

    return match


def loss_undoes_slope(program: Program, equation: Equation) -> Match | None:
    """Match a loss whose derivative divides by the slope of the activation before it, as cross-entropy on a sigmoid."""
    found = _summand(program, equation)
    if found is None:
        return None
    body, output = found
    activated = recognise_activation(program.definitions[name_of(output)])
    if activated is None or activated.row.slope is None or activated.row.slope.has(z, Piecewise):
        return None
    if _axes(activated.entry) != _axes(activated.output):
        return None
    raw = diff(body.xreplace({output: a}), a)
    if raw.has(Piecewise) or not fraction(cancel(raw))[1].has(a):
        return None
    product = cancel(raw * activated.row.slope)
    if fraction(product)[1].has(a):
        return None
    renaming = _renaming(activated.output, output)
    return Match(
        consumed=(program.definitions[name_of(output)], equation),
        entry=activated.entry.xreplace(renaming),
        gradient=product.factor().xreplace({a: output}) * _upstream(program, equation),
    )


def loss_in_stable_form(program: Program, equation: Equation) -> Match | None:
    """Match a loss whose row writes its derivative in a form that does not overflow, as cross-entropy from logits."""
    found = recognise_loss(program, equation)
    if found is None or found.row.slope is None or _axes(found.prediction) != set(equation.terms[0].over):
        return None
    slope = found.row.slope.xreplace({p: found.prediction, y: found.target})
    gradient = found.factor * slope * _upstream(program, equation)
    return Match(consumed=(equation,), entry=found.prediction, gradient=gradient)


def jacobian(normaliser: str) -> Matcher:
    """Return the search for a normaliser, whose Jacobian contracted with the upstream gradient is two terms.

    For softmax they are ``s (s̄ - sum s̄ s)``, for its logarithm ``l̄ - exp(l) sum l̄``.
    """

    def match(program: Program, equation: Equation) -> Match | None:
        group = _normaliser(normaliser, program, equation)
        if group is None:
            return None
        output, upstream = group.output.target, adjoint(group.output.target)
        total = group.total.target
        dot = tensor(f"c_{group.output.name}", *total.base.shape)
        total_axes = tuple(axis for axis in indices_of(output) if axis != group.index)
        places = iter(total_axes)
        here = dot[tuple(next(places) if isinstance(axis, Idx) else axis for axis in total.indices)]
        letter = next(iter(group.total.terms[0].over))
        other = index(str(letter.label), group.index.upper + 1)
        share, by_log = (part.xreplace({a: output}) for part in (group.row.share, _by_log_share(group.row)))
        helper = Equation(here, Sum((upstream * by_log).xreplace({group.index: other}), other))
        return Match(
            consumed=(group.weights, group.total, group.output),
            entry=group.entry,
            gradient=factor_terms(by_log * upstream - share * here),
            helpers=(helper,),
        )

    return match


def _normaliser(name: str, program: Program, equation: Equation) -> Normalised | None:
    """Return the normaliser of that name which ends in ``equation``, if nothing else reads its inner tensors."""
    group = recognise_normaliser(program, equation)
    if group is None or group.row.name != name or not _private(program, group.names[:2], group.names):
        return None
    return group


def _by_log_share(row: Normaliser) -> Expr:
    """Return the derivative of the output ``a`` by the logarithm of the share, which has one form for every row."""
    return row.share / diff(row.share, a)


# Tried in order: the widest first.
MERGES = (
    MergeRule("softmax with cross-entropy", shares_with_loss("softmax")),
    MergeRule("log-softmax with likelihood", shares_with_loss("log-softmax")),
    MergeRule("loss undoes slope", loss_undoes_slope),
    MergeRule("loss in a stable form", loss_in_stable_form),
    MergeRule("softmax Jacobian contracted", jacobian("softmax")),
    MergeRule("log-softmax Jacobian contracted", jacobian("log-softmax")),
)


def _summand(program: Program, equation: Equation) -> tuple[Expr, Indexed] | None:
    """Return the summand of a loss, or of a part of one, and the one computed tensor in it that nothing else reads.

    Everything else in the summand must be targets, and the sum must run over the tensor's own axes: no path is lost.
    """
    if isinstance(equation.target, Indexed) or len(equation.terms) != 1:
        return None
    body, over = equation.terms[0].body, equation.terms[0].over
    targets = {name_of(tensor) for tensor in program.targets}
    outputs = [entry for entry in occurrences(body) if name_of(entry) not in targets]
    if len(outputs) != 1 or not isinstance(outputs[0], Indexed) or name_of(outputs[0]) not in program.definitions:
        return None
    if len(program.uses[name_of(outputs[0])]) != 1 or _axes(outputs[0]) != set(over):
        return None
    return body, outputs[0]


def _upstream(program: Program, equation: Equation) -> Expr:
    """Return the adjoint of what an equation defines: 1 for the loss."""
    return S.One if equation.target == program.loss else adjoint(equation.target)


def _axes(entry: Indexed) -> set[Idx]:
    return {axis for axis in entry.indices if isinstance(axis, Idx)}


def _private(program: Program, inner: tuple[str, ...], group: tuple[str, ...]) -> bool:
    """Tell whether the inner tensors are read only inside the group."""
    return all(reader.name in group for name in inner for reader in program.uses[name])


def _is_distribution(program: Program, entry: Indexed, over: Idx, output: Indexed, defined: Indexed) -> bool:
    """Tell whether ``entry`` is a target that adds up to one over the index that the softmax shares out over."""
    declared = program.distributions.get(name_of(entry))
    if declared is None or entry.indices != output.indices:
        return False
    axis = list(defined.indices).index(over)
    shape = list(entry.base.shape)
    return shape.index(declared.upper + 1) == axis


def _renaming(defined: Indexed, used: Indexed) -> dict[Expr, Expr]:
    return dict(zip(defined.indices, used.indices, strict=True))

"""The named rewrites that take several equations together, a row each; ``tests/derive`` proves each for any width.

A merge looks at a program and the equation at which the backward pass has arrived. It answers with the entry
behind the equations it consumes and the closed form of that entry's gradient, or with None.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sympy import Expr, Idx, Indexed, Sum, cancel, diff, fraction, log

from symnn.equations import Equation, Program, occurrences
from symnn.notation import Target, adjoint, index, indices_of, name_of, tensor
from symnn.rules import recognise_activation, recognise_normaliser
from symnn.rules.activations import a


@dataclass(frozen=True)
class Match:
    """Where a merge applies: the equations it consumes, the entry behind them, and the gradient by that entry."""

    consumed: tuple[Equation, ...]
    entry: Target
    gradient: Expr
    helpers: tuple[Equation, ...] = ()
    condition: str | None = None


@dataclass(frozen=True)
class MergeRule:
    """A row of the table: a name and the search for places where it applies."""

    name: str
    match: Callable[[Program, Equation], Match | None]


def softmax_with_cross_entropy(program: Program, equation: Equation) -> Match | None:
    """Match ``L = c sum y log softmax(z)`` whose targets add up to one: the gradient by z is ``-c (a - y)``."""
    found = _summand(program, equation)
    if found is None:
        return None
    body, output = found
    group = recognise_normaliser(program, program.definitions[name_of(output)])
    if group is None or not _private(program, group.names[:2], group.names) or group.row.name != "softmax":
        return None
    targets = [
        entry
        for entry in body.atoms(Indexed)
        if _is_distribution(program, entry, group.index, output, group.output.target)
    ]
    if len(targets) != 1:
        return None
    factor = cancel(body / (targets[0] * log(output)))
    if factor.atoms(Indexed):
        return None
    renaming = _renaming(group.output.target, output)
    return Match(
        consumed=(group.weights, group.total, group.output, equation),
        entry=group.entry.xreplace(renaming),
        gradient=-factor * (output - targets[0]),
        condition=name_of(targets[0]),
    )


def loss_undoes_slope(program: Program, equation: Equation) -> Match | None:
    """Match a loss whose derivative divides by the slope of the activation before it, as cross-entropy on a sigmoid."""
    found = _summand(program, equation)
    if found is None:
        return None
    body, output = found
    activated = recognise_activation(program.definitions[name_of(output)])
    if activated is None or activated.row.slope is None or _axes(activated.entry) != _axes(activated.output):
        return None
    raw = diff(body.xreplace({output: a}), a)
    if not fraction(cancel(raw))[1].has(a):
        return None
    product = cancel(raw * activated.row.slope)
    if fraction(product)[1].has(a):
        return None
    renaming = _renaming(activated.output, output)
    return Match(
        consumed=(program.definitions[name_of(output)], equation),
        entry=activated.entry.xreplace(renaming),
        gradient=product.factor().xreplace({a: output}),
    )


def softmax_jacobian(program: Program, equation: Equation) -> Match | None:
    """Match a softmax: its Jacobian contracted with the upstream gradient is ``s (s̄ - sum s̄ s)``."""
    group = recognise_normaliser(program, equation)
    if group is None or not _private(program, group.names[:2], group.names) or group.row.name != "softmax":
        return None
    output, upstream = group.output.target, adjoint(group.output.target)
    total = group.total.target
    dot = tensor(f"c_{group.output.name}", *total.base.shape)
    total_axes = tuple(axis for axis in indices_of(output) if axis != group.index)
    places = iter(total_axes)
    here = dot[tuple(next(places) if isinstance(axis, Idx) else axis for axis in total.indices)]
    letter = next(iter(group.total.terms[0].over))
    other = index(str(letter.label), group.index.upper + 1)
    swap = {group.index: other}
    helper = Equation(here, Sum(upstream.xreplace(swap) * output.xreplace(swap), other))
    return Match(
        consumed=(group.weights, group.total, group.output),
        entry=group.entry,
        gradient=output * (upstream - here),
        helpers=(helper,),
    )


# Tried in order: the widest first.
MERGES = (
    MergeRule("softmax with cross-entropy", softmax_with_cross_entropy),
    MergeRule("loss undoes slope", loss_undoes_slope),
    MergeRule("softmax Jacobian contracted", softmax_jacobian),
)


def _summand(program: Program, equation: Equation) -> tuple[Expr, Indexed] | None:
    """Return the summand of a loss and the one computed tensor in it that nothing else reads.

    Everything else in the summand must be targets, and the sum must run over the tensor's own axes: no path is lost.
    """
    if equation.target != program.loss or len(equation.terms) != 1:
        return None
    body, over = equation.terms[0].body, equation.terms[0].over
    targets = {name_of(tensor) for tensor in program.targets}
    outputs = [entry for entry in occurrences(body) if name_of(entry) not in targets]
    if len(outputs) != 1 or not isinstance(outputs[0], Indexed) or name_of(outputs[0]) not in program.definitions:
        return None
    if len(program.uses[name_of(outputs[0])]) != 1 or _axes(outputs[0]) != set(over):
        return None
    return body, outputs[0]


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

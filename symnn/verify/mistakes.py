"""The mistakes people make in a backward pass, a row each: every one is a small rewrite of the derivation.

A row looks through the backward equations, as they are told one slope at a time, and yields each place where its
mistake could be made: the equations that would stand there instead, and the sentence that names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from sympy import Expr, Integer, Piecewise, Rational, S

from symnn.derive import Derivation, Product, SlopeInOutput, SumOverPaths, told_equations
from symnn.derive.rule import backward_steps
from symnn.equations import Equation, Program, Term, equation_of_terms, occurrences
from symnn.errors import InputError
from symnn.network import REDUCTIONS, Network, program_of
from symnn.notation import adjoint, name_of, size, slope
from symnn.rules import ACTIVATIONS, LOSSES, Activation, recognise_activation, recognise_normaliser
from symnn.rules.activations import a, z


@dataclass(frozen=True)
class Planted:
    """A mistake at one place: the equations that stand there instead of the right ones, and what to say of it."""

    kind: str
    said: str
    instead: Mapping[str, Equation]


@dataclass(frozen=True)
class Ground:
    """What mistakes are planted in: a derivation without merged steps, and the network if there is one."""

    derivation: Derivation
    network: Network | None

    @classmethod
    def of(cls, derivation: Derivation, network: Network | None) -> Ground:
        """Return the ground of a derivation, its merged steps taken apart again."""
        steps = backward_steps(derivation.program, merges=False)
        return cls(replace(derivation, steps=steps), network)

    @property
    def steps(self) -> tuple[SumOverPaths, ...]:
        """The gradients a person would compute: all but those inside a softmax."""
        groups = (recognise_normaliser(self.derivation.program, e) for e in self.derivation.program.equations)
        inside = {name for group in groups if group is not None for name in group.names[:2]}
        return tuple(step for step in self.derivation.steps if step.name not in inside)

    @property
    def equations(self) -> tuple[Equation, ...]:
        """The right backward equations."""
        return told_equations(self.derivation)


def _times(step: SumOverPaths, factor: Expr) -> dict[str, Equation]:
    right = _told(step)
    terms = tuple(Term(factor * term.body, term.over) for term in right.terms)
    return {right.name: equation_of_terms(right.target, terms)}


def _told_terms(step: SumOverPaths) -> tuple[Term, ...]:
    """Return what each path adds to a gradient, slopes by name."""
    return tuple(
        Product.of(path.upstream, _by_name(path.local, path.upstream.target), path.target).result
        if isinstance(path, Product) and isinstance(path.local, SlopeInOutput)
        else path.result
        for path in step.paths
    )


def _by_name(local: SlopeInOutput, output: Expr) -> SlopeInOutput:
    return replace(local, result=slope(output))


def _told(step: SumOverPaths) -> Equation:
    """Return the gradient's own equation, its slopes by name."""
    return equation_of_terms(step.result.target, _told_terms(step))


def _slopes(ground: Ground) -> Iterator[tuple[SumOverPaths, SlopeInOutput, Expr]]:
    for step in ground.derivation.steps:
        for path in step.paths:
            if isinstance(path, Product) and isinstance(path.local, SlopeInOutput):
                yield step, path.local, path.upstream.target


def _sign(ground: Ground) -> Iterator[Planted]:
    for step in ground.steps:
        yield Planted("sign", f"the sign of the gradient by {step.name} is wrong", _times(step, Integer(-1)))


def _factor(ground: Ground) -> Iterator[Planted]:
    m = size("m")
    outputs = [axis for axis in ground.derivation.program.shapes[ground.derivation.steps[0].name] if axis not in (m, 1)]
    named: dict[str, Expr] = {"2": Integer(2), "1/2": Rational(1, 2), "m": m, "1/m": 1 / m, "1/m²": 1 / m**2}
    for axis in outputs:
        named |= {str(axis): axis, f"1/{axis}": 1 / axis, f"1/(m {axis})": 1 / (m * axis), f"m {axis}": m * axis}
    for step in ground.steps:
        for text, factor in named.items():
            said = f"the gradient by {step.name} is {text} times what it should be"
            yield Planted("factor", said, _times(step, factor))


def _zero(ground: Ground) -> Iterator[Planted]:
    for step in ground.steps:
        yield Planted("zero", f"the gradient by {step.name} is left at zero", _times(step, S.Zero))


def _slope_missing(ground: Ground) -> Iterator[Planted]:
    for _, local, output in _slopes(ground):
        said = f"the slope of {local.row} is missing where the gradient passes {name_of(output)}"
        yield Planted("slope missing", said, _slope_is(output, S.One))


def _slope_twice(ground: Ground) -> Iterator[Planted]:
    for _, local, output in _slopes(ground):
        said = f"the slope of {local.row} is multiplied in twice at {name_of(output)}"
        yield Planted("slope twice", said, _slope_is(output, local.result**2))


def _slope_at_output(ground: Ground) -> Iterator[Planted]:
    for _, local, output in _slopes(ground):
        row = _row(local)
        if row.slope is not None:
            at = row.slope.xreplace({a: row.forward.xreplace({z: output}), z: output})
            said = f"the slope of {row.name} is taken at its output {name_of(output)}, not at {name_of(local.entry)}"
            yield Planted("slope at output", said, _slope_is(output, at))


def _slope_of_input(ground: Ground) -> Iterator[Planted]:
    for _, local, output in _slopes(ground):
        row = _row(local)
        # A slope with cases, as that of ReLU, says the same of the pre-activation.
        if row.slope is not None and row.slope.has(a) and not row.slope.has(Piecewise):
            said = (
                f"the slope formula {row.slope} of {row.name} is applied to {name_of(local.entry)}, not to its output"
            )
            yield Planted("slope of input", said, _slope_is(output, row.slope.xreplace({a: _entry(local)})))


def _slope_of_another(ground: Ground) -> Iterator[Planted]:
    for _, local, output in _slopes(ground):
        for row in ACTIVATIONS.values():
            slope = row.bound().slope
            if slope is not None and row.name not in (local.row, "linear"):
                said = f"at {name_of(output)} the slope is that of {row.name}, not of {local.row}"
                right = slope.xreplace({a: output, z: _entry(local)})
                yield Planted("slope of another", said, _slope_is(output, right))


def _forward_for_slope(ground: Ground) -> Iterator[Planted]:
    for _, local, output in _slopes(ground):
        said = f"at {name_of(output)} the value of {local.row} stands where its slope belongs"
        yield Planted("value for slope", said, _slope_is(output, output))


def _upstream_missing(ground: Ground) -> Iterator[Planted]:
    for step, _, output in _slopes(ground):
        right = _told(step)
        said = f"the upstream gradient is missing where the gradient passes {name_of(output)}"
        without = {adjoint(output): S.One}
        terms = tuple(Term(term.body.xreplace(without), term.over) for term in right.terms)
        yield Planted("upstream missing", said, {right.name: equation_of_terms(right.target, terms)})


def _path_dropped(ground: Ground) -> Iterator[Planted]:
    for step in ground.steps:
        if len(step.paths) < 2:
            continue
        right, terms = step.result, _told_terms(step)
        for number, path in enumerate(step.paths):
            rest = (*terms[:number], *terms[number + 1 :])
            said = f"the gradient by {step.name} leaves out the path through {path.through}"
            yield Planted("path dropped", said, {right.name: equation_of_terms(right.target, rest)})
            alone = f"the gradient by {step.name} keeps only the path through {path.through} (= for +=)"
            yield Planted("path kept", alone, {right.name: equation_of_terms(right.target, (terms[number],))})


def _softmax(ground: Ground) -> Iterator[Planted]:
    for equation in ground.derivation.program.equations:
        group = recognise_normaliser(ground.derivation.program, equation)
        if group is None or group.row.name != "softmax":
            continue
        output = group.output.target
        target, behind = adjoint(group.entry), name_of(group.entry)
        shortcuts = {
            f"only the diagonal of softmax's Jacobian is used at {behind}": output * (1 - output) * adjoint(output),
            f"softmax's Jacobian is left out at {behind}": adjoint(output),
            f"the normalisation of softmax is left out of its derivative at {behind}": output * adjoint(output),
        }
        for said, right in shortcuts.items():
            yield Planted("softmax", said, {name_of(target): Equation(target, right)})


def _pre_activation_for_activation(ground: Ground) -> Iterator[Planted]:
    parameters = set(map(name_of, ground.derivation.program.parameters))
    for _, local, output in _slopes(ground):
        for step in ground.derivation.steps:
            right = _told(step)
            if step.name not in parameters or name_of(output) not in right.reads:
                continue
            instead = _other_tensor(right, name_of(output), _entry(local))
            said = (
                f"the gradient by {step.name} uses {name_of(local.entry)} before its activation, not {name_of(output)}"
            )
            yield Planted("pre-activation", said, {right.name: instead})


def _another_loss(ground: Ground) -> Iterator[Planted]:
    if ground.network is None:
        return
    own = (ground.network.loss, ground.network.reduction)
    right = _gradient_of_loss(ground.network)
    others = [(loss, reduction) for loss in LOSSES for reduction in REDUCTIONS if (loss, reduction) != own]
    # Of two that give the same gradient, the one that is told changes less.
    for loss, reduction in sorted(others, key=lambda other: (other[0] != own[0]) + (other[1] != own[1])):
        try:
            constants = ground.network.loss_constants if loss == own[0] else {}
            other = replace(ground.network, loss=loss, reduction=reduction, loss_constants=constants)
            first = _gradient_of_loss(other)
        except InputError:
            # The loss is not defined on what this network puts out, or has no gradient: nobody can have meant it.
            continue
        if first == right:
            # As of class labels, or of the divergence, which differs by a constant.
            continue
        kind = "convention" if loss == own[0] else "another loss"
        said = f"this is the gradient of {loss} with reduction {reduction!r}, not of {own[0]} with reduction {own[1]!r}"
        yield Planted(kind, said, {first.name: first})


def _gradient_of_loss(network: Network) -> Equation:
    """Return the gradient by what the loss reads, without going on through the layers."""
    program = program_of(network)
    last = program.equations[-1]
    targets = set(map(name_of, program.targets))
    read = {e.base for term in last.terms for e in occurrences(term.body) if name_of(e) not in targets}
    return backward_steps(Program((last,), (), tuple(read), program.targets), merges=False)[-1].result


def _row(local: SlopeInOutput) -> Activation:
    """Return the row of the activation whose slope is told, with the constants of its equation."""
    found = recognise_activation(local.equation)
    return ACTIVATIONS[local.row] if found is None else found.row


def _slope_is(output: Expr, right: Expr) -> dict[str, Equation]:
    target = slope(output)
    return {name_of(target): Equation(target, right)}


def _entry(local: SlopeInOutput) -> Expr:
    renaming = dict(zip(local.entry.indices, local.equation.target.indices, strict=True))
    return local.entry.xreplace(renaming)


def _other_tensor(equation: Equation, name: str, entry: Expr) -> Equation:
    """Return the equation with every entry of the tensor ``name`` read from the tensor of ``entry`` instead."""
    terms = []
    for term in equation.terms:
        swap = {found: entry.base[found.indices] for found in term.body.atoms(type(entry)) if name_of(found) == name}
        terms.append(Term(term.body.xreplace(swap), term.over))
    return equation_of_terms(equation.target, tuple(terms))


# Told first when several explain the same gradient: conventions before mistakes, the plainest mistake first.
MISTAKES: tuple[Callable[[Ground], Iterator[Planted]], ...] = (
    _another_loss,
    _softmax,
    _slope_missing,
    _slope_twice,
    _slope_at_output,
    _slope_of_input,
    _slope_of_another,
    _forward_for_slope,
    _upstream_missing,
    _path_dropped,
    _pre_activation_for_activation,
    _sign,
    _factor,
    _zero,
)


def planted(ground: Ground) -> tuple[Planted, ...]:
    """Return every mistake at every place where it could be made."""
    return tuple(one for mistake in MISTAKES for one in mistake(ground))

"""Replace formulas that overflow by the stable NumPy forms of their rows.

This is a change of the program's text only: the equations, and with them the derivation, stay what they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sympy import Expr, Function, Idx, Indexed, Symbol, exp, log

from symnn.equations import Equation, Program, Term, equation_of_terms
from symnn.notation import Target, name_of, tensor
from symnn.rules import ACTIVATIONS, Activated, Normalised, recognise_activation, recognise_normaliser
from symnn.rules.activations import z


class Stable(Function):  # type: ignore[misc]
    """A call of a stable form: its template as a symbol, the entry, and the class index if there is one."""

    @property
    def template(self) -> str:
        """NumPy text with ``{z}`` for the argument and ``{axis}`` for the axis of the classes."""
        return str(self.args[0].name)

    @property
    def entry(self) -> Indexed:
        """The argument."""
        return self.args[1]

    @property
    def index(self) -> Idx | None:
        """The index of the classes, for forms that work along an axis."""
        return self.args[2] if len(self.args) > 2 else None


def _call(template: str, *arguments: Expr) -> Expr:
    return Stable(Symbol(template), *arguments)


def stabilise(program: Program) -> tuple[Equation, ...]:
    """Return the program's equations with every activation and every logarithm of one in its stable form."""
    activated = {equation.name: recognise_activation(equation) for equation in program.equations}
    normalised = {equation.name: recognise_normaliser(program, equation) for equation in program.equations}
    result: list[Equation] = []
    for equation in program.equations:
        group, element = normalised[equation.name], activated[equation.name]
        if group is not None:
            result += _normaliser(group, bool(_logarithms(program, equation.target)))
        elif element is not None and element.row.stable is not None:
            result.append(Equation(equation.target, _call(element.row.stable, element.entry)))
        else:
            result += with_stable_parts([_without_logarithms(equation, activated, normalised)])
    return tuple(result)


def with_stable_parts(equations: Iterable[Equation]) -> list[Equation]:
    """Return equations with every activation of one entry that stands inside another formula in its stable form.

    >>> from sympy import Sum
    >>> from symnn.notation import LOSS, SAMPLES, index
    >>> i = index("i", SAMPLES)
    >>> X, Y = tensor("X", SAMPLES), tensor("Y", SAMPLES)
    >>> print(*with_stable_parts([Equation(LOSS, Sum(log(1 + exp(X[i])) - X[i] * Y[i], i))]))
    L = sum over i of Stable(np.logaddexp(0, {z}), X[i]) - X[i]*Y[i]
    """
    return [_with_stable_parts(equation) for equation in equations]


def _with_stable_parts(equation: Equation) -> Equation:
    if not equation.right.has(exp):
        return equation
    entries = sorted(equation.right.atoms(Indexed), key=str)
    calls = {
        row.forward.xreplace({z: entry}): _call(row.stable, entry)
        for row in ACTIVATIONS.values()
        if row.stable is not None and not row.constants and row.forward.has(exp)
        for entry in entries
    }
    terms = tuple(Term(term.body.xreplace(calls), term.over) for term in equation.terms)
    return equation_of_terms(equation.target, terms) if any(equation.right.has(part) for part in calls) else equation


def _normaliser(group: Normalised, logarithm_is_used: bool) -> Iterator[Equation]:
    # The weights and their total stay available for whatever else may read them; a kernel drops what nothing reads.
    target = group.output.target
    if logarithm_is_used and group.row.log is not None:
        yield Equation(_log_of(target), _call(group.row.log, group.entry, group.index))
        yield Equation(target, exp(_log_of(target)))
    else:
        yield Equation(target, _call(group.row.stable, group.entry, group.index))


def _log_of(target: Target) -> Target:
    return tensor(f"log{name_of(target)}", *target.base.shape)[target.indices]


def _logarithms(program: Program, target: Target) -> list[Expr]:
    return [
        call
        for equation in program.equations
        for call in equation.right.atoms(log)
        if isinstance(call.args[0], Indexed) and name_of(call.args[0]) == name_of(target)
    ]


def _without_logarithms(
    equation: Equation, activated: dict[str, Activated | None], normalised: dict[str, Normalised | None]
) -> Equation:
    """Return the equation with log a and log(1 - a) of an activation ``a`` written over its pre-activation."""
    replacements: dict[Expr, Expr] = {}
    for call in equation.right.atoms(log):
        for output in call.args[0].atoms(Indexed):
            element, group = activated.get(name_of(output)), normalised.get(name_of(output))
            if element is not None:
                forms = {output: element.row.minus_log, 1 - output: element.row.minus_log_complement}
                template = forms.get(call.args[0])
                if template is not None:
                    renaming = dict(zip(element.output.indices, output.indices, strict=True))
                    replacements[call] = -_call(template, element.entry.xreplace(renaming))
            elif group is not None and call.args[0] == output:
                replacements[call] = _log_of(output)
    terms = tuple(Term(term.body.xreplace(replacements), term.over) for term in equation.terms)
    return equation_of_terms(equation.target, terms) if replacements else equation

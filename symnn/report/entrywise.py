"""A tensor entry by entry: the equation or the sum over paths behind each, with names, with numbers, and its value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from sympy import Expr, Indexed

from symnn.derivation import Merge, SumOverPaths
from symnn.derivation.steps import Path
from symnn.equations import Equation, Term
from symnn.notation import Target, adjoint_name, name_of
from symnn.report.concrete import Concrete, Environment, Place
from symnn.report.numbers import number
from symnn.report.rows import FULL, Part, in_rows, joined, packed, shortened, width_of_latex
from symnn.report.views import Told, related

EQUAL, ABOUT = "=", r"\approx"


@dataclass(frozen=True)
class Summand:
    """One way into a gradient: through which entry, and its factors by name, as formulas, and as numbers.

    ``link`` is the last of the factors in these three forms, in brackets where a product needs them.
    """

    through: tuple[str, Place] | None
    partials: Part
    formulas: Part
    numbers: Part
    exact: bool
    link: tuple[str, str, str]


def summands(concrete: Concrete, step: SumOverPaths, place: Place) -> list[Summand]:
    """Return every summand of a gradient at one entry, path by path."""
    lone = len(step.paths) == 1
    return [found for path in step.paths for found in _of_path(concrete, path, step.target, place, lone=lone)]


def count_of_summands(concrete: Concrete, step: SumOverPaths) -> int:
    """Return how many summands a gradient has at every entry."""
    return sum(1 if is_first(path) else concrete.count(path.result.over) for path in step.paths)


def is_first(path: Path) -> bool:
    """Tell whether nothing stands before a path: it comes from the loss itself, or from equations taken together."""
    return isinstance(path, Merge) or path.upstream.is_loss


def _of_path(concrete: Concrete, path: Path, target: Target, place: Place, *, lone: bool) -> list[Summand]:
    env = concrete.at(path.target, place)
    own = name_of(target)
    gradient = concrete.name(adjoint_name(own), place)
    if isinstance(path, Merge) or path.upstream.is_loss:
        # Nothing stands before this: the gradient itself is the first link of a chain, or the part of it that goes
        # this way where there are others.
        way = r"\text{direct}" if path.upstream.is_loss else concrete.teller.names.whole(path.through)
        part = gradient if lone else rf"\left. {gradient} \right|_{{{way}}}"
        return [_first(concrete, path.result, env, part)]
    found = []
    upstream, local = path.factors
    for each in concrete.spread(path.result.over, env):
        above, slope = concrete.put(upstream, each), concrete.put(local, each)
        at = concrete.place(above) if isinstance(above, Indexed) else ()
        derivative = rf"\frac{{\partial {concrete.name(path.through, at)}}}{{\partial {concrete.name(own, place)}}}"
        partials = (concrete.name(adjoint_name(path.through), at), derivative)
        (left, left_exact), (right, right_exact) = (concrete.numbers(part, factor=True) for part in (above, slope))
        formulas = (concrete.symbols(above, factor=True), concrete.symbols(slope, factor=True))
        link = (derivative, formulas[1], right)
        exact = left_exact and right_exact
        found.append(Summand((path.through, at), partials, formulas, (left, right), exact, link))
    return found


def _first(concrete: Concrete, term: Term, env: Environment, gradient: str) -> Summand:
    exact: list[bool] = []
    forms = []
    for factor in (False, True):
        forms.append(expanded(concrete, term, env, concrete.symbols, factor=factor))
        forms.append(expanded(concrete, term, env, partial(_numbers, concrete, exact), factor=factor))
    symbols, numbers, formula, filled = forms
    return Summand(None, (gradient,), (symbols,), (numbers,), all(exact), (gradient, formula, filled))


def expanded(
    concrete: Concrete, term: Term, env: Environment, write: Callable[..., str], *, factor: bool = False
) -> str:
    """Return a sum written out, its constant factor in front, in brackets if it is to be a factor and needs them."""
    bodies = [concrete.put(term.body, each) for each in concrete.spread(term.over, env)]
    if len(bodies) == 1:
        return write(bodies[0], factor=factor)
    scale, _ = bodies[0].as_independent(*bodies[0].atoms(Indexed), as_Add=False)
    parts = shortened([(write(body / scale),) for body in bodies])
    total = joined([part for (part,) in parts])
    if scale == 1:
        return rf"\left({total}\right)" if factor else total
    text = ("-" if scale == -1 else concrete.symbols(scale) + " ") + rf"\left({total}\right)"
    return rf"\left({text}\right)" if factor and text.startswith("-") else text


def _numbers(concrete: Concrete, exact: list[bool], expr: Expr, *, factor: bool = False) -> str:
    """Return an expression in numbers, and note in ``exact`` whether they are."""
    text, is_exact = concrete.numbers(expr, factor=factor)
    exact.append(is_exact)
    return text


def told_gradient(concrete: Concrete, step: SumOverPaths, place: Place) -> Told:
    """Return the gradient with respect to one entry: its paths, their formulas, their numbers, and the sum."""
    name = adjoint_name(step.name)
    left, found = concrete.name(name, place), summands(concrete, step, place)
    rows: list[str] = []
    partials = [each.partials for each in found]
    if any(len(each) > 1 for each in partials):
        rows += in_rows(left, EQUAL, shortened(partials))
    rows += in_rows(left, EQUAL, shortened([each.formulas for each in found]))
    return Told(left, _ended(concrete, left, rows, name, place, [(each.numbers, each.exact) for each in found]))


def told_equation(concrete: Concrete, equation: Equation, place: Place) -> Told:
    """Return one entry of an equation of the forward pass: its formula, its numbers, and its value."""
    env = concrete.at(equation.target, place)
    left = concrete.name(equation.name, place)
    room = FULL - width_of_latex(left)
    symbols: list[Part] = []
    numbers: list[tuple[Part, bool]] = []
    for term in equation.terms:
        exact: list[bool] = []
        symbols += _parts(concrete, term, env, concrete.symbols, room)
        numbers += [
            (part, all(exact)) for part in _parts(concrete, term, env, partial(_numbers, concrete, exact), room)
        ]
    rows = in_rows(left, EQUAL, shortened(symbols))
    return Told(left, _ended(concrete, left, rows, equation.name, place, numbers))


def _parts(concrete: Concrete, term: Term, env: Environment, write: Callable[..., str], room: float) -> list[Part]:
    """Return the summands of a term; what stands in front of them is written once."""
    scale, _ = term.body.as_independent(*term.body.atoms(Indexed), as_Add=False)
    if scale == 1 or concrete.count(term.over) == 1:
        return [(write(concrete.put(term.body, each)),) for each in concrete.spread(term.over, env)]
    whole = expanded(concrete, term, env, write)
    if width_of_latex(whole) < room:
        return [(whole,)]
    # Brackets that are as high as their content cannot go over several lines.
    bodies = [concrete.put(term.body, each) for each in concrete.spread(term.over, env)]
    front = scale.xreplace(concrete.sizes)
    texts = [write(body / front) for body in bodies]
    opened = rf"{concrete.symbols(front)} \Bigl({texts[0]}" if front != -1 else rf"-\Bigl({texts[0]}"
    return [(opened,), *((text,) for text in texts[1:-1]), (rf"{texts[-1]}\Bigr)",)]


def _ended(
    concrete: Concrete,
    left: str,
    rows: Sequence[str],
    name: str,
    place: Place,
    numbers: Sequence[tuple[Part, bool]],
) -> tuple[str, ...]:
    """Return rows with the numbers behind them, and the value, if that says more than the numbers."""
    value = related(*number(concrete.value(name, place), concrete.teller.form))
    relation = EQUAL if all(exact for _, exact in numbers) else ABOUT
    put_in = in_rows(left, relation, shortened([each for each, _ in numbers]))
    new = put_in if put_in[-1:] != [value] and put_in != list(rows) else []
    return packed(left, [*rows, *new, value])

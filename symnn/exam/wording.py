"""What every variant of a problem has in common, worked out once: how its quantities are written, found and drawn."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, cast

import numpy as np
from markupsafe import Markup

from symnn.derivation import told_equations
from symnn.equations import Equation
from symnn.errors import InputError, unknown
from symnn.exam.model import CODE, Ask, Problem, ProblemSet
from symnn.kernels import data_names
from symnn.library import Pass, work
from symnn.library.rubric import REASONS, rubric
from symnn.mistakes.update import NEW, equations_after, update_equations
from symnn.notation import ADJOINT, SLOPE, adjoint_name, name_of
from symnn.report.drawing import svg, tikz
from symnn.report.form import BLANK_LATEX, Form, blanked
from symnn.report.numbers import array_latex
from symnn.report.picture import picture_of
from symnn.report.said import Said, symbols_of, told_in
from symnn.report.story import Teller
from symnn.report.telling import Asked, telling_of

ROOM_LATEX = r"\underline{\hspace{5em}}"
"""Room for one number that is written by hand, with its sign and its decimals."""
ROOM_WIDTH = 10.0
"""About how many printed digits wide it is."""
MOST_ROOMS = 5
"""A matrix of more columns has less room in each, or it would not fit the page."""


def _new(name: str) -> str:
    """Return the LaTeX of a quantity of the forward pass after the update."""
    return rf"{{{name}}}_{{\text{{new}}}}"


@dataclass(frozen=True)
class Quantity:
    """A quantity of a problem: how it is written, what it is, and the formula that it is found by.

    ``part`` is *forward*, *loss*, *backward* or *update*; ``kind`` and ``of`` are as in the questions of a report;
    ``sign`` stands between the name and what it is: an equals sign, or the arrow of an update. ``entries`` is the
    equation of a general entry, ``arrays`` what the quantity equals over arrays, None where there is no such form.
    """

    key: str
    name: str
    part: str
    kind: str
    of: str
    layer: str
    shape: tuple[int, ...]
    sign: str = "="
    entries: str = ""
    arrays: str | None = None

    @property
    def size(self) -> str:
        """The shape as LaTeX, empty for a single number."""
        return r" \times ".join(map(str, self.shape)) if any(extent != 1 for extent in self.shape) else ""


class Wording:
    """How a problem is told in every variant; ``report`` holds what the problem file asks of reports."""

    def __init__(self, problem: Problem, report: Mapping[str, Any]) -> None:
        self.problem = problem
        example = problem.example
        # The look of a sheet is the set's: what the example's own file asks of its report is for that report.
        telling = telling_of(replace(example, settings={}), cast(Asked, {**report, "audience": "student"}))
        self.form: Form = telling.form
        derivation = example.derivation
        self.program = derivation.program
        (done,) = work(derivation, example.point, passes=1)
        blank = {name: blanked(value) for name, value in done.values.items()}
        self._teller = Teller(derivation, (Pass(blank, blank),), "", telling.notation, form=telling.form)
        self.names = self._teller.names
        self.shapes = {name: np.shape(value) for name, value in blank.items()}
        self.symbols = symbols_of(self.names, self._teller.sizes, self.shapes)
        self.parameters = tuple(map(name_of, self.program.parameters))
        self.data = data_names(self.program)
        self.loss = name_of(self.program.loss)
        self._equations = {one.name: one for one in (*self.program.equations, *told_equations(derivation))}
        self._found: dict[str, Quantity] = {}
        # Mistakes are the same in all variants.
        self._told: dict[str, Said] = {}

    def quantity(self, key: str) -> Quantity:
        """Return a quantity by its name; raise `InputError` for one that the problem does not have."""
        if key not in self._found:
            self._found[key] = self._quantity(key)
        return self._found[key]

    def entry(self, key: str, place: tuple[int, ...]) -> str:
        """Return the LaTeX of one entry of a quantity."""
        own = key.removesuffix(NEW)
        name = self.names.at(own, place, self.shapes[own])
        return _new(name) if key != own and own not in self.parameters else name

    def blank(self, ask: Ask) -> str:
        """Return the LaTeX of the room for what is asked: a blank, or a matrix of them."""
        shape = self.quantity(ask.quantity).shape
        matrix = ROOM_LATEX if ask.place is not None else array_latex(blanked(np.empty(shape, dtype=object)))[0]
        return matrix if len(shape) > 1 and shape[-1] > MOST_ROOMS else matrix.replace(BLANK_LATEX, ROOM_LATEX)

    def told(self, text: str) -> Said:
        """Return what is said of a mistake with the symbols of the problem in it."""
        if text not in self._told:
            self._told[text] = told_in(text, self.symbols)
        return self._told[text]

    def rule_share(self, key: str) -> Fraction:
        """Return which part of the points for a quantity its rule earns, without right numbers."""
        points = {one: self._rubric.get((key, one), Fraction(0)) for one in REASONS}
        whole = sum(points.values(), Fraction(0))
        return points["rule"] / whole if whole else Fraction(0)

    @cached_property
    def definitions(self) -> tuple[Quantity, ...]:
        """The quantities that nobody could know without their equation: the loss, and what has no name of its own."""
        found = (self.quantity(equation.name) for equation in self.program.equations)
        return tuple(one for one in found if one.kind in ("loss", "other"))

    @cached_property
    def _rubric(self) -> Mapping[tuple[str, str], Fraction]:
        return {(one.array, one.for_): one.points for one in rubric(self.problem.example.derivation)}

    @cached_property
    def reads(self) -> Mapping[str, frozenset[str]]:
        """The names of all quantities that each one depends on, directly or not."""
        found: dict[str, frozenset[str]] = {}
        derivation = self.problem.example.derivation
        for one in (*self._equations.values(), *update_equations(derivation), *equations_after(derivation)):
            found[one.name] = frozenset(one.reads).union(*(found.get(name, frozenset()) for name in one.reads))
        return found

    @cached_property
    def tikz(self) -> Markup:
        """The network drawn for LaTeX, without numbers."""
        return Markup(tikz(self._picture.drawing, 0))  # noqa: S704 -- a drawing of ours, its names escaped

    @cached_property
    def svg(self) -> Markup:
        """The network drawn for a page, without numbers."""
        title = "The network" if self._picture.drawing.kind == "network" else "What is computed from what"
        return Markup(svg(self._picture.drawing, 0, prefix=self.problem.id, title=title))  # noqa: S704 -- as above

    @property
    def width(self) -> float:
        """How wide the drawing is, in points."""
        return float(self._picture.drawing.width)

    @cached_property
    def _picture(self) -> Any:
        return picture_of(self._teller, ())

    @cached_property
    def kernel(self) -> str:
        """The NumPy text of the loss and its gradients."""
        return self.problem.example.derivation.compile(stable=False).source.strip()

    @cached_property
    def backward(self) -> str:
        """The NumPy text of a function ``backward`` that returns the gradients alone: an answer where code is asked."""
        lines = self.kernel.splitlines()
        *_, function = [one for one in ast.parse(self.kernel).body if isinstance(one, ast.FunctionDef)]
        told, last = function.body[0], function.body[-1]
        if not isinstance(last, ast.Return) or not isinstance(last.value, ast.Tuple):
            raise InputError(f"{self.problem.id}: the kernel returns no gradients beside the loss")
        gradients = ast.get_source_segment(self.kernel, last.value.elts[1])
        return "\n".join(
            [
                *lines[: function.lineno - 1],
                f"def backward({', '.join(('params', *self.data))}):",
                f'    """Return the gradients of the loss with respect to {", ".join(self.parameters)}."""',
                *lines[told.end_lineno : last.lineno - 1],
                f"    return {gradients}",
            ]
        )

    def _quantity(self, key: str) -> Quantity:
        own = key.removesuffix(NEW)
        kinds = self._kinds
        if key != own and own in self.parameters:
            gradient = self.names.whole(adjoint_name(own))
            right = f"{self.names.whole(own)} - {self.names.rate}\\, {gradient}"
            return self._made(key, own, "update", "update", kinds[own], sign=r"\leftarrow", arrays=right)
        if key != own and own == self.loss:
            return self._made(key, own, "update", "new loss", "loss")
        if key != own and own in self.program.shapes:
            before = self.quantity(own)
            # Its equation names the quantities as they were, and has been told.
            return replace(before, key=key, name=_new(before.name), part="update", entries="", arrays=None)
        if key in self._equations:
            return self._of_equation(self._equations[key])
        if key in kinds:
            return self._made(key, key, "forward", kinds[key], "")
        known = (*self._equations, *(f"{name}{NEW}" for name in kinds if name not in (*self.data,)))
        raise unknown(f"quantity of problem {self.problem.id}", key, known)

    def _of_equation(self, equation: Equation) -> Quantity:
        key = equation.name
        line = self._teller.lines.line(equation)
        found = {"entries": line.entries, "arrays": line.arrays}
        if key in self.program.shapes:
            kind = self._kinds[key]
            part = "loss" if kind == "loss" else "forward"
            shown = "output" if self._is_output(key, kind) else kind
            return self._made(key, key, part, shown, "", **found)
        tensor = self.names.tensor_of(key)
        kind = "slope" if key.endswith(SLOPE) else "gradient" if key.startswith(ADJOINT) else "other"
        return self._made(key, tensor, "backward", kind, self._kinds.get(tensor, "other"), **found)

    def _is_output(self, key: str, kind: str) -> bool:
        # What a notation calls a prediction is the output of the network.
        prediction = self.names.notation.prediction or ()
        linear = kind == "pre-activation" and self.names.is_output(key)
        return linear or (self.names.whole(key) in prediction and kind != "other")

    def _made(self, key: str, own: str, part: str, kind: str, of: str, **more: Any) -> Quantity:
        shown = own if key.endswith(NEW) else key
        name = self.names.whole(shown)
        name = _new(name) if kind == "new loss" else name
        shape = self.shapes[shown]
        return Quantity(key, name, part, kind, of, self.names.layer(own), tuple(shape), **more)

    @cached_property
    def _kinds(self) -> Mapping[str, str]:
        return self._teller.kinds.of_tensors()


class Wordings:
    """The wordings of the problems of a set, each made when it is first asked for."""

    def __init__(self, problem_set: ProblemSet) -> None:
        self.problem_set = problem_set
        self._made: dict[str, Wording] = {}

    def of(self, problem: Problem) -> Wording:
        """Return the wording of a problem.

        Raises `InputError` for a quantity that is asked for or given and that the problem does not have.
        """
        if problem.id not in self._made:
            wording = Wording(problem, self.problem_set.report)
            for key in (*(ask.quantity for ask in problem.asks if ask.kind != CODE), *problem.given):
                wording.quantity(key)
            self._made[problem.id] = wording
        return self._made[problem.id]


def counted(points: Fraction) -> str:
    """Return points as they are written: a decimal where that is short, else a fraction.

    >>> counted(Fraction(3, 2)), counted(Fraction(1, 3)), counted(Fraction(2))
    ('1.5', '1/3', '2')
    """
    hundred = points * 100
    return f"{float(points):g}" if hundred.denominator == 1 else str(points)


def checked(problem_set: ProblemSet) -> Wordings:
    """Return the wordings of a set, all made; raise `InputError` where one cannot be."""
    wordings = Wordings(problem_set)
    for problem in problem_set.problems:
        wordings.of(problem)
    if not problem_set.problems:
        raise InputError(f"{problem_set.name} has no problem")
    return wordings

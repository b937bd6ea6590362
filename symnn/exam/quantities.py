"""What may be asked of a worked example: the arrays of both passes and of the update, with their shapes and points."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from symnn.derivation import told_equations
from symnn.errors import InputError, ShapeError, aligned, unknown
from symnn.exam.model import CODE, FORMULA, KINDS, NUMBER, Place
from symnn.kernels import arguments, data_names
from symnn.library import Example
from symnn.library.entrywise import numeric
from symnn.library.rubric import ONE, rubric
from symnn.mistakes.update import NEW, equations_after, update_equations
from symnn.notation import name_of, shape_of
from symnn.verification.rewrites import sizes_of

BACKWARD = "backward"
"""What the quantity is called where the hand-written function is asked for."""

_FORM = re.compile(r"(?:(?P<kind>\w+):)?\s*(?P<name>\w+)\s*(?:\[(?P<place>[\d\s,]*)\])?")


@dataclass(frozen=True)
class Quantities:
    """What may be asked of an example: ``shapes`` by name, in the order of the solution, and ``points`` by name."""

    shapes: Mapping[str, tuple[int, ...]]
    points: Mapping[str, Fraction]

    @classmethod
    def of(cls, example: Example) -> Quantities:
        """Return what may be asked of an example.

        >>> from symnn.library import load
        >>> list(Quantities.of(load("linear-neuron")).shapes)[:6]
        ['Z1', 'L', 'dZ1', 'dW1', 'db1', 'dX']
        """
        derivation, point = example.derivation, example.point
        program = derivation.program
        parameters = {name_of(tensor): point.exact(name_of(tensor)) for tensor in program.parameters}
        arrays = arguments(program, derivation.sizes, parameters, tuple(map(point.exact, data_names(program))))
        sizes = {**derivation.sizes, **sizes_of(program, arrays)}
        after = (*update_equations(derivation), *equations_after(derivation)) if program.parameters else ()
        equations = (*program.equations, *told_equations(derivation), *after)
        points: dict[str, Fraction] = {}
        for one in rubric(derivation):
            points[one.array] = points.get(one.array, Fraction(0)) + one.points
        return cls({e.name: numeric(shape_of(e.target), sizes) for e in equations}, points)

    def names(self, kind: str) -> tuple[str, ...]:
        """Return the names that may be asked for in a kind of question."""
        if kind == CODE:
            return (BACKWARD,)
        return tuple(name for name in self.shapes if kind == NUMBER or not name.endswith(NEW))

    def default_points(self, quantity: str, kind: str, place: Place | None) -> Fraction:
        """Return how many points an ask earns where the file says nothing: those of the rubric.

        An entry or a formula earns one; a ``backward`` function what all gradients together do.
        """
        if kind == CODE:
            gradients = (number for name, number in self.points.items() if name.startswith("d"))
            return sum(gradients, Fraction(0)) or ONE
        if kind == FORMULA or place is not None:
            return ONE
        return self.points.get(quantity, ONE)


def asked(text: str, kind: str | None, quantities: Quantities, where: str) -> tuple[str, str, Place | None]:
    """Return the quantity, the kind and the place that a text asks for; entries are counted from 1.

    ``kind`` is what the file says beside the text, or None. Raises `InputError` and `ShapeError`, naming ``where``.

    >>> from symnn.library import load
    >>> asked("dW1[2, 1]", None, Quantities.of(load("two-three-two")), "quiz.toml")
    ('dW1', 'number', (1, 0))
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        rows = [("given", repr(text)), ("allowed", "a name, as dW1, an entry, as dW1[1, 2], or formula:dW1")]
        raise InputError(f"{where}: quantity cannot be read\n{aligned(rows)}")
    written = found["kind"]
    if written is not None and kind is not None and written != kind:
        rows = [("in quantity", repr(written)), ("in kind", repr(kind))]
        raise InputError(f"{where}: two kinds of answer are asked for at once\n{aligned(rows)}")
    kind = written or kind or NUMBER
    if kind not in KINDS:
        raise InputError(f"{where}: {unknown('kind', kind, KINDS)}")
    name = found["name"]
    if name not in quantities.names(kind):
        raise InputError(f"{where}: {unknown('quantity', name, quantities.names(kind))}")
    place = None if found["place"] is None else _place(found["place"], name, kind, quantities, where)
    return name, kind, place


def _place(text: str, name: str, kind: str, quantities: Quantities, where: str) -> Place:
    counted = [part.strip() for part in text.split(",")]
    if kind != NUMBER:
        rows = [("given", f"{name}[{text}]"), ("allowed", f"{name}, the whole")]
        raise InputError(f"{where}: of a {kind} no entry can be asked for\n{aligned(rows)}")
    shape = quantities.shapes[name]
    numbers = [int(part) if part else 0 for part in counted]
    if len(numbers) != len(shape) or not all(1 <= one <= axis for one, axis in zip(numbers, shape, strict=True)):
        rows = [("yours", f"{name}[{text}]"), ("shape", _shape(shape)), ("counted", "from 1")]
        raise ShapeError(f"{where}: {name} has no such entry\n{aligned(rows)}")
    return tuple(one - 1 for one in numbers)


def _shape(shape: Sequence[int]) -> str:
    return str(tuple(shape)) if shape else "(), a single number: ask for it without an entry"

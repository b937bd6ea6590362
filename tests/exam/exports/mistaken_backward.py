"""Every modelled mistake as a ``backward`` that somebody could hand in: read off the tables, printed as kernels are."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from textwrap import indent
from typing import Any

import numpy as np
from sympy import Rational

from symnn.derivation import told_equations
from symnn.equations import Equation
from symnn.exam.model import Solved
from symnn.kernels import data_names, lines_of, needed
from symnn.kernels.source import size_lines
from symnn.library import Mistakes
from symnn.library.mistaken import Row
from symnn.mistakes import REGISTRY, Ground, Planted
from symnn.mistakes.backward.paths import RATES, weights_updated
from symnn.mistakes.ground import FIRST_SAMPLE, LAST_SAMPLE
from symnn.network import Network
from symnn.notation import adjoint_name, name_of
from symnn.rules import helpers_for
from symnn.verification.rewrites import sizes_of

ROWS = (*REGISTRY["forward"], *REGISTRY["loss"], *REGISTRY["backward"], *REGISTRY["update"])
"""The rows of all tables, from the forward pass to the update."""
FORWARD = (*REGISTRY["forward"], *REGISTRY["loss"])
NEVER = (*REGISTRY["loss"], *REGISTRY["update"])
"""The rows of mistakes that no gradient shows: at the value of the loss, and after the gradients."""

DRAWN = 2
"""At how many points beside the one given functions are held against one another."""
DECIMALS = 9


@dataclass(frozen=True, eq=False)
class Mistaken:
    """A function with one mistake in it: its row, what is said of it, the arrays it is made at, and the text."""

    row: Row | None
    said: str
    changed: tuple[str, ...]
    printed: Callable[[], str]

    @cached_property
    def source(self) -> str:
        """The text, printed when it is first asked for."""
        return self.printed()


class Board:
    """All that can go wrong in the ``backward`` of one problem, and which of it cannot be told apart."""

    def __init__(self, solved: Solved) -> None:
        self.derivation = solved.problem.example.derivation
        source = solved.problem.example.source
        self.network = source if isinstance(source, Network) else None
        self.program = self.derivation.program
        self.parameters = tuple(map(name_of, self.program.parameters))
        self.data = data_names(self.program)
        self.solved = solved
        given = {name: solved.point.floats(name) for name in (*self.parameters, *self.data)}
        self.ground = Ground.of(self.derivation, self.network, sizes_of(self.program, given))
        rng = np.random.default_rng(5)
        drawn = [{name: rng.normal(size=given[name].shape) for name in self.parameters} for _ in range(DRAWN)]
        self.points = [{name: given[name] for name in self.parameters}, *drawn]
        self.arrays = [given[name] for name in self.data]
        self._returned: dict[Mistaken, tuple[float, ...]] = {}

    @cached_property
    def functions(self) -> tuple[Mistaken, ...]:
        """Every mistake of every row, as often as it can be made and still computed."""
        return tuple(self._functions())

    @cached_property
    def right(self) -> Mistaken:
        """The function without any mistake."""
        return Mistaken(None, "", (), partial(self.text, ()))

    @cached_property
    def groups(self) -> tuple[tuple[Mistaken, ...], ...]:
        """The mistakes that make the function a wrong one, those together that make it the same one."""
        found: dict[Any, list[Mistaken]] = {}
        for one in self.functions:
            found.setdefault(self.returned(one), []).append(one)
        found.pop(self.returned(self.right), None)
        return tuple(map(tuple, found.values()))

    @cached_property
    def unseen(self) -> tuple[Mistaken, ...]:
        """The mistakes that change nothing in the problem, such as a mean over a single sample."""
        seen = {id(one) for group in self.groups for one in group}
        return tuple(one for one in self.functions if id(one) not in seen)

    def same(self, one: Mistaken, other: Mistaken) -> bool:
        """Whether two mistakes make the same function."""
        return self.returned(one) == self.returned(other)

    def wrong(self, one: Mistaken) -> bool:
        """Whether a mistake makes the function a wrong one in this problem."""
        return not self.same(one, self.right)

    @cached_property
    def in_the_key(self) -> frozenset[str]:
        """What the key says of the mistakes that falsify a gradient that is asked for."""
        wrong = Mistakes(self.derivation, self.network).at(self.solved.point)
        asked = {adjoint_name(name) for name in self.parameters}
        return frozenset(said for one in wrong if asked & set(one.arrays) for said in (one.said, *one.same_as))

    def returned(self, one: Mistaken) -> tuple[float, ...]:
        """What a function returns at all points, so that equal functions are equal."""
        if one not in self._returned:
            self._returned[one] = self._run_at_all(one)
        return self._returned[one]

    def _run_at_all(self, one: Mistaken) -> tuple[float, ...]:
        found: list[float] = []
        for point in self.points:
            gradients = self.run(one)(point, *self.arrays)
            for name in self.parameters:
                values = np.broadcast_to(gradients[name], point[name].shape)
                # Adding 0 makes no difference between the two zeros.
                found += (np.round(values, DECIMALS) + 0.0).ravel().tolist()
        return tuple(found)

    def run(self, one: Mistaken) -> Any:
        """The function itself."""
        known: dict[str, Any] = {"np": np, "math": math}
        exec(one.source, known)  # printed by symnn

        def quiet(*given: Any) -> Mapping[str, Any]:
            with np.errstate(all="ignore"):
                found: Mapping[str, Any] = known["backward"](*given)
                return found

        return quiet

    def _functions(self) -> Iterator[Mistaken]:
        for row in ROWS:
            for planted in self._planted(row):
                # A wrong forward pass is gone on from as the sheet has it; a step of the way back, by the one rule.
                back = () if row in FORWARD else self.ground.equations
                yield Mistaken(row, planted.said, tuple(planted.instead), partial(self.text, back, planted))

    def _planted(self, row: Row) -> Iterator[Planted]:
        yield from row(self.ground)
        own = Rational(str(self.solved.point.exact_rate.value))
        if row is weights_updated and own not in RATES:
            yield from weights_updated(self.ground, (own,))

    def text(self, back: Sequence[Equation], planted: Planted | None = None) -> str:
        """The text of a function ``backward``, with a mistake in its equations."""
        instead = {} if planted is None else planted.instead
        ahead = {} if planted is None else planted.ahead
        equations = [
            one
            for right in (*self.program.equations, *(back or told_equations(self.derivation)))
            for one in (*ahead.get(right.name, ()), instead.get(right.name, right))
        ]
        kept = needed(equations, map(adjoint_name, self.parameters))
        lines = lines_of(kept)
        reads = {name for one in kept for name in one.reads}
        chosen = {FIRST_SAMPLE: "0", LAST_SAMPLE: "m - 1"}
        singles = [f"{name} = 1.0 * (np.arange(m) == {at})" for name, at in chosen.items() if name in reads]
        pairs = ", ".join(f'"{name}": {adjoint_name(name)}' for name in self.parameters)
        body = [
            *(f'{name} = params["{name}"]' for name in self.parameters),
            *size_lines(self.program, [*lines, *singles]),
            *singles,
            *lines,
            f"return {{{pairs}}}",
        ]
        text = "\n".join(body)
        function = f"def backward({', '.join(('params', *self.data))}):\n{indent(text, '    ')}\n"
        return "\n\n".join([*helpers_for(text), function])

"""What a loss computes on the way, with the exact derivative of the loss by each array: what a gradient may hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from flint import arb
from numpy import fromiter

from symnn.scalars import Scalar, ScalarArray, array, ball, distinct, precision, running, values
from symnn.scalars.block import in_entries
from symnn.scalars.tape import Tape, recording
from symnn.verification.calling import call, fresh, lifted
from symnn.verification.subject import Subject

BITS = 64
"""The precision of intermediates: they are compared with floats."""

LARGEST = 20_000
"""How many entries an array has at most that is looked at."""

SHORT = 40
"""How long an expression is at most that goes by its text."""


class Intermediate(NamedTuple):
    """An array of a loss: its name, or its text, the function that made it, its value, and the loss's derivative by it.

    The derivative is None where the loss does not depend on the array.
    """

    name: str
    function: str
    value: Any
    adjoint: Any


def intermediates_of(subject: Subject, point: Mapping[str, Any]) -> list[Intermediate]:
    """Return the arrays of a loss at a point, the parameters first. Raises UndecidedError where it does not run."""
    with precision(BITS):
        parameters = {name: distinct(A, BITS) for name, A in point.items()}
    functions = (subject.loss, subject.grad)
    with running(ball(BITS), functions=functions), recording(with_calls=True) as tape:
        leaves = {name: tape.leaves(values(A)) for name, A in parameters.items() if A.size <= LARGEST}
        data = lifted(subject.data, ball(BITS))
        loss = call("loss", subject.loss, subject.parameters.passed(parameters), *fresh(data))
        found = tape.adjoints(values(array(loss, ball(BITS)))[0] if isinstance(loss, ScalarArray) else loss.value)
        intermediates = [
            Intermediate(
                name, "", point[name], _floats([arb(0) if x is None else x for x in found[at]], point[name].shape)
            )
            for name, at in leaves.items()
        ]
        made = [] if tape.calls is None else tape.calls.made
        for one in made:
            source = one.source
            name = source.name if source.name not in ("", "return") else source.called or source.text
            output = in_entries(one.output) if isinstance(one.output, ScalarArray) else None
            if output is not None and output.ndim and 0 < output.size <= LARGEST and name and len(name) <= SHORT:
                # What sorts or counts gives whole numbers, which are no array of the loss.
                if not all(isinstance(x, Scalar) for x in output.flat):
                    continue
                held = values(output)
                adjoint = _adjoint(tape, found, held, output.shape)
                intermediates.append(Intermediate(name, one.function, _floats(held, output.shape), adjoint))
    return intermediates


def _adjoint(tape: Tape, found: Any, held: list[Any], shape: tuple[int, ...]) -> Any:
    numbers = fromiter(held, object, len(held)).reshape(shape)
    return _floats(tape.adjoint(numbers, found).ravel().tolist(), shape) if tape.any_moves(numbers) else None


def _floats(held: list[Any], shape: tuple[int, ...]) -> Any:
    return np.array([float(x) for x in held]).reshape(shape)

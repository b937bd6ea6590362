"""Numbers drawn for a network that come out readable: one decimal or whole, away from kinks, targets that fit the loss.

Every array has a stream of its own, from the seed and its name: giving one array by hand does not change what is drawn
for another, unless a kink is in the way. The streams are Python's, the same on every machine and in every version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from random import Random

import numpy as np

from symnn.equations import Program
from symnn.kernels import data_names, evaluate
from symnn.library.point import Nested, Point
from symnn.network import Network
from symnn.notation import name_of
from symnn.rules import Activation

MOST_TRIES = 50
"""How often numbers are drawn anew because a value lies at a kink, or a unit is off for all samples."""

SMALL = 8
"""In a layer of more units some may be off for all samples."""

NEAR = 1e-4
"""How near to a kink is at it."""

WIDE = 100
"""As many inputs are drawn between 0 and 1, as the brightness of pixels is, fewer as whole numbers."""

_WHOLE = range(-2, 4)

Shape = tuple[int, ...]


def drawn_numbers(
    network: Network, program: Program, shapes: Mapping[str, Shape], given: Mapping[str, Nested], seed: int
) -> dict[str, Nested]:
    """Return numbers for all arrays of a network: those given, and drawn ones for the others.

    ``shapes`` holds every array's shape. Every class has its turn as a target. No pre-activation lies at a kink, and no
    unit of a small layer is off for all samples, unless 50 tries find no such numbers.

    >>> from symnn.network import Dense, program_of
    >>> net = Network(inputs=2, layers=[Dense(1, "sigmoid")], loss="binary-cross-entropy")
    >>> shapes = {"W1": (1, 2), "b1": (1, 1), "X": (2, 3), "Y": (1, 3)}
    >>> drawn_numbers(net, program_of(net), shapes, {"W1": [[1, 2]]}, seed=7)["W1"]
    [[1, 2]]
    """
    for attempt in range(MOST_TRIES):
        numbers = {
            name: given[name] if name in given else _array(network, name, shape, _stream(seed, attempt, name))
            for name, shape in shapes.items()
        }
        if not _teaches_little(network, program, numbers):
            break
    return numbers


def _stream(seed: int, attempt: int, name: str) -> Random:
    # Numbers of an exercise are no secret.
    return Random(f"{seed} {attempt} {name}")  # noqa: S311


def _array(network: Network, name: str, shape: Shape, stream: Random) -> Nested:
    if name == "Y" and network.loss_row.distribution:
        return _classes(shape, 0 if network.layout == "features-first" else 1, stream)
    draw = _entry(network, name, stream)
    flat = [draw() for _ in range(int(np.prod(shape)))]
    nested: Nested = np.array(flat, dtype=object).reshape(shape).tolist()
    return nested


def _entry(network: Network, name: str, stream: Random) -> Callable[[], Fraction]:
    """Return what draws an entry of an array."""
    if name == "X":
        return _one_of(range(11), 10, stream) if network.inputs >= WIDE else _one_of(_WHOLE, 1, stream)
    if name == "Y":
        turns = _turns(_targets(network), stream)
        return lambda: Fraction(next(turns))
    if name.startswith("b"):
        return _one_of(range(-5, 6), 10, stream)
    # The more inputs a unit has, the smaller its weights, so that no activation is driven to its end.
    scale = 10 ** max(1, len(str(network.widths[int(name[1:]) - 1])) - 1)
    return _one_of([*range(-9, 0), *range(1, 10)], scale, stream)


def _targets(network: Network) -> list[int]:
    """Return whole numbers that the loss takes as targets, and the last layer may put out if there are such."""
    row, output = network.loss_row, network.layers[-1].row
    taken = [number for number in _WHOLE if row.targets.contains(number) == True]  # noqa: E712 -- SymPy's truth
    reached = [number for number in taken if output.range.closure.contains(number) == True]  # noqa: E712
    return reached if len(reached) > 1 else taken


def _classes(shape: Shape, axis: int, stream: Random) -> Nested:
    """Return one-hot classes along an axis."""
    rows = np.full((shape[1 - axis], shape[axis]), Fraction(0), dtype=object)
    for row, turn in zip(rows, _turns(range(shape[axis]), stream), strict=False):
        row[turn] = Fraction(1)
    nested: Nested = (rows.T if axis == 0 else rows).tolist()
    return nested


def _turns(values: Sequence[int], stream: Random) -> Iterator[int]:
    """Yield values for ever, every one of them before any comes again."""
    while True:
        left = list(values)
        while left:
            yield left.pop(_below(stream, len(left)))


def _one_of(numerators: Sequence[int], denominator: int, stream: Random) -> Callable[[], Fraction]:
    values = [Fraction(numerator, denominator) for numerator in numerators]
    return lambda: values[_below(stream, len(values))]


def _below(stream: Random, limit: int) -> int:
    # Of all that Random has, only random() is promised to stay the same.
    return int(stream.random() * limit)


def _teaches_little(network: Network, program: Program, numbers: Mapping[str, Nested]) -> bool:
    """Tell whether a pre-activation lies at a kink, or a unit of a small layer is off for all samples.

    Doubles tell this well enough: all that comes of it is another draw.
    """
    kinked: dict[str, tuple[int, list[float]]] = {}
    for number, layer in enumerate(network.layers, start=1):
        if isinstance(layer.row, Activation) and layer.row.kinks:
            kinked[f"Z{number}"] = layer.units, [float(at) for at, _ in layer.row.kinks]
    if not kinked:
        return False
    names, data = tuple(map(name_of, program.parameters)), data_names(program)
    point = Point({name: numbers[name] for name in names}, {name: numbers[name] for name in data})
    sizes = {str(size): extent for size, extent in network.sizes.items()}
    parameters = {name: point.floats(name) for name in names}
    values = evaluate(program, sizes, parameters, tuple(map(point.floats, data)))
    samples = 1 if network.layout == "features-first" else 0
    for name, (units, kinks) in kinked.items():
        if any(np.any(abs(values[name] - at) < NEAR) for at in kinks):
            return True
        if units <= SMALL and np.any(np.all(values[name] < 0, axis=samples)):
            return True
    return False

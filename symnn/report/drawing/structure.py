"""Recognise by structure a network of dense layers in the equations of a program; equations carry no tags."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Idx, Indexed, Mul

from symnn.equations import Equation, Program, occurrences
from symnn.notation import Target, indices_of, name_of

Place = tuple[int, ...]


@dataclass(frozen=True)
class Axes:
    """Which axis of a tensor counts units, which samples, and which units of the layer below; -1 for none."""

    rank: int
    unit: int = -1
    sample: int = -1
    below: int = -1

    def place(self, *, unit: int = 0, below: int = 0) -> Place:
        """Return the place of an entry of the first sample; axes of length 1 stand at 0.

        >>> Axes(2, unit=1, below=0).place(unit=2, below=3)
        (3, 2)
        """
        numbers = {self.unit: unit, self.below: below}
        return tuple(numbers.get(axis, 0) for axis in range(self.rank))


@dataclass(frozen=True)
class Layer:
    """A dense layer: ``rows`` are the tensors told of each unit, the pre-activation first and the output last.

    ``coupled`` tells that an output depends on the pre-activations of its neighbours too, as after a softmax.
    """

    weights: str
    bias: str
    rows: tuple[str, ...]
    coupled: bool


@dataclass(frozen=True)
class Layers:
    """A network of dense layers: its inputs, its layers in order, its loss and what that compares with."""

    inputs: str
    layers: tuple[Layer, ...]
    loss: str
    targets: tuple[str, ...]
    axes: dict[str, Axes]


def layers_of(program: Program) -> Layers | None:
    """Return the dense layers that a program consists of, or None for a program of another form.

    >>> from symnn.network import Dense, Network, program_of
    >>> [layer.rows for layer in layers_of(program_of(Network(inputs=2, layers=[Dense(3), Dense(2, "tanh")]))).layers]
    [('Z1',), ('Z2', 'A2')]
    """
    return _Recogniser(program).layers() if len(program.equations) > 1 else None


@dataclass(frozen=True)
class _Dense:
    """A sum of weights times values below, with the indices that run over units and samples."""

    source: Indexed
    weights: Indexed
    bias: Target | None
    below: Idx
    unit: Idx | None
    sample: Idx | None


class _Recogniser:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.parameters = set(map(name_of, program.parameters))
        self.axes: dict[str, Axes] = {}

    def layers(self) -> Layers | None:
        *equations, loss = self.program.equations
        first = self._dense(equations[0], None)
        if first is None or name_of(first.source) not in set(map(name_of, self.program.inputs)):
            return None
        inputs = output = name_of(first.source)
        found: list[Layer] = []
        at = 0
        while at < len(equations):
            dense = self._dense(equations[at], output)
            if dense is None:
                return None
            after = at + 1
            while after < len(equations) and self._dense(equations[after], None) is None:
                after += 1
            layer = self._layer(dense, equations[at:after])
            if layer is None:
                return None
            found.append(layer)
            output, at = layer.rows[-1], after
        targets = self._targets(loss, output)
        if targets is None or not self._is_chain(inputs, found):
            return None
        return Layers(inputs, tuple(found), loss.name, targets, self.axes)

    def _is_chain(self, inputs: str, layers: list[Layer]) -> bool:
        """Tell whether every tensor is used where a drawing of layers shows it, and nowhere else."""
        names = [inputs, *(layer.weights for layer in layers), *(layer.bias for layer in layers if layer.bias)]
        given = {name_of(leaf) for leaf in (*self.program.inputs, *self.program.parameters)}
        once = all(len(self.program.uses.get(name, ())) == 1 for name in names)
        return once and set(names) == given and len(names) == len(set(names))

    def _dense(self, equation: Equation, below: str | None) -> _Dense | None:
        """Return the parts of ``Z = sum over k of W X (+ b)``, if the equation is one over the tensor below."""
        sums = [term for term in equation.terms if term.over]
        plain = [term for term in equation.terms if not term.over]
        if len(sums) != 1 or len(plain) > 1 or len(sums[0].over) != 1:
            return None
        factors = Mul.make_args(sums[0].body)
        if len(factors) != 2 or not all(isinstance(factor, Indexed) for factor in factors):
            return None
        weights = [factor for factor in factors if name_of(factor) in self.parameters]
        source = [factor for factor in factors if name_of(factor) not in self.parameters]
        if len(weights) != 1 or (below is not None and name_of(source[0]) != below):
            return None
        (shared,) = sums[0].over
        bias = self._bias(plain[0].body) if plain else None
        if plain and bias is None:
            return None
        return self._indexed(equation, source[0], weights[0], bias, shared)

    def _bias(self, body: Expr) -> Target | None:
        entries = occurrences(body)
        return entries[0] if entries == (body,) and name_of(entries[0]) in self.parameters else None

    def _indexed(
        self, equation: Equation, source: Indexed, weights: Indexed, bias: Target | None, shared: Idx
    ) -> _Dense | None:
        units = _letters(weights) - {shared}
        samples = _letters(source) - {shared}
        fits = shared in _letters(weights) and shared in _letters(source) and len(units) < 2 and len(samples) < 2
        own = set(equation.indices)
        if not fits or own != units | samples or units & samples:
            return None
        if bias is not None and not _letters(bias) <= units:
            return None
        unit, sample = next(iter(units), None), next(iter(samples), None)
        return _Dense(source, weights, bias, shared, unit, sample)

    def _layer(self, dense: _Dense, equations: list[Equation]) -> Layer | None:
        """Return the layer that a dense equation and those behind it make, which may only read one another."""
        first, *rest = equations
        own = {first.name}
        rows = [first.name]
        coupled = False
        indices = indices_of(first.target)
        for equation in rest:
            if not set(equation.reads) <= own:
                return None
            over = {index for term in equation.terms for index in term.over}
            across = {index for index in over if dense.unit is None or index.upper != dense.unit.upper}
            if across:
                return None
            coupled = coupled or bool(over)
            own.add(equation.name)
            if indices_of(equation.target) == indices:
                rows.append(equation.name)
        if rest and rest[-1].name != rows[-1]:
            return None
        self._note(dense, first.target, rows)
        # What only leads from one to the other is not told of a unit.
        shown = rows[:1] + rows[-1:] if len(rows) > 1 else rows
        return Layer(
            name_of(dense.weights), name_of(dense.bias) if dense.bias is not None else "", tuple(shown), coupled
        )

    def _note(self, dense: _Dense, target: Target, rows: list[str]) -> None:
        self.axes[name_of(dense.source)] = self.axes.get(name_of(dense.source)) or _axes(
            dense.source, unit=dense.below, sample=dense.sample
        )
        self.axes[name_of(dense.weights)] = _axes(dense.weights, unit=dense.unit, below=dense.below)
        if dense.bias is not None:
            self.axes[name_of(dense.bias)] = _axes(dense.bias, unit=dense.unit)
        for name in rows:
            self.axes[name] = _axes(target, unit=dense.unit, sample=dense.sample)

    def _targets(self, loss: Equation, output: str) -> tuple[str, ...] | None:
        """Return what a loss compares the outputs with, or None if it reads anything else."""
        targets = set(map(name_of, self.program.targets))
        others = [name for name in loss.reads if name != output]
        if output not in loss.reads or not set(others) <= targets:
            return None
        entries = {name_of(entry): entry for term in loss.terms for entry in occurrences(term.body)}
        own = self.axes[output]
        letters = indices_of(entries[output])
        unit = letters[own.unit] if own.unit >= 0 else None
        sample = letters[own.sample] if own.sample >= 0 else None
        for name in others:
            self.axes[name] = _axes(entries[name], unit=unit, sample=sample)
        return tuple(others)


def _letters(entry: Target) -> set[Idx]:
    return {index for index in indices_of(entry) if isinstance(index, Idx)}


def _axes(entry: Target, *, unit: Expr | None, sample: Expr | None = None, below: Expr | None = None) -> Axes:
    """Return which axis of an entry each index stands on."""
    indices = indices_of(entry)

    def axis(index: Expr | None) -> int:
        return indices.index(index) if index is not None and index in indices else -1

    return Axes(len(indices), axis(unit), axis(sample), axis(below))

"""How arrays may be arranged as a network: which are weights, which biases, which way round, and where samples lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations, product
from typing import Any

import numpy as np

MOST_ARRAYS = 40
"""Beyond so many parameter arrays nobody describes a network by hand."""


@dataclass(frozen=True)
class Layer:
    """The arrays of one dense layer by the names of the user, ``bias`` empty where there is none."""

    weights: str
    bias: str
    units: int


@dataclass(frozen=True)
class Arrangement:
    """One way to read parameters and data as a network of dense layers.

    ``turned`` says that weights lie the other way round than the layout has them, W (in, out) for features first;
    ``x`` and ``y`` are positions in the data, and ``classes`` says that targets are class numbers.
    """

    inputs: int
    layers: tuple[Layer, ...]
    samples: int
    features_first: bool
    turned: bool
    x: int
    y: int
    classes: bool

    @property
    def names(self) -> dict[str, str]:
        """The user's name for each parameter of the network, by the network's own name."""
        named = {}
        for number, layer in enumerate(self.layers, start=1):
            named[f"W{number}"] = layer.weights
            if layer.bias:
                named[f"b{number}"] = layer.bias
        return named

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape that each parameter has in the network, by the network's own name."""
        shapes: dict[str, tuple[int, ...]] = {}
        below = self.inputs
        for number, layer in enumerate(self.layers, start=1):
            shapes[f"W{number}"] = (layer.units, below) if self.features_first else (below, layer.units)
            shapes[f"b{number}"] = (layer.units, 1) if self.features_first else (layer.units,)
            below = layer.units
        return shapes

    def parameters(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return arrays of the user, or gradients with respect to them, by the network's names and in its shapes.

        An array that has not the shape of its parameter is only turned round with the others.
        """
        return {own: self._placed(own, given[theirs]) for own, theirs in self.names.items()}

    def _placed(self, own: str, A: Any) -> Any:
        if own[0] == "W" and self.turned and A.ndim == 2:
            A = A.T
        wanted = self.shapes[own]
        vector = A.ndim < len(wanted) and A.size == np.prod(wanted)
        row = own[0] == "b" and A.size == np.prod(wanted) and 1 in (*A.shape, A.size)
        return A.reshape(wanted) if vector or row else A

    def data(self, given: Sequence[Any]) -> tuple[Any, Any]:
        """Return inputs and targets, both in two axes in the network's layout; class numbers become one-hot."""
        X, Y = np.asarray(given[self.x]), np.asarray(given[self.y])
        outputs = self.layers[-1].units
        if self.classes:
            Y = np.eye(outputs)[Y.ravel().astype(int)]
            Y = Y.T if self.features_first else Y
        shapes = [(self.samples, width) for width in (self.inputs, outputs)]
        placed = [shape[::-1] if self.features_first else shape for shape in shapes]
        return X.astype(np.float64).reshape(placed[0]), Y.astype(np.float64).reshape(placed[1])

    @property
    def wider(self) -> Arrangement:
        """The same with one unit more in every layer that has several, one input more, and one sample more."""
        layers = tuple(replace(layer, units=layer.units + (layer.units > 1)) for layer in self.layers)
        return replace(self, inputs=self.inputs + (self.inputs > 1), layers=layers, samples=self.samples + 1)

    def widened(
        self, arrays: Mapping[str, Any], data: Sequence[Any], rng: np.random.Generator
    ) -> tuple[dict[str, Any], tuple[Any, ...]]:
        """Return arrays and data of the user as they are in the wider one: entries again, parameters a little moved."""
        found = {}
        for theirs in self.names.values():
            A = np.asarray(arrays[theirs], dtype=np.float64)
            A = np.pad(A, [(0, int(n > 1)) for n in A.shape], mode="wrap") if A.ndim else A
            found[theirs] = A + rng.uniform(-0.1, 0.1, A.shape)
        others = list(data)
        others[self.x], others[self.y] = self._grown(data[self.x]), self._grown(data[self.y])
        return found, tuple(others)

    def _grown(self, given: Any) -> Any:
        """Inputs or targets with one sample more, and one feature more where there are several; one-hot ones so."""
        A = np.asarray(given)
        samples = A.ndim - 1 if self.features_first else 0
        for axis in range(A.ndim):
            if axis != samples and A.shape[axis] < 2:
                continue
            along = [(0, int(axis == k)) for k in range(A.ndim)]
            is_share = axis != samples and bool(np.all(A >= 0)) and np.allclose(A.sum(axis=axis), 1)
            A = np.pad(A, along) if is_share else np.pad(A, along, mode="wrap")
        return A


def arrangements(arrays: Mapping[str, Any], data: Sequence[Any]) -> Iterator[Arrangement]:
    """Yield every way to read parameter arrays, in their order, and data as a network.

    >>> arrays = {"W": np.ones((2, 3)), "b": np.ones(3), "V": np.ones((3, 1))}
    >>> (found,) = arrangements(arrays, (np.ones((5, 2)), np.ones((5, 1))))
    >>> found.names, found.features_first, found.turned
    ({'W1': 'W', 'b1': 'b', 'W2': 'V'}, False, False)
    """
    if len(arrays) > MOST_ARRAYS:
        return
    shown = [k for k, one in enumerate(data) if isinstance(one, np.ndarray) and one.ndim in (1, 2)]
    for x, y in permutations(shown, 2):
        X, Y = np.asarray(data[x]), np.asarray(data[y])
        if not X.size or X.dtype.kind not in "biuf" or Y.dtype.kind not in "biuf":
            continue
        for features_first, samples_first_weights in product((False, True), repeat=2):
            X2 = X.reshape(1, -1) if X.ndim == 1 and features_first else X.reshape(len(X), -1)
            inputs, samples = X2.shape if features_first else X2.shape[::-1]
            for layers in _layers(arrays, inputs, samples_first_weights):
                outputs = layers[-1].units
                wanted = (outputs, samples) if features_first else (samples, outputs)
                classes = outputs > 1 and _are_classes(Y, samples, outputs)
                if classes or Y.shape == wanted or (outputs == 1 and Y.shape == (samples,)):
                    turned = features_first == samples_first_weights
                    yield Arrangement(inputs, layers, samples, features_first, turned, x, y, classes)


def _are_classes(Y: Any, samples: int, outputs: int) -> bool:
    whole = Y.size == samples and Y.ndim == 1 and bool(np.all(np.round(Y) == Y))
    return whole and bool(np.all((Y >= 0) & (outputs > Y)))


def _layers(arrays: Mapping[str, Any], inputs: int, in_out: bool) -> list[tuple[Layer, ...]]:
    """Return the ways to read arrays as layers: a bias behind its weights, or all biases behind or before all."""
    shapes = [(name, np.shape(A)) for name, A in arrays.items()]
    found = list(_in_turn(shapes, inputs, in_out))
    half = len(shapes) // 2
    if len(shapes) % 2 == 0:
        for first, second in ((shapes[:half], shapes[half:]), (shapes[half:], shapes[:half])):
            mixed = [shape for pair in zip(first, second, strict=True) for shape in pair]
            found += [layers for layers in _in_turn(mixed, inputs, in_out) if len(layers) == half]
    return list(dict.fromkeys(found))


def _in_turn(shapes: list[tuple[str, tuple[int, ...]]], below: int, in_out: bool) -> Iterator[tuple[Layer, ...]]:
    """Yield the ways to read arrays in their order as layers upon a width."""
    (name, shape), rest = shapes[0], shapes[1:]
    units = _units(shape, below, in_out)
    # A vector of weights makes one output, and then there is no further layer.
    if units is None or (len(shape) == 1 and len(rest) > 1):
        return
    if not rest:
        yield (Layer(name, "", units),)
        return
    if _fits_bias(rest[0][1], units):
        with_bias = Layer(name, rest[0][0], units)
        if len(rest) == 1:
            yield (with_bias,)
        else:
            yield from ((with_bias, *others) for others in _in_turn(rest[1:], units, in_out))
    if len(rest[0][1]) > 1:
        yield from ((Layer(name, "", units), *others) for others in _in_turn(rest, units, in_out))


def _units(shape: tuple[int, ...], below: int, in_out: bool) -> int | None:
    if len(shape) == 1:
        return 1 if shape[0] == below else None
    if len(shape) != 2:
        return None
    own, units = shape if in_out else shape[::-1]
    return units if own == below else None


def _fits_bias(shape: tuple[int, ...], units: int) -> bool:
    return shape in ((units,), (units, 1), (1, units)) or (shape == () and units == 1)

"""Drawn arguments of a program: parameters, inputs and targets that no wrong shape and no zero can hide behind."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

import numpy as np

from symnn.equations import Program
from symnn.notation import name_of

_GRID = 2**12


def batch_size(taken: set[int]) -> int:
    """Return the smallest batch of at least 3 samples that is no width, so that no axis passes for another.

    >>> batch_size({2, 3, 4})
    5
    """
    return next(size for size in count(3) if size not in taken)


def drawn(program: Program, sizes: Mapping[str, int], rng: np.random.Generator) -> dict[str, Any]:
    """Return an array of doubles for every parameter, input and target of a program.

    Parameters and inputs are normal. Targets lie between 0 and 1, add up to one where the program says so, and are
    among the values it allows where it allows only some.
    ``sizes`` gives the widths; sizes it does not give get numbers of their own.

    >>> from symnn.network import Dense, Network, program_of
    >>> net = Network(inputs=2, layers=[Dense(3, "softmax")], loss="categorical-cross-entropy")
    >>> arguments = drawn(program_of(net), {"n0": 2, "n1": 3}, np.random.default_rng(0))
    >>> arguments["X"].shape, arguments["Y"].sum(axis=0).tolist()
    ((2, 4), [1.0, 1.0, 1.0, 1.0])
    """
    known = dict(sizes)
    for symbol in program.sizes:
        if str(symbol) not in known:
            known[str(symbol)] = batch_size(set(known.values()))
    targets = set(map(name_of, program.targets))
    arrays = {}
    for name in map(name_of, program.leaves):
        shape = tuple(known.get(str(axis), 1) for axis in program.shapes[name])
        if name in program.labels:
            axis = list(program.shapes[name]).index(program.distributions[name].upper + 1)
            classes = rng.integers(shape[axis], size=shape[1 - axis])
            arrays[name] = np.moveaxis(np.eye(shape[axis])[classes], 0, 1 - axis)
        elif name in program.choices:
            arrays[name] = rng.choice([float(value) for value in program.choices[name]], size=shape)
        elif name in program.distributions:
            axis = list(program.shapes[name]).index(program.distributions[name].upper + 1)
            arrays[name] = _shares(shape, axis, rng)
        elif name in targets:
            arrays[name] = rng.integers(1, _GRID, size=shape) / _GRID
        else:
            arrays[name] = np.round(rng.normal(size=shape) * _GRID) / _GRID
    return arrays


def _shares(shape: tuple[int, ...], axis: int, rng: np.random.Generator) -> Any:
    """Return positive doubles that add up to exactly one along an axis."""
    parts = np.moveaxis(rng.integers(1, _GRID // shape[axis], size=shape) / _GRID, axis, 0)
    parts[-1] = 1 - parts[:-1].sum(axis=0)
    return np.moveaxis(parts, 0, axis)

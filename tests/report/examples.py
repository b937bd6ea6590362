"""Examples to report on: any network at drawn numbers, without a file of its own."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from symnn.derivation import derive
from symnn.errors import InputError
from symnn.kernels import data_names
from symnn.library import Example, Findings, Point, check, load
from symnn.network import LAYOUTS, Dense, Network
from symnn.notation import name_of
from symnn.rules import ACTIVATIONS, LOSSES, NORMALISERS
from symnn.verification import drawn
from tests.grids import covering

OR_GATE = load("or-gate")
# The verdicts of another example, because a drawn one has no code of its own to be judged.
FINDINGS: Findings = replace(check(OR_GATE), accounts=())


def example(network: Network, samples: int = 4, decimals: int = 1, seed: int = 0) -> Example:
    """Return an example of a network with drawn parameters, rounded, and data."""
    derivation = derive(network)
    sizes = {**{str(size): extent for size, extent in network.sizes.items()}, "m": samples}
    arrays = drawn(derivation.program, sizes, np.random.default_rng(seed))
    parameters = {name_of(parameter): arrays[name_of(parameter)] for parameter in derivation.program.parameters}
    point = Point(
        parameters={name: nested(A, decimals) for name, A in parameters.items()},
        data={name: nested(arrays[name], 12) for name in data_names(derivation.program)},
        learning_rate="1/10",
    )
    return replace(OR_GATE, source=network, derivation=derivation, point=point, published=(), title=f"{network}")


def nested(A: Any, decimals: int) -> Any:
    """Return an array as nested lists of fractions of its rounded entries."""
    if np.ndim(A):
        return [nested(part, decimals) for part in A]
    return Fraction(str(round(float(A), decimals)))


def networks() -> dict[str, Network]:
    """Return networks in every layout: every activation under one loss, every loss under a few, hidden and last."""
    found = {}
    learning = [name for name, row in ACTIVATIONS.items() if row.no_gradient is None]
    plain = {"linear", "sigmoid", "relu", *NORMALISERS}
    for name, loss, layout in itertools.product([*learning, *NORMALISERS], LOSSES, LAYOUTS):
        if LOSSES[loss].no_gradient or (name not in plain and loss != "squared-error"):
            continue
        try:
            network = Network(inputs=2, layers=[Dense(3, name), Dense(2, name)], loss=loss, layout=layout)
        except InputError:
            continue
        found[f"{name}, {loss}, {layout}"] = network
    return found


def representative(found: Mapping[str, Network]) -> list[str]:
    """Return the names of a few of `networks`: of every activation, of every loss and of every layout there is one."""
    return [", ".join(row) for row in covering(tuple(name.split(", ")) for name in found)]

"""A subject read as a network: one that was described, or one that its loss was recognised as."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symnn.derivation import derive
from symnn.errors import InputError
from symnn.kernels import arguments
from symnn.network import Network
from symnn.verification.arrangement import Arrangement, arrangements
from symnn.verification.subject import Described, Subject


def described_as(subject: Subject, network: Network) -> Described:
    """Return a subject as the network that it is said to be, its parameters named or else shaped as those of it.

    Raises `InputError` where neither names nor shapes fit.
    """
    derivation = derive(network)
    try:
        arrays = arguments(derivation.program, derivation.sizes, subject.parameters.arrays, subject.data)
    except InputError:
        arrangement = _arrangement(subject, network)
        if arrangement is None:
            raise
        return arranged_as(subject, network, arrangement)
    return Described(network, derivation, lambda point: {**arrays, **point}, lambda found, point: dict(found))


def arranged_as(subject: Subject, network: Network, arrangement: Arrangement) -> Described:
    """Return a subject as a network whose arrays it keeps under other names, or the other way round."""
    X, Y = arrangement.data(subject.data)

    def gradients(found: Mapping[str, Any], point: Mapping[str, Any]) -> Mapping[str, Any]:
        return arrangement.parameters(found)

    return Described(
        network,
        derive(network),
        lambda point: {**arrangement.parameters(point), "X": X, "Y": Y},
        gradients,
        names=arrangement.names,
    )


def _arrangement(subject: Subject, network: Network) -> Arrangement | None:
    """The way to read the arrays as the layers of a network, by shape and role."""
    units = [layer.units for layer in network.layers]
    biases = [layer.bias for layer in network.layers]
    for one in arrangements(subject.parameters.arrays, subject.data):
        fits = one.inputs == network.inputs and [layer.units for layer in one.layers] == units
        same = one.features_first == (network.layout == "features-first")
        if fits and same and [bool(layer.bias) for layer in one.layers] == biases:
            return one
    return None

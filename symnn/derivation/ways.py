"""The derivations of the rows' own derivatives, by row and name: of every activation, every normaliser, every loss."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from symnn.derivation.ways_activations import WAYS_OF_ACTIVATIONS
from symnn.derivation.ways_laws import Way
from symnn.derivation.ways_losses import WAYS_OF_LOSSES
from symnn.derivation.ways_normalisers import WAYS_OF_NORMALISERS
from symnn.errors import unknown
from symnn.rules import ACTIVATIONS, LOSSES, NORMALISERS

# Every derivation, by the row it is of and by its name.
WAYS: Mapping[tuple[str, str], Way] = MappingProxyType(
    {(way.row, way.name): way for way in (*WAYS_OF_ACTIVATIONS, *WAYS_OF_NORMALISERS, *WAYS_OF_LOSSES)}
)


def ways_of(row: str) -> tuple[Way, ...]:
    """Return the derivations of the derivative of an activation, a normaliser or a loss, in the order of the table.

    A loss without a gradient has none; its row says why. Raises `InputError` for a name that is in no table.

    >>> [way.name for way in ways_of("sigmoid")]
    ['substitution', 'quotient rule']
    >>> for move in ways_of("tanh")[0].moves[2:]:
    ...     print(move.rule, "|", move.after)
    exponential rule | (-(exp(z) - exp(-z))**2 + (exp(z) + exp(-z))**2)/(exp(z) + exp(-z))**2
    algebra | -(exp(z) - exp(-z))**2/(exp(z) + exp(-z))**2 + 1
    in the output | 1 - a**2
    >>> ways_of("binary-cross-entropy")[1].result
    p - y
    """
    if row not in ACTIVATIONS and row not in NORMALISERS and row not in LOSSES:
        raise unknown("activation or loss", row, [*ACTIVATIONS, *NORMALISERS, *LOSSES])
    return tuple(way for (of, _), way in WAYS.items() if of == row)

"""The tables: activations and losses, a row each."""

from symnn.rules.activations import ACTIVATIONS, Activation, activation
from symnn.rules.constants import Constant
from symnn.rules.losses import LOSSES, Loss, loss
from symnn.rules.normalisers import NORMALISERS, Normaliser
from symnn.rules.recognise import (
    Activated,
    Measured,
    Normalised,
    recognise_activation,
    recognise_loss,
    recognise_normaliser,
)
from symnn.rules.stable import HELPERS, helpers_for

__all__ = [
    "ACTIVATIONS",
    "HELPERS",
    "LOSSES",
    "NORMALISERS",
    "Activated",
    "Activation",
    "Constant",
    "Loss",
    "Measured",
    "Normalised",
    "Normaliser",
    "activation",
    "helpers_for",
    "loss",
    "recognise_activation",
    "recognise_loss",
    "recognise_normaliser",
]

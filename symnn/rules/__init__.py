"""The tables: activations and losses, a row each."""

from symnn.rules.activations import ACTIVATIONS, NORMALISERS, Activation, Normaliser, activation
from symnn.rules.losses import LOSSES, Loss, loss
from symnn.rules.recognise import Activated, Normalised, recognise_activation, recognise_normaliser
from symnn.rules.stable import HELPERS

__all__ = [
    "ACTIVATIONS",
    "HELPERS",
    "LOSSES",
    "NORMALISERS",
    "Activated",
    "Activation",
    "Loss",
    "Normalised",
    "Normaliser",
    "activation",
    "loss",
    "recognise_activation",
    "recognise_normaliser",
]

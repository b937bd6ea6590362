"""Networks as people describe them, and the equations they stand for."""

from symnn.network.description import LAYOUTS, REDUCTIONS, Dense, Network
from symnn.network.lowering import program_of, program_of_loss
from symnn.network.table import network_from_table, read_network, to_table

__all__ = [
    "LAYOUTS",
    "REDUCTIONS",
    "Dense",
    "Network",
    "network_from_table",
    "program_of",
    "program_of_loss",
    "read_network",
    "to_table",
]

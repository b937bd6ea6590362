"""Networks as people describe them, and the equations they stand for."""

from symnn.network.description import LAYOUTS, REDUCTIONS, Dense, Network
from symnn.network.lowering import program_of, program_of_loss
from symnn.network.table import BESIDE, network_from_table, network_in, read_network, read_table, to_table

__all__ = [
    "BESIDE",
    "LAYOUTS",
    "REDUCTIONS",
    "Dense",
    "Network",
    "network_from_table",
    "network_in",
    "program_of",
    "program_of_loss",
    "read_network",
    "read_table",
    "to_table",
]

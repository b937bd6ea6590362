"""Exact gradients as trees of named steps."""

from symnn.derivation.derivation import Derivation, derive
from symnn.derivation.merges import MERGES
from symnn.derivation.steps import (
    LocalGradient,
    Merge,
    Path,
    Product,
    SlopeInInput,
    SlopeInOutput,
    Step,
    SumOverPaths,
    UpstreamGradient,
)
from symnn.derivation.telling import told_equations, told_step

__all__ = [
    "MERGES",
    "Derivation",
    "LocalGradient",
    "Merge",
    "Path",
    "Product",
    "SlopeInInput",
    "SlopeInOutput",
    "Step",
    "SumOverPaths",
    "UpstreamGradient",
    "derive",
    "told_equations",
    "told_step",
]

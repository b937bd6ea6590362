"""Exact gradients as trees of named steps."""

from symnn.derive.derivation import Derivation, derive
from symnn.derive.merges import MERGES
from symnn.derive.steps import (
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
from symnn.derive.telling import told_equations, told_step

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

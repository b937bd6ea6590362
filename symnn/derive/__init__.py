"""Exact gradients as trees of named steps."""

from symnn.derive.derivation import Derivation, derive
from symnn.derive.merges import MERGES
from symnn.derive.steps import (
    LocalGradient,
    Merge,
    Path,
    Product,
    SlopeInOutput,
    Step,
    SumOverPaths,
    UpstreamGradient,
)

__all__ = [
    "MERGES",
    "Derivation",
    "LocalGradient",
    "Merge",
    "Path",
    "Product",
    "SlopeInOutput",
    "Step",
    "SumOverPaths",
    "UpstreamGradient",
    "derive",
]

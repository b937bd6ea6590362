"""Number systems over which unmodified NumPy code runs: exact rationals, balls, dual balls, signatures, and traces."""

from __future__ import annotations

from symnn.scalars.base import Scalar, ScalarArray
from symnn.scalars.dual_numbers import Dual
from symnn.scalars.functions import FUNCTIONS
from symnn.scalars.guards import Guarded, guarded, with_guards, without_guards
from symnn.scalars.making import (
    DEFAULT_BITS,
    EXACT,
    all_overlap,
    array,
    ball,
    certified_digits,
    distinct,
    dual,
    duals,
    floats,
    inner,
    log10_upper,
    midpoint,
    midpoints,
    moving,
    overlaps,
    signature,
    signatures,
    trace,
    traced,
    values,
)
from symnn.scalars.plain import Ball, Exact
from symnn.scalars.registered import register_function
from symnn.scalars.run import NumberSystem, Run, Slack, precision
from symnn.scalars.runner import collector_paused, running
from symnn.scalars.signature_numbers import Signature
from symnn.scalars.tower import Tower
from symnn.scalars.traces import Trace

__all__ = [
    "DEFAULT_BITS",
    "EXACT",
    "FUNCTIONS",
    "Ball",
    "Dual",
    "Exact",
    "Guarded",
    "NumberSystem",
    "Run",
    "Scalar",
    "ScalarArray",
    "Signature",
    "Slack",
    "Tower",
    "Trace",
    "all_overlap",
    "array",
    "ball",
    "certified_digits",
    "collector_paused",
    "distinct",
    "dual",
    "duals",
    "floats",
    "guarded",
    "inner",
    "log10_upper",
    "midpoint",
    "midpoints",
    "moving",
    "overlaps",
    "precision",
    "register_function",
    "running",
    "signature",
    "signatures",
    "trace",
    "traced",
    "values",
    "with_guards",
    "without_guards",
]

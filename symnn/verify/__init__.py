"""Certified checks of hand-written gradients: verdicts with evidence."""

from __future__ import annotations

from symnn.verify.compare import compare_arrays
from symnn.verify.drawing import drawn
from symnn.verify.entry import verify, verify_function
from symnn.verify.evidence import LEVELS, Diagnosis, Evidence, Level
from symnn.verify.formulas import recovered_latex
from symnn.verify.identical import identical
from symnn.verify.levels import ASKED, Asked
from symnn.verify.numerical import NumericalCheck, check_numerically, step_sweep
from symnn.verify.pair import verify_pair
from symnn.verify.proved import prove
from symnn.verify.stack import verify_stack
from symnn.verify.verdict import Check, Outcome, Verdict

__all__ = [
    "ASKED",
    "LEVELS",
    "Asked",
    "Check",
    "Diagnosis",
    "Evidence",
    "Level",
    "NumericalCheck",
    "Outcome",
    "Verdict",
    "check_numerically",
    "compare_arrays",
    "drawn",
    "identical",
    "prove",
    "recovered_latex",
    "step_sweep",
    "verify",
    "verify_function",
    "verify_pair",
    "verify_stack",
]

"""Certified checks of hand-written gradients: verdicts with evidence."""

from __future__ import annotations

from symnn.verification.drawing import drawn
from symnn.verification.entry import verify, verify_function, verify_subject
from symnn.verification.evidence import LEVELS, Diagnosis, Evidence, Level
from symnn.verification.formulas import recovered_latex
from symnn.verification.levels import ASKED, Asked
from symnn.verification.numerical import NumericalCheck, check_numerically, step_sweep
from symnn.verification.pair import certify
from symnn.verification.proved import prove
from symnn.verification.repair import EFFORT
from symnn.verification.verdict import Check, Outcome, Verdict

__all__ = [
    "ASKED",
    "EFFORT",
    "LEVELS",
    "Asked",
    "Check",
    "Diagnosis",
    "Evidence",
    "Level",
    "NumericalCheck",
    "Outcome",
    "Verdict",
    "certify",
    "check_numerically",
    "drawn",
    "prove",
    "recovered_latex",
    "step_sweep",
    "verify",
    "verify_function",
    "verify_subject",
]

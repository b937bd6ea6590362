"""Equations in index notation, and programs made of them: what every network is to symnn."""

from symnn.equations.equation import Equation, Term, equation_of_terms, occurrences
from symnn.equations.program import Program

__all__ = ["Equation", "Program", "Term", "equation_of_terms", "occurrences"]

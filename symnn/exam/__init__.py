"""Problem sets: variants with good numbers, derived answers, keys, sheets, exports to where courses live."""

from symnn.exam.model import Answer, Ask, Bounds, Problem, ProblemSet, Solved, Variant, Wrong

__all__ = ["Answer", "Ask", "Bounds", "Problem", "ProblemSet", "Solved", "Variant", "Wrong"]

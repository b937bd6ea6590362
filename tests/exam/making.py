"""Makers of variants, each made once for all tests: to try a problem is most of the work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

from symnn.exam import Problem, ProblemSet, Variant
from symnn.exam.variants import Maker, variants

_MADE: dict[tuple[str, ...], Maker] = {}


def maker(problem: Problem) -> Maker:
    """The maker of a problem: the same for one that says the same, whatever file it was read from."""
    plain = replace(problem, example=cast("Any", None))
    key = (repr(plain), str(problem.example.derivation), repr(problem.example.point))
    if key not in _MADE:
        _MADE[key] = Maker(problem)
    return _MADE[key]


def shared_variants(problem_set: ProblemSet, count: int, seed: int, *, first: int = 1) -> Iterator[Variant]:
    """What `variants` yields, by makers that other tests have too."""
    makers = [maker(problem) for problem in problem_set.problems]
    return variants(problem_set, count, seed, first=first, makers=makers)

"""A problem set with numbers that are known, and files of answers to it marked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from symnn.exam import ProblemSet, Solved
from symnn.exam.bench import Bench
from symnn.exam.reading import read_problem_set
from symnn.grade import Mark, Marked, mark_by, parse_answers
from tests.exam.making import maker

HEAD = "student,variant,question,value\n"

PROBLEM = """
[[problems]]
id = "{id}"
derivation = "two-three-two"
title = "Two linear layers"
text = "Two linear layers see one sample."
decimals = {decimals}
[problems.bounds]
fixed = ["X", "Y", "W1", "b1", "W2", "b2"]
{asks}
"""

ASK = '[[problems.asks]]\nquantity = "{quantity}"\npoints = {points}\n'


@dataclass(frozen=True, eq=False)
class Quiz:
    """A problem set, its benches, and its problems solved; the numbers are the same in every variant."""

    problem_set: ProblemSet
    benches: tuple[Bench, ...]
    solved: tuple[Solved, ...]


@cache
def quiz(*asked: str, ids: tuple[str, ...] = ("two",), decimals: int = 2) -> Quiz:
    """Ask for quantities of the 2-3-2 example's own numbers: Z1 (7, −22, −3), Z2 (−21, −2), L 260, dZ2 (−22, −6)."""
    asks = "\n".join(ASK.format(quantity=one, points=6) for one in asked)
    problems = "\n".join(PROBLEM.format(id=one, asks=asks, decimals=decimals) for one in ids)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "quiz.toml"
        path.write_text(f'title = "Quiz"\n{problems}', encoding="utf-8")
        problem_set = read_problem_set(path)
    makers = [maker(problem) for problem in problem_set.problems]
    return Quiz(problem_set, tuple(one.bench for one in makers), tuple(one.solved(0, 1) for one in makers))


def mark(of: Quiz, content: str) -> Marked:
    """Mark the text of a file."""
    return mark_by(of.problem_set, of.benches, parse_answers(content.encode()), lambda place, _: of.solved[place])


def marks(of: Quiz, **given: str) -> dict[str, Mark]:
    """Mark what one student gave, by the names of the questions; return the marks by the ids of the answers."""
    rows = "\n".join(f'ada,1,{question},"{value}"' for question, value in given.items())
    (sheet,) = mark(of, HEAD + rows).sheets
    return {one.id: one for one in sheet.marks}

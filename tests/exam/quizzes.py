"""A small problem set with every kind of question, and its variants."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

from symnn.exam import ProblemSet, Variant
from symnn.exam.reading import read_problem_set
from symnn.exam.wording import Wordings, checked
from tests.exam.making import shared_variants

QUIZ = """
title = "Two networks"

[report]
notation = "subscript"

[[problems]]
derivation = "two-three-two"
title = "Two linear layers"
text = "Two dense layers without activations see one sample."
decimals = 2
[problems.bounds]
least = -3
most = 3
[[problems.asks]]
quantity = "Z1"
[[problems.asks]]
quantity = "L"
[[problems.asks]]
quantity = "dW1"
points = 4
[[problems.asks]]
quantity = "dW2[1, 2]"
digits = 3
[[problems.asks]]
quantity = "W2_new"
[[problems.asks]]
quantity = "L_new"
[[problems.asks]]
quantity = "formula:dW2"
[[problems.asks]]
kind = "code"

[[problems]]
derivation = "or-gate"
title = "The OR gate"
text = "A sigmoid neuron looks at four samples."
given = ["Z1"]
decimals = 4
[problems.bounds]
least = -1
most = 1
step = 0.1
fixed = ["X", "Y"]
[[problems.asks]]
quantity = "A1"
[[problems.asks]]
quantity = "A1_slope"
[[problems.asks]]
quantity = "dZ1"
[[problems.asks]]
quantity = "A1_new[1, 2]"
"""

# One that takes little time.
LIGHT = """
title = "One neuron"
[[problems]]
derivation = "linear-neuron"
decimals = 2
[problems.bounds]
least = -4
most = 4
[[problems.asks]]
quantity = "Z1"
[[problems.asks]]
quantity = "L"
[[problems.asks]]
quantity = "dW1"
"""

HOSTILE = r"\input{/etc/passwd} <script>alert(1)</script> $x$ % & # _ ^ ~ \end{document} 猫"


def write(folder: Path, *changes: tuple[str, str], text: str = QUIZ) -> Path:
    """Write the problem set into a folder, with some texts replaced."""
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "quiz.toml"
    path.write_text(text, encoding="utf-8")
    return path


@cache
def made(*changes: tuple[str, str], count: int = 2) -> tuple[Wordings, tuple[Variant, ...]]:
    """Return the wordings of the set, with some texts of its file replaced, and its variants."""
    with tempfile.TemporaryDirectory() as folder:
        problem_set = read_problem_set(write(Path(folder), *changes))
    return checked(problem_set), tuple(shared_variants(problem_set, count, seed=7))


def hostile() -> tuple[Wordings, Variant]:
    """Return the set with texts in it that mean something to LaTeX and to HTML, and its first variant."""
    wordings, (variant, *_) = made()
    changed = [replace(one, title=HOSTILE, text=HOSTILE) for one in wordings.problem_set.problems]
    problem_set: ProblemSet = replace(wordings.problem_set, title=HOSTILE, problems=tuple(changed))
    problems = {one.id: one for one in changed}
    solved = tuple(replace(one, problem=problems[one.problem.id]) for one in variant.problems)
    return checked(problem_set), replace(variant, problems=solved)

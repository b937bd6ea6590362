"""Problems on derivations of the library, for tests: a name, what is asked, and the bounds."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from symnn.exam import Ask, Bounds, Problem, ProblemSet
from symnn.exam.model import NUMBER
from symnn.exam.reading import read_problem_set
from symnn.library import load


def problem(name: str, asked: str, *, dead: bool = False, **changed: Any) -> Problem:
    """A problem on a derivation that asks for whole arrays; bounds are texts, ``decimals`` or ``digits`` a number."""
    example = load(name)
    decimals, digits = changed.pop("decimals", None), changed.pop("digits", None)
    if decimals is digits is None:
        decimals = 3
    asks = tuple(Ask(one.replace("_", "-"), one, NUMBER, Fraction(1), None, decimals, digits) for one in asked.split())
    bounds = {key: value if isinstance(value, bool | tuple) else Fraction(value) for key, value in changed.items()}
    return Problem(name, example.title, "", example, asks, Bounds(**bounds), dead=dead)


def described(folder: Path, text: str) -> ProblemSet:
    """The problem set that a text describes."""
    path = folder / "quiz.toml"
    path.write_text(text, encoding="utf-8")
    return read_problem_set(path)


TWO_THREE_TWO = problem("two-three-two", "Z1 Z2 L dZ2 dW2 db2 dZ1 dW1 db1 W1_new b1_new W2_new b2_new L_new")
"""The 2-3-2 problem as it is asked in the set that ships with the library."""

OR_GATE = problem(
    "or-gate", "Z1 A1 L dZ1 dW1 db1 W1_new b1_new", least=-1, most=1, step="0.1", fixed=("X", "Y"), decimals=4
)
"""The neuron of the OR gate."""
TWO_THREE_ONE = problem("two-three-one", "A1 A2 L dZ2 dW2 dZ1 dW1", least=-2, most=2, step="0.1", digits=4)
"""Two sigmoid layers, samples first."""
SOFTMAX = problem("softmax-cross-entropy", "A L dZ", least=-2, most=2, step="0.5", decimals=3)
"""Softmax of four logits, one-hot targets; equations, not a network."""
EVERY = {one.id: one for one in (TWO_THREE_TWO, OR_GATE, TWO_THREE_ONE, SOFTMAX)}
"""All of them by name."""

"""What a format marks, held against the key: the same questions for every format, asked of whoever reads it back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache

from symnn.exam import Answer, Ask, ProblemSet, Variant
from symnn.exam.exports.intervals import decimal, rational
from symnn.exam.reading import read_problem_set
from symnn.library import folder
from tests.exam.making import shared_variants
from tests.grids import EVERYTHING

# An answer by its variant, problem and own name; and what marks a text typed there: its share, and what is said.
Key = tuple[int, str, str]
Mark = Callable[[str], tuple[Fraction, str]]

STRIDE = 1 if EVERYTHING else 7
"""In an ordinary run every so-manieth wrong answer of an entry is typed."""

HOSTILE = (
    r"""</p>]]> <script>alert(1)</script> & {1:NM:=5~#no} \(x\) $y$ \input{/x} {{params}} "a" 'b' `c` """
    r"""![i](f) %0% </text> # ~ \num{3} *d* _e_ ### BEGIN SOLUTION <% f %> << g >>"""
    " ''' \"\"\""
)
"""A text with something in it that means something to every format."""


@cache
def made() -> tuple[ProblemSet, tuple[Variant, ...]]:
    """The set that ships with symnn, with one entry asked for beside whole arrays, in two variants."""
    own = read_problem_set(folder() / "backprop-quiz.toml")
    entry = Ask("first", "W1_new", "number", Fraction(1, 2), place=(0, 1), digits=3)
    problems = [replace(one, asks=(*one.asks, entry)) if one.id == "two-three-two" else one for one in own.problems]
    whole = replace(own, problems=tuple(problems))
    return whole, tuple(shared_variants(whole, 2, seed=7))


@cache
def small() -> tuple[ProblemSet, tuple[Variant, ...]]:
    """Two problems of the set in one variant, for what is planted in it."""
    whole, (first, *_) = made()
    kept = tuple(one for one in first.problems if one.problem.id in ("two-three-two", "softmax"))
    return replace(whole, problems=tuple(one.problem for one in kept)), (replace(first, problems=kept),)


@cache
def hostile() -> tuple[ProblemSet, tuple[Variant, ...]]:
    """A set that people have written strange things into."""
    whole, found = made()
    problems = {one.id: replace(one, title=HOSTILE, text=f"{HOSTILE}\n\n{HOSTILE}") for one in whole.problems}
    changed = replace(
        found[0], problems=tuple(replace(one, problem=problems[one.problem.id]) for one in found[0].problems)
    )
    return replace(whole, title=f"Quiz / {HOSTILE}", problems=tuple(problems.values())), (changed,)


def answers(variants: Iterable[Variant]) -> Iterator[tuple[Key, Answer]]:
    """Yield every answer of some variants by its key."""
    for variant in variants:
        for one in variant.problems:
            yield from (((variant.number, one.problem.id, answer.id), answer) for answer in one.answers)


def told(text: str) -> str:
    """A sentence without what a format may change of it: the case of its first letter."""
    return text[:1].lower() + text[1:]


def disagreements(variants: Iterable[Variant], read: Mapping[Key, Mark]) -> Iterator[str]:
    """Yield where a format marks otherwise than the key: right answers, modelled wrong ones, and any other number."""
    expected = dict(answers(variants))
    if set(expected) != set(read):
        yield f"questions differ: {sorted(set(expected) ^ set(read))[:3]}"
        return
    for key, answer in expected.items():
        mark = read[key]
        middle = (answer.least + answer.most) / 2
        for text in (answer.shown, decimal(rational(answer.exact)), decimal(middle)):
            if mark(text)[0] != 1:
                yield f"{key}: {text} is right, and earns {mark(text)[0]}"
        outside = (answer.most - answer.least) * 2 + 10**6
        for text in (decimal(answer.most + outside), decimal(answer.least - outside)):
            if mark(text)[0] != 0:
                yield f"{key}: {text} is far off, and earns {mark(text)[0]}"
        yield from _wrong(key, answer, mark)


def _wrong(key: Key, answer: Answer, mark: Mark) -> Iterator[str]:
    # Another part for another entry, so that every mistake of an array is typed somewhere.
    for one in answer.wrong[sum(map(ord, key[2])) % STRIDE :: STRIDE]:
        value, shown = rational(one.value), Fraction(one.shown)
        if answer.least <= value <= answer.most:
            continue
        typed = [decimal(value)] + ([] if answer.least <= shown <= answer.most else [one.shown])
        for text in typed:
            share, said = mark(text)
            if share != 0:
                yield f"{key}: {text} is wrong ({one.said}), and earns {share}"
            elif told(one.said) not in said and one.said not in said and told(one.said) not in told(said):
                yield f"{key}: {text} is told {said!r}, not {one.said!r}"

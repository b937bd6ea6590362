"""A student's sheet read for answers: every number that it shows, and every number that it must not show."""

from __future__ import annotations

import html
import re
from contextlib import nullcontext
from dataclasses import replace
from functools import cache

import numpy as np
from sympy import Rational

from symnn.library import BITS, Pass, work
from symnn.notation import name_of
from symnn.report import report
from symnn.report.form import Form
from symnn.report.numbers import number
from symnn.scalars import EXACT, Ball, Exact, ball, running
from tests.report.telling import bare

FORMS = (*(Form.of(decimals=count, fractions="never") for count in range(2, 7)), Form(), Form(fractions="always"))
"""How an answer may be printed."""
COUNTS = 40
"""Whole numbers up to this count something on every sheet: rows, questions, points, layers."""
DIVISORS = 8
"""No loss of the library divides by more than this, but for means over many entries."""

_NUMBER = re.compile(r"(?<![\w.}-])-?\d+(?:\.\d+)?(?:/\d+)?(?![\w.]*[A-Za-z])")
_FRACTION = re.compile(r"\\tfrac\{(\d+)\}\{(\d+)\}")
_DRAWN = re.compile(r"\(-?[\d.]+,-?[\d.]+\)|\\arraystretch\}\{[\d.]+\}|\\\\\[\d+pt\]")
_LAID_OUT = re.compile(
    r"\s(?:d|x|y|x1|x2|y1|y2|dx|dy|rx|ry|cx|cy|r|width|height|viewBox|transform|points|style|class|id|href|tabindex|"
    r'font-size|textLength|data-stage|data-after|data-back)="[^"]*"'
)


def rendered(name, **asked):
    """The student's sheet of a derivation, in both formats."""
    return report(bare(name), audience="student", **asked)


# Kept for all tests: one that changes how a sheet is made takes the one that is rendered then.
sheet = cache(rendered)


def numbers_on(text, kind):
    """Every number that a text shows or hides, as it stands there; where things are drawn is no number."""
    if kind == "latex":
        text = text.split(r"\begin{document}")[1].replace("{-}", "-")
        text = _DRAWN.sub(" ", _FRACTION.sub(r"\1/\2", text))
    else:
        text = re.sub(r"<(style|script)\b.*?</\1>", " ", text, flags=re.DOTALL)
        text = re.sub(r"<mfrac[^>]*>\s*<mn>(\d+)</mn>\s*<mn>(\d+)</mn>\s*</mfrac>", r" \1/\2 ", text)
        text = re.sub(r"<mo[^>]*>[−-]</mo>", " -", text).replace("−", "-").replace("\N{NON-BREAKING HYPHEN}", "-")
        text = html.unescape(_LAID_OUT.sub(" ", text))
        text = re.sub(r"</?\w+|[<>\"=/]+(?!\d)|(?<!\d)/", " ", text)
        text = re.sub(r"-\s+(?=\d)", "-", text)
    return set(_NUMBER.findall(text))


def printed(value):
    """A number in every way that it may be printed."""
    texts = {number(value, form)[0] for form in FORMS}
    return {_FRACTION.sub(r"\1/\2", text).split(r" \cdot")[0] for text in texts}


def given_names(example):
    program = example.derivation.program
    data = {name_of(tensor) for tensor in (*program.inputs, *program.targets)}
    return data, data | {name_of(tensor) for tensor in program.parameters}


@cache
def answers(name):
    """Every number that is to be found, as it may be printed, but for what equals a given one or a count."""
    example = bare(name)
    data, given = given_names(example)
    passes = work(example.derivation, example.point)
    shown, asked = set(), set()
    for place, done in enumerate(passes):
        for key, value in done.values.items():
            into = shown if key in data or (place == 0 and key in given) else asked
            into.update(*(printed(entry) for entry in np.ravel(np.asarray(value, dtype=object))))
    shown |= printed(EXACT.lift(example.point.exact_rate))
    # What a loss multiplies or divides by, and what a point is divided into.
    shown |= {text for most in range(2, DIVISORS + 1) for text in printed(Exact(f"1/{most}"))}
    # Constants of functions, such as the slope of a leaky ReLU, are part of the problem.
    rationals = {x for equation in example.derivation.program.equations for x in equation.right.atoms(Rational)}
    shown |= {text for x in rationals for text in printed(Exact(str(x)))}
    # A minus sign may belong to what stands before the number.
    shown |= {text.removeprefix("-") for text in shown}
    return {text for text in asked - shown if not (text.isdigit() and int(text) <= COUNTS)}


def other_numbers(work_of):
    """Stand in for `work`: what is given is as it was, every computed number is another one of the same shape."""

    def changed(derivation, point):
        data = {name_of(tensor) for tensor in (*derivation.program.inputs, *derivation.program.targets)}
        given = data | {name_of(tensor) for tensor in derivation.program.parameters}
        return tuple(
            Pass(values, values)
            for place, done in enumerate(work_of(derivation, point))
            for values in [
                {
                    key: value if key in (data if place else given) else _other(value)
                    for key, value in done.values.items()
                }
            ]
        )

    return changed


def _other(value):
    first = np.ravel(np.asarray(value, dtype=object))[0]
    with running(ball(BITS)) if isinstance(first, Ball) else nullcontext():
        return value + value + 7


def without_findings(example):
    """An example of which nothing is left but what a sheet may be made of."""
    return replace(example, published=(), code="", loss=None, grad=None)

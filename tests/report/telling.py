"""Derivations told in a style and a notation, without what costs time and is the same in all of them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from symnn.library import load, names, work
from symnn.report import NOTATIONS, report
from symnn.report.concrete import Concrete
from symnn.report.story import Teller
from tests.grids import EVERYTHING
from tests.report.examples import FINDINGS

# A neuron, matrices, a layer more, a rewrite, paths that meet, networks beside one another. What is committed shows
# every derivation, and LaTeX sets every one where it is installed.
REPRESENTATIVE = (
    names()
    if EVERYTHING
    else [
        "or-gate",
        "two-three-two",
        "two-three-one",
        "softmax-cross-entropy",
        "attention-head",
        "two-classifiers",
    ]
)
"""Derivations that stand for all in what is said of every one."""


@cache
def bare(name):
    """A derivation without its pictures, which are the same in every style and slow to draw."""
    return replace(load(name), exhibits=tuple)


@cache
def told(name, style=None, notation=None):
    return report(bare(name), FINDINGS, style=style, notation=notation)


def plain(text):
    """LaTeX without what only sets it: size of brackets, line breaks and alignment."""
    text = text.replace(r"\left", "").replace(r"\right", "").replace(r" \\[4pt]&", " ")
    return " ".join(text.replace("&", "").split())


def concrete(name, notation="default"):
    """The entries of a derivation at its point."""
    given = bare(name)
    passes = work(given.derivation, given.point)
    return Concrete(Teller(given.derivation, passes, "1", NOTATIONS[notation]))

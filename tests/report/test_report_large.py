"""The report of a network too large to be read number by number is short, and says what it leaves out."""

from __future__ import annotations

import itertools
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from symnn.library import check, read_described, work
from symnn.report import STYLES, report
from tests.grids import EVERYTHING, covering
from tests.report.tex import compiled

pytestmark = pytest.mark.time

PAGES = 20
TEXT = """
title = "Digits"
inputs = 784
loss = "categorical-cross-entropy"

[[layers]]
units = 128
activation = "{activation}"

[[layers]]
units = 10
activation = "softmax"

[point]
learning_rate = 0.1
seed = 7
samples = 4
"""
ELIDED = "dots stand for the others"
BY_ONE = {"scalar": "One of its 100352 entries stands for all", "chain": "One of its 100352 entries stands for all"}
BY_ONE["nested"] = "One of 100352 entries stands for all"


ACTIVATIONS = ("sigmoid", "relu") if EVERYTHING else ("relu",)


@cache
def large(activation):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "digits.toml"
        path.write_text(TEXT.format(activation=activation), encoding="utf-8")
        example = read_described(path)
    return example, check(example)


@cache
def worked(activation):
    example, _ = large(activation)
    return work(example.derivation, example.point)


@cache
def told(activation, style):
    # What is worked out of a hundred thousand parameters is the same in every style.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("symnn.report.context.work", lambda *_: worked(activation))
        return as_told(activation, style)


def as_told(activation, style):
    return report(*large(activation), style=style)


TELLINGS = covering(itertools.product(ACTIVATIONS, STYLES))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_derived_gradient_of_every_array_is_certified(activation):
    _, findings = large(activation)
    assert findings.derived.verdict == "equal"
    assert [one.name for one in findings.derived.checks] == ["W1", "b1", "W2", "b2"]


@pytest.mark.parametrize(("activation", "style"), TELLINGS)
def test_a_large_network_is_told_with_what_is_left_out(activation, style):
    texts = told(activation, style)
    shown = " ".join(texts["latex"].split())
    assert ELIDED in shown
    assert ELIDED in " ".join(texts["html"].split())
    assert BY_ONE.get(style, "") in shown


@pytest.mark.tex
@pytest.mark.parametrize(("activation", "style"), TELLINGS)
def test_a_large_network_fits_few_pages(activation, style, tmp_path):
    texts = told(activation, style)
    log = compiled(texts["latex"], tmp_path)
    assert log.complaints == []
    assert int(re.search(r"Output written on \S+ \((\d+) pages", log.text).group(1)) < PAGES


def test_a_small_network_is_told_in_full_and_says_nothing_of_dots(tmp_path):
    path = tmp_path / "small.toml"
    small = TEXT.replace("784", "2").replace("128", "3").replace("= 10", "= 2").format(activation="relu")
    path.write_text(small, encoding="utf-8")
    text = report(read_described(path), style="scalar")["latex"]
    assert ELIDED not in " ".join(text.split())
    assert "stands for all" not in text
    assert r"\ddots" not in text

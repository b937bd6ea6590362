"""Slides: a step on each frame, its title with section and quantity, and nothing that sticks out of a frame."""

from __future__ import annotations

import itertools
import os
import re

import pytest

from symnn.library import names
from symnn.report import report
from symnn.report.styles import STYLES
from tests.grids import covering
from tests.report.examples import FINDINGS
from tests.report.telling import bare
from tests.report.tex import compiled

FRAME = re.compile(r"\\begin\{frame\}(?:\[[^]]*\])?\{([^\n]*)\}\\small\\nobreak\n(.*?)\\end\{frame\}", re.DOTALL)
DETAILS = ("brief", "standard", "full")
GRID = list(itertools.product(names(), STYLES, DETAILS))
# Every style; the derivations with wide arrays, with tall ones, with long sums, with long tables. All where asked for.
HARD = [
    ("or-gate", "upstream-local", "full"),
    ("two-three-two", "scalar", "standard"),
    ("two-three-one", "delta", "standard"),
    ("or-gate", "chain", "standard"),
    ("four-three-two-one", "nested", "standard"),
    ("softmax-cross-entropy", "upstream-local", "standard"),
    ("cross-entropy-of-two-predictions", "delta", "standard"),
    ("cross-entropy-of-two-predictions", "upstream-local", "standard"),
    ("later-activations", "chain", "full"),
    ("activation-table", "scalar", "brief"),
]
SAMPLE = GRID if os.environ.get("SYMNN_EXPLORE") else HARD


def slides(name, **asked):
    return report(bare(name), FINDINGS, audience="slides", **asked)["latex"]


def frames(text):
    return [(title, body) for title, body in FRAME.findall(text)]


@pytest.mark.tex
@pytest.mark.parametrize(("name", "style", "detail"), SAMPLE)
def test_nothing_sticks_out_of_a_frame(name, style, detail, tmp_path):
    assert compiled(slides(name, style=style, detail=detail), tmp_path).complaints == []


@pytest.mark.tex
def test_what_is_too_high_for_a_frame_is_seen(tmp_path):
    text = slides("or-gate", detail="brief")
    too_high = r"\begin{frame}{}\rule{1pt}{400pt}\end{frame}"
    assert compiled(text.replace(r"\end{document}", too_high + "\n" + r"\end{document}"), tmp_path).overfull


@pytest.mark.parametrize("style", STYLES)
def test_every_step_has_a_frame_of_its_own(style):
    titles = [title for title, _ in frames(slides("two-three-two", style=style))]
    steps = [title for title in titles if title.startswith("\\symnnsection: ")]
    assert len(steps) >= 3 + (4 if style == "chain" else 5)
    assert len(set(steps)) == len(steps)
    assert r"\symnnsection: $\ell$" in steps


@pytest.mark.parametrize(("name", "style"), covering(itertools.product(["or-gate", "two-three-one"], STYLES)))
def test_no_frame_is_empty(name, style):
    found = frames(slides(name, style=style))
    assert len(found) > 10
    assert all(body.strip() for _, body in found)


def test_a_drawing_beside_a_step_knows_what_the_step_finds_and_nothing_after_it():
    body = dict(frames(slides("or-gate")))[r"\symnnsection: $L$"]
    assert r"\symnnbeside" in body
    assert "0.0889" in body
    assert "symnn backward" not in body


def test_a_long_table_goes_on_under_the_same_head():
    text = slides("four-three-two-one", style="nested")
    # One array of twelve entries, in three parts; the five other arrays fit.
    assert text.count("derivative & upstream times local & value") >= 3 + 5


@pytest.mark.tex
def test_the_number_of_frames_is_right_after_two_passes(tmp_path):
    text = slides("or-gate", detail="brief")
    compiled(text, tmp_path)
    log = compiled(text, tmp_path)
    (pages,) = re.findall(r"Output written on document.pdf \((\d+) pages", log.text)
    (counted,) = re.findall(r"\\inserttotalframenumber \{(\d+)\}", (tmp_path / "document.nav").read_text())
    assert pages == counted

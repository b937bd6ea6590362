"""The slips of everyday code are told: the line, the edit, and no word that misleads."""

from __future__ import annotations

import pytest

import symnn
from symnn.library import import_file
from tests.edits.everyday import SLIPS, text_of

# What is tried without further need; the others take minutes.
OFTEN = {"guards", "infinite", "transposed", "another constant"}


def marked(name):
    return pytest.param(name, marks=[] if name in OFTEN else [pytest.mark.time])


@pytest.mark.parametrize("name", list(map(marked, SLIPS)))
def test_the_slip_is_told_in_its_own_line(name, tmp_path):
    slip = SLIPS[name]
    text, right = text_of(slip), text_of(slip._replace(wrong={}))
    path = tmp_path / "mine.py"
    path.write_text(text, encoding="utf-8")
    module = import_file(path, "mine")
    verdict = symnn.verify(module.loss, module.grad, *module.example())
    assert verdict.verdict == "different"
    changed = [k for k, (a, b) in enumerate(zip(text.split("\n"), right.split("\n"), strict=False), 1) if a != b]
    found = verdict.diagnosis
    assert slip.said in found.said or not slip.said
    assert not slip.said or found.said
    if slip.right:
        assert slip.right in [one.edit[1] for one in found.mistakes]
        assert {one.line for one in found.mistakes} <= set(changed)
    assert found.mistakes or slip.said

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
    assert slip.said in found.said
    assert not slip.right or slip.right in [one.edit[1] for one in found.mistakes]
    # What the network's derivation names may be mended elsewhere as well.
    if slip.right or not slip.said:
        assert found.mistakes
        assert {one.line for one in found.mistakes} <= set(changed)


def test_where_nothing_is_found_the_first_line_that_is_no_derivative_is_told(tmp_path):
    slip = SLIPS["another constant"]
    wrong = {"slope": "dA1 * np.where(Z1 > 0, 1.234567, 0.7654321)"}
    text = text_of(slip._replace(wrong=wrong))
    path = tmp_path / "mine.py"
    path.write_text(text, encoding="utf-8")
    module = import_file(path, "mine")
    verdict = symnn.verify(module.loss, module.grad, *module.example(), effort=2)
    suspect = verdict.diagnosis.suspect
    assert not verdict.diagnosis
    assert suspect.right == ("dZ2", "dW2", "db2", "dA1")
    assert (suspect.name, text.split("\n")[suspect.line - 1].strip()) == ("dZ1", f"dZ1 = {wrong['slope']}")
    assert str(suspect) in str(verdict)

"""Where a notation turns the indices of weights against the arrays of the code, the report says so and where."""

from __future__ import annotations

import pytest

from symnn.report import NOTATIONS
from tests.report.telling import concrete, plain, told

SAID = "The arrays of the code and the matrices shown here hold them the other way round"
# A derivation and a notation, and the sentence's entry with its row and column; none where nothing is turned.
TURNED = {
    ("or-gate", "w-ij-k"): ("w^{1}_{21}", 1, 2),
    ("two-three-two", "w-ij-k"): ("w^{1}_{12}", 2, 1),
    ("four-three-two-one", "brackets"): ("w^{[1]}_{12}", 2, 1),
    ("or-gate", "brackets"): None,
    ("or-gate", "default"): None,
    ("four-three-two-one", "w-ij-k"): None,
    ("softmax-cross-entropy", "w-ij-k"): None,
}


@pytest.mark.parametrize(("name", "notation"), TURNED, ids=" ".join)
def test_the_report_says_which_entry_stands_where(name, notation):
    text, wanted = plain(told(name, notation=notation)["latex"]), TURNED[name, notation]
    if wanted is None:
        assert SAID not in text
        return
    entry, row, column = wanted
    assert f"{SAID}: ${entry}$ stands in row {row} and column {column} of" in text
    of, to = ("from", "to") if NOTATIONS[notation].order == "from-to" else ("to", "from")
    assert f"in the order {of}, {to}:" in text


@pytest.mark.parametrize(("name", "notation"), [pair for pair, wanted in TURNED.items() if wanted], ids=" ".join)
def test_the_entry_stands_there_in_the_array(name, notation):
    entries = concrete(name, notation)
    for one in entries.teller.turned():
        (tensor,) = (name for name in entries.teller.parameters if entries.teller.names.whole(name) == one.name)
        assert entries.name(tensor, (one.row - 1, one.column - 1)) == one.entry

"""Signatures go to a child and come back with all that is known of them, and what is malformed is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
from flint import arb, fmpz

from symnn.errors import UndecidedError
from symnn.sandbox import residues
from symnn.sandbox.codec import Reader, Writer
from symnn.sandbox.towers import Towers
from symnn.scalars import Signature, Tower, array, moving, running, signature, signatures


class Both:
    """A parent and a child that talk in this process."""

    def __init__(self):
        self.towers, there = Towers(), Towers(of_child=True)
        self.to, self.at = Writer(remembers=True, towers=self.towers), Reader(towers=there)
        self.back, self.here = Writer(towers=there), Reader(towers=self.towers)

    def there(self, tower, x):
        self.sent = json.dumps(self.to.message(tower=tower, x=x))
        return self.at.message(json.loads(self.sent))["x"]

    def returned(self, x):
        self.sent = json.dumps(self.back.message(x=x))
        return self.here.message(json.loads(self.sent))["x"]


def state(x):
    return x.residues, x.degree, x.opaque, x.rational, x.slope, str(x.value)


def test_signatures_come_through_with_all_that_is_known_of_them():
    tower, both = Tower(2, seed=0), Both()
    w = signatures("w", [[0.5, 2], [-3, 1]], tower)
    moved = moving(w, "w")
    numbers = array([0.1, 3], signature(tower))
    with running(signature(tower)):
        some = [w, moved, np.exp(moved), moved @ w / 3, w[0, 1], numbers, np.sqrt(moved * moved + 1), moved.T]
        for x in some:
            copy = both.there(tower, x)
            assert np.shape(copy) == np.shape(x)
            for a, b, c in zip(*(np.ravel(y).tolist() for y in (x, copy, both.returned(copy))), strict=True):
                assert b.tower is not tower
                assert c.tower is tower
                assert state(a) == state(b) == state(c)


def test_what_each_side_can_draw_is_not_sent():
    tower, both = Tower(4, seed=0), Both()
    w = signatures("w", np.arange(100), tower)
    for x in (w, moving(w, "w"), array(np.arange(100.0), signature(tower))):
        both.there(tower, x)
        assert len(both.sent) < 100 * 20
        both.there(tower, x.copy())
        assert len(both.sent) < 200


def test_of_a_large_result_the_first_level_comes_back(monkeypatch):
    tower, both = Tower(2, seed=0), Both()
    A = both.there(tower, signatures("w", np.arange(9.0), tower))
    A = A * A
    assert [len(x.residues) for x in both.returned(A)] == [3] * 9
    monkeypatch.setattr(residues, "MOST_IN_FULL", 1000)
    returned = both.returned(A)
    assert [x.residues for x in returned] == [x.residues[:1] for x in A]
    assert [x.degree for x in returned] == [(2, 0)] * 9


def test_a_number_that_holds_a_logarithm_comes_back_opaque():
    tower, both = Tower(2, seed=0), Both()
    y = np.log(both.there(tower, signatures("w", [2.0], tower)))
    assert not y[0].opaque
    assert both.returned(y)[0].opaque


P = Tower(2, "0.0").primes
ABOUT = {"shape": [3], "class": "scalars", "kind": "signature", "tower": 1}
GOOD = "1:0;;1,2,3;1:0;0;"
ENTRIES = {
    "a residue beyond the prime": f"1:0;;{int(P[0]):x};1:0;0;",
    "a negative residue": "1:0;;-1;1:0;0;",
    "more levels than the tower": "1:0;;1,1,1,1;1:0;0;",
    "no residues": "1:0;;;1:0;0;",
    "no hexadecimal": "1:0;;x;1:0;0;",
    "too few parts": "1:0;;1;1:0",
    "a negative degree": "1:0;;1;-1:0;0;",
    "half a degree": "1:0;;1;1;0;",
    "a flag of another kind": "1:0;;1;1:0;2;",
    "a slope beyond the prime": f"1:0;;1;1:0;0;{int(P[0]):x}:1:0:0",
    "half a slope": "1:0;;1;1:0;0;5:1",
    "a rational without a residue": f"1:0;1/{int(P[2]):x};;;;",
    "a rational of nothing": "1:0;1/0;;;;",
    "a shadow that is none": "here;;1;1:0;0;",
}
NUMBERS = {
    **{name: {**ABOUT, "text": f"{GOOD} {entry} {GOOD}"} for name, entry in ENTRIES.items()},
    "another tower": {**ABOUT, "tower": 2, "text": f"{GOOD} {GOOD} {GOOD}"},
    "a tower that is no number": {**ABOUT, "tower": [1], "text": f"{GOOD} {GOOD} {GOOD}"},
    "no tower": {"shape": [3], "class": "scalars", "kind": "signature", "text": GOOD},
    "what was never drawn": {**ABOUT, "drawn": "all", "direction": None, "text": "1:0 1:0 1:0"},
    "more than was drawn": {**ABOUT, "drawn": "parameters ", "direction": None, "text": "1:0 1:0 1:0 1:0"},
    "a direction that is none": {**ABOUT, "drawn": "parameters ", "direction": "parameters ", "text": "1:0 1:0 1:0"},
    "another shape": {**ABOUT, "shape": [4], "text": f"{GOOD} {GOOD} {GOOD}"},
}
NONE = {"dict": [["exceeded", False], ["strayed", False], ["rooted", {"list": []}]]}
RECORDS = {
    "no records": None,
    "a flag that is none": {"dict": [["exceeded", 1], ["strayed", False], ["rooted", {"list": []}]]},
    "a root that is no residue": {"dict": [["exceeded", False], ["strayed", False], ["rooted", {"list": ["-1"]}]]},
    "a root that is no text": {"dict": [["exceeded", False], ["strayed", False], ["rooted", {"list": [1]}]]},
}


@pytest.fixture
def reader():
    """What reads the answers of a child that was told of a tower, in which three numbers were drawn."""
    towers, tower = Towers(), Tower(2, "0.0")
    towers.written(tower)
    signatures("parameters ", [1.0, 2.0, 3.0], tower)
    return Reader(towers=towers)


@pytest.mark.parametrize("numbers", NUMBERS.values(), ids=NUMBERS)
def test_forged_residues_are_no_numbers(reader, numbers):
    with pytest.raises((ValueError, TypeError, KeyError)):
        reader.read({"numbers": numbers})


def test_residues_that_are_well_formed_are_numbers(reader):
    about = {**ABOUT, "text": f"{GOOD} 1:0;2/3;;;; 1:0;;1;1:0;1;5:1:0:0"}
    drawn = {**ABOUT, "drawn": "parameters ", "direction": None, "text": "1:0 1:0 1:0"}
    assert [len(x.residues) for x in reader.read({"numbers": about})] == [3, 3, 1]
    assert [x.degree for x in reader.read({"numbers": drawn})] == [(1, 0)] * 3


@pytest.mark.parametrize("records", RECORDS.values(), ids=RECORDS)
def test_forged_records_are_none_of_a_tower(reader, records):
    towers, tower = Towers(), Tower(0, "0.0")
    towers.written(tower)
    with pytest.raises((ValueError, TypeError, KeyError)):
        towers.take_in(reader.read(records))
    assert not tower.exceeded
    assert not tower.strayed
    assert not tower.rooted


def test_numbers_over_two_towers_are_undecided():
    both, towers = Both(), [Tower(0, seed) for seed in (1, 2)]
    with pytest.raises(UndecidedError, match="kept from an earlier run"):
        both.there(towers[0], [Signature(tower, arb(1), (fmpz(1),)) for tower in towers])
    mixed = np.array([Signature(tower, arb(1), (fmpz(1),)) for tower in towers])
    with pytest.raises(UndecidedError, match="kept from an earlier run"):
        both.there(towers[0], mixed)

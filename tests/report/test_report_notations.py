"""Every notation writes every derivation without ambiguity, and stands in every view."""

from __future__ import annotations

import itertools

import pytest

from symnn.errors import InputError
from symnn.library import names
from symnn.notation import adjoint_name
from symnn.report import NOTATIONS, Notation, report
from symnn.report.names import Names
from tests.report.examples import FINDINGS
from tests.report.telling import bare, concrete, told


def names_in(name, notation):
    return Names(bare(name).derivation, NOTATIONS[notation] if isinstance(notation, str) else notation)


def looks(written):
    """How every tensor of a program is written, whole and by its general entry."""
    return {name: {written.whole(name), written.entry_of(name)} for name in written.program.shapes}


def alike(table):
    return [(one, other) for one, other in itertools.combinations(table, 2) if table[one] & table[other]]


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("name", names())
def test_no_two_tensors_are_written_alike(name, notation):
    assert alike(looks(names_in(name, notation))) == []


def test_tensors_written_alike_would_be_seen():
    assert alike({"A": {"a", "a_i"}, "B": {"b", "a_i"}, "C": {"c"}}) == [("A", "B")]


def test_where_a_notation_would_write_two_tensors_alike_they_keep_their_letters():
    greedy = Notation("greedy", "everything is q", symbols=dict.fromkeys("WZAXYL", "q"))
    assert alike(looks(names_in("two-three-two", greedy))) == []
    assert names_in("attention-head", "w-ij-k").whole("A") == "A"


WRITTEN = [
    # derivation, notation, tensor, place, LaTeX
    ("four-three-two-one", "w-ij-k", "W2", (2, 0), "w^{2}_{31}"),
    ("four-three-two-one", "w-ij-k", "b1", (2,), "b_{13}"),
    ("four-three-two-one", "w-ij-k", "A2", (0, 1), "O_{22}"),
    ("four-three-two-one", "w-ij-k", "X", (0, 3), "x_{4}"),
    ("four-three-two-one", "w-ij-k", "A3", (0, 0), r"\hat{y}"),
    ("four-three-two-one", "bare", "W2", (2, 0), "w^{2}_{13}"),
    ("four-three-two-one", "default", "W2", (2, 0), "W^{(2)}_{31}"),
    ("two-two-one-regression", "w-ij-k", "Z1", (0, 1), "O_{12}"),
    ("two-three-two", "w-ij-k", "W2", (1, 0), "w^{2}_{12}"),
    ("two-three-two", "subscript", "W2", (1, 0), "w_{2,21}"),
    ("two-three-two", "default", "W2", (1, 0), "W^{(2)}_{21}"),
    ("two-three-one", "delta-lecture", "Z1", (2, 0), "z^{(2)}_{31}"),
    ("two-three-one", "brackets", "Z1", (2, 0), "z^{[1](3)}_{1}"),
    ("two-three-one", "bare", "Z1", (2, 0), "z^{1,(3)}_{1}"),
    ("or-gate", "default", "b1", (0, 0), "b^{(1)}_{1}"),
]


@pytest.mark.parametrize(("name", "notation", "tensor", "place", "latex"), WRITTEN)
def test_an_entry_is_written_as_the_notation_has_it(name, notation, tensor, place, latex):
    entries = concrete(name, notation)
    assert entries.name(tensor, place) == latex
    assert entries.name(adjoint_name(tensor), place).endswith(rf"{{\partial {latex}}}")


def test_indices_of_two_digits_are_parted():
    entries = concrete("layer-classes")
    assert entries.teller.names.at("W1", (10, 0), (12, 3)).endswith("_{11,1}")


@pytest.mark.parametrize("notation", NOTATIONS)
def test_the_symbols_of_a_notation_stand_in_every_view(notation):
    made = told("two-three-two", "upstream-local", notation)["latex"]
    loss = NOTATIONS[notation].symbol("L") or "L"
    assert r"\leftarrow" in made
    assert f"{NOTATIONS[notation].rate} = 0.001" in made
    assert f"The loss was ${loss} = 260$" in " ".join(made.split())
    others = {row.symbol("L") or "L" for row in NOTATIONS.values()} - {loss}
    for other in others:
        assert rf"\partial {other}}}" not in made


def test_single_symbols_are_replaced():
    other = NOTATIONS["w-ij-k"].with_symbols({"L": "E"}, {"X": "u"}, rate=r"\epsilon")
    made = report(bare("two-two-one-regression"), FINDINGS, notation=other)["latex"]
    assert r"\frac{\partial E}{\partial w^{1}_{11}}" in made
    assert r"\cdot u_{1}" in made
    assert r"\epsilon = 0.00001" in made


BAD = {
    "an order that is none": {"order": "sideways"},
    "letters that meet": {"letters": {"k": "i"}},
}


@pytest.mark.parametrize("fields", BAD.values(), ids=BAD)
def test_a_notation_that_cannot_be_is_refused(fields):
    with pytest.raises(InputError):
        Notation("bad", "bad", **fields)

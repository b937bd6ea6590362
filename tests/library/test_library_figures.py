"""A printed figure is what its source says it is, or it is refused; and nothing simpler explains it."""

from __future__ import annotations

import pytest

from symnn.derivation import derive
from symnn.errors import InputError
from symnn.library import RELATIONS, Figure, Point, account, decimals_of, load
from symnn.network import Dense, Network

DERIVATION = derive(Network(inputs=1, layers=[Dense(1)], loss="squared-error"))
# Z = x / 3 = 2/9, L = Z², dZ = 4/9, dW = 4/27
POINT = Point(parameters={"W1": [["2/3"]], "b1": [["0"]]}, data={"X": [["1/3"]], "Y": [["0"]]})

# By relation: figures of which it is true, and figures of which it is not.
CLAIMS = {
    "exact": (
        [Figure("W1", [["2/3"]], "exact"), Figure("b1", [["0"]], "exact")],
        [Figure("W1", [["0.667"]], "exact"), Figure("Z1", [["0.222"]], "exact"), Figure("b1", [["1e-30"]], "exact")],
    ),
    "rounded": (
        [Figure("Z1", [["0.222"]], "rounded"), Figure("W1", [["0.67"]], "rounded"), Figure("dZ1", [[".4"]], "rounded")],
        [Figure("Z1", [["0.223"]], "rounded"), Figure("W1", [["0.66"]], "rounded"), Figure("b1", [["0"]], "rounded")],
    ),
    "truncated": (
        [Figure("W1", [["0.66"]], "truncated"), Figure("L", "0.0493", "truncated")],
        [Figure("W1", [["0.67"]], "truncated"), Figure("Z1", [["0.222"]], "truncated")],
    ),
    # Carried with one decimal: W = 0.7 and x = 1/3 give Z = 0.2, L = 0.04, dZ = 0.4, dW = 0.1.
    "carried": (
        [Figure("L", "0.04", "carried", carry=1), Figure("dW1", [["0.13"]], "carried", carry=1)],
        [Figure("Z1", [["0.2"]], "carried", carry=1), Figure("L", "0.06", "carried", carry=1)],
    ),
    # The double next to 2/9 is no 2/9, and shows it after seventeen decimals.
    "computed": (
        [
            Figure("Z1", [["0.22222222222222220989"]], "computed"),
            Figure("Z1", [["-0.27160493827160492319"]], "computed", after=1),
        ],
        [Figure("Z1", [["0.2222"]], "computed"), Figure("Z1", [["0.22222222222222220988"]], "computed")],
    ),
}
CASES = [
    (figure, holds)
    for sides in CLAIMS.values()
    for figures, holds in zip(sides, (True, False), strict=True)
    for figure in figures
]


def holds(figure):
    (entry,) = account(DERIVATION, POINT, [figure])
    return entry.holds


@pytest.mark.parametrize(("figure", "true"), CASES, ids=[f"{f.of} = {f.printed}, {f.relation}" for f, _ in CASES])
def test_a_relation_is_accepted_where_it_holds_and_refused_where_not(figure, true):
    assert holds(figure) is true


def test_every_relation_is_claimed_rightly_and_wrongly():
    assert CLAIMS.keys() == RELATIONS.keys()


def test_a_figure_that_is_simply_rounded_is_not_to_be_called_carried():
    (entry,) = account(DERIVATION, POINT, [Figure("Z1", [["0.2"]], "carried", carry=1)])
    assert entry.relations == ("rounded", "truncated", "carried")
    assert not entry.holds


def test_the_half_of_an_array_that_does_not_fit_is_enough():
    example = load("or-gate")
    right = [["0.5", "0.646", "0.525", "0.668"]]
    wrong = [["0.5", "0.646", "0.525", "0.669"]]
    (one, other) = account(
        example.derivation, example.point, [Figure("A1", right, "rounded"), Figure("A1", wrong, "rounded")]
    )
    assert one.holds
    assert not other.holds


def test_a_figure_after_an_update_is_held_against_the_value_there():
    example = load("or-gate")
    first, second = account(
        example.derivation, example.point, [Figure("L", "0.084", "rounded"), Figure("L", "0.084", "rounded", after=1)]
    )
    assert not first.holds
    assert second.holds


def test_an_irrational_value_is_never_printed_exactly():
    example = load("or-gate")
    (entry,) = account(example.derivation, example.point, [Figure("L", "0.0889238", "exact")])
    assert not entry.holds


REFUSED = {
    "unknown quantity": (lambda: holds(Figure("Z2", [["1"]], "exact")), r"unknown quantity in a figure 'Z2'"),
    "wrong shape": (lambda: holds(Figure("Z1", ["0.2"], "rounded")), r"printed with shape \(1,\), but Z1 has \(1, 1\)"),
    "a number for an array": (lambda: holds(Figure("Z1", "0.2", "rounded")), r"printed with shape \(\), but Z1 has"),
    "an array for a number": (lambda: holds(Figure("L", [["0.2"]], "rounded")), r"but L has \(\)"),
    "unknown relation": (lambda: Figure("L", "0.2", "rouned"), "unknown relation 'rouned': did you mean 'rounded'"),
    "carry missing": (lambda: Figure("L", "0.2", "carried"), "the carried figure of L needs carry="),
    "no finite number": (lambda: Figure("L", "nan", "rounded"), "the figure of L holds 'nan'"),
    "no number": (lambda: Figure("Z1", [["O.2"]], "exact"), "the figure of Z1 holds 'O.2', which is no printed number"),
    "a float": (lambda: Figure("Z1", [[0.5]], "exact"), "a figure holds 0.5: write it in quotes, as it is printed"),
    "ragged": (lambda: Figure("Z1", [["1", "2"], ["3"]], "exact"), "the figure of Z1 is ragged"),
    "decimals of a fraction": (lambda: decimals_of("1/3"), "'1/3' is no decimal"),
    "decimals of infinity": (lambda: decimals_of("inf"), "'inf' is no finite number"),
}


@pytest.mark.parametrize(("made", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_a_figure_is_refused(made, message):
    with pytest.raises(InputError, match=message):
        made()


DECIMALS = {"3": 0, "3.0": 1, "-.038": 3, "5.28e-4": 6, "1.5e3": -2, "10": 0}


@pytest.mark.parametrize(("text", "decimals"), DECIMALS.items())
def test_the_decimals_of_a_print_are_those_it_shows(text, decimals):
    assert decimals_of(text) == decimals

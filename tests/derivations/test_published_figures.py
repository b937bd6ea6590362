"""Every figure that the list of systems prints is held by a derivation as it is printed, and its relation is true.

The list's figures stand here as facts: what is given, and what is printed with the relation that it has to the exact
value. What the systems without a printed result must show instead is in ``test_what_a_system_shows``.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from symnn.library import Figure, account, decimals_of, load, names

OR_X, OR_Y = [["0", "0", "1", "1"], ["0", "1", "0", "1"]], [["0", "1", "1", "1"]]

# System, derivation, the array of its point (or its learning rate), and the numbers given in the list.
GIVEN = [
    (1, "linear-neuron", "X", [["1"], ["-1"], ["2"]]),
    (1, "linear-neuron", "Y", [["1.5"]]),
    (1, "linear-neuron", "W1", [["0.1", "-0.2", "0.4"]]),
    (1, "linear-neuron", "b1", [["0.5"]]),
    (1, "linear-neuron", "learning rate", "1/100"),
    (2, "descent-on-a-surface", "x", "-1.5"),
    (2, "descent-on-a-surface", "y", "2.5"),
    (2, "descent-on-a-surface", "learning rate", "1/100"),
    (
        3,
        "mean-squared-error",
        "Y",
        [
            ["1.9", ".24", "-.38", "-.86", "2.49"],
            ["-.22", ".17", "-.74", "1.12", "1.06"],
            ["-2.39", ".98", "-1.87", "-1.62", ".23"],
        ],
    ),
    (
        3,
        "mean-squared-error",
        "P",
        [
            [".03", ".43", "-.25", ".61", "-.92"],
            ["-1.84", "-.35", "2.32", ".82", ".51"],
            ["-1.11", "-.19", ".48", "2.1", ".6"],
        ],
    ),
    (3, "equal-absolute-errors", "Y", ["1", "1"]),
    (3, "equal-absolute-errors", "P", ["5", "1"]),
    (3, "equal-absolute-errors", "Q", ["3", "3"]),
    (
        4,
        "cross-entropy-of-two-predictions",
        "P",
        [
            [".01", "0"],
            [".03", "0"],
            [".1", ".01"],
            [".07", ".03"],
            [".33", ".92"],
            [".11", ".02"],
            [".01", ".01"],
            [".21", "0"],
            [".03", ".01"],
            [".1", "0"],
        ],
    ),
    (4, "cross-entropy-of-two-predictions", "Y", [["1" if c == 4 else "0"] * 2 for c in range(10)]),
    *(
        (5, name, array, value)
        for name in ("or-gate-one-sample", "or-gate-no-bias")
        for array, value in (("X", [["0"], ["0"]]), ("Y", [["0"]]), ("W1", [["0.1", "0.6"]]))
    ),
    (7, "or-gate", "X", OR_X),
    (7, "or-gate", "Y", OR_Y),
    (7, "or-gate", "W1", [["0.1", "0.6"]]),
    (7, "or-gate", "b1", [["0"]]),
    (7, "or-gate", "learning rate", "1"),
    (8, "or-gate-accumulated", "X", OR_X),
    (8, "or-gate-accumulated", "Y", OR_Y),
    (9, "or-gate-trained", "X", OR_X),
    (9, "or-gate-trained", "Y", OR_Y),
    (10, "two-three-two", "X", [["3"], ["-2"]]),
    (10, "two-three-two", "Y", [["1"], ["4"]]),
    (10, "two-three-two", "W2", [["2", "1", "4"], ["-2", "-1", "5"]]),
    (15, "two-three-one", "learning rate", "0.01"),
    (16, "numerical-check", "x", "1.5"),
    (21, "two-classifiers", "P", [[".3", ".3", ".4"], [".3", ".4", ".3"], [".1", ".2", ".7"]]),
    (21, "two-classifiers", "Q", [[".1", ".2", ".7"], [".1", ".7", ".2"], [".3", ".4", ".3"]]),
    (21, "two-classifiers", "Y", [["0", "0", "1"], ["0", "1", "0"], ["1", "0", "0"]]),
    (23, "two-two-one-regression", "X", [["80", "8"]]),
    (23, "two-two-one-regression", "Y", [["3"]]),
    (23, "two-two-one-regression", "W1", [["1", "1"], ["1", "1"]]),
    (23, "two-two-one-regression", "W2", [["1"], ["1"]]),
    (23, "two-two-one-regression", "b1", ["0", "0"]),
    (23, "two-two-one-regression", "b2", ["0"]),
]

# System, derivation, quantity, updates before it, the print, and its relation to the exact value.
PRINTED = [
    (1, "linear-neuron", "Z1", 0, [["1.6"]], "exact"),
    (1, "linear-neuron", "L", 0, "0.01", "exact"),
    (1, "linear-neuron", "dZ1", 0, [["0.2"]], "exact"),
    (1, "linear-neuron", "dW1", 0, [["0.2", "-0.2", "0.4"]], "exact"),
    (1, "linear-neuron", "db1", 0, [["0.2"]], "exact"),
    (1, "linear-neuron", "W1", 1, [["0.098", "-0.198", "0.396"]], "exact"),
    (1, "linear-neuron", "b1", 1, [["0.498"]], "exact"),
    (1, "linear-neuron", "Z1", 1, [["1.586"]], "exact"),
    (1, "linear-neuron", "L", 1, "0.007396", "exact"),
    (2, "descent-on-a-surface", "-dx", 0, "0.5105", "truncated"),
    (2, "descent-on-a-surface", "-dy", 0, "-0.1017", "rounded"),
    (2, "descent-on-a-surface", "-rate*dx", 0, "0.0051", "rounded"),
    (2, "descent-on-a-surface", "-rate*dy", 0, "-0.0010", "rounded"),
    (3, "mean-squared-error", "L", 0, "3.49966", "exact"),
    (3, "equal-absolute-errors", "M1", 0, "2", "exact"),
    (3, "equal-absolute-errors", "M2", 0, "2", "exact"),
    (3, "equal-absolute-errors", "S1", 0, "8", "exact"),
    (3, "equal-absolute-errors", "S2", 0, "4", "exact"),
    *(
        (5, name, of, 0, printed, "exact")
        for name in ("or-gate-one-sample", "or-gate-no-bias")
        for of, printed in (
            ("Z1", [["0"]]),
            ("A1", [["0.5"]]),
            ("L", "0.125"),
            ("dA1", [["0.5"]]),
            ("A1_slope", [["0.25"]]),
            ("dZ1", [["0.125"]]),
            ("dW1", [["0", "0"]]),
        )
    ),
    (5, "or-gate-one-sample", "db1", 0, [["0.125"]], "exact"),
    (5, "or-gate-one-sample", "b1", 1, [["-0.125"]], "exact"),
    (5, "or-gate-one-sample", "A1", 1, [["0.469"]], "rounded"),
    (5, "or-gate-one-sample", "L", 1, "0.10998", "carried"),
    (7, "or-gate", "Z1", 0, [["0", ".6", ".1", ".7"]], "exact"),
    (7, "or-gate", "A1", 0, [[".5", ".646", ".525", ".668"]], "rounded"),
    (7, "or-gate", "L", 0, ".089", "rounded"),
    (7, "or-gate", "dA1", 0, [[".125", "-.089", "-.119", "-.083"]], "rounded"),
    (7, "or-gate", "A1_slope", 0, [[".25", ".229", ".249", ".222"]], "rounded"),
    (7, "or-gate", "dZ1", 0, [[".031", "-.020", "-.030", "-.018"]], "rounded"),
    (7, "or-gate", "dW1", 0, [["-.048", "-.038"]], "carried"),
    (7, "or-gate", "db1", 0, [["-.037"]], "rounded"),
    (7, "or-gate", "W1", 1, [[".148", ".638"]], "carried"),
    (7, "or-gate", "b1", 1, [[".037"]], "rounded"),
    (7, "or-gate", "Z1", 1, [[".037", ".675", ".185", ".823"]], "carried"),
    (7, "or-gate", "A1", 1, [[".509", ".663", ".546", ".695"]], "rounded"),
    (7, "or-gate", "L", 1, ".084", "rounded"),
    (9, "or-gate-trained", "L", 5000, "5.28e-4", "rounded"),
    (9, "or-gate-trained", "W1", 5000, [["6.434", "6.434"]], "rounded"),
    (9, "or-gate-trained", "b1", 5000, [["-2.973"]], "rounded"),
    (10, "two-three-two", "Z1", 0, [["7"], ["-22"], ["-3"]], "exact"),
    (10, "two-three-two", "Z2", 0, [["-21"], ["-2"]], "exact"),
    (10, "two-three-two", "dZ2", 0, [["-22"], ["-6"]], "exact"),
    (10, "two-three-two", "dW2", 0, [["-154", "484", "66"], ["-42", "132", "18"]], "exact"),
    (10, "two-three-two", "dZ1", 0, [["-32"], ["-16"], ["-118"]], "exact"),
    (10, "two-three-two", "dW1", 0, [["-96", "64"], ["-48", "32"], ["-354", "236"]], "exact"),
    (10, "two-three-two", "db1", 0, [["-32"], ["-16"], ["-118"]], "exact"),
    (10, "two-three-two", "db2", 0, [["-22"], ["-6"]], "exact"),
    (16, "numerical-check", "n", 0, "2.9999999999996696", "computed"),
    (22, "four-three-two-one", "parameters", 0, "26", "exact"),
    (23, "two-two-one-regression", "parameters", 0, "9", "exact"),
]


@cache
def accounts(name):
    """Return how a derivation accounts for each of its figures, by quantity and updates."""
    example = load(name)
    found = account(example.derivation, example.point, example.published)
    return {(entry.figure.of, entry.figure.after): entry for entry in found}


def is_printed_alike(one, other):
    """Tell whether two prints show the same numbers with the same decimals; a nought before the point is no matter."""
    return np.shape(one) == np.shape(other) and all(
        Fraction(a) == Fraction(b) and decimals_of(a) == decimals_of(b)
        for a, b in zip(np.ravel(one).tolist(), np.ravel(other).tolist(), strict=True)
    )


def what_is_wrong(held, of, after, printed, relation):
    """Return what is wrong with how a derivation holds a figure, or nothing."""
    if (of, after) not in held:
        return "is not held"
    entry = held[of, after]
    if not is_printed_alike(entry.figure.printed, printed):
        return f"is held as {entry.figure.printed}"
    if entry.figure.relation != relation:
        return f"is held as {entry.figure.relation}"
    return "" if entry.holds else f"is {' and '.join(entry.relations) or 'none of the relations'}"


def is_given(point, array, numbers):
    """Tell whether a point holds the numbers, exactly, in the same arrangement."""
    held = point.learning_rate if array == "learning rate" else {**point.parameters, **point.data}.get(array)
    if held is None or np.shape(held) != np.shape(numbers):
        return False
    return [Fraction(a) for a in np.ravel(held).tolist()] == [Fraction(b) for b in np.ravel(numbers).tolist()]


def named(row):
    return f"{row[0]}: {row[2]} of {row[1]}" + (f" after {row[3]}" if isinstance(row[3], int) else "")


@pytest.mark.parametrize(("system", "name", "array", "numbers"), GIVEN, ids=map(named, GIVEN))
def test_what_the_list_gives_is_what_the_derivation_starts_from(system, name, array, numbers):
    example = load(name)
    assert system in example.systems
    assert is_given(example.point, array, numbers)


@pytest.mark.parametrize(("system", "name", "of", "after", "printed", "relation"), PRINTED, ids=map(named, PRINTED))
def test_what_the_list_prints_is_held_as_printed_and_its_relation_is_true(system, name, of, after, printed, relation):
    assert system in load(name).systems
    assert what_is_wrong(accounts(name), of, after, printed, relation) == ""


@pytest.mark.parametrize("name", [name for name in names() if load(name).published and load(name).systems])
def test_every_figure_that_a_derivation_of_the_list_holds_is_in_the_list(name):
    assert set(accounts(name)) == {(of, after) for _, other, of, after, _, _ in PRINTED if other == name}


# Of the figure "db1 = -.037, rounded" of the seventh system: what is not so, and what is said of it.
WRONG = {
    "a quantity that is not held": (("b1_slope", 0, [["-.037"]], "rounded"), "is not held"),
    "another pass": (("db1", 1, [["-.037"]], "rounded"), "is not held"),
    "another number": (("db1", 0, [["-.038"]], "rounded"), "is held as [['-0.037']]"),
    "other decimals": (("db1", 0, [["-.0370"]], "rounded"), "is held as [['-0.037']]"),
    "another arrangement": (("db1", 0, ["-.037"], "rounded"), "is held as [['-0.037']]"),
    "another relation": (("db1", 0, [["-.037"]], "truncated"), "is held as rounded"),
}


@pytest.mark.parametrize(("row", "said"), WRONG.values(), ids=WRONG)
def test_a_row_that_no_derivation_holds_is_seen(row, said):
    assert what_is_wrong(accounts("or-gate"), *row) == said


def test_a_figure_that_is_held_but_not_true_is_seen():
    example = load("or-gate")
    figure = Figure("db1", [["-0.038"]], "rounded")
    (entry,) = account(example.derivation, example.point, [figure])
    assert what_is_wrong({("db1", 0): entry}, "db1", 0, [["-.038"]], "rounded") == "is none of the relations"


@pytest.mark.parametrize(
    ("array", "numbers"),
    [
        ("b1", [["0.1"]]),
        ("b1", ["0"]),
        ("b2", [["0"]]),
        ("W1", [["0.6", "0.1"]]),
        ("learning rate", "1/100"),
    ],
)
def test_a_point_that_starts_from_something_else_is_seen(array, numbers):
    assert not is_given(load("or-gate").point, array, numbers)

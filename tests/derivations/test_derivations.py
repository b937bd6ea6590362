"""Every derivation of the folder is verified, and holds the figures that its lecture prints."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from symnn.errors import UndecidedError
from symnn.library import BITS, as_balls, check, load, names, work
from symnn.scalars import Exact, ball, running

FILES = names()

# By system: the derivation, and the figures of its row in the list of systems, by the updates before them.
ROWS = {
    1: (
        "linear-neuron",
        [
            {
                "X": [[1], [-1], [2]],
                "Y": [["1.5"]],
                "W1": [["0.1", "-0.2", "0.4"]],
                "b1": [["0.5"]],
                "Z1": [["1.6"]],
                "L": "0.01",
                "dZ1": [["0.2"]],
                "dW1": [["0.2", "-0.2", "0.4"]],
                "db1": [["0.2"]],
            },
            {"W1": [["0.098", "-0.198", "0.396"]], "b1": [["0.498"]], "Z1": [["1.586"]], "L": "0.007396"},
        ],
    ),
    5: (
        "or-gate-one-sample",
        [
            {
                "X": [[0], [0]],
                "Y": [[0]],
                "W1": [["0.1", "0.6"]],
                "Z1": [[0]],
                "A1": [["0.5"]],
                "L": "0.125",
                "dA1": [["0.5"]],
                "A1_slope": [["0.25"]],
                "dZ1": [["0.125"]],
                "dW1": [[0, 0]],
                "db1": [["0.125"]],
            },
            {"b1": [["-0.125"]]},
        ],
    ),
    7: (
        "or-gate",
        [
            {
                "X": [[0, 0, 1, 1], [0, 1, 0, 1]],
                "Y": [[0, 1, 1, 1]],
                "W1": [["0.1", "0.6"]],
                "b1": [[0]],
                "Z1": [[0, ".6", ".1", ".7"]],
            }
        ],
    ),
    10: (
        "two-three-two",
        [
            {
                "X": [[3], [-2]],
                "Y": [[1], [4]],
                "Z1": [[7], [-22], [-3]],
                "Z2": [[-21], [-2]],
                "dZ2": [[-22], [-6]],
                "dW2": [[-154, 484, 66], [-42, 132, 18]],
                "db2": [[-22], [-6]],
                "dZ1": [[-32], [-16], [-118]],
                "dW1": [[-96, 64], [-48, 32], [-354, 236]],
                "db1": [[-32], [-16], [-118]],
            }
        ],
    ),
}
ENTRIES = [
    (system, name, after, of, value)
    for system, (name, passes) in ROWS.items()
    for after, quantities in enumerate(passes)
    for of, value in quantities.items()
]
# What a row prints rounded, or from rounded figures: the figure, its decimals, and the number it is.
ROUNDED = [
    ("or-gate-one-sample", 1, "A1", "0.469", "rounded"),
    ("or-gate-one-sample", 1, "L", "0.10998", "carried"),
    ("or-gate", 0, "db1", "-0.037", "rounded"),
    ("or-gate", 0, "dW1", "-0.038", "carried"),
    ("or-gate", 1, "L", "0.084", "rounded"),
]


@pytest.mark.parametrize("name", FILES)
def test_it_is_verified_and_every_figure_holds(name):
    findings = check(load(name))
    assert findings.state == "verified", findings
    for verdict in (findings.by_hand, findings.derived):
        # √2 and π are doubles the moment Python sees them; a verdict says where such a constant limits it.
        assert verdict.digits >= (15 if "limited by the float64 constant" in verdict.evidence else 80)
    assert [entry.figure.of for entry in findings.accounts if not entry.holds] == []


@pytest.mark.parametrize("name", FILES)
def test_it_says_its_shapes_and_its_source_and_claims_true_systems(name):
    example = load(name)
    assert "Shapes: " in example.text
    assert "Source: " in example.text
    assert not example.title.endswith(".")
    assert all(1 <= system <= 24 for system in example.systems)


@pytest.mark.parametrize("name", FILES)
def test_the_shapes_it_says_are_those_of_its_arrays(name):
    example = load(name)
    said = example.text[example.text.index("Shapes: ") :]
    for array in (*example.point.parameters, *example.point.data):
        shape = np.shape(example.point.floats(array))
        numbers = f"{array} ({', '.join(map(str, shape))})"
        symbols = tuple(map(str, example.derivation.program.shapes[array]))
        letters = f"({', '.join(symbols)})" if len(symbols) != 1 else f"({symbols[0]},)"
        # Either in numbers, or in letters, with arrays of one shape named together: "Wq and Wk (n0, d)".
        assert numbers in said or (f"{array} " in said and letters in said), (array, shape, letters)


@pytest.mark.parametrize(
    ("system", "name", "after", "of", "value"), ENTRIES, ids=[f"{e[1]}, {e[3]} in pass {e[2] + 1}" for e in ENTRIES]
)
def test_the_figures_of_its_row_come_out_exactly(system, name, after, of, value):
    example = load(name)
    assert system in example.systems
    worked = work(example.derivation, example.point, passes=after + 1)[after].values[of]
    assert np.shape(worked) == np.shape(value)
    meant = [Exact(Fraction(number)) for number in np.ravel(value).tolist()]
    assert [bool(entry == number) for entry, number in zip(np.ravel(worked), meant, strict=True)] == [True] * len(meant)


@pytest.mark.parametrize(("name", "after", "of", "printed", "relation"), ROUNDED)
def test_the_rounded_figures_of_its_row_are_kept_as_what_they_are(name, after, of, printed, relation):
    kept = [figure for figure in load(name).published if (figure.after, figure.of) == (after, of)]
    assert [figure.relation for figure in kept] == [relation]
    assert printed in kept[0].texts


def test_one_step_of_the_two_three_one_network_lowers_the_cost():
    example = load("two-three-one")
    assert example.systems == (15,)
    assert example.point.exact_rate == Exact("0.01")
    before, after = (done.values["L"] for done in work(example.derivation, example.point))
    assert (after < before) is True


@pytest.mark.parametrize("name", FILES)
def test_one_step_lowers_the_loss_unless_the_gradient_is_zero(name):
    example = load(name)
    first, second = work(example.derivation, example.point)
    with running(ball(BITS)):
        before, after = as_balls(first.values["L"]), as_balls(second.values["L"])
        try:
            lowered = bool(after < before)
        except UndecidedError:
            lowered = False
    gradients = [entry for name in example.point.parameters for entry in np.ravel(first.values[f"d{name}"])]
    assert lowered or all(bool(entry == 0) for entry in gradients)


def test_every_row_of_the_list_of_systems_has_a_derivation():
    told = {system for name in FILES for system in load(name).systems}
    assert told == set(range(1, 25))


def test_the_central_difference_in_double_precision_is_the_one_printed():
    difference = load("numerical-check").loss.__globals__["central_difference"]
    assert repr(difference({"x": 1.5}, 1e-4)) == "2.9999999999996696"

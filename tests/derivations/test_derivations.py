"""Every derivation of the folder is verified, its figures hold, and it says its shapes and its source."""

from __future__ import annotations

import numpy as np
import pytest

from symnn.errors import UndecidedError
from symnn.library import BITS, as_balls, check, load, names, work
from symnn.scalars import ball, running

FILES = names()


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

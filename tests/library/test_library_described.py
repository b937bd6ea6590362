"""An example from a TOML file: its numbers exactly, those not given drawn, and every mistake told by its place."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from symnn.errors import InputError, ShapeError
from symnn.library import SETTINGS, check, example_of, read_described, work
from symnn.library.drawn_numbers import NEAR
from symnn.network import LAYOUTS
from symnn.rules import ACTIVATIONS, LOSSES
from tests.library.files import write as write_python
from tests.library.toml_files import DRAWN, write


def test_a_file_is_read_with_everything_it_says(tmp_path):
    example = read_described(write(tmp_path))
    assert (example.name, example.title) == ("mine", "Two classes from two numbers")
    assert example.text == "A small network.\n\nIt sorts points."
    assert example.point.fractions("W1")[1] == [Fraction(3, 10), Fraction(-1, 3)]
    assert example.point.fractions("X")[0] == [1, 2, Fraction(1, 2)]
    assert example.point.exact_rate == Fraction(1, 10)
    assert (example.style, example.notation) == ("delta", "brackets")
    assert (example.loss, example.grad, example.code) == (None, None, "")
    assert (example.drawn, example.seed) == ((), None)


def test_without_code_the_derived_gradient_is_held_against_the_slope_of_the_loss(tmp_path):
    findings = check(read_described(write(tmp_path)))
    assert findings.by_hand is None
    assert findings.derived.verdict == "equal"
    assert findings.state == "verified"


def test_a_derived_gradient_that_is_wrong_is_found_without_code(tmp_path, monkeypatch):
    example = read_described(write(tmp_path))
    kernel = example.derivation.compile(stable=False)

    def doubled(params, *data):
        loss, gradients = kernel(params, *data)
        return loss, {name: 2 * gradient if name == "W2" else gradient for name, gradient in gradients.items()}

    monkeypatch.setattr(type(example.derivation), "compile", lambda self, stable=True: doubled)
    findings = check(example)
    assert findings.derived["W2"].verdict == "different"
    assert findings.derived["W1"].verdict == "equal"
    assert findings.state == "derived gradient different"


def test_an_example_is_opened_by_its_name_or_its_path(tmp_path):
    assert example_of("or-gate").name == "or-gate"
    assert example_of(str(write(tmp_path))).name == "mine"
    assert example_of(str(write_python(tmp_path))).title == "Doubling: one weight, one sample"


@pytest.mark.parametrize("name", ["no_such.py", "no_such.toml"])
def test_a_file_that_is_not_there_is_named(tmp_path, name):
    with pytest.raises(InputError, match=rf"cannot read .*{name}"):
        example_of(str(tmp_path / name))


NAMES = {"my net": "my-net", "netz_ä": "netz", "😀": "network", "..": "network", "a.b": "a.b"}


@pytest.mark.parametrize(("stem", "name"), NAMES.items(), ids=NAMES.values())
def test_what_a_file_is_called_becomes_a_plain_name(tmp_path, stem, name):
    assert read_described(write(tmp_path, name=stem)).name == name


DIFFERENT = {
    "an unknown key": ([("title =", "titel =")], r"unknown key 'titel': did you mean 'title'\?"),
    "a rate at the top": (
        [("inputs = 2", "inputs = 2\nlearning_rate = 0.1")],
        r"learning_rate stands .*\n.*\n.*under \[point\]",
    ),
    "a title under a header": (
        [("[report]", '[report]\ntitle = "x"')],
        r"title stands .*\n.*\[report\]\n.*first header",
    ),
    "a rate among arrays": (
        [("[point.data]", "[point.data]\nlearning_rate = 2")],
        r"rate stands .*\n.*\[point\.data\]",
    ),
    "a loss in a layer": ([("units = 3", 'units = 3\nloss = "x"')], r"loss stands in the wrong table\n.*layer 1"),
    "a blank title": ([('"Two classes from two numbers"', '" "')], "title must be a text"),
    "a title that is a number": ([('"Two classes from two numbers"', "3")], "title must be a text\n  given +3"),
    "a list for a text": ([("text = '''", "text = ['''"), ("points.'''", "points.''']")], "text must be a text"),
    "an unknown activation": ([('"relu"', '"rulu"')], "layer 1: unknown activation 'rulu': did you mean 'relu'"),
    "an activation that teaches nothing": ([('"relu"', '"step"')], "no useful gradient with respect to Z1"),
    "half a unit": ([("units = 3", "units = 3.5")], r"layer 1: units must be a positive integer\n  given +3\.5"),
    "no inputs": ([("inputs = 2\n", "")], "key 'inputs' is missing"),
    "weights the other way round": (
        [('W1 = [[0.1, 0.2], [0.3, "-1/3"], [0.5, 1]]', "W1 = [[1, 2, 3], [4, 5, 6]]")],
        r"W1 in \[point.parameters\] has the wrong shape\n  yours +\(2, 3\)\n  expected +\(3, 2\), features-first",
    ),
    "flat biases": ([("b1 = [[0], [0.1], [0]]", "b1 = [0, 0.1, 0]")], r"b1 .*\n  yours +\(3,\)\n  expected +\(3, 1\)"),
    "rows of different lengths": ([("[[0.1, 0.2]", "[[0.1]")], "W1 is ragged: .*\n  entries in its rows  1, 2, 2"),
    "a word for a number": ([('"-1/3"', '"a third"')], r"W1 holds 'a third' at \[1, 1\], which is neither"),
    "not a number": ([("[0.5, 1]]", "[nan, 1]]")], r"W1 holds nan at \[2, 0\], which is neither"),
    "infinity": ([("[0.5, 1]]", "[-inf, 1]]")], r"W1 holds -inf at \[2, 0\], which is neither"),
    "a power nobody means": ([("[0.5, 1]]", "[1e999999999, 1]]")], r"W1 holds 1e999999999 at \[2, 0\], .* too large"),
    "a number beyond float64": (
        [("[0.5, 1]]", "[1e309, 1]]")],
        r"W1 holds 1e309 at \[2, 0\], .* too large",
    ),
    "the same in quotes": ([('"-1/3"', '"1e-999999999"')], r"W1 holds '1e-999999999' at \[1, 1\], .* too small"),
    "a number without end": ([('"-1/3"', f'"{"7" * 1001}"')], r"W1 holds '777.* …at|W1 holds .* of 1001 characters"),
    "an integer without end": ([("[0.5, 1]]", f"[{'7' * 5000}, 1]]")], "a whole number is too long"),
    "true": ([("[0.5, 1]]", "[0.5, true]]")], r"W1 holds True at \[2, 1\]"),
    "a date": ([("[0.5, 1]]", "[0.5, 2026-11-21]]")], r"W1 holds .*2026.* at \[2, 1\]"),
    "a table for a number": ([("[0.5, 1]]", "[0.5, {a = 1}]]")], r"W1 holds \{'a': 1\} at \[2, 1\]"),
    "brackets without end": ([("[0.5, 1]]", f"[0.5, {'[' * 5000}{']' * 5000}]]")], "nested too deep"),
    "data of another width": (
        [("X = [[1, 2, 0.5], [0, 1, -1]]", "X = [[1, 2, 0.5]]")],
        r"X in \[point.data\] .*\n  yours +\(1, 3\)\n  expected +\(2, m\), features-first: a sample is a column",
    ),
    "no samples": ([("X = [[1, 2, 0.5], [0, 1, -1]]", "X = [[], []]")], r"yours +\(2, 0\)\n.*\n.* at least 1"),
    "fewer targets than samples": (
        [("Y = [[1, 0, 0], [0, 1, 1]]", "Y = [[1, 0], [0, 1]]")],
        r"Y in \[point.data\] .*\n  yours +\(2, 2\)\n  expected +\(2, 3\).*\n  because +3 samples by X",
    ),
    "another number of samples": (
        [("learning_rate = 0.1", "samples = 4")],
        r"because +4 samples by samples in \[point\]",
    ),
    "targets that do not add up": ([("[0, 1, 1]]", "[1, 1, 1]]")], "targets Y must add up to one .*\n.*sample 0 .*2"),
    "targets out of range": ([("[[1, 0, 0], [0, 1, 1]]", "[[2, 0, 0], [-1, 1, 1]]")], r"Y\[0, 0\] = 2\n.*from 0 to 1"),
    "an unknown array": ([("b2 =", "b3 =")], r"unknown array of \[point.parameters\] 'b3'"),
    "data among parameters": ([("b2 =", "X = [[1]]\nb2 =")], r"unknown array of \[point.parameters\] 'X'"),
    "weights left out": ([("W2 = [[1, 0, -1], [0, 0.5, 1]]\n", "")], r"W2 has no numbers\n  give  W2 .*\n  or +a seed"),
    "data left out": ([("X = [[1, 2, 0.5], [0, 1, -1]]\n", "")], r"X has no numbers\n  give  X in \[point.data\]"),
    "a seed below 0": ([("learning_rate = 0.1", "seed = -1")], r"seed in \[point\] cannot be used\n  given +-1"),
    "a seed in words": ([("learning_rate = 0.1", 'seed = "x"')], r"seed in \[point\] cannot be used"),
    "no sample at all": ([("learning_rate = 0.1", "samples = 0")], r"samples in \[point\] cannot be used"),
    "a rate in words": ([("learning_rate = 0.1", 'learning_rate = "fast"')], "learning_rate holds 'fast'"),
    "several rates": ([("learning_rate = 0.1", "learning_rate = [1]")], "it is one number"),
    "a rate of 0": ([("learning_rate = 0.1", "learning_rate = 0.0")], r"must be positive\n  given +0\.0"),
    "an unknown key of the point": ([("learning_rate", "learning_rat")], "did you mean 'learning_rate'"),
    "an unknown setting": ([("style =", "stile =")], r"unknown key of \[report\] 'stile': did you mean 'style'"),
    "a style that is no text": ([('"delta"', "3")], r"style in \[report\] cannot be used\n  given +3"),
    "decimals in quotes": ([("style =", 'decimals = "3"\nstyle =')], r"decimals in \[report\] cannot be used"),
    "a symbol that is no text": (
        [("notation =", "symbols = {L = 3}\nnotation =")],
        r"symbols in \[report\] cannot be used",
    ),
    "no TOML": ([("inputs = 2", "inputs = ")], r"is not TOML: .* line 7"),
}


@pytest.mark.parametrize(("changes", "message"), DIFFERENT.values(), ids=DIFFERENT)
def test_a_mistake_in_a_file_is_told_by_its_key_and_place(tmp_path, changes, message):
    with pytest.raises(InputError, match=message) as caught:
        read_described(write(tmp_path, *changes))
    assert str(tmp_path / "mine.toml") in str(caught.value)
    assert all(len(line) < 250 for line in str(caught.value).splitlines())


WITHOUT_NUMBERS = {
    "no point": (DRAWN[: DRAWN.index("[point]")], r"needs numbers, in a table \[point\]\n  given  nothing\n  do +add"),
    "a point that is a number": ("point = 3\n" + DRAWN[: DRAWN.index("[point]")], "needs numbers, .*\n  given  3"),
    "no samples": (DRAWN.replace("samples = 4", ""), r"samples is missing in \[point\]"),
    "too many": (DRAWN.replace("samples = 4", "samples = 400000"), r"too large .* drawn\n  numbers +1200013\n"),
    "a report that is a number": ("report = 3\n" + DRAWN, "report must be a table"),
    "parameters that are a number": (DRAWN + "parameters = 3\n", r"parameters in \[point\] cannot be used"),
}


@pytest.mark.parametrize(("text", "message"), WITHOUT_NUMBERS.values(), ids=WITHOUT_NUMBERS)
def test_numbers_that_are_missing_are_asked_for(tmp_path, text, message):
    with pytest.raises(InputError, match=message):
        read_described(write(tmp_path, text=text))


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_has_a_type_and_says_it(tmp_path, name):
    text = f"{DRAWN}\n[report]\n{name} = 1979-05-27\n"
    with pytest.raises(InputError, match=rf"{name} in \[report\] cannot be used\n  given +.*1979.*\n  allowed +a "):
        read_described(write(tmp_path, text=text))


# What is drawn.


def test_the_same_seed_draws_the_same_numbers_and_another_others(tmp_path):
    first, again = (read_described(write(tmp_path, text=DRAWN)) for _ in range(2))
    other = read_described(write(tmp_path, ("seed = 7", "seed = 8"), text=DRAWN))
    assert first.point == again.point
    assert first.point != other.point
    assert (first.seed, first.drawn) == (7, ("W1", "b1", "W2", "b2", "X", "Y"))


def test_drawn_numbers_are_these_on_every_machine(tmp_path):
    point = read_described(write(tmp_path, text=DRAWN)).point
    shown = {name: [[str(entry) for entry in row] for row in point.fractions(name)] for name in ("W1", "Y")}
    assert shown == {"W1": [["-1/2", "-4/5"], ["-3/10", "3/5"], ["1/5", "1/5"]], "Y": [["0", "1", "1", "0"]]}


def test_what_is_given_is_kept_and_the_others_are_drawn_as_before(tmp_path):
    given = read_described(write(tmp_path, text=f"{DRAWN}\n[point.parameters]\nb2 = [[5]]\n"))
    drawn = read_described(write(tmp_path, text=DRAWN))
    assert given.point.fractions("b2") == [[5]]
    assert given.drawn == ("W1", "b1", "W2", "X", "Y")
    assert all(given.point.fractions(name) == drawn.point.fractions(name) for name in given.drawn)


SMOOTH = [row for row in LOSSES.values() if row.no_gradient is None]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("loss", SMOOTH, ids=lambda row: row.name)
def test_drawn_targets_fit_every_loss_and_are_not_all_the_same(tmp_path, loss, layout):
    text = DRAWN.replace("binary-cross-entropy", loss.name).replace("sigmoid", loss.partner)
    text = text.replace("units = 1", "units = 2").replace("inputs", f'layout = "{layout}"\ninputs')
    example = read_described(write(tmp_path, text=text))
    targets = example.point.floats("Y")
    samples = targets if layout == "samples-first" else targets.T
    assert targets.shape == ((2, 4) if layout == "features-first" else (4, 2))
    assert len(np.unique(samples, axis=0)) > 1
    assert check(example).state == "verified"


SLOPED = [row for row in ACTIVATIONS.values() if row.no_gradient is None]


@pytest.mark.parametrize("row", SLOPED, ids=lambda row: row.name)
@pytest.mark.parametrize("seed", range(3))
def test_drawn_pre_activations_lie_at_no_kink_and_no_unit_is_off(tmp_path, row, seed):
    text = DRAWN.replace("relu", row.name).replace("seed = 7", f"seed = {seed}")
    example = read_described(write(tmp_path, text=text))
    (done,) = work(example.derivation, example.point, passes=1)
    values = np.array([[float(entry.value) for entry in line] for line in done.values["Z1"]])
    for at, _ in row.kinks:
        assert np.all(abs(values - float(at)) >= NEAR)
        assert np.all((values > 0).any(axis=1))


def test_wide_layers_get_small_weights(tmp_path):
    example = read_described(write(tmp_path, ("inputs = 2", "inputs = 784"), ("units = 3", "units = 128"), text=DRAWN))
    assert abs(example.point.floats("W1")).max() < 0.1
    assert 0 <= example.point.floats("X").min() <= example.point.floats("X").max() == 1


def test_a_shape_that_does_not_fit_is_an_error_of_shape(tmp_path):
    with pytest.raises(ShapeError):
        read_described(write(tmp_path, ("b1 = [[0], [0.1], [0]]", "b1 = [0, 0.1, 0]")))

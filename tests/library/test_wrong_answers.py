"""Every wrong answer is what the program with the mistake in it computes, and what changes nothing is not told."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from functools import cache, cached_property
from itertools import chain, cycle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mistaken_program import alike, complaints, equations_of, leaves_of, run

from symnn.derivation import derive
from symnn.errors import InputError, ShapeError, UndecidedError
from symnn.library import Point, load, names, work
from symnn.library.mistaken import differ, flat
from symnn.library.wrong_answers import Mistakes, for_array
from symnn.mistakes import REGISTRY, Ground
from symnn.mistakes.backward.paths import weights_updated
from symnn.mistakes.update import RATE
from symnn.network import Dense, Network
from symnn.scalars import Ball, Exact
from tests.grids import EVERYTHING

# In an ordinary run every so-manieth mistake, a prime number so that no kind is always passed over.
STRIDE = 1 if EVERYTHING else 41

# What the folder has no example of: a softmax over a batch, square weights of three layers, logits, several reductions.
NETWORKS = {
    "softmax": Network(2, [Dense(3, "sigmoid"), Dense(2, "softmax")], "categorical-cross-entropy"),
    "square": Network(2, [Dense(2, "relu"), Dense(2, "tanh"), Dense(2)], "squared-error", layout="samples-first"),
    "deep": Network(2, [Dense(3, "tanh"), Dense(1, "sigmoid")], "binary-cross-entropy", reduction="mean-over-all"),
}
# Numbers of no pattern, for any shape.
DIGITS = [
    *("0.5", "-0.3", "0.7", "0.2", "-0.6", "0.9", "-0.4", "0.1", "0.8", "-0.7"),
    *("0.3", "-0.2", "0.6", "0.4", "-0.9", "1.1", "-1.2", "1.3", "0.25", "-0.45"),
]


def drawn_point(network, samples, digits, one_hot=False):
    derivation = derive(network)
    sizes = {**derivation.sizes, "m": samples}
    supply = cycle(digits)
    arrays = {}
    for leaf in derivation.program.leaves:
        name = str(leaf.label)
        shape = [int(axis) if axis.is_Integer else sizes[str(axis)] for axis in leaf.shape]
        arrays[name] = np.array([next(supply) for _ in range(int(np.prod(shape)))], dtype=object).reshape(shape)
    first = network.layout == "features-first"
    if one_hot or network.loss == "binary-cross-entropy":
        shape = arrays["Y"].shape
        hot = np.arange(arrays["Y"].size).reshape(shape) % 2 if not one_hot else np.zeros(shape, dtype=int)
        if one_hot:
            for sample in range(samples):
                hot[(sample % shape[0], sample) if first else (sample, sample % shape[1])] = 1
        arrays["Y"] = hot
    names_of_parameters = [name for name in arrays if name not in ("X", "Y")]
    return Point(
        parameters={name: arrays[name].tolist() for name in names_of_parameters},
        data={name: arrays[name].tolist() for name in ("X", "Y")},
        learning_rate="1/10",
    )


class Class:
    """A derivation at a point, its wrong answers, and the same mistakes in the program as kernels run it."""

    def __init__(self, source, derivation, point):
        self.point, self.derivation = point, derivation
        self.network = source if isinstance(source, Network) else None
        self.mistakes = Mistakes(derivation, self.network)
        self.answers = self.mistakes.at(point)
        (self.lesson,) = self.mistakes._lessons.values()
        self.ground = Ground.of(derivation, self.network, self.lesson.sizes)
        self.leaves = leaves_of(derivation, point)
        self.equations = {told: equations_of(self.ground, derivation, told) for told in (True, False)}
        self.rights = {told: self.run(told) for told in (True, False)}
        self.said = {}
        for one in self.answers:
            for said in (one.said, *one.same_as):
                self.said.setdefault(said, []).append(one)

    def run(self, told, planted=None):
        return run(self.derivation.program, self.equations[told], self.leaves, planted)

    @cached_property
    def planted(self):
        """Every mistake of every row, read off the tables, with whether it is carried through the told equations."""
        found = []
        for phase, rows in REGISTRY.items():
            told = phase != "backward"
            for row in rows:
                places = weights_updated(self.ground, (RATE,)) if row is weights_updated else row(self.ground)
                for one in places:
                    if self.lesson.fits(one, told):
                        found.append((row, one, told))
        return found

    def complaints(self, planted, told):
        """What is not as it should be with one mistake; a sentence may stand for one of two mistakes of a name."""
        wrong = self.run(told, planted)
        answers = self.said.get(planted.said, [None])
        found = [list(complaints(self.lesson.shown, self.rights[told], wrong, answer)) for answer in answers]
        return min(found, key=len)


@cache
def class_of(name):
    if name in NETWORKS:
        network = NETWORKS[name]
        return Class(network, derive(network), drawn_point(network, 3, DIGITS, one_hot=name == "softmax"))
    example = load(name)
    return Class(example.source, example.derivation, example.point)


# With every third of the folder and these networks, a mistake of every row of the tables is made somewhere.
PLACES = (*names(), *NETWORKS) if EVERYTHING else (*names()[::3], *NETWORKS)


def entries_of(values):
    return values.ravel().tolist() if isinstance(values, np.ndarray) else [values]


def facts(answers):
    """Wrong answers as what can be compared: their words, and their numbers as text."""
    return [
        (one.said, one.kind, one.layer, one.origin, one.same_as, [(name, str(A)) for name, A in one.arrays.items()])
        for one in answers
    ]


@pytest.mark.time
@pytest.mark.parametrize("name", PLACES)
def test_every_wrong_answer_is_what_the_program_with_the_mistake_computes(name):
    lesson = class_of(name)
    found = {one.said: lesson.complaints(one, told) for _, one, told in lesson.planted[::STRIDE]}
    assert found
    assert {said: complaints for said, complaints in found.items() if complaints} == {}


@pytest.mark.time
@pytest.mark.parametrize("name", PLACES)
def test_every_wrong_answer_is_wrong_says_why_and_is_told_once(name):
    lesson = class_of(name)
    right = lesson.mistakes.right(lesson.point)
    assert lesson.answers
    rows = {row.__name__ for row in chain.from_iterable(REGISTRY.values())}
    for one in lesson.answers:
        assert one.said
        assert one.kind
        assert one.origin in rows
        assert one.layer >= 0
        assert one.array not in one.follows
        for array, values in one.arrays.items():
            assert differ(flat(values), flat(right[array])), (one.said, array)
    told = [said for one in lesson.answers for said in (one.said, *one.same_as)]
    # The same words may stand for a value and for its gradient: then they are told at two arrays.
    assert all(len({id(one) for one in lesson.said[said]}) == count for said, count in Counter(told).items())


@pytest.mark.time
@pytest.mark.parametrize("name", PLACES)
def test_wrong_answers_come_in_the_order_of_the_solution_and_no_two_are_the_same(name):
    lesson = class_of(name)
    order = [lesson.lesson.shown[one.array] for one in lesson.answers]
    assert order == sorted(order)
    assert facts(lesson.mistakes.at(lesson.point)) == facts(lesson.answers)
    by_array = {}
    for one in lesson.answers:
        for other in by_array.setdefault(one.array, []):
            same = one.arrays.keys() == other.arrays.keys()
            assert not (same and all(alike(one.arrays[array], other.arrays[array]) for array in one.arrays))
        by_array[one.array].append(one)


@pytest.mark.time
def test_every_row_of_the_tables_changes_some_number_somewhere():
    rows = {row.__name__ for row in chain.from_iterable(REGISTRY.values())}
    at_work = set()
    for name in PLACES:
        lesson = class_of(name)
        at_work |= {row.__name__ for row, one, _ in lesson.planted if one.said in lesson.said}
    assert rows - at_work == set()


def test_an_answer_that_was_tampered_with_is_seen():
    lesson = class_of("two-three-two")
    planted = next(one for _, one, _ in lesson.planted if one.said == "the gradient with respect to W2 is left at zero")
    (answer,) = lesson.said[planted.said]
    wrong = lesson.run(False, planted)
    shown, right = lesson.lesson.shown, lesson.rights[False]
    assert list(complaints(shown, right, wrong, answer)) == []
    (told,) = complaints(shown, right, wrong, replace(answer, values=answer.values + Exact("1/1000000000000")))
    assert told == "dW2 is wrong in another way than is told"
    shorter = dict(list(answer.follows.items())[:-1])
    assert list(complaints(shown, right, wrong, replace(answer, follows=shorter))) == [
        "L_new is wrong, and is not told"
    ]
    longer = {**answer.follows, "db2": answer.values}
    assert list(complaints(shown, right, wrong, replace(answer, follows=longer))) == [
        "db2 is right, and is told as wrong"
    ]
    assert len(list(complaints(shown, right, wrong, None))) == 4


def test_mistakes_that_coincide_at_one_point_are_told_together_and_apart_at_another():
    sign = "the sign of the gradient with respect to Z1 is wrong"
    absolute = "the gradient with respect to Z1 is its absolute value"
    lesson = class_of("two-three-two")
    # Every entry of dZ1 is negative here.
    (together,) = [one for one in lesson.answers if one.said == sign]
    assert absolute in together.same_as
    assert np.all(together.values == np.array([[32], [16], [118]]))
    other = replace(lesson.point, data={"X": [[3], [-2]], "Y": [[-20], [-3]]})
    apart = [one for one in lesson.mistakes.at(other) if {sign, absolute} & {one.said, *one.same_as}]
    assert len(apart) == 2


def test_mistakes_that_change_nothing_here_are_left_out():
    lesson = class_of("two-three-two")
    # With one sample nothing is averaged, and a bias of 0 can be forgotten.
    said = {said for one in lesson.answers for said in (one.said, *one.same_as)}
    assert not any("averaged over the samples" in one or "sample alone" in one for one in said)
    assert "the bias b1 is left out of Z1" not in said
    assert "the bias b2 is left out of Z2" in said


def test_wrong_numbers_stay_exact_where_they_are_rational():
    lesson = class_of("two-three-two")
    exact = [one for one in lesson.answers if all(isinstance(entry, Exact) for entry in entries_of(one.values))]
    others = [one for one in lesson.answers if one not in exact]
    assert {one.kind for one in others} <= {"another loss", "normalised"}
    assert len(exact) > len(others)
    assert all(isinstance(entry, Ball) for one in others for entry in entries_of(one.values))


# The mistakes of a classroom, by what a point in it would show, worked out by hand.
BY_HAND = [
    ("two-three-two", "the bias b2 is left out of Z2", "Z2", [[-20], [-7]]),
    ("two-three-two", "the factor 1/2 is left out of the loss", "L", 520),
    (
        "two-three-two",
        "the sign of the gradient with respect to W2 is wrong",
        "dW2",
        [[154, -484, -66], [42, -132, -18]],
    ),
    ("two-three-two", "the gradient is added to b2, not subtracted", "b2_new", [["-1.022"], ["4.994"]]),
    ("two-three-two", "the learning rate is left out of the update of b1", "b1_new", [[32], [16], [118]]),
    ("two-three-two", "W2 is updated before the gradient has passed it", "dZ1", [["-35.64"], ["-4.56"], ["-116.44"]]),
    ("linear-neuron", "the differences are not squared", "L", "0.1"),
]


@pytest.mark.parametrize(("name", "said", "array", "values"), BY_HAND, ids=[said for _, said, _, _ in BY_HAND])
def test_wrong_numbers_are_those_worked_out_by_hand(name, said, array, values):
    answer = next(one for one in class_of(name).said[said] if one.array == array)
    found = [Fraction(int(entry.value.p), int(entry.value.q)) for entry in entries_of(answer.values)]
    assert found == [Fraction(str(value)) for value in np.ravel(values)]


def test_values_of_a_pass_give_what_the_point_gives():
    lesson = class_of("two-three-two")
    (done,) = work(lesson.derivation, lesson.point, passes=1)
    rate = lesson.point.exact_rate
    assert facts(lesson.mistakes.at(done.values, rate)) == facts(lesson.answers)
    without = lesson.mistakes.at(done.values)
    assert without
    assert not any(array.endswith("_new") for one in without for array in one.arrays)


@pytest.mark.time
@pytest.mark.parametrize("name", PLACES)
def test_right_arrays_are_those_of_the_worked_example(name):
    lesson = class_of(name)
    first, second = work(lesson.derivation, lesson.point, passes=2)
    right = lesson.mistakes.right(lesson.point)
    for array in first.values:
        assert alike(right[array], first.values[array]), array
    for array in (*lesson.point.parameters, *(equation.name for equation in lesson.derivation.program.equations)):
        assert alike(right[f"{array}_new"], second.values[array]), array


def test_mistakes_are_planned_once_and_worked_out_for_every_point():
    lesson = class_of("two-three-two")
    other = replace(lesson.point, data={"X": [[1], [2]], "Y": [["1/2"], [-4]]})
    before = list(lesson.mistakes._lessons.values())
    assert facts(lesson.mistakes.at(other)) != facts(lesson.answers)
    assert list(lesson.mistakes._lessons.values()) == before


@pytest.mark.parametrize("name", ["two-three-two", "or-gate", "two-three-one"])
def test_what_follows_from_a_wrong_array_of_ones_own_is_what_is_carried_through(name):
    lesson = class_of(name)
    carried = [one for one in lesson.answers if one.follows and one.array.startswith("d") and "_new" not in one.array]
    alone = [one for one in carried if one.kind in ("sign", "factor", "zero")]
    assert alone
    for one in alone:
        mine = lesson.mistakes.right(lesson.point, own={one.array: one.values})
        assert all(alike(mine[array], values) for array, values in one.arrays.items()), one.said


def test_an_array_of_ones_own_must_be_one_and_have_its_shape():
    lesson = class_of("two-three-two")
    right = lesson.mistakes.right(lesson.point)
    with pytest.raises(ShapeError, match="your dZ1 has another shape"):
        lesson.mistakes.right(lesson.point, own={"dZ1": right["dZ2"]})
    with pytest.raises(InputError, match="dQ"):
        lesson.mistakes.right(lesson.point, own={"dQ": right["dZ2"]})


@pytest.mark.parametrize("most", [1, 3])
def test_a_short_list_has_as_many_kinds_as_it_can(most):
    lesson = class_of("or-gate")
    few = lesson.mistakes.at(lesson.point, most=most)
    told = facts(few)
    assert [one for one in facts(lesson.answers) if one in told] == told
    for array in {one.array for one in lesson.answers}:
        every = [one for one in lesson.answers if one.array == array]
        chosen = [one for one in few if one.array == array]
        kinds = {one.kind for one in every}
        assert len(chosen) == min(most, len(every))
        assert len({one.kind for one in chosen}) == min(most, len(kinds))


@pytest.mark.parametrize("name", ["two-three-two", "or-gate", "softmax"])
def test_at_one_array_every_value_is_told_once_with_all_mistakes_that_lead_to_it(name):
    answers = class_of(name).answers
    for array in ("L", "dW1", "W1_new", "L_new"):
        here = for_array(answers, array)
        reaching = [one for one in answers if array in one.arrays]
        assert reaching
        told = [said for one in here for said in (one.said, *one.same_as)]
        assert set(told) == {said for one in reaching for said in (one.said, *one.same_as)}
        assert all(one.array == array and array not in one.follows for one in here)
        for number, one in enumerate(here):
            assert not any(alike(one.values, other.values) for other in here[:number])
        own = {one.said for one in answers if one.array == array}
        # A mistake made at the array itself is told before one that was carried to it.
        assert all(one.said in own or own.isdisjoint(one.same_as) for one in here)


def test_a_network_too_large_for_a_blackboard_is_refused():
    network = Network(40, [Dense(30, "relu"), Dense(20)], "squared-error")
    point = drawn_point(network, 2, DIGITS)
    with pytest.raises(InputError, match="too many numbers"):
        Mistakes(derive(network), network).at(point)


ACTIVATIONS = ("linear", "sigmoid", "tanh", "relu", "leaky-relu")


@pytest.mark.time
@settings(max_examples=20 if EVERYTHING else 3, deadline=None)
@given(
    units=st.tuples(st.integers(1, 2), st.integers(1, 3), st.integers(1, 2)),
    activations=st.tuples(st.sampled_from(ACTIVATIONS), st.sampled_from(ACTIVATIONS)),
    layout=st.sampled_from(["features-first", "samples-first"]),
    reduction=st.sampled_from(["sum", "mean", "mean-over-all"]),
    samples=st.integers(1, 3),
    digits=st.permutations(DIGITS),
    offset=st.integers(0, 16),
)
def test_random_networks_have_the_wrong_answers_of_their_programs(
    units, activations, layout, reduction, samples, digits, offset
):
    inputs, *widths = units
    layers = [Dense(width, name) for width, name in zip(widths, activations, strict=True)]
    network = Network(inputs, layers, "half-squared-error", reduction=reduction, layout=layout)
    try:
        lesson = Class(network, derive(network), drawn_point(network, samples, digits))
    except UndecidedError:
        # A ball lies on a kink: there is no right answer either.
        return
    if any(value is None for right in lesson.rights.values() for value in right.values()):
        return
    for _, one, told in lesson.planted[offset::29]:
        assert lesson.complaints(one, told) == [], one.said

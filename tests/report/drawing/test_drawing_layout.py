"""The layout of drawings: all is there, nothing lies on anything else, and large networks say what is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Sum

from symnn.derivation import derive
from symnn.equations import Equation, Program
from symnn.library import work
from symnn.network import Dense, Network
from symnn.notation import LOSS, SAMPLES, index, name_of, tensor, width
from symnn.report import NOTATIONS
from symnn.report.drawing import PAGE, layout
from symnn.report.drawing.structure import layers_of
from symnn.report.numbers import number
from symnn.report.story import Teller
from tests.report.drawing.drawings import FOLDER, LARGE, LOOKED_AT, drawing, outside, overlaps, run_through, teller
from tests.report.examples import example

SMALLEST = 6.0


@pytest.mark.parametrize("name", [*FOLDER, *LARGE])
def test_every_derivation_has_a_drawing_that_fits_its_page(name):
    drawn = drawing(name)
    assert 0 < drawn.width <= PAGE
    assert 0 < drawn.height <= 600
    assert outside(drawn) == []
    assert [node.role for node in drawn.nodes].count("loss") == 1
    assert min(text.size for text in drawn.texts) >= SMALLEST


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("name", [*LOOKED_AT, "layer-classes", "attention-head"])
def test_nothing_lies_on_anything_else_in_any_notation(name, notation):
    assert overlaps(drawing(name, notation)) == []


@pytest.mark.parametrize("name", [*FOLDER, *LARGE])
def test_nothing_lies_on_anything_else(name):
    assert overlaps(drawing(name)) == []


@pytest.mark.parametrize("name", [*FOLDER, *LARGE])
def test_no_edge_runs_through_a_node(name):
    assert run_through(drawing(name)) == []


def test_an_edge_through_a_node_is_found():
    drawn = drawing("four-three-two-one")
    (first, *_), (*_, last) = drawn.nodes, [node for node in drawn.nodes if node.role == "input"]
    edge = replace(drawn.edges[0], source=first.name, target="loss", points=((first.x, 0.0), (first.x, drawn.height)))
    assert (first.name, "loss", last.name) in run_through(replace(drawn, edges=(edge,)))


def test_texts_that_lie_on_each_other_are_found():
    drawn = drawing("or-gate")
    first, *others = drawn.nodes
    moved = replace(first, texts=tuple(replace(text, x=text.x + 3, y=text.y + 3) for text in first.texts))
    assert overlaps(replace(drawn, nodes=(first, replace(moved, name="again"), *others)))
    assert outside(replace(drawn, width=drawn.width / 2))


@pytest.mark.parametrize("name", FOLDER)
def test_every_tensor_of_a_program_is_drawn_or_leads_from_one_to_another(name):
    drawn, program = drawing(name), teller(name).derivation.program
    shown = {own.tensor for own in drawn.quantities}
    helpers = {equation.name for equation in program.equations} - shown
    # Of a softmax, the exponentials and their sum.
    assert all(stem.rstrip("0123456789") in {"E", "S"} for stem in helpers)
    assert {name_of(leaf) for leaf in program.leaves} <= shown


@pytest.mark.parametrize("name", LOOKED_AT)
def test_every_weight_of_a_small_network_stands_on_its_edge_with_value_and_gradient(name):
    drawn = drawing(name)
    for edge in drawn.edges:
        if edge.role == "weight":
            assert edge.quantity.forward
            assert edge.quantity.backward
            assert {text.kind for text in edge.texts} >= {"forward", "backward"}
            assert edge.label.left > edge.points[0][0]
            assert edge.label.right < edge.points[-1][0]


def test_numbers_are_those_of_the_pass_as_the_printer_writes_them():
    given = teller("two-three-two")
    shown = {(own.tensor, own.place): own for own in drawing("two-three-two").quantities}
    for (name, place), own in shown.items():
        for text, tensor_name in ((own.forward, name), (own.backward, f"d{name}")):
            if text:
                value = given.values[tensor_name]
                assert text == number(value[place] if place else value)[0]
    assert (shown["W1", (1, 0)].forward, shown["W1", (1, 0)].backward) == ("-8", "-48")


def test_an_empty_text_leaves_a_number_out_and_keeps_the_names():
    drawn = layout(teller("or-gate"), lambda _: ("", True))
    assert {text.kind for text in drawn.texts} == {"label"}
    assert len(drawn.nodes) == len(drawing("or-gate").nodes)


def test_stages_follow_the_story():
    drawn = drawing("or-gate")
    assert drawn.stages == ("Z1", "A1", "L", "dA1", "dZ1", "dW1", "db1", "dX")
    after = {(text.name, text.after) for text in drawn.texts if text.kind in {"forward", "backward"}}
    assert after == {
        *(("X", 0), ("W1", 0), ("b1", 0), ("Y", 0)),
        *((name, step) for step, name in enumerate(drawn.stages, start=1)),
    }


def test_one_sample_of_a_batch_is_drawn():
    assert (drawing("or-gate").sample, drawing("or-gate").samples) == (1, 4)
    assert (drawing("two-three-two").sample, drawing("two-three-two").samples) == (1, 1)
    places = {own.place for own in drawing("or-gate").quantities if own.tensor == "X"}
    assert places == {(0, 0), (1, 0)}


def test_a_wide_network_leaves_units_out_and_says_how_many():
    drawn = drawing("wide")
    assert drawn.abridged
    assert {(one.tensor, one.count) for one in drawn.left_out} == {("X", 35), ("A1", 25), ("A2", 5), ("Y", 5)}
    assert sum(node.role == "dots" for node in drawn.nodes) == 3
    assert {edge.label for edge in drawn.edges if edge.role == "weight"} == {None}


def test_a_deep_network_leaves_layers_out_and_says_which():
    drawn = drawing("deeper")
    assert {text.kind for text in drawn.texts} == {"label", "more"}
    assert not any(node.role == "bias" for node in drawn.nodes)
    shown = {own.tensor for own in drawn.quantities}
    left = {one.tensor for one in drawn.left_out}
    assert {f"A{number}" for number in range(1, 25)} <= shown | left
    assert shown & left == set()
    assert {one.count for one in drawn.left_out} == {2}


def test_a_narrow_page_has_less_on_it_and_nothing_beyond():
    for room in (180, 260, 320):
        drawn = layout(teller("four-three-two-one"), width=room)
        assert drawn.width <= room
        assert overlaps(drawn) == []
        assert len(drawn.texts) < len(drawing("four-three-two-one").texts)


def test_small_networks_are_complete():
    for name in LOOKED_AT:
        drawn = drawing(name)
        assert not drawn.abridged
        assert {own.tensor for own in drawn.quantities} == {text.name for text in drawn.texts if text.kind == "forward"}


NETWORKS = {
    "one neuron": Network(inputs=1, layers=[Dense(1)]),
    "no biases": Network(inputs=2, layers=[Dense(3, bias=False), Dense(1, bias=False)]),
    "samples first": Network(inputs=2, layers=[Dense(3, "tanh"), Dense(2, "softmax")], layout="samples-first"),
}


@pytest.mark.parametrize("which", NETWORKS)
def test_a_network_of_any_layout_becomes_columns(which):
    network = NETWORKS[which]
    given = example(network, samples=3)
    drawn = layout(Teller(given.derivation, work(given.derivation, given.point), "1"))
    assert drawn.kind == "network"
    assert sum(edge.role == "weight" for edge in drawn.edges) == sum(
        below * layer.units
        for below, layer in zip(
            (network.inputs, *(each.units for each in network.layers)), network.layers, strict=False
        )
    )
    assert overlaps(drawn) == []


def _skipping():
    """A network whose inputs go into its outputs too: no columns."""
    i, j, k = index("i", SAMPLES), index("j", width(0)), index("k", width(0))
    W, X, Z, Y = (
        tensor("W", width(0), width(0)),
        tensor("X", SAMPLES, width(0)),
        tensor("Z", SAMPLES, width(0)),
        tensor("Y", SAMPLES, width(0)),
    )
    equations = (
        Equation(Z[i, j], Sum(W[k, j] * X[i, k], k)),
        Equation(LOSS, Sum((Z[i, j] + X[i, j] - Y[i, j]) ** 2, i, j)),
    )
    return Program(equations, (W,), (X,), (Y,))


def test_what_is_no_chain_of_dense_layers_is_no_network():
    assert layers_of(_skipping()) is None
    for name in ("attention-head", "batch-normalisation", "layer-normalisation", "descent-on-a-surface", "loss-table"):
        assert drawing(name).kind == "graph"
    assert derive(_skipping()).program.equations


def test_a_softmax_couples_its_units_and_a_frame_shows_it():
    drawn = drawing("layer-classes")
    assert [len(group) for group in drawn.groups] == [3]
    (frame,) = drawn.frames
    inside = [node for node in drawn.nodes if node.name in drawn.groups[0]]
    assert all(frame.left < node.box.left and node.box.right < frame.right for node in inside)


def test_the_same_derivation_gives_the_same_drawing():
    assert layout(teller("two-three-one")) == layout(teller("two-three-one"))

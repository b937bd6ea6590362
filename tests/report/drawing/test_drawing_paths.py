"""The paths from an entry to the loss."""

from __future__ import annotations

import pytest

from symnn.errors import InputError
from symnn.report.drawing import paths, spreads
from tests.report.drawing.drawings import FOLDER, drawing


def counted(drawn, start):
    """How many ways lead from a node to the loss, walked one by one."""
    if start == next(node.name for node in drawn.nodes if node.role == "loss"):
        return 1
    return sum(counted(drawn, edge.target) for edge in drawn.edges if edge.source == start)


# derivation, tensor, place, number of paths
COUNTS = (
    ("or-gate", "W1", (0, 0), 1),
    ("two-three-two", "X", (0, 0), 6),
    ("two-three-two", "W1", (0, 0), 2),
    ("two-three-two", "Z1", (2, 0), 2),
    ("two-three-two", "W2", (0, 0), 1),
    ("two-three-one", "X", (0, 0), 3),
    ("four-three-two-one", "W1", (0, 0), 2),
    ("layer-classes", "Z2", (0, 0), 3),
    ("layer-classes", "A2", (0, 0), 1),
    ("softmax-cross-entropy", "Z", (), 2),
    ("batch-normalisation", "Z", (), 4),
)


@pytest.mark.parametrize(("name", "tensor", "place", "count"), COUNTS)
def test_paths_are_counted(name, tensor, place, count):
    assert paths(drawing(name), tensor, place).count == count


def test_the_number_of_paths_is_that_of_walking_each():
    # What stands in groups is not drawn unit by unit.
    drawings = {name: drawing(name) for name in FOLDER if not drawing(name).groups}
    assert len(drawings) > 10
    for name, drawn in drawings.items():
        for node in drawn.nodes:
            for own in node.quantities:
                if node.role != "target":
                    assert paths(drawn, own.tensor, own.place).count == counted(drawn, node.name), name


@pytest.mark.parametrize("name", FOLDER)
def test_what_is_highlighted_begins_at_the_entry_and_ends_at_the_loss(name):
    drawn = drawing(name)
    for own in drawn.quantities:
        if own.tensor == drawn.stages[-1] or not own.backward_after:
            continue
        found = paths(drawn, own.tensor, own.place)
        assert "loss" in found.nodes or any(node.role == "loss" and node.name in found.nodes for node in drawn.nodes)
        assert all(target in found.nodes for _, target in found.edges)


def test_the_edges_of_one_weight_are_its_own_and_all_behind_it():
    found = paths(drawing("two-three-two"), "W1", (0, 1))
    assert ("input-0-1", "unit-1-0") in found.edges
    assert {source for source, _ in found.edges} == {"input-0-1", "unit-1-0", "unit-2-0", "unit-2-1"}
    assert "input-0-1" not in found.nodes


def test_gradients_with_several_paths_are_offered_in_the_order_of_the_story():
    assert [one.tensor for one in spreads(drawing("two-three-two"))] == ["Z1", "W1", "b1", "X"]
    assert spreads(drawing("or-gate")) == ()
    assert [one.count for one in spreads(drawing("four-three-two-one"))] == [2, 2, 2, 2, 6]


def test_an_entry_that_is_not_drawn_is_refused():
    with pytest.raises(InputError, match="not in the drawing"):
        paths(drawing("wide"), "X", (20, 0))

"""Points and directions are drawn reproducibly, and doubles hold them exactly."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from symnn.verification.points import direction, points

ARRAYS = {"W": np.array([[1.0, -4.0], [2.0, 0.5]]), "b": np.zeros(3)}


def draw(count, seed=0):
    return list(islice(points(ARRAYS, seed), count))


def test_the_first_point_is_the_one_given():
    label, point = draw(1)[0]
    assert label == "the point given"
    assert all(np.array_equal(point[name], ARRAYS[name]) for name in ARRAYS)


def test_the_same_seed_draws_the_same_points_and_another_seed_others():
    assert np.array_equal(draw(3)[2][1]["W"], draw(3)[2][1]["W"])
    assert not np.array_equal(draw(3)[2][1]["W"], draw(3, seed=1)[2][1]["W"])


def test_draws_reach_as_far_as_the_values_given_and_some_lie_nearer():
    moved = [max(np.max(np.abs(point[name] - ARRAYS[name])) for name in ARRAYS) for _, point in draw(10)]
    assert moved[0] == 0
    assert all(0.5 <= size <= 16.0 for size in (*moved[1:3], moved[8]))
    assert moved[9] < moved[1] / 2


def test_every_array_moves_even_one_of_zeros():
    assert np.all(draw(2)[1][1]["b"] != 0)


@pytest.mark.parametrize("seed", range(5))
def test_a_direction_is_dyadic_and_nowhere_small(seed):
    v = direction(1000, np.random.default_rng(seed))
    assert np.all((np.abs(v) >= 0.5) & (np.abs(v) < 1))
    assert all((x * 2**54).is_integer() for x in v.tolist())
    assert 400 < np.sum(v > 0) < 600

"""Every program that slips are planted in is right, small and quick."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.truth.gradients import NAMES, arguments, gradient, leaves, program, source_of

STEP = 1e-5


def moved(value, path, step, here=""):
    """Parameters with a step added to the array at a path."""
    if isinstance(value, dict):
        return {key: moved(inner, path, step, f"{here}.{key}") for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(moved(inner, path, step, f"{here}.{k}") for k, inner in enumerate(value))
    return value + step if here == path else value


def quotients(module, place):
    """The gradient by central differences, entry by entry."""
    params, data = arguments(module, place)
    for path, A in leaves(params):
        found = np.zeros(A.shape)
        for index in np.ndindex(A.shape):
            step = np.zeros(A.shape)
            step[index] = STEP
            up, down = (module.loss(moved(params, path, s), *data) for s in (step, -step))
            found[index] = (up - down) / (2 * STEP)
        yield path, found


def test_there_are_enough_of_them():
    assert len(NAMES) >= 20
    assert all(20 <= source_of(name).count("\n") <= 80 for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_gradient_is_right(name):
    module = program(name).module
    for place in range(3):
        # Some name their gradients dW1, as courses do.
        found = {path.replace(".d", "."): g for path, g in gradient(module, place).items()}
        expected = dict(quotients(module, place))
        names = {path.replace(".d", "."): path for path in expected}
        assert found.keys() == names.keys()
        for path, g in found.items():
            n = expected[names[path]]
            assert g.shape == n.shape, path
            assert np.linalg.norm(g - n) <= 1e-6 * max(np.linalg.norm(n), 1e-3), path

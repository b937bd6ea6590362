"""Constants that code computed limit what is certified, and hide no entry that is wrong."""

from __future__ import annotations

import numpy as np
import pytest

from symnn import verify

LARGE_AND_SMALL = np.random.default_rng(0).normal(size=3) * np.array([1e6, 1e-9, 1])


@pytest.mark.parametrize("held", ["an array", "made in the call"])
def test_a_small_entry_twice_too_large_is_different_beside_a_large_one(held):
    def weights():
        return LARGE_AND_SMALL if held == "an array" else np.array(LARGE_AND_SMALL.tolist())

    found = verify(lambda w: np.sum(w * weights()), lambda w: weights() * np.array([1.0, 2.0, 1.0]), np.ones(3))
    assert found.verdict == "different", found

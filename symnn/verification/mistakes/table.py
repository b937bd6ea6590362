"""The table of mistakes, a row each, in the order in which they are told when several explain the same gradient."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from symnn.verification.mistakes import losses, paths, slopes, sums, whole
from symnn.verification.mistakes.ground import Ground, Planted

# Conventions come before mistakes, and the plainest mistake first.
MISTAKES: tuple[Callable[[Ground], Iterator[Planted]], ...] = (
    losses.another_loss,
    losses.difference_turned,
    losses.samples_miscounted,
    losses.slope_on_softmax,
    slopes.softmax,
    slopes.slope_missing,
    slopes.slope_twice,
    slopes.slope_at_output,
    slopes.slope_of_input,
    slopes.branches,
    slopes.value_for_slope,
    slopes.slope_of_another,
    slopes.formula_slipped,
    paths.upstream_missing,
    paths.path_dropped,
    paths.factor_of_another,
    paths.weights_turned,
    paths.weights_updated,
    sums.bias_averaged,
    sums.bias_summed_over_units,
    sums.one_sample,
    whole.sign,
    whole.factor,
    whole.zero,
    paths.upstream_of_another,
    slopes.slope_of_another_layer,
    whole.absolute,
    whole.clipped,
    whole.normalised,
)


@lru_cache(maxsize=64)
def planted(ground: Ground) -> tuple[Planted, ...]:
    """Return every mistake at every place where it could be made."""
    return tuple(one for mistake in MISTAKES for one in mistake(ground))

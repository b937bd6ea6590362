"""All mistakes that are known by name, a row each, by the phase of the work that they are made in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Literal, TypeAlias

from symnn.mistakes import forward, loss, update
from symnn.mistakes.backward import losses, paths, slopes, sums, whole
from symnn.mistakes.ground import Ground, Planted

# A row looks through equations, and yields each place where its mistake could be made.
Row: TypeAlias = Callable[[Ground], Iterator[Planted]]
Phase: TypeAlias = Literal["forward", "loss", "backward", "update"]

# Rows stand in the order in which they are told: conventions before mistakes, and the plainest mistake first.
REGISTRY: Mapping[Phase, tuple[Row, ...]] = {
    "forward": (
        forward.bias_left_out,
        forward.activation_left_out,
        forward.softmax_slipped,
        forward.bias_subtracted,
        forward.activation_of_negative,
        forward.slope_for_value,
        forward.weights_turned,
        forward.input_of_another,
    ),
    "loss": (
        loss.half,
        loss.reduced_otherwise,
        loss.sign,
        loss.not_squared,
        loss.part_of_cross_entropy,
        loss.other_logarithm,
        loss.another_loss,
    ),
    "backward": (
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
    ),
    "update": (
        update.sign,
        update.rate_left_out,
        update.not_updated,
        update.step_for_parameter,
        update.gradient_of_another,
    ),
}


@lru_cache(maxsize=128)
def planted(ground: Ground, phase: Phase = "backward") -> tuple[Planted, ...]:
    """Return every mistake of a phase at every place where it could be made."""
    return tuple(one for row in REGISTRY[phase] for one in row(ground))

"""What a report needs of the drawing of its network: the stages to draw it at, and the paths to show in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from symnn.notation import adjoint_name, name_of
from symnn.report.drawing import PAGE, PREAMBLE, Drawing, Paths, layout, spreads
from symnn.report.form import is_blank
from symnn.report.laws import PATHS, UNIT_SUM
from symnn.report.numbers import number
from symnn.report.story import Teller

SLIDE = 410.0
"""How many points wide a drawing on a slide may be."""


@dataclass(frozen=True)
class Picture:
    """A drawing with the stage at which the loss is known, and by the key of a gradient the paths that it adds up."""

    drawing: Drawing
    loss_known: int
    spread: dict[str, Paths]
    stages: dict[str, int]
    preamble: str = PREAMBLE


def picture_of(teller: Teller, backward: Iterable[Any], *, slides: bool = False) -> Picture:
    """Return the picture for what a style tells of the backward pass; a blank is not drawn.

    Paths are shown where a gradient is a sum over them; where a style tells of parameters alone, of each whose entries
    reach the loss over several.
    """
    drawing = layout(
        teller,
        lambda value: ("", True) if is_blank(value) else number(value, teller.form),
        width=SLIDE if slides else PAGE,
    )
    stages = {name: place for place, name in enumerate(drawing.stages, start=1)}
    told = {view.key: {law.name for law in view.laws} for view in backward}
    found = {adjoint_name(one.tensor): one for one in spreads(drawing)}
    sums = {key for key, laws in told.items() if laws & {PATHS, UNIT_SUM}}
    return Picture(
        drawing,
        stages[name_of(teller.derivation.program.loss)],
        {key: one for key, one in found.items() if key in (sums or told)},
        stages,
    )

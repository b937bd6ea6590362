"""What holds of a derivation: its hand-written gradient, its derived kernel, and its published figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symnn.kernels import data_names
from symnn.library.figures import Account, account
from symnn.library.loading import Example
from symnn.network import Network
from symnn.notation import name_of
from symnn.verify import Verdict, drawn, verify


@dataclass(frozen=True)
class Findings:
    """The verdicts on a derivation and the account of its figures.

    ``drawn`` says that the code was checked on drawn data because the example's own data make a gradient zero
    whatever the code does.
    """

    by_hand: Verdict
    derived: Verdict
    drawn: bool
    accounts: tuple[Account, ...]

    @property
    def state(self) -> str:
        """*verified*, or the first thing that is not as it should be."""
        if self.by_hand.verdict != "equal":
            return f"hand-written gradient {self.by_hand.verdict}"
        if self.derived.verdict != "equal":
            return f"derived gradient {self.derived.verdict}"
        wrong = [entry.figure.of for entry in self.accounts if not entry.holds]
        return f"published figures disagree: {', '.join(wrong)}" if wrong else "verified"


def check(example: Example, seed: int = 0) -> Findings:
    """Certify an example's hand-written gradient and its derived kernel, and account for its figures.

    Both gradients are compared with dual balls run through the hand-written loss, which shares no code with either.
    """
    parameters, data = example.arguments
    network = example.source if isinstance(example.source, Network) else None
    verdict = verify(example.loss, example.grad, parameters, *data, network=network, seed=seed)
    on_drawn = verdict.verdict == "undecided"
    if on_drawn:
        parameters, data = _drawn(example, seed)
        verdict = verify(example.loss, example.grad, parameters, *data, network=network, seed=seed)
    kernel = example.derivation.compile(stable=False)
    derived = verify(example.loss, kernel, parameters, *data, seed=seed)
    accounts = account(example.derivation, example.point, example.published)
    return Findings(verdict, derived, on_drawn, accounts)


def _drawn(example: Example, seed: int) -> tuple[dict[str, Any], tuple[Any, ...]]:
    program = example.derivation.program
    # The batch is the example's own: code written for one sample is right for one sample.
    shapes = {name: np.shape(example.point.floats(name)) for name in example.point.data}
    sizes = {
        str(axis): extent
        for name, shape in shapes.items()
        for axis, extent in zip(program.shapes[name], shape, strict=True)
    }
    known = {**sizes, **example.derivation.sizes}
    arrays: Mapping[str, Any] = drawn(program, known, np.random.default_rng(seed))
    return {name_of(t): arrays[name_of(t)] for t in program.parameters}, tuple(
        arrays[name] for name in data_names(program)
    )

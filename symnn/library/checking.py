"""What holds of a derivation: its hand-written gradient, its derived kernel, and its published figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symnn.kernels import data_names, forward_kernel
from symnn.library.example import Example
from symnn.library.figures import Account, account
from symnn.network import Network
from symnn.notation import name_of
from symnn.verification import Verdict, drawn, verify


@dataclass(frozen=True)
class Findings:
    """The verdicts on a derivation and the account of its figures.

    ``by_hand`` is None where nothing is written by hand: then ``derived`` holds the derived gradient against the exact
    slope of the loss by the equations of the forward pass. ``drawn`` says that the code was checked on drawn data
    because the example's own data make a gradient zero whatever the code does.
    """

    by_hand: Verdict | None
    derived: Verdict
    drawn: bool
    accounts: tuple[Account, ...]

    @property
    def state(self) -> str:
        """*verified*, or the first thing that is not as it should be."""
        if self.by_hand is not None and self.by_hand.verdict != "equal":
            return f"hand-written gradient {self.by_hand.verdict}"
        if self.derived.verdict != "equal":
            return f"derived gradient {self.derived.verdict}"
        wrong = [entry.figure.of for entry in self.accounts if not entry.holds]
        return f"published figures disagree: {', '.join(wrong)}" if wrong else "verified"


def check(example: Example, seed: int = 0) -> Findings:
    """Certify an example's hand-written gradient, if it has one, and its derived kernel; account for its figures.

    Gradients are compared with dual balls run through the hand-written loss, which shares no code with either. Without
    one they run through the forward equations, which share nothing with how the gradient was found.
    """
    verdicts = _verdicts(example, *example.arguments, seed)
    on_drawn = verdicts[0].verdict == "undecided"
    if on_drawn:
        verdicts = _verdicts(example, *_drawn(example, seed), seed)
    by_hand = verdicts[0] if example.loss is not None else None
    accounts = account(example.derivation, example.point, example.published)
    return Findings(by_hand, verdicts[-1], on_drawn, accounts)


def _verdicts(example: Example, parameters: dict[str, Any], data: tuple[Any, ...], seed: int) -> tuple[Verdict, ...]:
    """Return the verdict on what is written by hand, if anything is, and that on the derived kernel."""
    network = example.source if isinstance(example.source, Network) else None
    kernel = example.derivation.compile(stable=False)
    if example.loss is None or example.grad is None:
        return (verify(_forward(example), kernel, parameters, *data, seed=seed),)
    by_hand = verify(example.loss, example.grad, parameters, *data, network=network, seed=seed)
    return by_hand, verify(example.loss, kernel, parameters, *data, seed=seed)


def _forward(example: Example) -> Callable[..., Any]:
    """Return the loss by the equations of the forward pass alone, without any gradient."""
    forward = forward_kernel(example.source, stable=False)
    return lambda params, *data: forward(params, *data)[0]


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

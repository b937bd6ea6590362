"""A trial: a loss with a gradient that is known to be right or wrong, and what a checker answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np

from symnn.network import Network
from symnn.verification.matching import match_gradients
from symnn.verification.structure import parameters

Verdict: TypeAlias = Literal["equal", "different", "no answer"]


class WrongShapeError(ValueError):
    """A gradient does not have the shape of its parameter, which every checker's user is told."""


@dataclass(frozen=True)
class Trial:
    """``grad`` is the gradient of ``loss`` at ``params`` unless ``wrong``.

    ``names`` holds every sentence that names the mistake; ``network`` describes the network where there is one: only
    symnn makes use of it, and only to name mistakes.
    """

    group: str
    name: str
    loss: Callable[..., Any]
    grad: Callable[..., Any]
    params: Any
    data: tuple[Any, ...] = ()
    wrong: bool = False
    names: frozenset[str] = frozenset()
    network: Network | None = None


@dataclass(frozen=True)
class Answer:
    """What a checker says of a trial: a verdict, the mistake if it names one, or why there is no answer."""

    verdict: Verdict
    named: str = ""
    why: str = ""


@dataclass
class Flat:
    """A trial over one vector of doubles, as checkers other than symnn take it."""

    trial: Trial
    start: Any = field(init=False)

    def __post_init__(self) -> None:
        self._parameters = parameters(self.trial.params)
        self.start = np.concatenate([A.ravel() for A in self._parameters.arrays.values()])

    def loss(self, vector: Any) -> float:
        """Return the loss at a vector."""
        return float(self.trial.loss(self._unrolled(vector), *self.trial.data))

    def grad(self, vector: Any) -> Any:
        """Return the hand-written gradient at a vector, unrolled; raise `WrongShapeError` if it cannot be."""
        params = self._unrolled(vector)
        # The loss goes first: classes keep there what their backward pass needs.
        self.trial.loss(params, *self.trial.data)
        found = match_gradients(self.trial.grad(params, *self.trial.data), self._parameters)
        arrays = {name: np.asarray(g, np.float64) for name, g in found.items()}
        for name, A in self._parameters.arrays.items():
            if arrays[name].shape != A.shape:
                raise WrongShapeError(f"the gradient of {name} is {arrays[name].shape}, its parameter {A.shape}")
        return np.concatenate([arrays[name].ravel() for name in self._parameters.arrays])

    def _unrolled(self, vector: Any) -> Any:
        arrays, start = {}, 0
        for name, A in self._parameters.arrays.items():
            arrays[name] = np.array(vector[start : start + A.size], np.float64).reshape(A.shape)
            start += A.size
        return self._parameters.rebuild({name: A if A.ndim else float(A) for name, A in arrays.items()})

"""What an adapter takes and gives: the arguments of ``verify`` as they came, and a loss with its gradient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from symnn.scalars.run import current
from symnn.scalars.runner import stand_ins
from symnn.verification.points import direction
from symnn.verification.subject import Function, Subject

PASSES = ("the forward pass", "the backward pass", "the upstream gradient")
"""What the loss, the gradient and the data are to a layer without a loss."""


@dataclass(frozen=True)
class Given:
    """What `symnn.verify` was called with: a target and its arguments, in any shape.

    ``reference`` is the NumPy twin of a forward pass that cannot run on balls; ``names`` are the parameters of an
    object, in the order of its gradients, where they cannot be told otherwise; ``argnum`` says which arguments are the
    parameters, where these do not come first.
    """

    target: Any
    arguments: tuple[Any, ...] = ()
    reference: Function | None = None
    names: tuple[str, ...] = ()
    seed: int = 0
    argnum: int | tuple[int, ...] | None = None


@dataclass(frozen=True)
class Code:
    """A function of ours that runs code of the user's; ``runs_code_of`` are the functions whose modules a run reaches.

    >>> Code(lambda x: x + 1, (np.sum,))(2)
    3
    """

    function: Function
    runs_code_of: tuple[Any, ...] = ()

    def __call__(self, *arguments: Any) -> Any:
        """Run the function."""
        return self.function(*arguments)


def code_run_by(function: Function) -> tuple[Any, ...]:
    """Return the functions whose modules a run of a function reaches: what it says itself, else the function."""
    code: tuple[Any, ...] = getattr(function, "runs_code_of", (function,))
    return code


@dataclass(frozen=True)
class Library:
    """A function of a library that is itself under test: in a run what stands in for it there answers.

    >>> int(Library(np.sum)([1, 2]))
    3
    """

    original: Function

    def __call__(self, *arguments: Any) -> Any:
        """Call the function, or in a run its stand-in."""
        in_run = current().system is not None
        standins = stand_ins() if in_run else {}
        return standins.get(id(self.original), self.original)(*arguments)


class Passes(Protocol):
    """How an object is run forward and in reverse: a `Reading` of a layer, or a `Route` to a cost and its gradients."""

    @property
    def reduction(self) -> str:
        """Return what makes one number of the outputs."""

    @property
    def returned_first(self) -> bool:
        """Return whether what is returned counts before what the object keeps."""

    def run(self, target: Any, arguments: list[Any]) -> list[Any]:
        """Run forward; return a record for each layer, the last with the ``outputs``."""

    def reverse(self, target: Any, upstream: tuple[Any, ...], runs: list[Any]) -> list[Any]:
        """Run in reverse; return what each layer gave."""

    def loss(self, outputs: tuple[Any, ...], upstream: tuple[Any, ...]) -> Any:
        """Return the loss of the outputs."""

    def upstream(self, outputs: tuple[Any, ...], seed: int) -> tuple[Any, ...]:
        """Return an upstream gradient for every output."""

    def arguments(self, inputs: Any, params: Mapping[str, Any], data: tuple[Any, ...]) -> list[Any]:
        """Return what the forward pass is called with."""

    def inputs_of(self, target: Any, arguments: tuple[Any, ...]) -> Any:
        """Return which of the arguments have gradients of their own."""

    def data(self, arguments: tuple[Any, ...], upstream: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return what the loss is called with beside the parameters."""

    def given_upstream(self, outputs: tuple[Any, ...], data: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the upstream gradients for a backward pass."""

    def beside_inputs(self, given: Any, position: int, inputs: int) -> Any:
        """Return what a backward pass returned beside the gradients of its inputs."""


class Adapter(Protocol):
    """A row of the table: the shape in words, whether a target has it, and how it is brought into the common one."""

    shape: str

    def fits(self, given: Given) -> bool:
        """Return whether a target has this shape; never raises."""

    def adapt(self, given: Given) -> Subject:
        """Return the target in the common shape; raise `InputError` where it is ambiguous, with how to be explicit."""


def is_numbers(x: Any) -> bool:
    """Return whether x is an array of real numbers in float, with at least one entry.

    >>> is_numbers(np.zeros(3)), is_numbers(np.zeros(3, int)), is_numbers("a")
    (True, False, False)
    """
    return isinstance(x, np.ndarray) and x.dtype.kind == "f" and x.size > 0


def upstream_for(output: Any, seed: int) -> Any:
    """Return a random upstream gradient of the shape of an output: never ones, no entry zero.

    >>> float(np.abs(upstream_for(np.zeros((2, 2)), 0)).min()) >= 0.5
    True
    """
    drawn = direction(int(np.size(output)), np.random.default_rng([seed, 7])).reshape(np.shape(output))
    # Few digits are enough to be random, and a person can type them.
    rounded = np.round(drawn * 2**10) / 2**10
    return rounded if rounded.ndim else float(rounded)

"""What an adapter takes and gives: the arguments of ``verify`` as they came, and a loss with its gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from symnn.errors import InputError
from symnn.verification.calling import CannotRunError, call, fresh
from symnn.verification.points import direction
from symnn.verification.subject import Function, Subject

PASSES = ("the forward pass", "the backward pass", "the upstream gradient")
"""What the loss, the gradient and the data are to a layer without a loss."""


@dataclass(frozen=True)
class Given:
    """What `symnn.verify` was called with: a target and its arguments, in any shape.

    ``reference`` is the NumPy twin of a forward pass that cannot run on balls; ``names`` are the parameters of an
    object, in the order of its gradients, where they cannot be told otherwise.
    """

    target: Any
    arguments: tuple[Any, ...] = ()
    reference: Function | None = None
    names: tuple[str, ...] = ()
    seed: int = 0


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


class Adapter(Protocol):
    """A row of the table: the shape in words, whether a target has it, and how it is brought into the common one."""

    shape: str

    def fits(self, given: Given) -> bool:
        """Return whether a target has this shape; never raises."""

    def adapt(self, given: Given) -> Subject:
        """Return the target in the common shape; raise `InputError` where it is ambiguous, with how to be explicit."""


def tried(function: Function, *arguments: Any) -> Any:
    """Return what a function of the user's gives in float64, or None where it raises.

    >>> tried(lambda x: 1 / 0, 1) is None, tried(lambda x: x + 1, 1)
    (True, 2)
    """
    try:
        with np.errstate(all="ignore"):
            return call("the code", function, *fresh(arguments))
    except ArithmeticError:
        return None


def ran(what: str, function: Function, *arguments: Any) -> Any:
    """Return what a function of the user's gives in float64; raise `InputError` with the place where it raises."""
    try:
        with np.errstate(all="ignore"):
            return call(what, function, *fresh(arguments))
    except CannotRunError as error:
        raise InputError(f"{error}\nso that its shape cannot be told") from error


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

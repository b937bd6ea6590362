"""What a hand-written layer and loss look like, and the shape and order checks they share."""

from __future__ import annotations

from typing import Any, Protocol, TypeAlias

import numpy.typing as npt

from symnn.errors import InputError, ShapeError, aligned

# The entries may be floats, integers or the objects of any number system, so the dtype is left open.
Array: TypeAlias = npt.NDArray[Any]


class Layer(Protocol):
    """A step of the network: forward keeps what backward needs, backward hands the gradient on.

    ``inputs`` (features, samples) and ``outputs`` (units, samples) are set by the forward pass, ``dinputs``,
    of the shape of ``inputs``, by the backward pass. All three are None before.

    >>> from symnn.byhand import ReLU
    >>> layer: Layer = ReLU()
    >>> layer.inputs is None and layer.outputs is None and layer.dinputs is None
    True
    """

    inputs: Array | None
    outputs: Array | None
    dinputs: Array | None

    def forward_pass(self, inputs: Array) -> Array:
        """Return the outputs for ``inputs``; raise `ShapeError` if they do not fit."""
        ...

    def backward_pass(self, dvalues: Array) -> Array:
        """Return ∂loss/∂inputs from ``dvalues`` = ∂loss/∂outputs; `InputError` before a forward pass."""
        ...


class Loss(Protocol):
    """The end of the network: one number from outputs and targets, both (outputs, samples).

    >>> import numpy as np
    >>> from symnn.byhand import SquaredError
    >>> loss: Loss = SquaredError()
    >>> int(loss.forward_pass(np.array([[3]]), np.array([[1]])))
    4
    """

    dinputs: Array | None

    def predictions(self, outputs: Array) -> Array:
        """Return what the network answers, given the last layer's ``outputs``; most losses change nothing."""
        ...

    def forward_pass(self, outputs: Array, targets: Array) -> Any:
        """Return the loss; raise `ShapeError` if ``outputs`` and ``targets`` differ in shape."""
        ...

    def backward_pass(self, targets: Array) -> Array:
        """Return ∂loss/∂outputs at the outputs of the last forward pass; raise `InputError` before one."""
        ...


def require_columns(values: Array, what: str) -> None:
    """Raise `ShapeError` unless ``values`` is a matrix of at least one feature and one sample.

    >>> import numpy as np
    >>> require_columns(np.array([1.0, 2.0]), "inputs")
    Traceback (most recent call last):
    symnn.errors.ShapeError: inputs must hold one sample per column: reshape one sample to (features, 1)
      yours     (2,)
      expected  (features, samples)
    """
    if values.ndim != 2 or 0 in values.shape:
        rows = [("yours", str(values.shape)), ("expected", "(features, samples)")]
        raise ShapeError(
            f"{what} must hold one sample per column: reshape one sample to (features, 1)\n{aligned(rows)}"
        )


def require_shape(values: Array, expected: tuple[int, ...], what: str) -> None:
    """Raise `ShapeError` unless ``values`` has exactly the ``expected`` shape: nothing is broadcast.

    >>> import numpy as np
    >>> require_shape(np.zeros((3, 2)), (2, 3), "dvalues")
    Traceback (most recent call last):
    symnn.errors.ShapeError: dvalues has the wrong shape
      yours     (3, 2)
      expected  (2, 3)
    """
    if values.shape != expected:
        rows = [("yours", str(values.shape)), ("expected", str(expected))]
        raise ShapeError(f"{what} has the wrong shape\n{aligned(rows)}")


def seen(values: Array | None, owner: object) -> Array:
    """Return what the forward pass of ``owner`` kept; raise `InputError` if there was none.

    >>> from symnn.byhand import Tanh
    >>> seen(Tanh().outputs, Tanh())
    Traceback (most recent call last):
    symnn.errors.InputError: Tanh: backward_pass needs what forward_pass keeps: call forward_pass first
    """
    if values is None:
        raise InputError(
            f"{type(owner).__name__}: backward_pass needs what forward_pass keeps: call forward_pass first"
        )
    return values

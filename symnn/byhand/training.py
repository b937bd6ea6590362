"""Training: epochs of full batch, mini-batches or single samples, any optimiser, and when to stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from symnn.byhand.layer import Array, require_columns
from symnn.byhand.network import Network
from symnn.byhand.optimisers import Optimiser
from symnn.errors import InputError, ShapeError, aligned


@dataclass(frozen=True)
class EarlyStopping:
    """Stop when the loss has not fallen by more than ``least`` for ``patience`` epochs; keep the best parameters.

    The loss looked at is that of the validation data where there are any, else that of training.

    >>> EarlyStopping(patience=0)
    Traceback (most recent call last):
    symnn.errors.InputError: patience must be at least 1 epoch, given 0
    """

    patience: int = 10
    least: float = 0.0

    def __post_init__(self) -> None:
        if self.patience < 1:
            raise InputError(f"patience must be at least 1 epoch, given {self.patience}")


@dataclass
class History:
    """What happened: the loss before training and after each epoch, on training and on validation data.

    ``best`` is the epoch whose parameters were kept by early stopping, 0 being the start; None without it.

    >>> History().epochs
    0
    """

    losses: list[Any] = field(default_factory=list)
    validation: list[Any] = field(default_factory=list)
    best: int | None = None
    stopped: bool = False

    @property
    def epochs(self) -> int:
        """How many epochs were trained."""
        return max(0, len(self.losses) - 1)


# Called after each epoch with its number and the history so far, for a progress bar or a picture.
Watch = Callable[[int, History], None]


def batches(samples: int, size: int | None, rng: np.random.Generator) -> Iterator[Array]:
    """Yield the samples of each batch of one epoch: all in order without a size, else shuffled into batches.

    The last batch may be smaller. Raises `InputError` for a size below 1.

    >>> [batch.tolist() for batch in batches(4, None, np.random.default_rng(0))]
    [[0, 1, 2, 3]]
    >>> sorted(len(batch) for batch in batches(5, 2, np.random.default_rng(0)))
    [1, 2, 2]
    """
    if size is not None and size < 1:
        raise InputError(f"a batch holds at least 1 sample, given {size}")
    if size is None:
        yield np.arange(samples)
        return
    order = rng.permutation(samples)
    for start in range(0, samples, size):
        yield order[start : start + size]


def train(
    network: Network,
    inputs: Array,
    targets: Array,
    optimiser: Optimiser,
    epochs: int,
    *,
    batch: int | None = None,
    seed: int = 0,
    validation: tuple[Array, Array] | None = None,
    stopping: EarlyStopping | None = None,
    watch: Watch | None = None,
) -> History:
    """Train a network in place and return its history.

    ``inputs`` are (features, samples), ``targets`` (outputs, samples). ``batch`` is the size of a mini-batch: None for
    the full batch, 1 for single samples. Raises `InputError` for a negative number of epochs and when the
    loss is no longer finite, `ShapeError` for data that do not fit.

    >>> from symnn.byhand import GradientDescent, HalfSquaredError, dense_network
    >>> net = dense_network([1, 1], ["linear"], HalfSquaredError("mean"), start="zeros")
    >>> X = np.array([[0.0, 1.0, 2.0]])
    >>> history = train(net, X, 2 * X + 1, GradientDescent(0.5), 200)
    >>> [round(float(values.item()), 3) for values in net.parameters().values()], history.epochs
    ([2.0, 1.0], 200)
    """
    if epochs < 0:
        raise InputError(f"epochs must not be negative, given {epochs}")
    _require_samples(inputs, targets)
    rng = np.random.default_rng(seed)
    history = History()
    best = _note(network, inputs, targets, validation, history)
    kept, waited = network.parameters(), 0
    history.best = 0 if stopping else None
    for epoch in range(1, epochs + 1):
        for chosen in batches(inputs.shape[1], batch, rng):
            network.forward_pass(inputs[:, chosen])
            network.backward_pass(targets[:, chosen])
            network.set_parameters(optimiser.step(network.parameters(), network.gradients()))
        now = _note(network, inputs, targets, validation, history)
        if watch is not None:
            watch(epoch, history)
        if stopping is None:
            continue
        if now < best - stopping.least:
            best, kept, waited, history.best = now, network.parameters(), 0, epoch
        else:
            waited += 1
        if waited == stopping.patience:
            history.stopped = True
            break
    if stopping is not None:
        network.set_parameters(kept)
    return history


def _require_samples(inputs: Array, targets: Array) -> None:
    require_columns(inputs, "inputs to train on")
    require_columns(targets, "targets to train on")
    if inputs.shape[1] != targets.shape[1]:
        rows = [("inputs", str(inputs.shape)), ("targets", str(targets.shape))]
        raise ShapeError(f"inputs and targets hold one sample a column, as many of each\n{aligned(rows)}")


def _note(
    network: Network, inputs: Array, targets: Array, validation: tuple[Array, Array] | None, history: History
) -> Any:
    """Add the present losses to the history, and return the one that stopping looks at."""
    history.losses.append(_finite(network.loss_of(inputs, targets), history))
    if validation is None:
        return history.losses[-1]
    history.validation.append(_finite(network.loss_of(*validation), history))
    return history.validation[-1]


def _finite(loss: Any, history: History) -> Any:
    if loss != loss or loss in (float("inf"), float("-inf")):
        raise InputError(
            f"the loss is {loss} after {len(history.losses)} epochs: lower the learning rate, or normalise the inputs"
        )
    return loss

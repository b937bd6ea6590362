"""The same step told as a loop: gradients and cost added up sample by sample, then one update by α/m."""

from __future__ import annotations

from typing import Any

from symnn.byhand.layer import Array, require_columns
from symnn.byhand.network import Network
from symnn.errors import InputError


def accumulated_step(network: Network, inputs: Array, targets: Array, learning_rate: Any) -> Any:
    """Go through the samples one by one, then update; return the mean cost before the update.

    The network's loss must be reduced by ``"sum"``: the division by m is done here, once. It equals the vectorised
    step of the same network with the reduction ``"mean"``. ``inputs`` are (features, samples), ``targets`` (outputs,
    samples). Raises `InputError` for another reduction, `ShapeError` for arrays that do not fit.

    >>> import numpy as np
    >>> from symnn.byhand import HalfSquaredError, dense_network
    >>> net = dense_network([1, 1], ["linear"], HalfSquaredError(), start="zeros")
    >>> print(accumulated_step(net, np.array([[1.0, 2.0]]), np.array([[1.0, 3.0]]), 1.0))
    2.5
    >>> [values.tolist() for values in net.parameters().values()]
    [[[3.5]], [[2.0]]]
    """
    if getattr(network.loss, "reduction", None) != "sum":
        raise InputError("the loop divides by m itself: give the network a loss with the reduction 'sum'")
    require_columns(inputs, "inputs of the loop")
    samples = inputs.shape[1]
    cost: Any = 0
    totals: dict[str, Any] = {name: 0 * values for name, values in network.parameters().items()}
    for sample in range(samples):
        one = slice(sample, sample + 1)
        cost = cost + network.loss_of(inputs[:, one], targets[:, one])
        network.backward_pass(targets[:, one])
        for name, gradient in network.gradients().items():
            totals[name] = totals[name] + gradient
    before = network.parameters()
    network.set_parameters({name: before[name] - learning_rate / samples * totals[name] for name in before})
    return cost / samples

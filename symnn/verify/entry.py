"""The one function to ask: ``verify`` a loss/grad pair, or layers against a network."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from symnn.errors import InputError
from symnn.network import Network
from symnn.verify.diagnosis import diagnose_pair
from symnn.verify.pair import verify_pair
from symnn.verify.stack import verify_stack
from symnn.verify.verdict import Verdict


def verify(
    target: Any,
    grad: Any = None,
    params: Any = None,
    *data: Any,
    network: Network | None = None,
    points: int = 2,
    seed: int = 0,
) -> Verdict:
    """Check hand-written backprop: ``verify(loss, grad, params, *data)`` or ``verify(layers, network=net)``.

    The first form takes any two functions and needs no description of the network; given one as well, with parameters
    named as the network names them, it also names the mistake. The second runs layers with ``forward_pass`` and
    ``backward_pass`` against the derivation of the network described. Raises `InputError` and `ShapeError` for
    arguments that cannot be used; what the code under test raises makes the verdict *undecided*.

    >>> import numpy as np
    >>> verify(lambda w: np.sum(w**2), lambda w: 2 * w, np.array([1.0, 2.0])).verdict
    'equal'
    """
    if grad is None and params is None and not data and network is not None:
        return verify_stack(target, network, points=points, seed=seed)
    if not callable(target) or not callable(grad) or params is None:
        raise InputError(
            "verify needs two functions and parameters, verify(loss, grad, params, *data), "
            "or layers and their network, verify(layers, network=net)"
        )
    verdict = verify_pair(target, grad, params, *data, points=points, seed=seed)
    if network is None or verdict.verdict == "undecided":
        return verdict
    found = diagnose_pair(target, grad, params, data, network, seed)
    if verdict.verdict == "different":
        return replace(verdict, diagnosis=found)
    # Right for its own loss, but that loss is not the one described.
    note = (f"under another convention than that of the network described: {found}",) if found else ()
    return replace(verdict, reasons=(*verdict.reasons, *note))

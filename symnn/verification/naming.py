"""How people name the gradient of a parameter, and which parameter a gradient belongs to."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from symnn.errors import InputError, aligned

GRADIENT_NAMES: tuple[str, ...] = (
    "{}",
    "d{}",
    "d_{}",
    "D{}",
    "g_{}",
    "g{}",
    "grad{}",
    "grad_{}",
    "gradient_{}",
    "{}_grad",
    "{}_gradient",
    "{}_gradients",
    "{}grad",
    "{}Grad",
    "delta_{}",
    "del_{}",
    "nabla_{}",
    "dL_d{}",
    "dLd{}",
    "dL{}",
    "dJ_d{}",
    "dJd{}",
    "dC_d{}",
    "dCd{}",
    "dloss_d{}",
    "d_loss_d_{}",
    "∂{}",
    "{}.grad",
    "acc_{}",
    "acc_d{}",
    "sum_d{}",
)
"""What the gradient of a parameter is called, the parameter's name in the braces."""

# The number of a layer may stand behind the gradient's mark: W1 and dW1, but also W_1 and W_grad_1 or W1 and dW_1.
_NUMBERED = re.compile(r"^(.*?)_?(\d+)$")


@lru_cache(maxsize=1024)
def gradient_names(name: str) -> frozenset[str]:
    """Return every name that the gradient of a parameter may have, its own among them.

    Only the last part of a dotted name changes, and an index stays behind it.

    >>> {"dW1", "grad_W1", "W1_grad", "W1"} <= gradient_names("W1"), "layers[0].dW" in gradient_names("layers[0].W")
    (True, True)
    >>> "dW[0]" in gradient_names("W[0]")
    True
    """
    owner, dot, last = name.rpartition(".")
    base, bracket, index = last.partition("[")
    bases = {pattern.format(base) for pattern in GRADIENT_NAMES}
    # Private names, and names with the layer in front: _W and _dW, w1_W and w1_dW.
    front, joint, rest = base.rpartition("_")
    if joint and rest:
        bases |= {front + joint + pattern.format(rest) for pattern in GRADIENT_NAMES}
    if numbered := _NUMBERED.match(base):
        word, number = numbered.groups()
        for joint in ("", "_"):
            bases |= {pattern.format(word) + joint + number for pattern in GRADIENT_NAMES}
    return frozenset(f"{owner}{dot}{one}{bracket}{index}" for one in bases)


def matched(parameters: Collection[str], gradients: Collection[str]) -> dict[str, str] | None:
    """Return the gradient's name by the parameter's, or None where some parameter has no gradient by its name.

    Raises `InputError` where two gradients may belong to one parameter.

    >>> matched(["W1", "b1"], ["dW1", "db1"]), matched(["W1"], ["dW2"])
    ({'W1': 'dW1', 'b1': 'db1'}, None)
    """
    found: dict[str, str] = {}
    for name in parameters:
        if name in gradients:
            found[name] = name
            continue
        candidates = [one for one in gradients if one in gradient_names(name) and one not in parameters]
        if len(candidates) > 1:
            rows = [("parameter", name), ("gradients", ", ".join(candidates))]
            raise InputError(f"two gradients may be that of {name}: return one\n{aligned(rows)}")
        if not candidates:
            return None
        found[name] = candidates[0]
    return found if len(set(found.values())) == len(found) else None

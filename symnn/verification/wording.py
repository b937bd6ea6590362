"""A diagnosis in the words of the user: parameters under the names that the user's code gives them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from symnn.verification.evidence import Diagnosis
from symnn.verification.recognition import Recognised


def in_names(names: Mapping[str, str], found: Diagnosis) -> Diagnosis:
    """Return a diagnosis in the user's names, given by the network's.

    >>> in_names({"W1": "w"}, Diagnosis("W1 is off", "sign", 1, ("W1",))).said
    'w is off'
    """
    if not found or not names:
        return found
    return replace(
        found,
        said=re.sub(r"\b[Wb]\d+\b", lambda own: names.get(own[0], own[0]), found.said),
        arrays=tuple(names.get(name, name) for name in found.arrays),
        difference=renamed(found.difference, names),
    )


def with_network(recognised: Recognised, found: Diagnosis) -> Diagnosis:
    """Return a diagnosis that says which network the loss was taken for."""
    return replace(found, said=f"{found.said} (the loss was recognised as that of {recognised})") if found else found


def renamed(difference: str, names: Mapping[str, str]) -> str:
    """Return a difference with parameters by other names; what is no single word is explained behind.

    >>> renamed("yours − exact = Σ_i X[i, k]·dZ1[i, j] at dW1[k, j]", {"W1": "w"})
    'yours − exact = Σ_i X[i, k]·dZ1[i, j] at dw[k, j]'
    >>> renamed("yours − exact = W1[k, j]", {"W1": "params[0]"})
    'yours − exact = W1[k, j] with W1 = params[0]'
    """
    words = {own: name for own, name in names.items() if name.isidentifier()}
    told = re.sub(r"\b(d?)([Wb]\d+)\b", lambda own: own[1] + words.get(own[2], own[2]), difference)
    others = [f"{own} = {name}" for own, name in names.items() if own not in words and re.search(rf"{own}\b", told)]
    return f"{told} with {', '.join(others)}" if others and told else told

"""Layers whose gradients hold the part of a penalty that their forward pass does not: the loss adds it elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from symnn.verification.adapters.objects import named, walk
from symnn.verification.adapters.shape import Code, code_run_by
from symnn.verification.subject import Subject

_WEIGHTS = re.compile(r"regulari[sz]|penalt|decay|lambda|lambd|_l1|_l2|^l1|^l2|^reg", re.I)
"""What the weight of a penalty is called."""

FORMS: Mapping[str, Callable[[Any, Any], Any]] = {
    "squares": lambda weight, W: weight * np.sum(W * W),
    "half squares": lambda weight, W: weight * np.sum(W * W) / 2,
    "absolute values": lambda weight, W: weight * np.sum(np.abs(W)),
}
"""The penalties that are known, by what is added up."""


def penalised(subject: Subject, target: Any) -> Iterator[Subject]:
    """Yield a subject with a penalty of each known form added to its loss, for each weight that its object keeps.

    The penalty is that of all weights, of all matrices, or of all vectors.
    """
    arrays = subject.parameters.arrays
    for path, weight in walk(target):
        if isinstance(weight, np.ndarray) or not weight or not _WEIGHTS.search(str(path[-1])):
            continue
        for form, penalty in FORMS.items():
            for names in _groups(arrays):
                yield _with(subject, names, float(weight), penalty, f"{named(path)} = {weight:g}, {form}")


def _groups(arrays: Mapping[str, Any]) -> Iterator[list[str]]:
    own = [name for name in arrays if not name.startswith("X")]
    matrices = [name for name in own if arrays[name].ndim > 1 and 1 not in arrays[name].shape]
    for group in (matrices, [name for name in own if name not in matrices], own):
        if group:
            yield group


def _with(subject: Subject, names: list[str], weight: float, penalty: Callable[[Any, Any], Any], said: str) -> Subject:
    def loss(params: Mapping[str, Any], *data: Any) -> Any:
        return subject.loss(params, *data) + sum(penalty(weight, params[name]) for name in names)

    note = (
        f"the gradient of {', '.join(names)} holds that of a penalty ({said}), which the forward pass does not: "
        "it was added to the loss"
    )
    return replace(subject, loss=Code(loss, code_run_by(subject.loss)), notes=(*subject.notes, note))

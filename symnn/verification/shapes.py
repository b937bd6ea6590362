"""Gradients that are right but for their shape: transposed, or a bias whose samples are not added up."""

from __future__ import annotations

from typing import Any

import numpy as np

from symnn.mistakes.ground import layer_of
from symnn.notation import adjoint, adjoint_name, indices_of
from symnn.scalars import ball, running
from symnn.verification.evidence import Diagnosis
from symnn.verification.rewrites import Trial, same


def misshapen(trial: Trial) -> Diagnosis:
    """Return what is wrong where every wrong gradient has the right numbers in the wrong shape, else nothing."""
    found: list[tuple[str, str, str, str]] = []
    with running(ball(trial.rewrites.bits)):
        for name, mine in trial.yours.items():
            exact = trial.rewrites.right[adjoint_name(name)]
            if same(mine, exact):
                continue
            one = _transposed(name, mine, exact) or _unsummed(trial, name, mine, exact)
            if one is None:
                return Diagnosis()
            found.append((name, *one))
    if not found:
        return Diagnosis()
    names = tuple(name for name, *_ in found)
    kinds = {kind for _, kind, _, _ in found}
    matrices = {name for name, mine in trial.yours.items() if mine.ndim == 2 and min(mine.shape) > 1}
    if kinds == {"transposed"} and len(names) > 1 and set(names) >= matrices:
        said = f"the gradients with respect to {', '.join(names)} are all transposed, as for the other layout"
    else:
        said = "; ".join(sentence for _, _, sentence, _ in found)
    return Diagnosis(said, " and ".join(sorted(kinds)), layer_of(names[0]), names, found[0][3])


def _transposed(name: str, mine: Any, exact: Any) -> tuple[str, str, str] | None:
    if mine.ndim != 2 or exact.ndim != 2 or not same(mine.T, exact):
        return None
    said = f"the gradient with respect to {name} is transposed"
    return "transposed", said, f"yours[j, k] = exact[k, j] = {adjoint_name(name)}[k, j]"


def _unsummed(trial: Trial, name: str, mine: Any, exact: Any) -> tuple[str, str, str] | None:
    """Tell whether a gradient is the upstream gradient itself, or is added up over every axis there is."""
    if mine.shape == exact.shape:
        return None
    for equation in trial.rewrites.program.uses[name]:
        upstream = trial.rewrites.right[adjoint_name(equation.name)]
        entry = adjoint(equation.target)
        if np.size(exact) < np.size(upstream) == np.size(mine) and (same(mine, upstream) or same(mine.T, upstream)):
            said = f"the gradient with respect to {name} is not summed over the samples"
            return "not summed", said, f"yours = {entry}, exact = Σ_i {entry}"
        if np.size(mine) == 1 and same(np.ravel(mine), np.ravel(upstream.sum())):
            said = f"the gradient with respect to {name} is added up over the units as well as over the samples"
            sums = " ".join(f"Σ_{index}" for index in indices_of(entry))
            return "bias sum", said, f"yours = {sums} {entry}, exact = Σ_i {entry}"
    return None

"""The laws that a gradient is found by, as data: their names, and what they are applied to."""

from __future__ import annotations

from dataclasses import dataclass

from symnn.derivation import Merge, Product, SlopeInOutput, SumOverPaths
from symnn.derivation.steps import Path
from symnn.notation import SAMPLES
from symnn.rules import ACTIVATIONS

LOSS, CHAIN, SLOPE, TOGETHER, PATHS, SAMPLE_SUM, UNIT_SUM = (
    "derivative of the loss",
    "chain rule",
    "slope",
    "together",
    "sum over paths",
    "sum over samples",
    "sum over units",
)


@dataclass(frozen=True)
class Law:
    """A law by its name, and what it is applied to: an activation, a rewrite, or how many paths there are."""

    name: str
    of: str = ""


def laws_of(step: SumOverPaths) -> tuple[Law, ...]:
    """Return the laws that a gradient is found by, each once, in the order in which they are applied.

    >>> from symnn.derivation import derive
    >>> from symnn.network import Dense, Network
    >>> [law.name for law in laws_of(derive(Network(inputs=2, layers=[Dense(1)])).gradient("W1"))]
    ['chain rule', 'sum over samples']
    """
    found: dict[Law, None] = {}
    for path in step.paths:
        found.update(dict.fromkeys(_of_path(path)))
    if len(step.paths) > 1:
        found[Law(PATHS, str(len(step.paths)))] = None
    for path in step.paths:
        over = () if isinstance(path, Merge) else path.result.over
        found.update(dict.fromkeys(Law(SAMPLE_SUM if axis.upper + 1 == SAMPLES else UNIT_SUM) for axis in over))
    return tuple(found)


def _of_path(path: Path) -> tuple[Law, ...]:
    if isinstance(path, Merge):
        return (Law(TOGETHER, path.rewrite),)
    first = Law(LOSS) if path.upstream.is_loss else Law(CHAIN)
    if isinstance(path, Product) and isinstance(path.local, SlopeInOutput):
        return first, Law(SLOPE, ACTIVATIONS[path.local.row].name)
    return (first,)

"""What a case from public code holds: a loss, the gradient as it was published, and its correct twin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from symnn.network import Network


@dataclass(frozen=True)
class Case:
    """One row of the table: the functions are our own minimal version, the idea of the mistake is not.

    ``differs`` names the arrays at which the wrong twin is off, all others being right; ``shown`` is what a person
    reads in the verdict; ``diagnosis`` is the whole sentence where ``network`` says what the loss belongs to.
    A right twin with fewer than 80 digits says in ``fewer`` which constants keep it from them.
    """

    name: str
    source: str
    loss: Callable[..., Any]
    right: Callable[..., Any]
    example: Callable[[], tuple[Any, ...]]
    wrong: Callable[..., Any] | None = None
    differs: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    network: Network | None = None
    diagnosis: str = ""
    digits: int = 80
    fewer: str = ""

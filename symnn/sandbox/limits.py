"""What the code of one file may use: time, memory, and how much it may say."""

from __future__ import annotations

import math
import sys
from contextlib import suppress
from dataclasses import dataclass

from symnn.errors import InputError, aligned

if sys.platform != "win32":
    import resource

GIGABYTE = 10**9
"""What limits of memory are given in."""

MOST_ANSWERED = 2**27
"""The longest answer in bytes that is taken from a child: a gradient of a million entries at full precision."""

MOST_SHOWN = 2000
"""How many bytes of what a file prints are kept; the rest is counted."""

LONGEST_FILE = 2**26
"""The longest file in bytes that code under test may write."""

MOST = 10**15
"""The largest limit: a petabyte, or thirty million years."""

_SHARE = 4
# A child whose parent is gone ends by itself, a little later than its parent would have ended it.
_SPARE_SECONDS = 5


@dataclass(frozen=True)
class Limits:
    """How long the code of one file may run in all, in seconds of the clock, and how many bytes it may ask for.

    Raises `InputError` for a limit that is not above 0 or that no system can keep.

    >>> Limits(seconds=20).call, Limits(memory=2_500_000_000).memory_said
    (5.0, '2.5 GB')
    """

    seconds: float = 60.0
    memory: int = 2 * GIGABYTE

    def __post_init__(self) -> None:
        for what, given in (("seconds", self.seconds), ("memory", self.memory)):
            if not 0 < given <= MOST:
                rows = [("given", repr(given)), ("allowed", f"a number above 0, at most {MOST:.0e}")]
                raise InputError(f"{what} cannot be the limit\n{aligned(rows)}")

    @property
    def call(self) -> float:
        """How long one call may take, or the import of the file: a quarter of all."""
        return self.seconds / _SHARE

    @property
    def memory_said(self) -> str:
        """The limit of memory as a person writes it."""
        return f"{self.memory / GIGABYTE:g} GB"


def restrict(limits: Limits) -> None:
    """Hold this process to the limits for good, as far as the system can: memory, processor time, files, no core.

    Systems that cannot bound one of them leave it open; the parent's clock bounds the time everywhere.
    """
    if sys.platform == "win32":
        return
    seconds = math.ceil(limits.seconds) + _SPARE_SECONDS
    for what, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, LONGEST_FILE),
    ):
        _, hard = resource.getrlimit(what)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (bound, bound))

"""Python's garbage collector during a long run that makes many small objects and no cycles worth the search."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

RARELY = 500_000
"""So many objects more than before are there when the collector looks for cycles again."""


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Let the collector look seldom, and never at what is there already; afterwards all is as it was.

    A variant holds thousands of wrong answers, among which the collector would otherwise search again and again.

    >>> before = gc.get_threshold()
    >>> with rarely_collected():
    ...     gc.get_threshold()[0]
    500000
    >>> gc.get_threshold() == before, gc.get_freeze_count()
    (True, 0)
    """
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(RARELY, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()

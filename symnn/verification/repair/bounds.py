"""Bounds for code with edits: some never end, as a loop over what it appends to, and some ask for all memory."""

from __future__ import annotations

import ctypes
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

if sys.platform != "win32":
    import resource

LONGEST = 0.5
"""How many seconds the runs of an edit may take."""

AS_LONG = 20.0
"""Or so many times as long as those of the code as it is."""

MORE_MEMORY = 10**9
"""How many bytes more than before may be asked for."""

# How often the clock is looked at, and another exception is sent, in seconds.
_LOOK, _AGAIN = 0.05, 0.25


class TooLongError(BaseException):
    """Code with an edit ran too long. No exception of the usual kind, so that the code does not catch it."""


class Clock:
    """Ends code that runs too long, by an exception in the thread that runs it.

    >>> with Clock() as clock:
    ...     try:
    ...         with clock.allowing(0.1):
    ...             while True: pass
    ...     except TooLongError:
    ...         print("ended")
    ended
    """

    def __init__(self) -> None:
        self._until, self._is_on_its_way = 0.0, False
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._runs_in = threading.get_ident()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Clock:
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._over.set()
        self._thread.join()

    @contextmanager
    def allowing(self, seconds: float) -> Iterator[None]:
        """Allow what runs meanwhile so many seconds. Raises TooLongError."""
        self._until, self._is_on_its_way = time.monotonic() + seconds, False
        try:
            yield
        except TooLongError:
            self._is_on_its_way = False
            raise
        finally:
            with self._lock:
                self._until = 0.0
            if self._is_on_its_way:
                # It is to arrive here rather than later, unless a bare ``except`` of the code has caught it.
                time.sleep(_LOOK)

    def _watch(self) -> None:
        while not self._over.wait(_LOOK):
            with self._lock:
                if self._until and time.monotonic() > self._until:
                    # What catches it is sent another.
                    self._until, self._is_on_its_way = time.monotonic() + _AGAIN, True
                    thread, error = ctypes.c_ulong(self._runs_in), ctypes.py_object(TooLongError)
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, error)


@contextmanager
def little_memory() -> Iterator[None]:
    """Let no more than `MORE_MEMORY` be asked for meanwhile, where the system can do that; more is a MemoryError."""
    if sys.platform != "linux":
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    with open("/proc/self/statm", encoding="ascii") as stream:
        wanted = int(stream.read().split()[0]) * resource.getpagesize() + MORE_MEMORY
    known = [one for one in (soft, hard) if one != resource.RLIM_INFINITY]
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (min([wanted, *known]), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))

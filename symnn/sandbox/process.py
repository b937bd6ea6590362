"""One child process seen from its parent: started clean, asked under a clock, drained, and killed with all its kin."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from symnn.errors import InputError, UndecidedError
from symnn.sandbox.codec import Reader, Writer
from symnn.sandbox.limits import MOST_ANSWERED, MOST_SHOWN, Limits
from symnn.sandbox.messages import packed, parsed, send, unpacked
from symnn.sandbox.starting import START_SECONDS, started
from symnn.sandbox.towers import Towers
from symnn.verification.calling import CannotRunError

T = TypeVar("T")

_LAST_SECONDS = 2.0

_MALFORMED = (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError, RecursionError, MemoryError)

_CRASHES = {"SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGABRT"}


class StoppedError(CannotRunError):
    """The child was ended, or ended itself: no further call will be answered."""


class Child:
    """The process that runs one file. ``ask`` sends it a message and returns the values in its answer.

    Use it as a context: at its end the process and those it started are killed. Nothing is raised that the file
    raised; what it does wrong becomes an InputError, UndecidedError, `CannotRunError` or `StoppedError`.
    """

    def __init__(self, file: Path, limits: Limits) -> None:
        self.limits = limits
        self.printed = Printed()
        self._left = limits.seconds
        self._over = ""
        self.towers = Towers()
        self._writer, self._reader = Writer(remembers=True, towers=self.towers), Reader(towers=self.towers)
        self._answers: queue.Queue[bytes | Exception | None] = queue.Queue()
        self._process = started()
        self._questions = _stream(self._process.stdin)
        answers, printed = _stream(self._process.stdout), _stream(self._process.stderr)
        self._threads = [
            (_thread(self._listen, answers), answers),
            (_thread(self.printed.drain, printed), printed),
        ]
        self._send(packed({"file": str(file), "seconds": limits.seconds, "memory": limits.memory}))
        self._ready = False

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *raised: object) -> None:
        self._kill()
        for thread, stream in self._threads:
            thread.join(_LAST_SECONDS)
            # One that still waits, for a process that got away, holds its stream.
            if not thread.is_alive():
                with contextlib.suppress(OSError):
                    stream.close()

    def ask(self, what: str, read: Callable[[dict[str, Any]], T], **parts: Any) -> T:
        """Return what ``read`` makes of the values in the answer to a message; ``what`` names in errors what ran.

        Where ``read`` stumbles over them, they were not put there by a child that is in its right mind.
        """
        if self._over:
            raise StoppedError(self._over)
        if not self._ready:
            self._answer("the start of Python", START_SECONDS)
            # The time of the file begins with its import.
            self._ready, self._left = True, self.limits.seconds
        message = packed(self._writer.message(**parts))
        if len(message) > MOST_ANSWERED:
            self._writer.forget()
            size, most = len(message) // 10**6, MOST_ANSWERED // 10**6
            raise UndecidedError(f"the arguments of {what} are {size} MB long, and {most} MB go to the sandbox")
        self._send(message)
        try:
            # The time of one call, or what is left of all.
            answer = parsed(self._answer(what, min(self.limits.call, self._left)))
            ((kind, given),) = answer.items()
            if kind == "value":
                return read(self._reader.message(given))
            problem = self._problem(what, kind, str(given))
        except _MALFORMED:
            problem = self._ended(f"{what} answered with something else than a result")
        raise problem

    def _problem(self, what: str, kind: str, said: str) -> Exception:
        if kind == "memory":
            return self._ended(f"{what} asked for more than {self.limits.memory_said} of memory (--memory)")
        return {"undecided": UndecidedError, "stopped": CannotRunError, "unusable": InputError}[kind](said)

    def _send(self, message: bytes) -> None:
        # A child that does not read lets the pipe fill up: writing must not hold up the clock.
        self._threads[2:] = [(_thread(self._write, message), self._questions)]

    def _write(self, message: bytes) -> None:
        # Where nobody reads any more, waiting for the answer tells why.
        with contextlib.suppress(OSError, ValueError):
            send(self._questions, message)

    def _answer(self, what: str, seconds: float) -> bytes:
        start = time.monotonic()
        try:
            answer = self._answers.get(timeout=max(seconds, 0))
        except queue.Empty:
            if seconds < self._left or not self._ready:
                raise self._ended(f"{what} ran longer than {seconds:g} s (--timeout)") from None
            raise self._ended(f"the calls took longer than {self.limits.seconds:g} s in all (--timeout)") from None
        self._left -= time.monotonic() - start
        if isinstance(answer, bytes):
            return answer
        if answer is None:
            raise self._ended(f"{what} {self._death()}")
        raise self._ended(f"{what} gave a result larger than {MOST_ANSWERED // 10**6} MB")

    def _listen(self, answers: BinaryIO) -> None:
        while True:
            try:
                answer = unpacked(answers.read, MOST_ANSWERED)
            except InputError as problem:
                self._answers.put(problem)
                return
            self._answers.put(answer)
            if answer is None:
                return

    def _death(self) -> str:
        try:
            status = self._process.wait(_LAST_SECONDS)
        except subprocess.TimeoutExpired:
            return "closed the pipe that its result goes through"
        if status >= 0:
            return f"ended the process with status {status}"
        name = signal.Signals(-status).name if -status in set(signal.Signals) else f"signal {-status}"
        if name == "SIGXCPU":
            return f"used more than {self.limits.seconds:g} s of the processor (--timeout)"
        return f"crashed the process ({name})" if name in _CRASHES else f"was killed ({name})"

    def _ended(self, said: str) -> StoppedError:
        self._over = said
        self._kill()
        return StoppedError(said)

    def _kill(self) -> None:
        if sys.platform == "win32":
            self._process.kill()
        else:
            # The group is there until its last member is waited for.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if self._process.pid > 1:
                    os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


class Printed:
    """What a file printed: its beginning, and how many bytes it was in all."""

    def __init__(self) -> None:
        self.start = b""
        self.size = 0

    def drain(self, stream: BinaryIO) -> None:
        """Read until the last writer has gone, and keep the beginning."""
        while part := os.read(stream.fileno(), 2**16):
            self.size += len(part)
            self.start += part[: MOST_SHOWN - len(self.start)]

    def __str__(self) -> str:
        """Return the beginning as text, and in a last line how much it was if that is not all."""
        text = self.start.decode("utf-8", "replace")
        if self.size <= MOST_SHOWN:
            return text
        amount = f"{self.size / 10**6:.1f} MB" if self.size >= 10**5 else f"{self.size} bytes"
        return f"{text}\n(printed {amount}, the first {MOST_SHOWN // 1000} kB shown)\n"


def _thread(run: Callable[[Any], None], given: Any) -> threading.Thread:
    thread = threading.Thread(target=run, args=[given], daemon=True)
    thread.start()
    return thread


def _stream(stream: Any) -> BinaryIO:
    if stream is None:
        raise InputError("a child process has no pipes")
    found: BinaryIO = stream
    return found

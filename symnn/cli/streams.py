"""Standard output and error as a command needs them: they take any text, and a reader that has gone ends it quietly."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import IO, Any, NoReturn

from symnn.cli.encoding import bear_any_text

# What a shell shows of cat, grep or git then: 128 and the number of SIGPIPE. With 0, who has not read the verdict would
# have *equal*, with 1 *different*. The signal is not let through: it would also end a command whose child has gone.
READER_GONE = 141


class _Piped:
    """A stream that ends the program where its reader has gone; Typer and Rich would with 1, which is a verdict."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except BrokenPipeError:
            self._leave()

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except BrokenPipeError:
            self._leave()

    def _leave(self) -> NoReturn:
        stop_writing(self._stream)
        raise SystemExit(READER_GONE)


def open_streams() -> None:
    """Make standard output and error take any text, also where they are closed, and end quietly where nobody reads."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, _Piped):
            continue
        if stream is None:
            stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 -- open to the end
        bear_any_text(stream)
        setattr(sys, name, _Piped(stream))


def stop_writing(stream: IO[str]) -> None:
    """Write no more to a stream that cannot take it: what waits to be written would fail again at the end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())

"""How the process of a child comes to be: forked off a template that has symnn loaded, or an interpreter of its own.

Loading symnn takes a second, a fork some thousandths of one. The template is started as a child would be, with nothing
but what is named here in its environment, and it runs no file: what one file does is not seen by the next.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from typing import IO, Protocol

# Fixed texts: what is started finds symnn where its parent found it, and nothing else is on its command line.
_START = "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); from symnn.sandbox.{} import main; main()"
_CHILD, _TEMPLATE = _START.format("child"), _START.format("template")

# What programs need to be found and to load; nothing that could be a secret.
_KEPT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "TZ")
_SET = {
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"),
}

START_SECONDS = 60.0
"""The interpreter and symnn are loaded in this time, on a machine that has other things to do."""

LONGEST_ASKED = 2**16
"""How long what asks a template for a child may be: the path on which it finds its modules."""

PASSED = 5
"""How many descriptors go along: standard input, output and error, the socket of its keeper, the working directory."""


class Started(Protocol):
    """What is needed of a process, as `subprocess.Popen` has it: its number, its pipes, and how it ended."""

    @property
    def pid(self) -> int:
        """The number of the process, and of the group of those that it starts."""

    @property
    def stdin(self) -> IO[bytes] | None:
        """What the process reads."""

    @property
    def stdout(self) -> IO[bytes] | None:
        """What the process answers."""

    @property
    def stderr(self) -> IO[bytes] | None:
        """What the file prints."""

    def wait(self, timeout: float | None = None) -> int:
        """Return the status, negative for a signal. Raises subprocess.TimeoutExpired."""

    def kill(self) -> None:
        """End the process, but not those that it started."""


def started() -> Started:
    """Return a new process that answers on its pipes as `symnn.sandbox.child` does."""
    if sys.platform == "linux":
        with _LOCK, contextlib.suppress(OSError):
            return _template().forked()
    return subprocess.Popen(  # noqa: S603 -- this very interpreter, with a fixed text
        _command(_CHILD),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(),
        start_new_session=True,
    )


def _command(text: str) -> list[str]:
    return [sys.executable, "-s", "-P", "-u", "-c", text, _path()]


def _path() -> str:
    return json.dumps(list(filter(os.path.isabs, sys.path)))


def _environment() -> dict[str, str]:
    return {**{key: os.environ[key] for key in _KEPT if key in os.environ}, **_SET}


class Forked:
    """A process that was forked off the template: its keeper tells how it ended."""

    def __init__(self, pid: int, told: socket.socket, pipes: list[int]) -> None:
        self.pid = pid
        self.stdin, self.stdout, self.stderr = os.fdopen(pipes[0], "wb"), *(os.fdopen(p, "rb") for p in pipes[1:])
        self._told = told
        self._status: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """Return the status, negative for a signal. Raises subprocess.TimeoutExpired."""
        if self._status is None:
            self._told.settimeout(timeout)
            try:
                said = self._told.recv(16)
            except TimeoutError:
                raise subprocess.TimeoutExpired("a child", timeout or 0) from None
            except OSError:
                said = b""
            # A keeper that says nothing has been killed.
            self._status = int(said) if said else -signal.SIGKILL
            self._told.close()
        return self._status

    def kill(self) -> None:
        """End the process, but not those that it started."""
        os.kill(self.pid, signal.SIGKILL)


if sys.platform == "linux":

    class _Template:
        """The template of this process, for as long as what children find around them is the same."""

        def __init__(self, environment: dict[str, str]) -> None:
            self.of = os.getpid(), environment
            self._asking, asked = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with asked:
                self._process = subprocess.Popen(  # noqa: S603 -- this very interpreter, with a fixed text
                    [*_command(_TEMPLATE), str(asked.fileno())],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=environment,
                    start_new_session=True,
                    pass_fds=[asked.fileno()],
                )

        def forked(self) -> Forked:
            """Return a new child. Raises OSError where the template does not answer."""
            path = _path().encode()
            if len(path) > LONGEST_ASKED:
                raise OSError(f"a path of {len(path)} bytes")
            told, telling = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            pipes = [os.pipe() for _ in range(3)]
            theirs, mine = [pipes[0][0], pipes[1][1], pipes[2][1]], [pipes[0][1], pipes[1][0], pipes[2][0]]
            here = os.open(".", os.O_PATH)
            try:
                with telling:
                    socket.send_fds(self._asking, [path], [*theirs, telling.fileno(), here])
                told.settimeout(START_SECONDS)
                said = told.recv(16)
                # Where the child could not begin, its keeper tells a status, which is no number of a process: to kill
                # the group 1 is to kill everything.
                if not said.startswith(b"+"):
                    raise BrokenPipeError
                return Forked(int(said), told, mine)
            except OSError:
                told.close()
                for descriptor in mine:
                    os.close(descriptor)
                self.close()
                raise
            finally:
                for descriptor in (*theirs, here):
                    os.close(descriptor)

        def close(self) -> None:
            """End the template; children that were forked off it go on."""
            self._asking.close()
            if self.of[0] == os.getpid():
                self._process.kill()
                self._process.wait()
            _TEMPLATES.clear()

    def _template() -> _Template:
        wanted = os.getpid(), _environment()
        for known in list(_TEMPLATES):
            if known.of == wanted:
                return known
            known.close()
        _TEMPLATES.append(_Template(wanted[1]))
        return _TEMPLATES[0]

    def _close() -> None:
        for known in list(_TEMPLATES):
            known.close()

    _TEMPLATES: list[_Template] = []
    atexit.register(_close)

_LOCK = threading.Lock()

"""The process that children are forked off: symnn is loaded in it once, and it runs no file itself.

Every child has a keeper, forked off as well, that waits for it and tells its parent how it ended.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import socket
import sys
import traceback

from symnn.sandbox.child import main as answer_questions
from symnn.sandbox.starting import LONGEST_ASKED, PASSED


def main() -> None:
    """Fork off a child whenever asked on the socket whose number is on the command line, until the parent has gone."""
    if sys.platform == "win32":
        return
    asked = socket.socket(fileno=int(sys.argv.pop(1)))
    signal.signal(signal.SIGCHLD, _reap)
    # What is shared with children stays shared: their search for cycles does not write into it.
    gc.collect()
    gc.freeze()
    while True:
        path, passed, *_ = socket.recv_fds(asked, LONGEST_ASKED, PASSED)
        if not path:
            os._exit(0)
        if os.fork() == 0:
            _keep(path, passed)
        for descriptor in passed:
            os.close(descriptor)


def _reap(number: int, frame: object) -> None:
    """Wait for the keepers that have ended, so that their time counts as that of this process."""
    if sys.platform != "win32":
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _keep(path: bytes, passed: list[int]) -> None:
    """Fork off the child, tell how it ended, and leave its number taken until its parent has done with it."""
    if sys.platform != "linux":
        return
    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        pid = os.fork()
        if pid == 0:
            _run(path, passed)
        told = socket.socket(fileno=os.dup2(passed[3], 0))
        os.closerange(1, os.sysconf("SC_OPEN_MAX"))
        ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        if ended is not None:
            code = ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status
            with contextlib.suppress(OSError):
                told.send(str(code).encode())
                told.recv(1)
        os.waitpid(pid, 0)
        status = 0
    finally:
        os._exit(status)


def _run(path: bytes, passed: list[int]) -> None:
    """Be the child: a session of its own, nothing open but its pipes, the path and the directory of its parent."""
    try:
        os.setsid()
        os.fchdir(passed[4])
        sys.path[:] = json.loads(path)
        os.write(passed[3], f"+{os.getpid()}".encode())
        for place, descriptor in enumerate(passed[:3]):
            os.dup2(descriptor, place)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        answer_questions()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)

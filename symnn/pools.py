"""Pools of processes that hold nothing of the one that asks: what they make is the same whatever ran there."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor


def pool_of(workers: int, task: str) -> ProcessPoolExecutor:
    """Return a pool of ``workers`` processes for functions of the module named ``task``.

    Where the system has a server of forks, it imports that module once for all pools of this process: a fork takes
    milliseconds, where a process that is started anew takes a second or more.

    >>> with pool_of(1, "math") as pool:
    ...     pool.submit(abs, -1).result()
    1
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([task])
    return ProcessPoolExecutor(workers, context)

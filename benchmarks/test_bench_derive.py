"""Deriving and compiling 784-128-10 costs no more than twice what 2-2-1 costs: equations do not grow with widths.

Each time is taken cold: in a process of its own that has imported symnn and derived nothing, so that neither SymPy's
cache nor any of symnn's holds anything from an earlier run. Starting the process and importing are not counted.
"""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from pairs import HEADER, in_turns, table

import symnn

SMALL = symnn.Network(2, [symnn.Dense(2, "sigmoid"), symnn.Dense(1, "sigmoid")], "half-squared-error")
LARGE = symnn.Network(784, [symnn.Dense(128, "relu"), symnn.Dense(10, "softmax")], "categorical-cross-entropy")


def derive_and_compile(network: symnn.Network) -> float:
    """Return the seconds it took, in this process."""
    start = time.perf_counter()
    symnn.derive(network).compile()
    return time.perf_counter() - start


def cold(network: symnn.Network) -> float:
    """Return the seconds it took in a process that has done nothing before."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as fresh:
        return fresh.submit(derive_and_compile, network).result()


def test_a_large_network_costs_at_most_twice_a_small_one(capsys):
    """784-128-10 (ReLU, softmax, cross-entropy) against 2-2-1 (sigmoid, sigmoid, half squared error)."""
    measured = in_turns(partial(cold, LARGE), partial(cold, SMALL), pairs=11, seconds=lambda run: run())
    with capsys.disabled():
        print(table(HEADER, measured.row("784-128-10 against 2-2-1, cold")))
    assert measured.ratio <= 2.0

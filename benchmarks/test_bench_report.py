"""The worked solution of 784-128-10 takes at most five times as long as that of the OR gate.

Both are the whole command, ``python -m symnn report``, as a process of its own: starting Python, importing, reading,
working the numbers, checking the gradient and writing LaTeX and HTML all count. The 101,770 parameters and four samples
are drawn from a TOML file of a dozen lines.
"""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from pairs import HEADER, in_turns, table

LARGE = """
inputs = 784
loss = "categorical-cross-entropy"

[[layers]]
units = 128
activation = "{activation}"

[[layers]]
units = 10
activation = "softmax"

[point]
learning_rate = 0.1
seed = 7
samples = 4
"""


def report(name: str, out: Path) -> None:
    """Run the command."""
    command = [sys.executable, "-m", "symnn", "report", name, "--out", str(out)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 -- the command line that is timed


@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_a_large_network_takes_at_most_five_times_as_long(activation, tmp_path, capsys):
    """784-128-10 with softmax and cross-entropy, batch 4, against the OR gate."""
    large = tmp_path / "large.toml"
    large.write_text(LARGE.format(activation=activation), encoding="utf-8")
    measured = in_turns(partial(report, str(large), tmp_path), partial(report, "or-gate", tmp_path), pairs=5)
    with capsys.disabled():
        print(table(HEADER, measured.row(f"report of 784-128-10, {activation}, against the OR gate's")))
    assert measured.ratio <= 5.0

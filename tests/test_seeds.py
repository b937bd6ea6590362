"""What is compared with a child's under another seed of hashes was made under another one, whichever this one is."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.seeds import another_hash_seed

HASH = "from tests.seeds import another_hash_seed\nprint(another_hash_seed(), hash('symnn'))"


def seed_and_hash(seed):
    """Return which seed a process under one would give a child, and how it hashes."""
    others = {name: value for name, value in os.environ.items() if name != "PYTHONHASHSEED"}
    return subprocess.run(  # noqa: S603 -- the interpreter of this test, on the text above
        [sys.executable, "-c", HASH],
        env=others | ({} if seed is None else {"PYTHONHASHSEED": seed}),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()


@pytest.mark.parametrize("seed", [None, "random", "0", "1", "01", "2"])
def test_a_child_hashes_otherwise_under_every_seed(seed):
    given, hashed = seed_and_hash(seed)
    assert seed_and_hash(given)[1] != hashed


def test_a_child_of_this_process_hashes_otherwise():
    assert seed_and_hash(another_hash_seed())[1] != str(hash("symnn"))

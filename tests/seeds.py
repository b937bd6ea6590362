"""A seed of hashes for a child, so that what it makes and what this process makes never come from the same hashes."""

from __future__ import annotations

import os


def another_hash_seed() -> str:
    """Return a value of PYTHONHASHSEED that is not the one that this process was started with."""
    own = os.environ.get("PYTHONHASHSEED", "random")
    return "2" if own.isdecimal() and int(own) == 1 else "1"

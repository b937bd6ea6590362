"""What is said of mistakes: a sentence and a kind for every id, in words.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))


def sentence(id: str, arguments: Mapping[str, str]) -> str:
    """Return the sentence that tells a mistake, with the names that it is about.

    >>> sentence("bias-left-out", {"bias": "b1", "name": "Z1"})
    'the bias b1 is left out of Z1'
    """
    return _words()[id]["said"].format_map(arguments)


def kind_of(id: str) -> str:
    """Return what a person calls mistakes like the one of an id.

    >>> kind_of("branch-zero")
    'branch'
    """
    return _words()[id]["kind"]

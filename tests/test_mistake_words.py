"""Every mistake is said by its id in one file, and every sentence there is said of one."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from symnn.library import load, names
from symnn.mistakes import REGISTRY, Ground

ROOM = Path(__file__).parents[1] / "symnn" / "mistakes"
WORDS = tomllib.loads((ROOM / "words.toml").read_text(encoding="utf-8"))


def test_every_sentence_is_of_an_id_that_a_row_yields():
    code = "\n".join(path.read_text(encoding="utf-8") for path in ROOM.rglob("*.py"))
    assert [id for id in WORDS if f'"{id}"' not in code] == []


def test_every_mistake_has_a_kind_and_a_sentence_without_a_gap():
    for name in names()[::4]:
        ground = Ground.of(load(name).derivation, None)
        for row in (row for rows in REGISTRY.values() for row in rows):
            for one in row(ground):
                assert one.kind
                assert one.id in WORDS
                assert not re.search(r"[{}]", one.said)

"""Code as other people write it: right code is called equal at every seed, each planted slip is seen, nothing crashes.

Right code is tried at one of twenty seeds, in turn, and every second of the wrong twins of a file at seed 0;
SYMNN_EXPLORE=1 tries all of both at all seeds.
"""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest

from tests.grids import EVERYTHING
from tests.people.case import RIGHT, SEEN, TRUTHS, complaint

FOLDER = Path(__file__).with_name("cases")
FILES = sorted(path for path in FOLDER.rglob("*.py") if path.name != "__init__.py")
MODULES = {
    path.relative_to(FOLDER).with_suffix("").as_posix(): import_module(
        ".".join(("tests.people.cases", *path.relative_to(FOLDER).with_suffix("").parts))
    )
    for path in FILES
}
CASES = {f"{place}: {case.name}": case for place, module in MODULES.items() for case in module.CASES}

SEEDS = range(20)
WRONG = [[f"{place}: {c.name}" for c in module.CASES if c.truth == "different"] for place, module in MODULES.items()]
LEFT = set() if EVERYTHING else {name for twins in WRONG for name in twins[1::2]}
"""What wrong code an ordinary run leaves out: that it is seen takes most of the time."""
TIMED = set() if EVERYTHING else {name for twins in WRONG for name in twins[2::4]}
TRIED = [pytest.param(name, marks=[pytest.mark.time] if name in TIMED else []) for name in CASES if name not in LEFT]

# How many right cases each style has at least.
STYLES = {
    "given": 150,
    "cs231n": 20,
    "nnfs": 15,
    "nielsen": 10,
    "recurrent": 12,
    "framework": 45,
    "calls": 60,
    "dict_class": 12,
}


def seeds_of(name):
    """Seed 0, or one of all in turn for what must hold at every seed."""
    if EVERYTHING:
        return SEEDS
    return (list(CASES).index(name) % len(SEEDS),) if CASES[name].truth in (*RIGHT, "not equal") else (0,)


@pytest.mark.parametrize("name", TRIED)
def test_the_truth_is_told_of_code_as_people_write_it(name):
    case = CASES[name]
    found = {seed: said for seed in seeds_of(name) if (said := complaint(case, seed))}
    assert not found, "\n".join(f"seed {seed}: {said}" for seed, said in found.items())


@pytest.mark.parametrize("place", MODULES)
def test_every_file_holds_cases_with_names_of_their_own_and_truths_that_exist(place):
    cases = MODULES[place].CASES
    assert cases, f"{place} holds no case"
    assert [name for name, count in Counter(case.name for case in cases).items() if count > 1] == []
    assert [case.truth for case in cases if case.truth not in TRUTHS] == []


@pytest.mark.parametrize("place", MODULES)
def test_right_code_stands_beside_a_wrong_twin(place):
    truths = {case.truth for case in MODULES[place].CASES}
    assert not truths & {*RIGHT, "not different"} or truths & {*SEEN}, f"{place}: nothing is wrong"


def test_every_style_is_listed_and_has_as_many_cases_as_it_is_to_have():
    held = Counter(place.split("/")[0] for place, module in MODULES.items() for c in module.CASES if c.truth in RIGHT)
    styles = {place.split("/")[0] for place in MODULES}
    assert styles == set(STYLES)
    assert {style: least for style, least in STYLES.items() if held[style] < least} == {}

"""The generators of random numbers that code draws from are found wherever it keeps them, and when it makes them."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from symnn.verification.holders import generators, one_check

TEXT = """
import numpy as np

class Model:
    def __init__(self):
        self.rng = np.random.default_rng(1)

model = Model()
rng = np.random.default_rng(0)

def draws():
    return rng.random() + model.rng.random()
"""


@pytest.fixture
def module():
    made = ModuleType("mine")
    exec(compile(TEXT, "mine.py", "exec"), vars(made))
    return made


def test_those_of_a_module_and_of_its_objects_are_found(module):
    found = generators(module.draws)
    assert {id(one) for one in found} == {id(module.rng), id(module.model.rng)}


@pytest.mark.parametrize("looks", [1, 5])
def test_one_that_takes_the_place_of_another_in_a_check_is_found(module, looks):
    with one_check():
        for _ in range(looks):
            generators(module.draws)
        module.rng = np.random.default_rng(2)
        assert module.rng in generators(module.draws)


@pytest.mark.parametrize("looks", [1, 5])
def test_one_that_gets_a_name_in_a_check_is_found(module, looks):
    with one_check():
        for _ in range(looks):
            generators(module.draws)
        module.another = np.random.default_rng(2)
        assert module.another in generators(module.draws)


def test_one_that_an_object_makes_in_the_first_calls_of_a_check_is_found(module):
    with one_check():
        for _ in range(2):
            generators(module.draws)
        module.model.lazy = np.random.default_rng(2)
        assert module.model.lazy in generators(module.draws)


def test_the_next_check_looks_anew(module):
    with one_check():
        for _ in range(5):
            generators(module.draws)
    module.model.lazy = np.random.default_rng(2)
    with one_check():
        assert module.model.lazy in generators(module.draws)

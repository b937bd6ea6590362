"""The adapter that the documentation adds is an adapter."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from symnn.verification import certify
from symnn.verification.adapters import ADAPTERS, Code, Given
from symnn.verification.adapters.objects import code_of, copied
from symnn.verification.structure import parameters
from symnn.verification.subject import Subject
from tests.verification.adapters.shapes import X, Y, numbers

PAGE = (Path(__file__).parents[3] / "docs" / "adapters.md").read_text(encoding="utf-8")


class Model:
    factor = 2

    def __init__(self):
        self.weights = numbers(3, 2)

    def compute(self, X, y):
        difference = X @ self.weights - y
        return np.sum(difference**2), self.factor * (X.T @ difference)


class WrongModel(Model):
    factor = 1


def documented():
    (text,) = re.findall(r"```python\n(.*?)```", PAGE.partition("## Adding an adapter")[2], re.S)
    scope = {
        "Subject": Subject,
        "parameters": parameters,
        "Code": Code,
        "Given": Given,
        "copied": copied,
        "code_of": code_of,
    }
    exec(text, scope)
    return scope["ModelAdapter"]()


def verdict_of(model):
    subject = documented().adapt(Given(model, (X, Y)))
    return certify(subject)


def test_the_adapter_of_the_documentation_works():
    assert documented().fits(Given(Model(), (X, Y)))
    assert not documented().fits(Given(Model(), (X,)))
    assert verdict_of(Model()).verdict == "equal"
    assert verdict_of(WrongModel()).verdict == "different"


def test_every_shape_is_in_the_documentation():
    assert [adapter.shape for adapter in ADAPTERS if f"`{adapter.shape.partition(':')[0]}`" not in PAGE] == []

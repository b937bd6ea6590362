"""Names of tensors that are long or strange stand in drawings as short and harmless text."""

from __future__ import annotations

import pytest
from sympy import Sum

from symnn.derivation import derive
from symnn.equations import Equation, Program
from symnn.library import Point, work
from symnn.notation import LOSS, SAMPLES, index, tensor
from symnn.report.drawing import PAGE, layout, svg, tikz
from symnn.report.story import Teller
from tests.report.drawing.drawings import overlaps, parsed

NAMES = ("w" * 10_000, "猫", "weights_of_the_last_layer", "עברית", "猫" * 300, "W_")


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name[:12])
def test_a_strange_name_is_harmless(name):
    i = index("i", SAMPLES)
    odd, X = tensor(name, SAMPLES), tensor("X", SAMPLES)
    program = Program((Equation(LOSS, Sum(odd[i] * X[i] ** 2, i)),), (odd,), (X,))
    derivation = derive(program)
    point = Point(parameters={name: [1, 2]}, data={"X": [3, 4]}, learning_rate=1)
    drawn = layout(Teller(derivation, work(derivation, point), "1"))
    assert drawn.width <= PAGE
    assert overlaps(drawn) == []
    assert len(max((text.latex for text in drawn.texts), key=len)) < 200
    assert parsed(svg(drawn, prefix="a", title=name, interactive=True)) is not None
    assert tikz(drawn).isascii()

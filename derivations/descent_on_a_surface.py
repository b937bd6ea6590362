"""Descent on a surface: f(x, y) = x cos x sin² y.

A function of two variables is no network, but its gradient is found by the same rule.

At (−1.5, 2.5) the surface falls fastest along −∇f; one small step that way lowers it.

Shapes: x () and y (), two numbers. Source: a lecture that introduces gradient descent on a surface before any network.
"""

from __future__ import annotations

import numpy as np
from sympy import cos, sin

from symnn.equations import Equation, Program
from symnn.library import Figure, Point, Surface
from symnn.notation import LOSS, scalar

_x, _y = scalar("x"), scalar("y")

systems = (2,)
program = Program(
    equations=(Equation(LOSS, _x * cos(_x) * sin(_y) ** 2),),
    parameters=(_x, _y),
    inputs=(),
)
point = Point(parameters={"x": "-1.5", "y": "2.5"}, data={}, learning_rate="1/100")


def loss(params):
    x, y = params["x"], params["y"]
    return x * np.cos(x) * np.sin(y) ** 2


def grad(params):
    x, y = params["x"], params["y"]
    return {
        "x": (np.cos(x) - x * np.sin(x)) * np.sin(y) ** 2,
        "y": 2 * x * np.cos(x) * np.sin(y) * np.cos(y),
    }


def exhibits():
    slopes = grad({"x": -1.5, "y": 2.5})
    # Twenty times the step of the lecture, which would be too short to see.
    step = (-1.5 - 0.2 * slopes["x"], 2.5 - 0.2 * slopes["y"])
    grid = np.linspace(-3, 0, 61), np.linspace(1, 4, 61)
    return (
        Surface.of(
            "The surface by its contours, with the direction of steepest descent, a fifth of the gradient long.",
            ("x", "y"),
            lambda x, y: loss({"x": x, "y": y}),
            *grid,
            ((-1.5, 2.5), step),
        ),
    )


published = (
    Figure("-dx", "0.5105", "truncated"),
    Figure("-dy", "-0.1017", "rounded"),
    Figure("-rate*dx", "0.0051", "rounded"),
    Figure("-rate*dy", "-0.0010", "rounded"),
)

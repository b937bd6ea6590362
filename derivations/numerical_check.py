"""The numerical gradient check: a difference quotient beside the exact derivative.

The derivative of f(x) = x² at 1.5 is 3. The central difference (f(x + ε) − f(x − ε))/(2ε) with ε = 1e-4, computed in
double precision, is 2.9999999999996696: right to twelve digits, for a large step truncates and a small one cancels. In
ball arithmetic nothing cancels, and the error falls with the square of the step as far as one likes.

Shapes: x (), one number. Source: a lecture that checks backpropagation numerically before training.
"""

from __future__ import annotations

from symnn.equations import Equation, Program
from symnn.library import Curve, Curves, Point
from symnn.notation import LOSS, scalar
from symnn.verify import step_sweep

_x = scalar("x")

systems = (16,)
program = Program(equations=(Equation(LOSS, _x**2),), parameters=(_x,), inputs=())
point = Point(parameters={"x": "1.5"}, data={}, learning_rate="1/10")


def loss(params):
    return params["x"] ** 2


def grad(params):
    return {"x": 2 * params["x"]}


def central_difference(params, step):
    above, below = loss({"x": params["x"] + step}), loss({"x": params["x"] - step})
    return (above - below) / (2 * step)


def cube(params):
    return params["x"] * params["x"] * params["x"]


def slope_of_cube(params):
    return {"x": 3 * params["x"] * params["x"]}


def exhibits():
    # Not the square, whose quotient is exact but for rounding; and by products, which all machines round alike.
    swept = step_sweep(cube, slope_of_cube, {"x": 1.5})
    powers = [-number for number, _ in enumerate(swept, start=1)]
    return (
        Curves(
            "The error of the difference quotient of x³ at 1.5, by the power of ten that the step is.",
            "power of ten",
            "relative error",
            (
                Curve("double precision", powers, [one.float64 for one in swept]),
                Curve("balls of 400 bits", powers, [one.balls for one in swept]),
            ),
            logarithmic=True,
        ),
    )


published = ()

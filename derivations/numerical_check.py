"""The numerical gradient check: a difference quotient beside the exact derivative.

The derivative of f(x) = x² at 1.5 is compared with the central difference n = (f(x + h) − f(x − h))/(2h), with h =
1e-4. Here U is f(x + h), V is f(x − h), D is the difference of the two, and 1/(2h) is 5000.

The derivative is 3. The central difference is exactly 3 as well, for the square has no third derivative; computed in
double precision it is 2.9999999999996696: right to twelve digits. Of other functions a large step truncates, and a
small one cancels. In ball arithmetic nothing cancels, and the error falls with the square of the step as far as one
likes.

Shapes: x (), one number. Source: a lecture that checks backpropagation numerically before training. On a network
whose start it does not print it finds ‖g − n‖/‖g + n‖ = 1.98e-9, small enough to pass; the same ratio for the square
stands here under the picture, beside the exact verdict below it.
"""

from __future__ import annotations

from sympy import Rational

from symnn.equations import Equation, Program
from symnn.library import Curve, Curves, Figure, Point
from symnn.notation import LOSS, scalar
from symnn.verification import check_numerically, step_sweep

_x, _above, _below, _difference, _n = map(scalar, ("x", "U", "V", "D", "n"))
_h = Rational(1, 10000)

systems = (16,)
program = Program(
    equations=(
        Equation(_above, (_x + _h) ** 2),
        Equation(_below, (_x - _h) ** 2),
        Equation(_difference, _above - _below),
        Equation(_n, _difference / (2 * _h)),
        Equation(LOSS, _x**2),
    ),
    parameters=(_x,),
    inputs=(),
)
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
    checked = check_numerically(loss, grad, {"x": 1.5}, step=1e-4)
    powers = [-number for number, _ in enumerate(swept, start=1)]
    return (
        Curves(
            "The error of the difference quotient of x³ at 1.5, by the power of ten that the step is. For x², with the "
            f"step 10⁻⁴ and in double precision, the ratio ‖g − n‖/‖g + n‖ is {checked.error:.2e}.",
            "power of ten",
            "relative error",
            (
                Curve("double precision", powers, [one.float64 for one in swept]),
                Curve("balls of 400 bits", powers, [one.balls for one in swept]),
            ),
            logarithmic=True,
        ),
    )


published = (Figure("n", "2.9999999999996696", "computed"),)

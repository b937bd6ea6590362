"""Later activations: leaky ReLU, ELU, softplus, GELU in both forms, and SiLU.

ReLU and functions made to mend it: leaky ReLU, ELU, softplus, GELU by the normal distribution and by a formula with
tanh, and SiLU.

Leaky ReLU and ELU keep a slope on the negative side; softplus rounds the corner off, and its derivative is the logistic
function; SiLU weighs z by the logistic function of z. GELU, drawn below, weighs it by the share of the normal
distribution below z, exactly or by a formula with tanh: the two differ by less than a thousandth, but the derivative of
one is not that of the other.

Shapes: Z (4); Z holds pre-activations. Source: the papers that proposed them; the numbers are chosen here.
"""

from __future__ import annotations

import numpy as np
from sympy import Sum

from symnn.equations import Equation, Program
from symnn.library import Point, curves_of
from symnn.notation import LOSS, SAMPLES, index, tensor
from symnn.rules import ACTIVATIONS
from symnn.rules.activations import z

_i = index("i", SAMPLES)
_Z = tensor("Z", SAMPLES)

systems = (13, 18)
rows = ("leaky-relu", "elu", "softplus", "silu", "gelu", "gelu-tanh")
_outputs = {name: tensor(f"A{k}", SAMPLES) for k, name in enumerate(rows[:4], 1)}
program = Program(
    equations=(
        *(Equation(A[_i], ACTIVATIONS[name].bound().forward.subs(z, _Z[_i])) for name, A in _outputs.items()),
        Equation(LOSS, Sum(sum(A[_i] for A in _outputs.values()), _i)),
    ),
    parameters=(_Z,),
    inputs=(),
)
point = Point(parameters={"Z": ["-2", "-0.25", "0.3", "1.5"]}, data={}, learning_rate="1/10")


def logistic(z):
    return 1 / (1 + np.exp(-z))


def loss(params):
    z = params["Z"]
    leaky = np.where(z > 0, z, 0.01 * z)
    elu = np.where(z > 0, z, np.exp(z) - 1)
    softplus = np.log(1 + np.exp(z))
    return np.sum(leaky + elu + softplus + z * logistic(z))


def grad(params):
    z = params["Z"]
    leaky = np.where(z > 0, 1, 0.01)
    elu = np.where(z > 0, 1, np.exp(z))
    silu = logistic(z) * (1 + z * (1 - logistic(z)))
    return {"Z": leaky + elu + logistic(z) + silu}


def exhibits():
    return tuple(map(curves_of, rows))


published = ()

"""Exact derivatives of neural networks: worked solutions, NumPy kernels, certified checks of backprop.

>>> import symnn
>>> net = symnn.Network(inputs=2, layers=[symnn.Dense(1, "sigmoid")], loss="half-squared-error")
>>> print(symnn.derive(net).gradient("W1").result)
dW1[j, k] = sum over i of X[k, i]*dZ1[j, i]
"""

from symnn import byhand
from symnn.derivation import Derivation, derive
from symnn.equations import Equation, Program
from symnn.errors import InexactError, InputError, ShapeError, SymnnError, UndecidedError
from symnn.network import Dense, Network, read_network
from symnn.progress import progress_bar
from symnn.scalars import register_function
from symnn.verification import Check, Verdict, recovered_latex, verify

__all__ = [
    "Check",
    "Dense",
    "Derivation",
    "Equation",
    "InexactError",
    "InputError",
    "Network",
    "Program",
    "ShapeError",
    "SymnnError",
    "UndecidedError",
    "Verdict",
    "byhand",
    "derive",
    "progress_bar",
    "read_network",
    "recovered_latex",
    "register_function",
    "verify",
]

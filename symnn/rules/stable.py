"""NumPy helpers that a generated kernel may call: forms that neither overflow nor warn.

They are source text because a kernel is source text: what a kernel calls is printed above it, so that
the printed kernel runs anywhere with nothing but NumPy.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_SIGMOID = '''\
def sigmoid(z):
    """1/(1 + exp(-z)), with the exponential of a negative number only."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)
'''

_SOFTMAX = '''\
def softmax(z, axis):
    """exp(z) shared out along an axis, shifted so that the largest exponent is 0."""
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
'''

_LOG_SOFTMAX = '''\
def log_softmax(z, axis):
    """log(softmax(z)) without taking the logarithm of a number that has underflowed."""
    z = z - z.max(axis=axis, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=axis, keepdims=True))
'''

# The source of each helper by the name it is called by.
HELPERS: Mapping[str, str] = MappingProxyType({"sigmoid": _SIGMOID, "softmax": _SOFTMAX, "log_softmax": _LOG_SOFTMAX})

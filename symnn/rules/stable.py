"""NumPy helpers that a generated kernel may call: forms that neither overflow nor warn, and what NumPy lacks.

They are source text because a kernel is source text: what a kernel calls is printed above it, so that
the printed kernel runs anywhere with nothing but NumPy.
"""

from __future__ import annotations

import re
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

_TIMES_LOG = '''\
def times_log(y, x):
    """y log(x), and 0 where y is 0."""
    return y*np.log(np.where(y == 0, 1, x))
'''

_OVER = '''\
def over(y, x):
    """y/x, and 0 where y is 0: the derivative of y log(x)."""
    return y/np.where(y == 0, 1, x)
'''

_SILU = '''\
def silu(z):
    """z/(1 + exp(-z)), with the exponential of a negative number only."""
    return z*sigmoid(z)
'''

_ELU = '''\
def elu(z, alpha):
    """z above 0 and alpha (exp(z) - 1) below, with the exponential of a negative number only."""
    return np.where(z > 0, z, alpha*np.expm1(np.minimum(z, 0)))
'''

_PI_AT = '''\
def pi_at(z):
    """The number pi, to the precision of z."""
    return 4*np.arctan(z**0)
'''

_GELU_TANH = '''\
def gelu_tanh(z):
    """z (1 + tanh u)/2, which is z sigmoid(2 u): near 0 it loses no digits."""
    return z*sigmoid(2*np.sqrt(2/pi_at(z))*(z + 44715*z**3/1000000))
'''

# NumPy has no error function; the scalars of symnn have methods, and Python's math has one for floats.
_NORMAL_SHARE = '''\
def normal_share(z):
    """The share of the standard normal distribution below z, entry by entry."""
    below = np.frompyfunc(lambda x: x.ndtr() if hasattr(x, "ndtr") else math.erfc(-x/math.sqrt(2))/2, 1, 1)(z)
    return below if z.dtype == object else below.astype(z.dtype)
'''

_NORMAL_DENSITY = '''\
def normal_density(z):
    """The density of the standard normal distribution."""
    return np.exp(-z**2/2)/np.sqrt(2*pi_at(z))
'''

_DOCSTRING = re.compile(r'""".*"""')

# The source of each helper by the name it is called by; a helper calls only those before it.
HELPERS: Mapping[str, str] = MappingProxyType(
    {
        "sigmoid": _SIGMOID,
        "softmax": _SOFTMAX,
        "log_softmax": _LOG_SOFTMAX,
        "times_log": _TIMES_LOG,
        "over": _OVER,
        "silu": _SILU,
        "elu": _ELU,
        "pi_at": _PI_AT,
        "gelu_tanh": _GELU_TANH,
        "normal_share": _NORMAL_SHARE,
        "normal_density": _NORMAL_DENSITY,
    }
)


def helpers_for(text: str) -> list[str]:
    """Return the sources of the helpers that a text calls, directly or through one another, in their order.

    >>> [source.split("(")[0] for source in helpers_for("A1 = gelu_tanh(Z1)")]
    ['def sigmoid', 'def pi_at', 'def gelu_tanh']
    """
    wanted: list[str] = []
    for name, source in reversed(tuple(HELPERS.items())):
        if any(re.search(rf"(?<![\w.]){name}\(", _DOCSTRING.sub("", caller)) for caller in (text, *wanted)):
            wanted.append(source)
    return wanted[::-1]

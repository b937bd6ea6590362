"""What stands in for the types of floats: a scalar is one of them, and to make one of a scalar leaves it as it is."""

from __future__ import annotations

from typing import Any

import numpy as np

from symnn.scalars.base import Scalar, ScalarArray


def one_scalar(x: Any) -> Any:
    """Return the scalar in an array of scalars with one entry; anything else as it is."""
    return x.reshape(())[()] if isinstance(x, ScalarArray) and x.size == 1 else x


class _FloatType(type):
    original: type

    def __instancecheck__(cls, x: object) -> bool:
        return isinstance(x, (cls.original, Scalar))

    def __subclasscheck__(cls, kind: type) -> bool:
        return type.__subclasscheck__(cls, kind) or issubclass(kind, cls.original)

    def __call__(cls, x: Any = 0.0) -> Any:
        scalar = one_scalar(x)
        return scalar if isinstance(scalar, (Scalar, ScalarArray)) else cls.original(x)

    def __hash__(cls) -> int:
        return hash(cls.original)

    def __eq__(cls, other: object) -> bool:
        # A dtype knows by itself which type is its own.
        return True if other is cls or other is cls.original else NotImplemented


class _Float(np.float64, metaclass=_FloatType):
    """Stands in for ``float``, so that ``float(loss)`` is the loss itself; as a dtype it is float64."""

    original = float


def _standing_in(kind: type) -> Any:
    return _FloatType(kind.__name__, (kind,), {"original": kind, "__doc__": f"Stands in for numpy.{kind.__name__}."})


FLOAT: Any = _Float
"""What stands in for Python's ``float``."""

TYPES: dict[Any, Any] = {
    kind: _standing_in(kind)
    for kind in (np.float64, np.float32, np.float16, np.longdouble, np.floating, np.inexact, np.number)
}
"""What stands in for NumPy's types."""

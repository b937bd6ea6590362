"""What cannot be done over certified numbers, said so that it helps: the function, and what to write instead."""

from __future__ import annotations

from typing import Any

from symnn.errors import UndecidedError

_INSTEAD: dict[str, str] = {
    "eig": "np.linalg.eigh, if the matrix is symmetric",
    "eigvals": "np.linalg.eigvalsh, if the matrix is symmetric",
    "tensorsolve": "np.linalg.solve of matrices",
    "tensorinv": "np.linalg.inv of a matrix",
    "frexp": "np.log2 and powers of 2",
    "histogram": "comparisons with the edges, and np.sum",
    "histogram2d": "comparisons with the edges, and np.sum",
    "histogramdd": "comparisons with the edges, and np.sum",
}


def unknown(function: str, why: str = "") -> UndecidedError:
    """Return what to raise where a function cannot run on certified numbers.

    >>> print(unknown("np.linalg.eig"))
    np.linalg.eig cannot run on certified numbers: use np.linalg.eigh, if the matrix is symmetric
    """
    instead = _INSTEAD.get(function.rpartition(".")[2], "sums, products and elementary functions of NumPy")
    because = f" ({why})" if why else ""
    return UndecidedError(f"{function} cannot run on certified numbers{because}: use {instead}")


class Untold:
    """Stands for a part of a result that is not computed, and says so when it is used.

    >>> Untold("the singular values", "np.linalg.svd") + 1
    Traceback (most recent call last):
    symnn.errors.UndecidedError: the singular values are not computed over certified numbers: use np.linalg.svd
    """

    def __init__(self, what: str, instead: str) -> None:
        self._said = f"{what} are not computed over certified numbers: use {instead}"

    def _refused(self, *args: Any) -> Any:
        raise UndecidedError(self._said)

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _refused
    __pow__ = __getitem__ = __iter__ = __len__ = __float__ = __array__ = __lt__ = __gt__ = __le__ = __ge__ = _refused

"""What cannot be done over certified numbers, said so that it helps: the function, and what to write instead."""

from __future__ import annotations

import ast
import linecache
import sys
from collections.abc import Iterable
from itertools import islice
from types import FrameType
from typing import Any

from symnn.errors import UndecidedError
from symnn.scalars.places import is_library

_INSTEAD: dict[str, str] = {
    "eig": "np.linalg.eigh, if the matrix is symmetric",
    "eigvals": "np.linalg.eigvalsh, if the matrix is symmetric",
    "tensorsolve": "np.linalg.solve of matrices",
    "tensorinv": "np.linalg.inv of a matrix",
    "frexp": "np.log2 and powers of 2",
    "histogram": "comparisons with the edges, and np.count_nonzero",
    "complex": "arrays of NumPy, as in a + 1j * b",
}
_INSTEAD_OF_MODULES: dict[str, str] = {
    "np.ma.": "plain arrays, and np.where for what is masked",
    "scipy.sparse.": "plain arrays of NumPy, and @",
    "scipy.stats.": "the formula of the density, or of what is estimated",
}
_OTHERWISE = "sums, products and elementary functions of NumPy"


def unknown(function: str, why: str = "") -> UndecidedError:
    """Return what to raise where a function cannot run on certified numbers.

    >>> print(unknown("np.linalg.eig"))
    np.linalg.eig cannot run on certified numbers: use np.linalg.eigh, if the matrix is symmetric
    """
    of_module = (text for module, text in _INSTEAD_OF_MODULES.items() if function.startswith(module))
    instead = _INSTEAD.get(function.rpartition(".")[2]) or next(of_module, _OTHERWISE)
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


def function_called(frames: Iterable[tuple[FrameType, int]]) -> str:
    """Return the name of what the user's code called, from frames with their last instruction, the innermost first.

    It is a function of a library, or else what stands in the user's line; "" where that cannot be told.
    """
    libraries: list[FrameType] = []
    for frame, instruction in frames:
        if is_library(frame):
            if not str(frame.f_globals.get("__name__", "")).startswith("symnn."):
                libraries.append(frame)
            continue
        named = next((name for name in map(_public, reversed(libraries)) if name), "")
        # A method is known by the object that it was called of.
        of_object = not named or named.rpartition(".")[0] not in sys.modules
        return (_in_line(frame, instruction) if of_object else "") or named
    return ""


def _public(frame: FrameType) -> str:
    """The name by which a library's function is called, "" for what wraps one."""
    function, module = frame.f_code.co_qualname, str(frame.f_globals.get("__name__", ""))
    if "<" in function or function.startswith("_") or "._lib" in module or module == "contextlib":
        return ""
    parts, first = module.split("."), function.partition(".")[0]
    packages = (".".join(parts[:k]) for k in range(1, len(parts) + 1))
    package = next((name for name in packages if hasattr(sys.modules.get(name), first)), module)
    if "._" in package:
        return ""
    return f"{'np' + package[5:] if package.startswith('numpy') else package}.{function}"


def _in_line(frame: FrameType, instruction: int) -> str:
    """The function in the text of the call that a frame is at."""
    position = next(islice(frame.f_code.co_positions(), instruction // 2, None), (None,) * 4)
    line, end_line, start, end = position
    if line is None or line != end_line or start is None:
        return ""
    text = linecache.getline(frame.f_code.co_filename, line, frame.f_globals).encode()[start:end].decode()
    try:
        found = ast.parse(text, mode="eval").body
    except SyntaxError:
        return ""
    return ast.unparse(found.func) if isinstance(found, ast.Call) else ""

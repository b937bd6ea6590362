"""A compiled kernel: the printed NumPy function, with its arguments checked on the way."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from symnn.equations import Program
from symnn.kernels.source import FUNCTION, kernel_source
from symnn.kernels.unpacking import Array, Signature, check_finite, of_one_type
from symnn.network import Network, program_of

Function: TypeAlias = Callable[..., tuple[Any, dict[str, Array]]]

# A product of two arguments, each perhaps transposed, on a line of its own.
_PRODUCT = re.compile(r"^( +)(\w+) = (\w+)(?:\.T)? @ (\w+)(?:\.T)?$", re.MULTILINE)


@dataclass(frozen=True)
class Kernel:
    """``loss, grads = kernel(params, *data)``; ``source`` is the text that runs.

    ``params`` maps names to arrays; the data follow in the order of the program's inputs and targets. Arrays may be
    of any scalar if the kernel was compiled with ``stable=False``. Raises `ShapeError` or `InputError`, naming the
    array, for arguments that do not fit or are not finite. ``function`` is the printed function itself, as fast as code
    by hand and as trusting: it takes float arrays of one type and checks nothing.
    """

    program: Program
    source: str
    sizes: Mapping[str, int]
    function: Function = field(init=False, repr=False, compare=False)
    watched: Function = field(init=False, repr=False, compare=False)
    unwatched: tuple[str, ...] = field(init=False, repr=False, compare=False)
    signature: Signature = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        signature = Signature.of(self.program, self.sizes)
        text, seen = with_watch(self.source, {*signature.params, *signature.data})
        object.__setattr__(self, "signature", signature)
        object.__setattr__(self, "function", _defined(self.source))
        object.__setattr__(self, "watched", _defined(text))
        object.__setattr__(self, "unwatched", tuple(name for name in signature.shapes if name not in seen))

    def __call__(self, params: Mapping[str, Array], *data: Array) -> tuple[Any, dict[str, Array]]:
        """Return the loss and a dictionary of gradients, each of the shape of its array."""
        arrays = self.signature.arrays(params, data)
        # An infinity that a sigmoid or a ReLU flattens would not show in the loss.
        for name in self.unwatched:
            check_finite(name, arrays[name])
        floats = of_one_type(arrays)
        try:
            return self.watched(floats, *[floats[name] for name in self.signature.data])
        except _NotFiniteError:
            for name, array in arrays.items():
                check_finite(name, array)
            # All arguments are finite: the product itself has overflowed, and the result shows it.
            return self.function(floats, *[floats[name] for name in self.signature.data])


def forward_kernel(source: Network | Program, *, stable: bool = True) -> Kernel:
    """Return the kernel of the loss alone, for what has no useful gradient: a step, a sign, the number of mistakes.

    The kernel returns the loss and no gradients.

    >>> from symnn.network import Dense
    >>> kernel = forward_kernel(Network(1, [Dense(1, "sign", bias=False)], "zero-one"))
    >>> loss, _ = kernel({"W1": np.array([[2.0]])}, np.array([[3.0, 1.0, -1.0, 4.0]]), np.array([[1, -1, -1, 1]]))
    >>> float(loss)
    0.25
    """
    program = program_of(source) if isinstance(source, Network) else source
    sizes = {str(symbol): value for symbol, value in source.sizes.items()} if isinstance(source, Network) else {}
    title = f"Loss of {f'the {source} network' if isinstance(source, Network) else 'the program'}."
    return Kernel(program, kernel_source(program, (), (), stable=stable, title=title), sizes)


class _NotFiniteError(ArithmeticError):
    """A product of arguments is not finite."""


def _watch(product: Array) -> None:
    # A sum of squares, which BLAS takes at the speed of memory, keeps every NaN and infinity.
    if product.dtype.kind == "f" and not math.isfinite(np.vdot(product, product)):
        raise _NotFiniteError


def with_watch(source: str, names: Collection[str]) -> tuple[str, set[str]]:
    """Return a kernel's source with a look at each product of two arguments, and the arguments these speak for.

    A NaN or an infinity in a factor shows in the product whatever the other factor is, and the product, just made,
    is cheaper to look at than both.

    >>> text, seen = with_watch("    Z = W @ X", {"W", "X", "b"})
    >>> text, sorted(seen)
    ('    Z = W @ X\\n    _watch(Z)', ['W', 'X'])
    """
    seen: set[str] = set()

    def watched(found: re.Match[str]) -> str:
        indent, product, *factors = found.groups()
        if not set(factors) <= set(names):
            return found.group()
        seen.update(factors)
        return f"{found.group()}\n{indent}_watch({product})"

    # A title may read like a product, and the docstring that it stands in is no code.
    head, quotes, code = source.rpartition('"""')
    return head + quotes + _PRODUCT.sub(watched, code), seen


def _defined(source: str) -> Function:
    namespace: dict[str, Any] = {"__name__": "symnn_kernel", "_watch": _watch}
    # The text is printed by symnn from equations it has checked. What a person wrote is in it as names, which notation
    # lets through as identifiers alone, and as the title in a docstring that nothing in it can end.
    exec(compile(source, "<symnn kernel>", "exec"), namespace)  # noqa: S102
    function: Function = namespace[FUNCTION]
    return function

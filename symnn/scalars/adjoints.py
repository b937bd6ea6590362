"""Tangents that are kept instead of computed: swept backwards they give the derivative by every parameter at once.

The tangent of a dual is a linear function of the tangents of the parameters. A `Tangent` in its place stands for that
function: it knows which tangents it was made of, and by which factors. Values, slopes, comparisons and every rule stay
those of duals; the linear function is transposed instead of applied to one direction (linearise, then transpose, as in
Radul et al., "You Only Linearize Once", 2022). A product of matrices is one node.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from flint import arb, arb_mat

_ORDER = count()
_ONE, _ZERO = arb(1), arb(0)


class Tangent:
    """A linear function of parameters' tangents: the sum of ``terms``, each a factor with another `Tangent`.

    It equals no number: what moves with it is on a kink wherever it equals another number.

    >>> a, b = Leaf(0), Leaf(1)
    >>> sorted(adjoints(arb(2) * (a - b) + a / arb(4)).items())
    [(0, 2.25000000000000), (1, -2.00000000000000)]
    """

    __slots__ = ("order", "terms")

    def __init__(self, *terms: tuple[Any, Any]) -> None:
        self.terms, self.order = terms, next(_ORDER)

    def __add__(self, other: Tangent) -> Tangent:
        return Tangent((_ONE, self), (_ONE, other))

    def __sub__(self, other: Tangent) -> Tangent:
        return Tangent((_ONE, self), (-_ONE, other))

    def __mul__(self, factor: Any) -> Tangent:
        return Tangent((factor, self))

    __rmul__ = __mul__

    def __truediv__(self, divisor: Any) -> Tangent:
        return Tangent((1 / divisor, self))

    def __neg__(self) -> Tangent:
        return Tangent((-_ONE, self))

    def contains(self, number: Any) -> bool:
        """Return False: whether it holds a number depends on the direction."""
        return False

    def is_finite(self) -> bool:
        """Return True: what is not finite shows in the adjoints."""
        return True

    def parts(self) -> list[Any]:
        """Return the nodes that it was made of."""
        return [part for _, part in self.terms]

    def pull_back(self, adjoint: Any, found: dict[Any, Any]) -> None:
        """Add to the adjoints ``found`` what that of this tangent makes of those that it was made of."""
        for factor, part in self.terms:
            _add(found, part, adjoint * factor)


class Leaf(Tangent):
    """The tangent of the parameter with this number."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number, self.terms = number, ()


class TangentMatrix:
    """A matrix of tangents, None being zero, which can be multiplied by a matrix of balls from either side."""

    def __init__(self, rows: int, columns: int, tangents: list[Any]) -> None:
        self.rows, self.columns, self.tangents = rows, columns, tangents

    def __mul__(self, right: Any) -> TangentMatrix:
        return _Product(self, right.transpose(), True).matrix(self.rows, right.ncols())

    def __rmul__(self, left: Any) -> TangentMatrix:
        return _Product(self, left.transpose(), False).matrix(left.nrows(), self.columns)

    def __add__(self, other: TangentMatrix) -> TangentMatrix:
        pairs = zip(self.tangents, other.tangents, strict=True)
        return TangentMatrix(self.rows, self.columns, [a + b for a, b in pairs])

    def __getitem__(self, at: tuple[int, int]) -> Any:
        return self.tangents[at[0] * self.columns + at[1]]

    def entries(self) -> list[Any]:
        """Return the tangents row by row."""
        return self.tangents


class _Product:
    """A product of a matrix of tangents and one of balls, here transposed: one node with many entries."""

    def __init__(self, factor: TangentMatrix, transposed: Any, is_left: bool) -> None:
        self.factor, self.transposed, self.is_left, self.order = factor, transposed, is_left, next(_ORDER)

    def matrix(self, rows: int, columns: int) -> TangentMatrix:
        """Return the product, whose entries gather their adjoints here."""
        self.shape = rows, columns
        return TangentMatrix(rows, columns, [_Entry((at, self)) for at in range(rows * columns)])

    def parts(self) -> list[Any]:
        """Return the tangents in the matrix."""
        return [part for part in self.factor.tangents if part is not None]

    def pull_back(self, adjoint: dict[int, Any], found: dict[Any, Any]) -> None:
        """Multiply the adjoints of the entries by the other matrix, transposed."""
        rows, columns = self.shape
        gathered = arb_mat(rows, columns, [adjoint.get(at, _ZERO) for at in range(rows * columns)])
        made = gathered * self.transposed if self.is_left else self.transposed * gathered
        for part, value in zip(self.factor.tangents, made.entries(), strict=True):
            if part is not None:
                _add(found, part, value)


class _Entry(Tangent):
    """An entry of a product: where it stands there, with the product."""

    __slots__ = ()

    def pull_back(self, adjoint: Any, found: dict[Any, Any]) -> None:
        ((at, product),) = self.terms
        found.setdefault(product, {})[at] = adjoint


def tangent_matrix(rows: int, columns: int, tangents: list[Any]) -> Any:
    """Return tangents row by row, None being zero, as a matrix of balls if all are balls, else as a `TangentMatrix`."""
    if any(isinstance(tangent, Tangent) for tangent in tangents):
        return TangentMatrix(rows, columns, tangents)
    return arb_mat(rows, columns, [_ZERO if tangent is None else tangent for tangent in tangents])


def _add(found: dict[Any, Any], part: Any, value: Any) -> None:
    before = found.get(part)
    found[part] = value if before is None else before + value


def adjoints(tangent: Tangent) -> dict[int, Any]:
    """Return the derivative of a number with this tangent by every parameter that it depends on, by its number.

    One sweep over what the tangent was made of, the latest first.
    """
    found: dict[Any, Any] = {tangent: _ONE}
    for node in sorted(_made_of(tangent), key=lambda node: -node.order):
        node.pull_back(found.pop(node), found)
    by_number = {leaf.number: adjoint for leaf, adjoint in found.items()}
    if len(by_number) < len(found):
        # The same parameter came as several tangents, as from another process.
        by_number = {}
        for leaf, adjoint in found.items():
            _add(by_number, leaf.number, adjoint)
    return by_number


def _made_of(tangent: Tangent) -> set[Any]:
    """All that a tangent was made of, without the leaves."""
    seen: set[Any] = set()
    left = [tangent]
    while left:
        node = left.pop()
        if node not in seen and not isinstance(node, Leaf):
            seen.add(node)
            left += node.parts()
    return seen

"""A product of two matrices of flint that is kept as its factors: few samples make a gradient of low rank.

δ Xᵀ of 1000 units, 1000 inputs and 2 samples has a million entries, and its factors 4000. Multiples, transposes and
products are made by way of the factors, and the Euclidean norm of all entries by that of their Gram matrices.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import mul
from typing import Any

from flint import arb, arb_mat, ctx

from symnn.scalars.run import precision

MANY = 4096
"""A product of fewer entries is evaluated at once."""

THIN = 4
"""By how many times fewer numbers two factors hold than their product where it is kept as these."""

FEW_BITS = 64
"""The precision of sizes, of which only the order counts."""

AT_ONCE = 2**15
"""How many entries of a product are made at once where each is needed once."""


class Factored:
    """A matrix by its factors, ``left * right``, to be evaluated at the precision at which it was made.

    >>> A = Factored(arb_mat(2, 1, [1, 2]), arb_mat(1, 2, [3, 4]))
    >>> A[1, 0], (A * 2).transpose().entries()
    (6.00000000000000, [6.00000000000000, 12.0000000000000, 8.00000000000000, 16.0000000000000])
    """

    def __init__(self, left: Any, right: Any, bits: int | None = None) -> None:
        self.left, self.right, self.bits = left, right, bits or ctx.prec
        self._rows: list[list[Any]] | None = None
        self._columns: list[list[Any]] | None = None

    def nrows(self) -> int:
        """Return the number of rows."""
        return int(self.left.nrows())

    def ncols(self) -> int:
        """Return the number of columns."""
        return int(self.right.ncols())

    def evaluated(self) -> Any:
        """Return the product as one matrix."""
        with precision(self.bits):
            return self.left * self.right

    def rows(self, start: int, stop: int) -> Any:
        """Return some of its rows as a matrix."""
        with precision(self.bits):
            return arb_mat(self._left_rows()[start:stop]) * self.right

    def entries(self) -> list[Any]:
        """Return the entries row by row."""
        found: list[Any] = self.evaluated().entries()
        return found

    def __getitem__(self, at: tuple[int, int]) -> Any:
        i, j = at
        if self._columns is None:
            self._columns = self.right.transpose().table()
        with precision(self.bits):
            return sum(map(mul, self._left_rows()[i], self._columns[j]), arb(0))

    def _left_rows(self) -> list[list[Any]]:
        if self._rows is None:
            self._rows = self.left.table()
        return self._rows

    def transpose(self) -> Factored:
        """Return the transpose."""
        return Factored(self.right.transpose(), self.left.transpose(), self.bits)

    def is_finite(self) -> bool:
        """Return whether both factors are finite in all entries; then their product is."""
        return all(x.is_finite() for factor in (self.left, self.right) for x in factor.entries())

    def __neg__(self) -> Factored:
        return Factored(-self.left, self.right)

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, arb_mat | Factored):
            return product(self.left, self.right * other)
        return Factored(self.left * other, self.right)

    def __rmul__(self, other: Any) -> Any:
        return product(other * self.left, self.right)

    def __truediv__(self, divisor: Any) -> Factored:
        return Factored(self.left / divisor, self.right)

    def __add__(self, other: Any) -> Any:
        if isinstance(other, Factored):
            return product(beside(self.left, other.left), below(self.right, other.right))
        return self.evaluated() + other

    def __radd__(self, other: Any) -> Any:
        return other + self.evaluated()

    def squares(self) -> Any:
        """Return the sum of the squares of all entries, tr(BᵀAᵀAB) = tr(AᵀA BBᵀ) of factors A and B.

        >>> Factored(arb_mat(2, 1, [1, 2]), arb_mat(1, 2, [3, 4])).squares()
        125.000000000000
        """
        left, right = self.left, self.right
        return ((left.transpose() * left) * (right * right.transpose())).trace()


def product(left: Any, right: Any) -> Any:
    """Return the product of two matrices: as its factors where these hold far fewer numbers.

    >>> [type(product(arb_mat(n, 1), arb_mat(1, n))).__name__ for n in (9, 99)]
    ['arb_mat', 'Factored']
    """
    rows, columns = left.nrows(), right.ncols()
    if (
        rows * columns >= MANY
        and 0 < THIN * left.ncols() * (rows + columns) <= rows * columns
        and isinstance(left, arb_mat)
        and isinstance(right, arb_mat)
    ):
        return Factored(left, right)
    return left * right


def evaluated(matrix: Any) -> Any:
    """Return a matrix of flint, be it given as such or as its factors."""
    return matrix.evaluated() if isinstance(matrix, Factored) else matrix


def by_rows(matrix: Any, many: int) -> Iterator[tuple[int, Any]]:
    """Yield the rows of a matrix, so many at a time, each time with the number of the first; those of a product anew.

    >>> A = Factored(arb_mat(3, 1, [1, 2, 3]), arb_mat(1, 2, [3, 4]))
    >>> [(start, int(rows[0, 0].unique_fmpz())) for start, rows in by_rows(A, 2)]
    [(0, 3), (2, 9)]
    """
    if many >= matrix.nrows():
        yield 0, evaluated(matrix)
        return
    for start in range(0, matrix.nrows(), many):
        yield start, matrix.rows(start, start + many)


def gap(one: Factored, other: Factored) -> Any:
    """Return a bound of the Euclidean distance of two products by factors that overlap; None where these do not.

    Where all factors overlap so do all entries: what both may be is the product of what the factors may be.

    >>> A, B = (Factored(arb_mat(2, 1, [1, x]), arb_mat(1, 2, [3, 4])) for x in (2, 5))
    >>> gap(A, A), gap(A, B)
    (0, None)
    """
    if one.left.ncols() != other.left.ncols():
        return None
    if not (one.left.overlaps(other.left) and one.right.overlaps(other.right)):
        return None
    with precision(FEW_BITS):
        # A B - C D is (A - C) B + C (B - D): both together are one product of factors side by side.
        left, right = beside(one.left - other.left, other.left), below(one.right, one.right - other.right)
        return Factored(left, right).squares().abs_upper().sqrt()


def beside(left: Any, right: Any) -> Any:
    """Return two matrices of as many rows side by side.

    >>> beside(arb_mat([[1], [2]]), arb_mat([[3], [4]])).entries() == [1, 3, 2, 4]
    True
    """
    return arb_mat([one + other for one, other in zip(left.table(), right.table(), strict=True)])


def below(upper: Any, lower: Any) -> Any:
    """Return two matrices of as many columns one below the other.

    >>> below(arb_mat([[1, 2]]), arb_mat([[3, 4]])).entries() == [1, 2, 3, 4]
    True
    """
    return arb_mat(upper.table() + lower.table())

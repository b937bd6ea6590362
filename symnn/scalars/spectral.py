"""Eigenvalues, singular values, orthogonal factors and the exponential of matrices, over balls and dual balls.

Flint isolates eigenvalues; of a symmetric matrix those that do not coincide have a derivative. Vectors get the sign, or
the factors the signs, that NumPy gives them at the midpoints.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from flint import acb_mat, arb, arb_mat
from numpy import array, fromiter  # bound here, because a run replaces them in NumPy's namespace

from symnn.errors import UndecidedError
from symnn.scalars.dual_numbers import Dual, tangent_matrix
from symnn.scalars.lifting import arranged, lift
from symnn.scalars.plain import Ball, nearest_float
from symnn.scalars.replacing import replaces
from symnn.scalars.tape import tape

_EIGH: Any = type(np.linalg.eigh(np.eye(1)))
_SVD: Any = type(np.linalg.svd(np.eye(1)))
_QR: Any = type(np.linalg.qr(np.eye(1)))


def _parts(A: Any, function: str) -> tuple[Any, Any]:
    """The matrices of values and of tangents, the latter None where nothing moves."""
    if A.ndim != 2:
        raise UndecidedError(f"{function} of certified numbers takes one matrix: use a loop over the stack")
    entries = [getattr(x, "full", x) for x in lift(A).ravel().tolist()]
    if not all(isinstance(x, (Ball, Dual)) for x in entries):
        raise UndecidedError(f"{function} is known of balls only, not of the class {type(entries[0]).__name__}")
    rows, columns = A.shape
    values = arb_mat(rows, columns, [x.value for x in entries])
    if not any(type(x) is Dual and x.tangent is not None for x in entries):
        return values, None
    return values, tangent_matrix(rows, columns, [x.tangent if type(x) is Dual else None for x in entries])


def _numbers(values: Any, tangents: Any, shape: tuple[int, ...]) -> Any:
    made = list(map(Ball, values)) if tangents is None else list(map(Dual, values, tangents))
    return arranged(made, shape)


def _floats(values: Any) -> Any:
    """A matrix of midpoints."""
    flat = [nearest_float(x) for x in values.entries()]
    return array(flat).reshape(values.nrows(), values.ncols())


def _eigen(A: Any, function: str, like: Any) -> tuple[Any, Any]:
    """The eigenvalues of a symmetric matrix, smallest first, and the vectors in columns with the signs of ``like``."""
    values, tangents = _parts(A, function)
    n = len(A)
    try:
        found, vectors = acb_mat(values).eig(right=True)
    except ValueError as error:
        said = f"{function} at eigenvalues that coincide or lie too near to each other has no certified derivative"
        raise UndecidedError(said) from error
    order = sorted(range(n), key=lambda k: nearest_float(found[k].real))
    columns = [_normed([vectors[i, k] for i in range(n)], like[:, at]) for at, k in enumerate(order)]
    eigenvalues, V = [found[k].real for k in order], arb_mat(n, n, [columns[k][i] for i in range(n) for k in range(n)])
    if tangents is None:
        flat = V.entries()
        _note(A, [*eigenvalues, *flat], lambda adjoint: _of_eigen(eigenvalues, V, adjoint))
        return _numbers(eigenvalues, None, (n,)), _numbers(flat, None, (n, n))
    M = V.transpose() * tangents * V
    turns = [None if i == k else M[i, k] / (eigenvalues[k] - eigenvalues[i]) for i in range(n) for k in range(n)]
    slopes = [M[k, k] for k in range(n)]
    return (
        _numbers(eigenvalues, slopes, (n,)),
        _numbers(V.entries(), (V * tangent_matrix(n, n, turns)).entries(), (n, n)),
    )


def _of_eigen(eigenvalues: list[Any], V: Any, adjoint: list[Any]) -> Any:
    """From the adjoints of eigenvalues and vectors to that of the symmetric matrix (Giles 2008, section 3.1)."""
    n = len(eigenvalues)
    M = V.transpose() * arb_mat(n, n, adjoint[n:])
    turned = [adjoint[i] if i == k else M[i, k] / (eigenvalues[k] - eigenvalues[i]) for i in range(n) for k in range(n)]
    return V * arb_mat(n, n, turned) * V.transpose()


def _note(A: Any, made: list[Any], pull: Callable[[list[Any]], Any]) -> None:
    """Put numbers that were made of a matrix on the record; ``pull`` takes their adjoints to that of the matrix."""
    record = tape()
    if record is not None:
        of = fromiter((getattr(x, "full", x).value for x in A.ravel().tolist()), object, A.size)

        def pulled(adjoint: Any) -> Any:
            return fromiter(pull(adjoint.tolist()).entries(), object, A.size)

        record.call(fromiter(made, object, len(made)), [(of, pulled)])


def _normed(column: list[Any], like: Any) -> list[Any]:
    """A complex eigenvector of a real symmetric matrix as the real one of length 1 on the side of another."""
    largest = max(range(len(column)), key=lambda k: abs(like[k]))
    # Divided by one of its entries it is real, for its eigenspace is a line.
    real = [(x / column[largest]).real for x in column]
    length = sum((x * x for x in real), arb(0)).sqrt()
    return [x / length if like[largest] > 0 else -x / length for x in real]


def _symmetric(A: Any, UPLO: Any, function: str) -> tuple[Any, Any]:
    """Eigenvalues and vectors of the symmetric matrix that one half of a matrix tells."""
    like = np.linalg.eigh(_floats(_parts(A, function)[0]), UPLO)[1]
    half = np.tril(A) if UPLO.upper() == "L" else np.triu(A)
    return _eigen(half + half.T - np.diag(np.diagonal(A)), function, like)


@replaces(np.linalg.eigh)
def eigh(A: Any, UPLO: str = "L") -> Any:
    """Return eigenvalues and eigenvectors of a symmetric matrix, as ``numpy.linalg.eigh``.

    Raises UndecidedError where eigenvalues are not certainly apart, and for other numbers than balls.
    """
    return _EIGH(*_symmetric(A, UPLO, "np.linalg.eigh"))


@replaces(np.linalg.eigvalsh)
def eigenvalues(A: Any, UPLO: str = "L") -> Any:
    """Return the eigenvalues of a symmetric matrix, as ``numpy.linalg.eigvalsh``. Raises as ``eigh``."""
    return _symmetric(A, UPLO, "np.linalg.eigvalsh")[0]


@replaces(np.linalg.svd)
def svd(A: Any, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False) -> Any:
    """Return the singular values, with the singular vectors of the thin form, as ``numpy.linalg.svd``.

    Raises UndecidedError for vectors beyond the thin form, and as ``eigh``.
    """
    if not compute_uv:
        return singular_values(A)
    rows, columns = A.shape[-2:]
    if full_matrices and rows != columns:
        raise UndecidedError("np.linalg.svd of certified numbers knows the thin form: use full_matrices=False")
    left, _, right = np.linalg.svd(_floats(_parts(A, "np.linalg.svd")[0]), full_matrices=False)
    if rows < columns:
        V, s, U = _thin(A.T, left)
        return _SVD(U, s, V.T)
    U, s, V = _thin(A, right.T)
    return _SVD(U, s, V.T)


def _thin(A: Any, like: Any) -> tuple[Any, Any, Any]:
    """Of a matrix no wider than high, the singular vectors in columns, the right ones with the given signs."""
    squares, V = _eigen(A.T @ A, "np.linalg.svd", like[:, ::-1])
    s, V = np.sqrt(squares[::-1]), V[:, ::-1]
    return A @ V / s, s, V


def gram(A: Any) -> Any:
    """Return the smaller of the products of a matrix with its transpose."""
    turned = np.swapaxes(A, -1, -2)
    return turned @ A if A.shape[-2] >= A.shape[-1] else A @ turned


@replaces(np.linalg.svdvals)
def singular_values(A: Any) -> Any:
    """Return the singular values of a matrix, largest first, as ``numpy.linalg.svdvals``. Raises as ``eigh``."""
    return np.sqrt(_symmetric(gram(A), "L", "np.linalg.svd")[0][::-1])


@replaces(np.linalg.qr)
def _qr(A: Any, mode: str = "reduced") -> Any:
    rows, columns = A.shape[-2:]
    if A.ndim != 2 or mode not in ("reduced", "r") or rows < columns:
        raise UndecidedError(
            "np.linalg.qr of certified numbers takes one matrix, no wider than high: use np.linalg.qr(A[:, :len(A)])"
        )
    signs = np.sign(np.diagonal(np.linalg.qr(_floats(_parts(A, "np.linalg.qr")[0]))[1]))
    Q, R = A * 0, A[:columns] * 0
    for k in range(columns):
        rest = A[:, k]
        for j in range(k):
            R[j, k] = Q[:, j] @ A[:, k]
            rest = rest - Q[:, j] * R[j, k]
        R[k, k] = np.sqrt(rest @ rest) * int(signs[k])
        Q[:, k] = rest / R[k, k]
    return R if mode == "r" else _QR(Q, R)


def exponential(A: Any) -> Any:
    """Return the exponential, as ``scipy.linalg.expm``. Raises UndecidedError for other numbers than balls."""
    values, tangents = _parts(A, "scipy.linalg.expm")
    n = len(A)
    if tangents is None:
        found = values.exp().entries()
        transposed = values.transpose()
        _note(A, found, lambda adjoint: _moved(transposed, arb_mat(n, n, adjoint))[1])
        return _numbers(found, None, (n, n))
    value, slope = _moved(values, tangents)
    return _numbers(value.entries(), slope.entries(), (n, n))


def _moved(A: Any, E: Any) -> tuple[Any, Any]:
    """The exponential of A and its derivative along E: those of [[A, E], [0, A]] (Higham 2008, section 3.2)."""
    n, rows = A.nrows(), A.tolist()
    above = [[*row, *moved] for row, moved in zip(rows, E.tolist(), strict=True)]
    found = arb_mat([*above, *([0] * n + row for row in rows)]).exp().tolist()[:n]
    return arb_mat([row[:n] for row in found]), arb_mat([row[n:] for row in found])

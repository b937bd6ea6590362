"""Where the rows of the tables are looked at: parameters and data, without ties and zeros."""

from __future__ import annotations

import numpy as np

V = np.array([0.625, -1.25, 0.375, 2.125]), np.array([1.5, -0.5, 0.75, 0.25])
"""Vectors."""

P = np.array([0.625, 1.25, 0.375, 2.125]), np.array([1.5, 0.5, 0.75, 0.25])
"""Vectors of positive numbers."""

U = np.array([0.25, 0.75, 0.375, 0.875]), np.array([1.5, -0.5, 0.75, 0.25])
"""Parameters between 0 and 1."""

R = (
    np.array([[0.5, -1.25, 2.0, 0.125], [-0.75, 1.5, -0.25, 3.0], [1.75, -0.375, 0.625, -2.5]]),
    np.array([[1.0, 0.5, -0.75, 0.25], [0.375, -1.125, 0.625, 0.875], [-0.5, 1.375, 1.25, -0.25]]),
)
"""Matrices with more columns than rows."""

T = R[0].T.copy(), R[1].T.copy()
"""Matrices with more rows than columns."""

Q = (
    np.array([[2.5, -0.75, 0.25], [0.5, 3.125, -0.375], [-0.25, 0.625, 1.75]]),
    np.array([[0.5, 1.5, -0.25], [2.0, 0.125, 0.75], [-0.625, 0.875, 1.125]]),
)
"""Square matrices, the first of them easily inverted."""

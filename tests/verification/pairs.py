"""Two functions, checked as they stand: no code is read, and no mistake is named."""

from __future__ import annotations

from symnn.verification import certify
from symnn.verification.subject import pair_of


def verify_pair(loss, grad, params, *data, **options):
    """Return the verdict on a loss and its gradient, certified."""
    return certify(pair_of(loss, grad, params, *data), **options)

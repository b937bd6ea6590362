"""Naming a mistake without any network: from the gradient under test, the exact one, and the data."""

from symnn.verification.plain.naming import diagnose_plain

__all__ = ["diagnose_plain"]

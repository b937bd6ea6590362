"""Generators of edits, a function each: what may stand in the place of a node."""

from symnn.edits.rows import arithmetic, calls, factors, indices, layouts, names, numbers, statements
from symnn.edits.rows.site import Site

__all__ = ["Site", "arithmetic", "calls", "factors", "indices", "layouts", "names", "numbers", "statements"]

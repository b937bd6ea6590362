"""The mistakes people make in a network's forward pass, loss, backward pass and update: rewrites of its equations.

A row of the table looks through the equations, as they are told one slope at a time, and yields each place where its
mistake could be made: the equations that would stand there instead, an id, and the names that it is told with. The
sentences stand in words.toml, by the ids.
"""

from __future__ import annotations

from symnn.mistakes.ground import Ground, Planted
from symnn.mistakes.table import REGISTRY, Row, planted

__all__ = ["REGISTRY", "Ground", "Planted", "Row", "planted"]

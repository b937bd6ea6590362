"""The mistakes people make in a backward pass: every one is a small rewrite of the derivation.

A row looks through the backward equations, as they are told one slope at a time, and yields each place where its
mistake could be made: the equations that would stand there instead, and the sentence that names it.
"""

from __future__ import annotations

from symnn.verification.mistakes.ground import Ground, Planted
from symnn.verification.mistakes.table import MISTAKES, planted

__all__ = ["MISTAKES", "Ground", "Planted", "planted"]

"""Mistakes of the backward pass, a row each: where each could be made, and the equation that stands there then."""

from __future__ import annotations

from symnn.mistakes.backward import losses, paths, slopes, sums, whole

__all__ = ["losses", "paths", "slopes", "sums", "whole"]

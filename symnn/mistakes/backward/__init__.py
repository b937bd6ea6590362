"""Mistakes of the backward pass, a row each: where each could be made, and the equation that stands there then."""

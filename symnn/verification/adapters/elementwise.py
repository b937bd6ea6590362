"""An elementwise function and its derivative: ``verify(f, df, x)``, or `verify_function`.

Fits two functions and one array x with more than one entry, where f(x) is an array of the shape of x. The loss is
Σ upstream ⊙ f(x) with a random upstream gradient. Many write the derivative in terms of the output, df(f(x)): both are
tried, and the verdict says which it follows.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from symnn.verification.adapters.shape import Code, Given, is_numbers, tried, upstream_for
from symnn.verification.structure import parameters
from symnn.verification.subject import Function, Subject

AT_OUTPUT = "the derivative is given in terms of the output a = f(z): it is right as df(f(z)), not as df(z)"
"""What is said of a derivative that is right at the output only."""


class ElementwiseAdapter:
    """A row of the table of adapters."""

    shape = "verify(f, df, x): an elementwise function and its derivative at an array x"

    def fits(self, given: Given) -> bool:
        """Return whether f maps the array to one of the same shape."""
        if len(given.arguments) != 2 or not callable(given.target) or not callable(given.arguments[0]):
            return False
        x = given.arguments[1]
        return is_numbers(x) and x.size > 1 and np.shape(tried(given.target, x)) == x.shape

    def adapt(self, given: Given) -> Subject:
        """Return Σ upstream ⊙ f(x), and upstream ⊙ df(x)."""
        df, x = given.arguments
        return elementwise(self.shape, given.target, df, x, given.seed)


def elementwise(shape: str, f: Function, df: Function, x: Any, seed: int) -> Subject:
    """Return an elementwise function and its derivative as a loss and a gradient."""
    code = (f, df)
    return Subject(
        Code(lambda at, upstream: np.sum(upstream * f(at["x"])), code),
        Code(lambda at, upstream: {"x": upstream * df(at["x"])}, code),
        parameters({"x": x}),
        (upstream_for(x, seed),),
        shape=shape,
        instead=((AT_OUTPUT, Code(lambda at, upstream: {"x": upstream * df(f(at["x"]))}, code)),),
    )

"""Functions that formulas need and NumPy lacks: each knows its derivative, its LaTeX and its NumPy text.

The text runs over floats and, through methods of the same meaning, over every scalar of `symnn.scalars`.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Function, S
from sympy.core.function import ArgumentIndexError


class Named(Function):  # type: ignore[misc]
    """A function of one real number or two by its NumPy text, its LaTeX and its plain name; ``{0}`` is the first."""

    is_real = True
    numpy = ""
    latex = ""
    said = ""

    def _numpycode(self, printer: Any) -> str:
        return self.numpy.format(*map(printer._print, self.args))

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        parts = [printer._print(part) for part in self.args]
        if len(parts) == 2:
            parts = [
                rf"\left({text}\right)" if part.is_Add else text for part, text in zip(self.args, parts, strict=True)
            ]
        text = self.latex.format(*parts)
        return text if exp is None else f"{text}^{{{exp}}}"

    def _sympystr(self, printer: Any) -> str:
        if len(self.args) == 1:
            return self.said.format(printer._print(self.args[0]))
        parts = [f"({printer._print(part)})" if part.is_Add else printer._print(part) for part in self.args]
        return self.said.format(*parts)


class NormalDensity(Named):
    """The density of the standard normal distribution, ``exp(-z**2/2)/sqrt(2 pi)``.

    >>> from symnn.notation import scalar
    >>> NormalDensity(scalar("z")).diff(scalar("z"))
    -z*phi(z)
    """

    numpy = "normal_density({0})"
    latex = r"\varphi\left({0}\right)"
    said = "phi({0})"
    is_positive = True

    def fdiff(self, argindex: int = 1) -> Expr:
        """Return the derivative."""
        return -self.args[0] * self


class NormalShare(Named):
    """The share of the standard normal distribution below ``z``.

    >>> from symnn.notation import scalar
    >>> NormalShare(scalar("z")).diff(scalar("z"))
    phi(z)
    """

    numpy = "normal_share({0})"
    latex = r"\Phi\left({0}\right)"
    said = "Phi({0})"
    is_positive = True

    def fdiff(self, argindex: int = 1) -> Expr:
        """Return the derivative."""
        return NormalDensity(self.args[0])


class RootTwoOverPi(Named):
    """The number sqrt(2/pi) in the arithmetic of ``z``, so that a kernel over balls has more of it than a float holds.

    >>> from symnn.notation import scalar
    >>> RootTwoOverPi(scalar("z")).diff(scalar("z"))
    0
    """

    numpy = "np.sqrt(2/pi_at({0}))"
    latex = r"\sqrt{{2/\pi}}"
    said = "sqrt(2/pi)"
    is_positive = True

    def fdiff(self, argindex: int = 1) -> Expr:
        """Return the derivative."""
        return S.Zero


class TimesLog(Named):
    """``y log x``, and 0 where ``y`` is 0, whatever ``x`` is.

    >>> from symnn.notation import scalar
    >>> TimesLog(scalar("y"), scalar("x")).diff(scalar("x"))
    y/x
    """

    numpy = "times_log({0}, {1})"
    latex = r"{0} \log {1}"
    said = "{0}*log({1})"

    def fdiff(self, argindex: int = 1) -> Expr:
        """Return the derivative with respect to ``x``; that with respect to ``y`` is no number where ``x`` is 0, and is not given."""
        if argindex != 2:
            raise ArgumentIndexError(self, argindex)
        return Over(*self.args)


class Over(Named):
    """``y/x``, and 0 where ``y`` is 0, whatever ``x`` is: the derivative of ``y log x``."""

    numpy = "over({0}, {1})"
    latex = r"\frac{{{0}}}{{{1}}}"
    said = "{0}/{1}"

    def fdiff(self, argindex: int = 1) -> Expr:
        """Return the derivative with respect to ``x``."""
        if argindex != 2:
            raise ArgumentIndexError(self, argindex)
        return -Over(self.args[0], self.args[1] ** 2)

r"""The LaTeX of names and numbers as a tree: letters with indices, accents, fractions; nothing that draws."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

ITALIC, UPRIGHT, BOLD = "italic", "upright", "bold"
"""The faces a letter may have; digits and signs are upright in the first."""


@dataclass(frozen=True)
class Letters:
    """Characters of one face."""

    text: str
    face: str


@dataclass(frozen=True)
class Space:
    """A gap, in parts of the size of the type; ``ruled`` has a line below it, to write on."""

    width: float
    ruled: bool = False


@dataclass(frozen=True)
class Group:
    """Parts side by side."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Scripts:
    """A part with an index below and one above, either of which may be missing."""

    base: Group
    below: Group | None
    above: Group | None


@dataclass(frozen=True)
class Accent:
    """A mark over a part."""

    mark: str
    base: Group


@dataclass(frozen=True)
class Fraction:
    """One part above another."""

    above: Group
    below: Group


Part: TypeAlias = Letters | Space | Group | Scripts | Accent | Fraction

# fmt: off
_SLANTED = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "vartheta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π",
    "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ",
    "omega": "ω", "partial": "∂", "ell": "ℓ",
}
_SIGNS = {
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ",
    "Omega": "Ω", "cdot": "·", "times": "×", "odot": "⊙", "circ": "∘", "leftarrow": "←", "rightarrow": "→", "to": "→",
    "leq": "≤", "geq": "≥", "neq": "≠", "approx": "≈", "pm": "±", "infty": "∞", "nabla": "∇", "surd": "√", "ldots": "…",
    "dots": "…", "cdots": "⋯", "vdots": "⋮", "ddots": "⋱", "prime": "′", "mid": "|", "Vert": "‖", "langle": "⟨",
    "rangle": "⟩", "in": "∈", "top": "⊤", "star": "⋆", "ast": "∗", "dagger": "†", "hbar": "ℏ", "textbackslash": "\\",
    "textasciicircum": "^", "textasciitilde": "~", "textless": "<", "textgreater": ">", "textbar": "|",
}
_ACCENTS = {
    "hat": "ˆ", "widehat": "ˆ", "tilde": "˜", "widetilde": "˜", "bar": "ˉ", "overline": "ˉ", "vec": "→", "dot": "˙",
    "ddot": "¨", "check": "ˇ", "breve": "˘",
}
_FACES = {
    "mathrm": UPRIGHT, "text": UPRIGHT, "textrm": UPRIGHT, "operatorname": UPRIGHT, "mathsf": UPRIGHT,
    "mathtt": UPRIGHT, "mathbf": BOLD, "boldsymbol": BOLD, "textbf": BOLD, "bm": BOLD, "mathit": ITALIC,
    "symnnslanted": ITALIC, "textit": ITALIC, "mathcal": ITALIC, "mathbb": UPRIGHT, "mathfrak": UPRIGHT,
}
_SPACES = {",": 1 / 6, ":": 2 / 9, ";": 5 / 18, " ": 0.25, "quad": 1.0, "!": -1 / 6, "enspace": 0.5}
_SILENT = frozenset((
    "left", "right", "bigl", "bigr", "Bigl", "Bigr", "big", "Big", "displaystyle", "textstyle", "scriptstyle",
    "ensuremath", "mathstrut", "strut", "mathord", "mathbin", "nolimits", "limits", "protect",
))
# fmt: on
_PIECE = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
_OPERATORS: Mapping[str, str] = MappingProxyType({"·": " · ", "×": " × ", "=": " = ", "≈": " ≈ "})
_EM = re.compile(r"(\d*\.?\d+)\s*(em|ex|pt)")
_PARTS_OF_AN_EM: Mapping[str, float] = MappingProxyType({"em": 1.0, "ex": 0.43, "pt": 0.1})


def parsed(latex: str) -> Group:
    r"""Return the tree of a formula; a command that is not known stands there as its own name.

    >>> parsed(r"\hat{y}").parts
    (Accent(mark='ˆ', base=Group(parts=(Letters(text='y', face='italic'),))),)
    """
    return _Reader(latex).group(ITALIC)


def plain(latex: str) -> str:
    r"""Return a formula as text on one line.

    >>> plain(r"W^{(1)}_{12}"), plain(r"\hat{y}_{1}"), plain(r"-1.50 \cdot 10^{-7}")
    ('W^(1)_12', 'ŷ_1', '−1.50 · 10^−7')
    """
    return unicodedata.normalize("NFC", " ".join(_plain(parsed(latex)).split()))


def _plain(part: Part) -> str:
    match part:
        case Letters(text, _):
            return text
        case Space(_, ruled):
            return "___" if ruled else " "
        case Group(parts):
            return "".join(map(_plain, parts))
        case Accent(mark, base):
            return _plain(base) + _COMBINING.get(mark, "") if _plain(base) != "y" or mark != "ˆ" else "ŷ"
        case Fraction(above, below):
            return f"{_plain(above)}/{_plain(below)}"
        case Scripts(base, below, above):
            return _plain(base) + (f"^{_plain(above)}" if above else "") + (f"_{_plain(below)}" if below else "")


_COMBINING: Mapping[str, str] = MappingProxyType(
    {
        "ˆ": "\u0302",
        "˜": "\u0303",
        "ˉ": "\u0304",
        "˙": "\u0307",
        "¨": "\u0308",
        "ˇ": "\u030c",
        "˘": "\u0306",
        "→": "\u20d7",
    }
)


class _Reader:
    """Read a formula piece by piece; whatever is missing at its end is taken as empty."""

    def __init__(self, latex: str) -> None:
        self.pieces = _PIECE.findall(latex)
        self.at = 0

    def next(self) -> str:
        piece = self.pieces[self.at] if self.at < len(self.pieces) else ""
        self.at += 1
        return piece

    @property
    def ahead(self) -> str:
        return self.pieces[self.at] if self.at < len(self.pieces) else ""

    def group(self, face: str, closing: str = "") -> Group:
        """Read up to a closing brace, or to the end."""
        parts: list[Part] = []
        while self.at < len(self.pieces):
            piece = self.next()
            if piece == closing:
                break
            if piece in {"^", "_"}:
                self._script(parts, piece, face)
            elif piece == "'":
                self._raise(parts, Group((Letters("′", UPRIGHT),)))
            elif (part := self.part(piece, face)) is not None:
                parts.append(part)
        return Group(tuple(parts))

    def _script(self, parts: list[Part], piece: str, face: str) -> None:
        script = self.argument(face)
        if piece == "^":
            self._raise(parts, script)
            return
        last = parts.pop() if parts else Group(())
        match last:
            case Scripts(base, None, above):
                parts.append(Scripts(base, script, above))
            case _:
                parts.append(Scripts(Group((last,)), script, None))

    def _raise(self, parts: list[Part], script: Group) -> None:
        last = parts.pop() if parts else Group(())
        match last:
            case Scripts(base, below, None):
                parts.append(Scripts(base, below, script))
            case _:
                parts.append(Scripts(Group((last,)), None, script))

    def argument(self, face: str) -> Group:
        """Read what a command takes: a group in braces, or the next piece."""
        while self.ahead.isspace():
            self.at += 1
        piece = self.next()
        if piece == "{":
            return self.group(face, "}")
        part = self.part(piece, face)
        return Group((part,) if part is not None else ())

    def part(self, piece: str, face: str) -> Part | None:
        """Return what one piece, with its arguments, stands for."""
        if piece == "{":
            return self.group(face, "}")
        if not piece or piece.isspace() or piece in {"}", "$", "&", "~"}:
            return Space(0.25) if piece == "~" or (piece.isspace() and face == UPRIGHT) else None
        if not piece.startswith("\\"):
            text = "−" if piece == "-" and face != UPRIGHT else piece
            return Letters(_OPERATORS.get(text, text), face)
        return self._command(piece[1:], face)

    def _command(self, name: str, face: str) -> Part | None:
        if name in _SLANTED:
            return Letters(_SLANTED[name], face)
        if name in _SIGNS:
            return Letters(_OPERATORS.get(_SIGNS[name], _SIGNS[name]), UPRIGHT)
        if name in _ACCENTS:
            return Accent(_ACCENTS[name], self.argument(face))
        if name in _FACES:
            return self.argument(_FACES[name])
        if name in _SPACES:
            return Space(_SPACES[name])
        if name in _SILENT:
            return None
        if name in {"frac", "tfrac", "dfrac"}:
            return Fraction(self.argument(face), self.argument(face))
        if name == "sqrt":
            return Group((Letters("√", UPRIGHT), self.argument(face)))
        if name in {"underline", "rule", "hspace", "phantom"}:
            return self._blank(name, face)
        if name == "char":
            return self._character()
        # An escaped character is itself.
        return Letters(name, UPRIGHT)

    def _blank(self, name: str, face: str) -> Part:
        if name == "hspace":
            return Space(self._length())
        if name == "rule":
            width = self._length()
            self.argument(face)
            return Space(width, ruled=True)
        inner = self.argument(face)
        wide = sum(part.width if isinstance(part, Space) else 0.5 for part in inner.parts)
        return Space(wide, ruled=name == "underline")

    def _length(self) -> float:
        found = _EM.search(_plain(self.argument(UPRIGHT)))
        return float(found.group(1)) * _PARTS_OF_AN_EM[found.group(2)] if found else 1.0

    def _character(self) -> Part:
        digits = ""
        while self.ahead.isdigit():
            digits += self.next()
        return Letters(chr(int(digits)) if digits and int(digits) < 128 else "", UPRIGHT)

"""Text that enters LaTeX: escaped character by character; what the engine cannot set is replaced visibly."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

# fmt: off
_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "%": r"\%", "&": r"\&", "#": r"\#", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"{\char34}", "'": r"{\char39}", "`": r"{\char96}", "-": "{-}",
}
_TYPOGRAPHIC = {"–": "--", "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''", "…": r"\dots{}", "\u00a0": "~"}
_MATHEMATICAL = {
    "−": "-", "×": r"\times", "·": r"\cdot", "⊙": r"\odot", "∂": r"\partial", "Σ": r"\Sigma", "√": r"\surd",
    "≈": r"\approx", "≠": r"\neq", "≤": r"\leq", "≥": r"\geq", "→": r"\to", "∇": r"\nabla", "∈": r"\in", "∞": r"\infty",
    "½": r"\tfrac12", "⁰": "^0", "¹": "^1", "²": "^2", "³": "^3", "⁴": "^4", "⁵": "^5", "⁶": "^6", "⁷": "^7",
    "⁸": "^8", "⁹": "^9", "ᵀ": r"^{\mathsf T}", "⁻": "^-", "⁽": "^(", "⁾": "^)", "ⁱ": "^i",
    "₀": "_0", "₁": "_1", "₂": "_2", "₃": "_3", "₄": "_4", "₅": "_5", "₆": "_6", "₇": "_7", "₈": "_8", "₉": "_9",
    "ŷ": r"\hat y", "ẑ": r"\hat z", "ℓ": r"\ell", "±": r"\pm",
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\varepsilon", "η": r"\eta", "λ": r"\lambda",
    "μ": r"\mu", "σ": r"\sigma", "θ": r"\theta", "Δ": r"\Delta", "π": r"\pi", "∘": r"\circ", "⟨": r"\langle",
    "⟩": r"\rangle", "‖": r"\Vert", "✓": r"\surd", "✗": r"\times", "«": r"\ll", "»": r"\gg",
}
# fmt: on

TABLE: Mapping[str, str] = MappingProxyType(
    {**_SPECIAL, **_TYPOGRAPHIC, **{char: rf"\ensuremath{{{text}}}" for char, text in _MATHEMATICAL.items()}}
)


# Letters below U+0180 that the fonts of every TeX lack.
_WITHOUT_A_GLYPH = frozenset("ÐÞðþĄąĐđĘęĦħĮįĸĿŀŉŊŋŦŧŲųſ")


def escape_latex(text: str) -> str:
    r"""Return ``text`` so that LaTeX prints its characters and runs none of them.

    >>> print(escape_latex("50% of $\\input{x}$ is σ"))
    50\% of \$\textbackslash{}input\{x\}\$ is \ensuremath{\sigma}
    >>> print(escape_latex("naïve 猫"))
    naïve [U+732B]
    """
    return "".join(map(_escape, _composed(text)))


def escape_code(text: str) -> str:
    r"""Return ``text`` as `escape_latex` does, for a typewriter font: it has a sign of its own for all of ASCII.

    >>> print(escape_code("{x_1}"))
    {\char123}x{\char95}1{\char125}
    """
    return "".join(rf"{{\char{ord(char)}}}" if char in _SPECIAL else _escape(char) for char in _composed(text))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _escape(char: str) -> str:
    if char in TABLE:
        return TABLE[char]
    if char in "\n\t " or (char.isprintable() and ord(char) < 0x180 and char not in _WITHOUT_A_GLYPH):
        return char
    return f"[U+{ord(char):04X}]"

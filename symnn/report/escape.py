"""Text of other people in LaTeX and HTML: it runs nothing, and what cannot be seen or set is shown by its code.

Four ways lead into a document: prose, code, names inside formulas, and text of a page. In LaTeX every character is
looked up; long runs without a space may be broken anywhere. In HTML the templates escape what means something to HTML,
and here what nobody would see is made visible: controls, marks that turn the reading direction, what has no width.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from itertools import accumulate
from types import MappingProxyType

# fmt: off
_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"{\upshape\char36}", "%": r"\%", "&": r"\&", "#": r"\#",
    "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"{\char34}", "'": r"{\char39}", "`": r"{\char96}", "-": "{-}",
}
_TYPOGRAPHIC = {
    "–": "--", "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''",
    "…": r"\dots{}", "\u00a0": "~", "£": r"{\itshape\char36}",
}
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
    # The fonts of symbols for text are no part of every TeX.
    "§": r'\mathchar"0278', "¶": r'\mathchar"027B', "¬": r"\lnot", "°": r"^\circ", "µ": r"\mu", "¼": r"\tfrac14",
    "¾": r"\tfrac34", "÷": r"\div", "ª": r"^{\mathrm a}", "º": r"^{\mathrm o}", "¥": r"\yen", "®": r"\circledR",
}
# fmt: on

TABLE: Mapping[str, str] = MappingProxyType(
    {**_SPECIAL, **_TYPOGRAPHIC, **{char: rf"\ensuremath{{{text}}}" for char, text in _MATHEMATICAL.items()}}
)

# As wide as capitals.
_WIDE = frozenset("mw@%\u2014…")
# Letters below U+0180 that the fonts of every TeX lack.
_WITHOUT_A_GLYPH = frozenset("¢¤¦¨©¯´ÐÞðþĄąĐđĘęĦħĮįĸĿŀŉŊŋŦŧŲųſ")

LONG, LONG_IN_CODE = 30, 60
"""Characters without a space that a line surely holds, in the bold letters of a title and in a listing."""
LINE = 2000
"""Characters after which a line of LaTeX ends at the next space or break: TeX's buffer for a line is limited."""
BREAK = r"\hskip0pt plus4pt\relax{}"
"""Where a line may end: with a little to stretch, without which TeX would rather leave a line too long."""
# So many texts are kept as they are escaped: the sheets of a class say the same ones again and again.
KEPT = 4096
LONG_NAME = 20
"""Letters of a name that a formula holds; a longer one keeps its beginning, and a mark that no other name has."""
WIDE_NAME = 26
"""Letters of ordinary width that a name in LaTeX takes at most where some of its characters are shown by their code."""

# fmt: off
_UNSEEN = (
    "\0-\x08\x0b-\x1f\x7f-\x9f"  # controls, all but the tab and the new line
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2028\u2029\u2060-\u2065\u2800\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # what turns the reading direction
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff"  # halves of characters, and those of private agreement
    "\ufdd0-\ufdef" + "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
)
# fmt: on
# Joiners and selectors of a variant belong to scripts and emoji, and are hidden characters anywhere else.
_JOINED = "\u0600-\u1fff\u20e3\u2190-\U0001ffff"
_HIDDEN = re.compile(
    rf"[{_UNSEEN}]|(?<![{_JOINED}])[\ufe00-\ufe0f]|(?<=[\ufe00-\ufe0f])[\ufe00-\ufe0f]"
    rf"|(?<![{_JOINED}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINED}])"
)
_SPACES = re.compile(r"([\n\t ]+)")
_NOT_ASCII = re.compile("[^\0-\x7f]+")
# A sign of a name in a formula; names that touch; and the mark of a name that has been shortened.
_SIGN = re.compile(r"\\_|\[U\+[0-9A-F]{4,6}\]|[A-Za-z0-9]|[^\0-\x7f]")
_NAMES = re.compile(rf"(?<![\\A-Za-z0-9])(?:{_SIGN.pattern})+")
_MARK = re.compile("…[0-9a-f]{6}$")


def visible(text: str) -> str:
    r"""Return ``text`` with every character that nobody would see as its code, for HTML and for messages.

    Joiners stay where scripts and emoji need them, and so does every sign that has a shape. A text does not begin with
    a mark that would combine with what stands before it.

    >>> print(visible("a\u202eb\x00 \u732b"))
    a[U+202E]b[U+0000] 猫
    """
    shown = _HIDDEN.sub(lambda found: _code(found[0]), text)
    return _code(shown[0]) + shown[1:] if shown and unicodedata.category(shown[0])[0] == "M" else shown


@lru_cache(maxsize=KEPT)
def escape_latex(text: str) -> str:
    r"""Return ``text`` so that LaTeX prints its characters and runs none of them.

    Characters that the fonts of every TeX lack are shown by their code. More than `LONG` without a space may be broken
    at every character.

    >>> print(escape_latex("50% of $\\input{x}$ is σ"))
    50\% of {\upshape\char36}\textbackslash{}input\{x\}{\upshape\char36} is \ensuremath{\sigma}
    >>> print(escape_latex("naïve 猫"))
    naïve [U+732B]
    """
    return _escaped(text, _SPECIAL)


def escape_code(text: str) -> str:
    r"""Return ``text`` as `escape_latex` does, for a typewriter font: it has a sign of its own for all of ASCII.

    >>> print(escape_code("{x_1}"))
    {\char123}x{\char95}1{\char125}
    """
    return _escaped(text, _TYPED)


def escape_name(name: str) -> str:
    r"""Return a name as it may stand in a formula, in LaTeX that MathML can be made of; shortened where it is long.

    What is beyond ASCII stays, for `set_in_math` to replace where the formula is set by LaTeX.

    >>> print(escape_name("dropout_mask"), escape_name("x" * 10_000))
    dropout\_mask xxxxxxxxxxxx…e4ee97
    """
    if len(name) > LONG_NAME:
        name = f"{name[: LONG_NAME - 8]}{_mark(name)}"
    return visible(name).replace("_", r"\_")


@lru_cache(maxsize=KEPT)
def set_in_math(latex: str) -> str:
    r"""Return a formula with what is beyond ASCII as text that LaTeX can set.

    A name that would be wider than `WIDE_NAME`, because codes stand for its characters, is shortened.

    >>> print(set_in_math(r"\mathrm{é猫}_{1}"), set_in_math(r"\mathrm{" + "猫" * 10 + "}"))
    \mathrm{\text{é[U+732B]}}_{1} \mathrm{\text{[U+732B][U+732B]\dots{}}fb8c86}
    """
    # Nearly all formulas are such, and nothing in them is printed by its code.
    if latex.isascii() and latex.isprintable() and "[U+" not in latex:
        return latex
    latex = _NAMES.sub(_narrowed, latex)
    return _NOT_ASCII.sub(lambda found: rf"\text{{{escape_latex(found[0])}}}", latex)


def _mark(name: str) -> str:
    return f"…{sha256(name.encode('utf-8', 'replace')).hexdigest()[:6]}"


def _narrowed(found: re.Match[str]) -> str:
    name = found[0]
    signs = _SIGN.findall(name)
    if not any(map(_is_code, signs)) or sum(map(_width, signs)) <= WIDE_NAME:
        return name
    known = _MARK.search(name)
    mark = known[0] if known else _mark(name)
    widths = accumulate(map(_width, signs), initial=float(len(mark)))
    kept = sum(width <= WIDE_NAME for width in widths) - 1
    return "".join(signs[:kept]) + mark


def _is_code(sign: str) -> bool:
    return _escape(sign[-1]).startswith("[U+") or len(sign) > 2


def _width(sign: str) -> float:
    return len(sign) if len(sign) > 2 else _printed(sign[-1], _escape(sign[-1]))


_TYPED: Mapping[str, str] = MappingProxyType({char: rf"{{\char{ord(char)}}}" for char in _SPECIAL})


def _escaped(text: str, special: Mapping[str, str]) -> str:
    found, written = [], 0
    for place, part in enumerate(_SPACES.split(unicodedata.normalize("NFC", text))):
        piece = part if place % 2 else _run(part, special)
        if place % 2 and "\n" not in part and written > LINE:
            piece = "\n"
        written = len(piece) - piece.rindex("\n") if "\n" in piece else written + len(piece)
        found.append(piece)
    return "".join(found)


def _run(text: str, special: Mapping[str, str]) -> str:
    """Return a run without spaces, escaped, with places to break it if it is long as it is printed."""
    signs = [special.get(char) or _escape(char) for char in text]
    if sum(map(_printed, text, signs)) <= (LONG_IN_CODE if special is _TYPED else LONG):
        return "".join(signs)
    many = LINE // len(BREAK)
    lines = [BREAK.join(signs[start : start + many]) for start in range(0, len(signs), many)]
    # The sign of a comment hides the end of the line, which would be a space.
    return f"{BREAK}%\n".join(lines)


def _printed(char: str, sign: str) -> float:
    """Return how many letters of ordinary width a character takes."""
    if sign.startswith("[U+"):
        return len(sign)
    return 1.5 if char.isupper() or char in _WIDE else 1


def _escape(char: str) -> str:
    if char in TABLE:
        return TABLE[char]
    if char.isprintable() and ord(char) < 0x180 and char not in _WITHOUT_A_GLYPH:
        return char
    return _code(char)


def _code(char: str) -> str:
    return f"[U+{ord(char):04X}]"

"""Texts that want to be more than text, derivation files full of them, and what a document shows of them."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from functools import lru_cache

from symnn.library import read
from symnn.report.escape import visible
from tests.needs import require
from tests.report.pages import Page

LONG = 10_000
NASTY = {
    "a file to read": r"\input{/etc/passwd} \include{secret} \openin1=secret \read1 to\x \x \pdfobj file {secret}",
    "a shell": r"\immediate\write18{touch made} `touch made` $(touch made)",
    "an end": r"\end{document} \stop \bye \end",
    "a definition": r"\def\a{\a}\a \catcode`\%=12 \csname input\endcsname ^^5cinput{secret}",
    "signs of TeX": r"100% $x$ $$ # ## & a_b ^ ~ {} }{ \\ \\[2em] -- --- `` '' ?` !`",
    "markup": "<script>alert(1)</script> <img src=x onerror=alert(1)> </title></style></pre> <!-- -->",
    "ends of sections": "]]> <![CDATA[ x ]]> &lt;b&gt; &#60; &amp;amp; --> */ \"'> <?php ?>",
    "templates": "<< title >> <% for x in y %> <# x #> {{ x }} {% x %} {x!r} %(x)s",
    "Python": '""" \'\'\' \\N{BULLET} \\x00 \\" {0} # type: ignore',
    "emoji": "🎲 👩‍🔬 🏳️‍🌈 ❤️ 1️⃣",
    "CJK": "猫と漢字 한국어 中文",
    "combining marks": "e\u0301 a\u0300\u0301\u0302 Z\u0337\u0322 x" + "\u0301" * 40,
    "right to left": "\u202eevil\u202c \u200f עברית \u2066x\u2069 العربية \u061c",
    "control characters": "a\x07b\x08c\x1b[31md\x7fe\x9bf\x00g",
    "line ends": "a\u2028b\u2029c\x85d\x0be\x0cf",
    "no width": "a\u200bb\u200cc\u200dd\ufeffe\u00adf\u2060g\u3164h\u180ei",
    "beyond all fonts": "\ue000 \ufdd0 \ufffe \uffff \U000e0041 \U0010ffff \ud800 \udfff",
    "a long run": "x" * LONG,
    "a long run of backslashes": "\\" * LONG,
    "a long run of emoji": "🎲" * (LONG // 10),
    "long words": " ".join(["w" * 29] * 40),
}

# A derivation file with a text wherever a text may stand. The docstring and the labels are Python literals.
FILE = """{doc}
import numpy as np

from symnn.library import Curve, Curves, Line, Point, Separation
from symnn.network import Dense, Network

systems = (7,)
network = Network(inputs=2, layers=[Dense(1, "sigmoid")], loss="half-squared-error", reduction="mean")
point = Point(
    parameters={{"W1": [["0.1", "0.6"]], "b1": [["0"]]}},
    data={{"X": [["0", "1"], ["1", "1"]], "Y": [["0", "1"]]}},
    learning_rate=1,
)


def loss(params, X, Y):
    # {comment}
    A = 1 / (1 + np.exp(-(params["W1"] @ X + params["b1"])))
    return np.sum((Y - A) ** 2) / (2 * X.shape[1])


def grad(params, X, Y):
    A = 1 / (1 + np.exp(-(params["W1"] @ X + params["b1"])))
    dZ = (A - Y) / X.shape[1] * A * (1 - A)
    return {{"W1": dZ @ X.T, "b1": np.sum(dZ, axis=1, keepdims=True)}}


def exhibits():
    text = {text}
    curves = tuple(Curve(label, (0, 1), (0, 1)) for label in (text, "other"))
    return (
        Curves(text, text, text, curves),
        Separation(text, text, text, ((0, 0), (1, 1)), (0, 1), (Line(text, (1.0, 1.0), -1.0),)),
    )


published = ()
"""


def derivation(folder, text):
    """Return the derivation of a file that holds a text as its title, in its text, comment, captions and labels."""
    # What ends a line or a file cannot stand in a comment, nor can half a character.
    comment = re.sub("[\r\n\0\x0c\ud800-\udfff]", " ", text)
    doc = repr(f"x {text}\n\nx {text}\n\nand\n{text}")
    path = folder / "nasty.py"
    path.write_text(FILE.format(doc=doc, comment=comment, text=repr(f"x {text}")), encoding="utf-8")
    return read(path)


# What a page shows


OWN = "<script> runs or loads"


def faults(page):
    """Return what is wrong with a page; a place on the page itself is no other file, and one script is its own."""
    found = [fault for fault in page.faults if " loads #" not in fault]
    if OWN in found:
        found.remove(OWN)
    return found


# A page of ten thousand characters in seven places is read by several tests.
page_read = lru_cache(maxsize=64)(Page)


def skeleton(source):
    """Return the tags of a page with their attributes' names: what a text must not change."""
    page = page_read(source)
    assert faults(page) == []
    return [(tag, *sorted(attributes)) for tag, attributes in page.tags if tag not in SVG]


# Plots differ with their labels, in what is drawn but not in what runs.
SVG = {"svg", "defs", "g", "path", "use", "text", "tspan", "style", "clippath", "rect"}


def shown(source):
    """Return the text of a page in one line."""
    return squeezed(page_read(source).text)


def squeezed(text):
    return " ".join(text.split())


def as_shown(text):
    """Return how a page shows a text: in one line, with codes for what nobody would see."""
    return squeezed(visible(text))


# What a PDF shows


def require_pdftotext():
    """Return pdftotext; where there is none, skip by name, or fail if the environment says that it must be there."""
    require("pdftotext")
    return str(shutil.which("pdftotext"))


def text_of(pdf, folder):
    """Return the text of a PDF, as a reader would copy it."""
    (folder / "shown.pdf").write_bytes(pdf)
    command = [require_pdftotext(), "-raw", "-nopgbrk", "-enc", "UTF-8", "shown.pdf", "-"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=60).stdout.decode()  # noqa: S603


# Fonts of TeX have other quotes and accents than a keyboard, and draw an underscore in prose as a rule.
_LOOKALIKES = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "”": '"', "“": '"', "ˆ": "^", "˜": "~", "–": "-", "—": "-", "_": ""}
)


def bare(text):
    """Return the ASCII of a text without its spaces and with signs that look alike made one."""
    plain = unicodedata.normalize("NFKC", text.translate(_LOOKALIKES))
    return "".join(char for char in plain if char.isascii() and char.isprintable() and char != " ")

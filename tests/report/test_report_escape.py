"""Whatever a text holds, LaTeX prints its characters and runs none of them."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnn.report.escape import BREAK, TABLE, escape_code, escape_latex
from tests.report.tex import compiled, document

HOSTILE = {
    "a file to read": r"\input{secret} \include{secret} \openin1=secret \read1 to\x \x",
    "a file to write": r"\immediate\openout1=made.tex\immediate\write1{x}",
    "a shell": r"\immediate\write18{touch made}",
    "an end": r"\end{document} \stop \bye",
    "a definition": r"\def\a{\a}\a \catcode`\%=12 \csname input\endcsname",
    "carets": "^^5cinput{secret} ^^M ^^@ ^a",
    "every sign of ASCII": string.punctuation,
    "twice every sign": "".join(2 * sign for sign in string.punctuation),
    "percent": "100% of it\nand more",
    "dollars": "$x$ $$ $",
    "ampersands": "a & b & c",
    "hashes": "#1 ##",
    "underscores": "a_b __init__",
    "tildes": "~ a~b",
    "braces": "{}{{}}}{",
    "one open brace": "{",
    "one closed brace": "}",
    "backslashes": "\\ \\\\ \\\\[2em] \\",
    "brackets": "[x] ]] \\\\[",
    "a script": "<script>alert('x')</script>",
    "a comment": "<!-- x --> --> %",
    "delimiters of the templates": "<< title >> <% for %> <# #> {{ x }} {% x %}",
    "dashes and quotes": "-- --- `` '' ?` !` ,, << >> “x” ‘x’ – — …",
    "emoji": "🎲 👩‍🔬 🏳️‍🌈",
    "CJK": "猫と漢字 한국어",
    "right to left": "\u202e abc \u202c \u200f עברית \u2066x\u2069",
    "combining characters": "e\u0301 a\u0300\u0301\u0302 \u0301 Z\u0337\u0322",
    "control characters": "\x00\x07\x08\x0b\x0c\x1b[31m\x7f\x85",
    "line ends": "a\nb\r\nc\rd\u2028e\u2029f",
    "empty lines": "\n\n\n x \n\n y",
    "spaces": "a    b\u00a0c\u2003d\u200be\tf",
    "mathematics": "∂L/∂W = Xᵀδ ⊙ σ'(z), ½ Σ (y − ŷ)², √2 ≤ ∞",
    "letters of Europe": "".join(chr(code) for code in range(0xA1, 0x180)),
    "a lone surrogate": "\ud800",
    "the last code points": "\uffff\U0010ffff",
    "ten thousand characters": "x" * 10_000,
    "ten thousand backslashes": "\\" * 10_000,
    "nothing": "",
}


def commands(text):
    """Return what stands behind every backslash of an escaped text."""
    return {part.split("{")[0].split(" ")[0] for part in text.split("\\")[1:]}


ALLOWED = {name for replacement in TABLE.values() for name in commands(replacement)}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("escape", [escape_latex, escape_code])
def test_only_commands_of_the_table_come_out(escape, text):
    escaped = escape(text)
    for replacement in sorted({*TABLE.values(), r"\{", r"\}", BREAK, BREAK + "%\n"}, key=len, reverse=True):
        escaped = escaped.replace(replacement, "")
    without_codes = [part.split("}", 1)[-1] if part[:1].isdigit() else part for part in escaped.split(r"{\char")]
    assert not set("".join(without_codes)) & set("\\{}$%&#_^~")


@given(st.text())
def test_no_text_gets_a_sign_of_tex_through(text):
    without = escape_latex(text)
    for replacement in sorted([*TABLE.values(), BREAK, BREAK + "%\n"], key=len, reverse=True):
        without = without.replace(replacement, "")
    assert not set(without) & set("\\{}$%&#_^~")


@given(st.text())
def test_every_character_leaves_a_trace(text):
    assert len(escape_latex(text)) >= len(text.split()) > -1
    assert bool(escape_latex(text)) == bool(text)


@pytest.mark.tex
def test_all_of_them_compile_in_one_document_and_no_file_is_read(tmp_path):
    (tmp_path / "secret.tex").write_text(r"\typeout{THE SECRET WAS READ}", encoding="utf-8")
    texts = [f"\\section*{{{escape_latex(' '.join(text.split()))}}}\n" for text in HOSTILE.values() if len(text) < 5000]
    texts += [f"x {escape_latex(text)}\n\n" for text in HOSTILE.values()]
    texts += [rf"{{\ttfamily x {escape_code(text)}\par}}" + "\n" for text in HOSTILE.values()]
    log = compiled(document("\n".join(texts)), tmp_path)
    assert log.errors == []
    assert log.made
    assert "THE SECRET WAS READ" not in log.text
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "document.aux",
        "document.log",
        "document.pdf",
        "document.tex",
        "secret.tex",
    ]


@pytest.mark.tex
def test_the_secret_would_be_seen_if_it_were_read(tmp_path):
    (tmp_path / "secret.tex").write_text(r"\typeout{THE SECRET WAS READ}", encoding="utf-8")
    assert "THE SECRET WAS READ" in compiled(document(r"x \input{secret}"), tmp_path).text


@pytest.mark.tex
def test_every_character_of_the_table_compiles(tmp_path):
    body = "\n\n".join(f"x{escape_latex(char)} x{escape_code(char)}" for char in TABLE)
    assert compiled(document(body), tmp_path).errors == []


def test_what_cannot_be_set_is_replaced_visibly():
    assert escape_latex("猫") == "[U+732B]"
    assert escape_latex("\u202e") == "[U+202E]"
    assert escape_latex("\x00") == "[U+0000]"


def test_a_composed_and_a_decomposed_letter_are_the_same():
    assert escape_latex("e\u0301") == escape_latex("é") == "é"

"""Templates to text: one set of words, set in LaTeX or in HTML, with everything that enters escaped by default."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
    pass_eval_context,
)
from jinja2.bccache import Bucket
from jinja2.nodes import EvalContext
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup
from math_core import LatexToMathML

from symnn.errors import InputError, aligned
from symnn.report.drawing import Drawing, Paths, svg, tikz
from symnn.report.drawing.formula import plain
from symnn.report.escape import escape_code, escape_latex, set_in_math, visible
from symnn.report.mathml import checkable
from symnn.report.page import anchor, digest
from symnn.report.rows import IN_TEXT, are_wide, fitted, fitted_rows, is_wide
from symnn.report.tables import is_wide_table

PACKAGE = "symnn"
"""Under this name, as ``symnn/solution.j2``, a template of one's own finds the one that it stands in for."""


def render(
    template: str, kind: str, context: dict[str, Any], *, blocks: str | None = None, folder: Path | None = None
) -> str:
    """Return a template filled in, as ``kind`` ``"latex"`` or ``"html"``; a name that is missing is an error.

    ``blocks`` is the folder of the blocks that the text is set with, by default that of the kind. Templates in
    ``folder`` go before those of the package; raises `InputError` for one that cannot be used.
    """
    try:
        text = _environment(kind, folder).get_template(template).render(format=blocks or kind, kind=kind, **context)
    except TemplateError as error:
        if folder is None:
            raise
        place = f"{error.name}, line {error.lineno}" if isinstance(error, TemplateSyntaxError) else str(folder)
        rows = [("where", place), ("what", error.message or type(error).__name__)]
        raise InputError(f"a template cannot be used\n{aligned(rows)}") from error
    # Templates leave empty lines behind; code keeps its own.
    parts = _CODE.split(text)
    tidied = "".join(part if place % 2 else _tidied(part) for place, part in enumerate(parts)).rstrip() + "\n"
    if kind == "latex":
        # A formula belongs to the paragraph before it; an empty line would part them, on the page too.
        tidied = tidied.replace("\n\n\\[\n", "\n\\[\n")
    return _without_empty_frames(tidied) if blocks == "beamer" else tidied


def _without_empty_frames(text: str) -> str:
    """Leave out frames without content, which stand where a section begins with a step of its own."""
    return _EMPTY_FRAME.sub("", text)


_EMPTY_FRAME = re.compile(r"\\begin\{frame\}\[[^\n]*\n\s*\\end\{frame\}\n?")


class _Compiled(BytecodeCache):
    """What was compiled in this process, for environments alike but for their folders, by name and by content."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


@cache
def _compiled(kind: str) -> _Compiled:
    del kind  # what is compiled holds constants that are escaped for it
    return _Compiled()


@cache
def _environment(kind: str, folder: Path | None = None) -> Environment:
    # Autoescaping is on for both formats; finalize escapes for LaTeX first, and what is marked stays as it is.
    package = PackageLoader("symnn.report")
    own: list[BaseLoader] = [FileSystemLoader(folder)] if folder is not None else []
    environment = SandboxedEnvironment(
        bytecode_cache=_compiled(kind),
        loader=ChoiceLoader([*own, package, PrefixLoader({PACKAGE: package})]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_latex_text if kind == "latex" else _html_text,
        # Delimiters that mean nothing to LaTeX nor to HTML.
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
    )
    environment.filters.update(fitted=fitted, fitted_rows=fitted_rows)
    environment.filters.update(_LATEX_FILTERS if kind == "latex" else _HTML_FILTERS)
    return environment


# With its context a filter is not called before the template runs, where constants come escaped for HTML already.
@pass_eval_context
def _latex_text(_: EvalContext, value: object) -> object:
    return value if isinstance(value, Markup) else Markup(escape_latex(str(value)))  # noqa: S704


@pass_eval_context
def _html_text(_: EvalContext, value: object) -> object:
    # What means something to HTML is escaped behind this, by the environment.
    return value if isinstance(value, Markup) else visible(str(value))


_TYPED_EM = 0.525
"""How wide a sign is in a typewriter font."""
_LONG = 90
"""A line of code longer than this may have to be broken, and goes on further in."""


def _code_line(line: str) -> Markup:
    line = line.expandtabs()
    stripped = line.lstrip(" ")
    # A line of LaTeX must hold something; spaces would be swallowed at its start and collapsed inside.
    hang = rf"\hangindent{(len(line) - len(stripped) + 4) * _TYPED_EM:.2f}em " if len(line) > _LONG else ""
    text = hang + r"\ " * (len(line) - len(stripped)) + escape_code(stripped).replace("  ", r"\ \ ")
    return Markup(text or r"\strut")  # noqa: S704


def _file(name: str) -> Markup:
    """A file name goes to LaTeX as it is, and so may hold nothing that LaTeX reads as more than a letter."""
    if not _FILE.fullmatch(name):
        raise InputError(f"{name!r} cannot name a picture: use letters, digits, dots and hyphens")
    return Markup(name)  # noqa: S704


_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")


def _longest_line(text: str) -> int:
    return max(map(len, text.split("\n")))


def aligned_latex(rights: Sequence[str], left: str) -> str:
    """Return an ``aligned`` environment: ``left`` and, under one another, what it equals.

    >>> aligned_latex(["= 1 + 1", "= 2"], "x")
    '\\\\begin{aligned} x &= 1 + 1 \\\\\\\\ &= 2 \\\\end{aligned}'
    """
    rows = [f"&{right}" for right in rights]
    return rf"\begin{{aligned}} {left} " + r" \\ ".join(rows) + r" \end{aligned}"


@cache
def _converter() -> LatexToMathML:
    return LatexToMathML(pretty_print="never")


@lru_cache(maxsize=2**12)
def mathml_of(latex: str, *, display: bool = False) -> Markup:
    """Return a formula as MathML.

    >>> mathml_of("x")
    Markup('<math><mi>x</mi></math>')
    """
    # The LaTeX is printed by symnn; names that come from outside are escaped where they enter it.
    return Markup(checkable(_converter().convert_with_local_state(latex, displaystyle=display)))  # noqa: S704


def _tikz(drawing: Drawing, stage: int | None = None, paths: Paths | None = None) -> Markup:
    return Markup(tikz(drawing, stage, paths))  # noqa: S704


def _tall(latex: str, setting: str) -> str:
    """Return a formula for a cell of a table, with its fractions as large as in a display."""
    return setting + latex if r"\frac" in latex else latex


_LATEX_FILTERS: Mapping[str, Callable[..., object]] = {
    "tall": lambda latex: _tall(latex, r"\displaystyle\rule[-2.7ex]{0pt}{6.6ex} "),
    "tikz": _tikz,
    "math": lambda latex: Markup(set_in_math(latex)),  # noqa: S704
    # A sign that LaTeX lacks is as wide as the code that stands for it.
    "fitted": lambda latex: Markup(fitted(set_in_math(latex))),  # noqa: S704
    "fitted_rows": lambda rights, left: [
        Markup(row)  # noqa: S704
        for row in fitted_rows([*map(set_in_math, rights)], set_in_math(left))
    ],
    "is_wide": lambda latex: is_wide(set_in_math(latex)),
    "is_wide_in_text": lambda latex: is_wide(set_in_math(latex), IN_TEXT),
    "is_wide_table": lambda rows, head: is_wide_table(head, rows),
    "are_wide": lambda rights, left: are_wide([*map(set_in_math, rights)], set_in_math(left)),
    "code_line": _code_line,
    "longest_line": _longest_line,
    "file": _file,
}
_HTML_FILTERS: Mapping[str, Callable[..., object]] = {
    "tall": lambda latex: _tall(latex, r"\displaystyle "),
    "svg": svg,
    "math": lambda latex: mathml_of(latex, display=False),
    "math_display": lambda latex: mathml_of(latex, display=True),
    "aligned": aligned_latex,
    "plain": plain,
    "anchor": anchor,
    "tidied": lambda text: Markup(_tidied(text).rstrip()),  # noqa: S704
    "digest": lambda text: digest(_tidied(text).rstrip()),
}


_CODE = re.compile(r"(<pre.*?</pre>)", re.DOTALL)


def _tidied(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).lstrip("\n")

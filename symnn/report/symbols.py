"""Symbols that a reader asks for, such as ``W=\\theta``: as much of LaTeX as prints a letter, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from symnn.errors import InputError, aligned, unknown
from symnn.report.notations import Notation

MOST = 40
"""A symbol is at most so many characters long."""
RATE, DELTA, PREDICTION = "rate", "delta", "prediction"
# What is no tensor but has a symbol all the same.
EXTRA = (RATE, DELTA, PREDICTION)

_LETTERS = """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau
    upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
    ell hbar partial nabla prime ast star dagger circ
"""
_AROUND = """
    hat bar tilde vec dot ddot widehat overline underline
    mathbf mathrm mathcal mathsf mathit mathbb mathfrak boldsymbol
"""
LETTERS, AROUND = frozenset(_LETTERS.split()), frozenset(_AROUND.split())
"""The commands that print a letter, and those that put something around one or set it in another face."""
_TOKEN = re.compile(r"\\([A-Za-z]+)|([A-Za-z0-9(),'])|([{}])|([\^_])|(\s)")


def symbol(text: str, where: str) -> str:
    r"""Return a symbol that is safe to print: letters, digits, Greek, accents, typefaces, indices and braces.

    Raises `InputError`, naming ``where``, for anything else.

    >>> symbol(r"\hat{\theta}_1", "W")
    '{\\hat{\\theta}_1}'
    """
    problem = _problem(text)
    if problem is not None:
        rows = [("given", repr(text[:MOST])), ("allowed", r"a letter, \theta, \hat{y}, \mathbf{W}, w_{h}, ...")]
        raise InputError(f"the symbol of {where} cannot be used: {problem}\n{aligned(rows)}")
    # Indices of the symbol's own must not meet those of its tensor.
    return f"{{{text}}}" if set(text) & set("^_'") else text


def _problem(text: str) -> str | None:
    if not text.strip() or len(text) > MOST:
        return f"it must have from 1 to {MOST} characters"
    depth, at, wants = 0, 0, False
    scripts: set[str] = set()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            return f"{text[at]!r} has no place in a symbol"
        command, _letter, brace, script, space = found.groups()
        at = found.end()
        if command is not None and command not in LETTERS | AROUND:
            return f"\\{command} is not a letter, an accent or a typeface"
        if script:
            if wants or depth:
                return f"{script!r} stands where nothing can be raised or lowered"
            if script in scripts:
                return f"there are two {script!r}"
            scripts.add(script)
        depth += {"{": 1, "}": -1}.get(brace or "", 0)
        if depth < 0:
            return "a brace is closed that was not opened"
        if not space:
            # What an accent, a typeface or a script is for must follow it.
            wants = bool(script or command in AROUND or (brace == "{"))
            if brace == "}" and text[: found.start()].rstrip().endswith("{"):
                return "there is nothing between two braces"
    if depth:
        return "a brace is not closed"
    if wants:
        return "something is missing at its end"
    return None if any(char.isalnum() for char in text) else "it has no letter"


def with_symbols(notation: Notation, symbols: Mapping[str, str], stems: Iterable[str]) -> Notation:
    r"""Return a notation with single symbols replaced: of tensors by the stem of their names, and those of `EXTRA`.

    Raises `InputError` for a name that is neither, and as `symbol` does.

    >>> from symnn.report.notations import DEFAULT
    >>> with_symbols(DEFAULT, {"W": r"\theta", "rate": r"\eta"}, ["W", "b"]).rate
    '\\eta'
    """
    known = {*stems, *EXTRA}
    for name in symbols:
        if name not in known:
            raise unknown("symbol", name, known)
    checked = {name: symbol(text, name) for name, text in symbols.items()}
    rate, delta = checked.pop(RATE, notation.rate), checked.pop(DELTA, notation.delta)
    prediction = checked.pop(PREDICTION, None)
    changed = replace(notation, rate=rate, delta=delta)
    if prediction is not None:
        changed = replace(changed, prediction=(prediction, prediction))
    return changed.with_symbols(checked, checked)

"""The help of commands, from the docstrings of their functions: paragraphs that flow to the width of the terminal."""

from __future__ import annotations

import inspect
from collections.abc import Iterable

import typer


def flowing(text: str) -> str:
    r"""Return a docstring with each of its paragraphs on one line, so that only the terminal breaks them.

    >>> flowing("Write it.\n\n    A long one\n    goes on.\n\n    Another.\n    ")
    'Write it.\n\nA long one goes on.\n\nAnother.'
    """
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in inspect.cleandoc(text).split("\n\n"))


def names_of(what: str, names: Iterable[str]) -> str:
    """Return the help of an option that takes one of a few names, which a narrow terminal breaks only between names.

    >>> names_of("How it is printed", ["text", "json"])
    'How it is printed: text, json.'
    """
    return f"{what}: {', '.join(names)}."


def let_help_flow(app: typer.Typer) -> None:
    """Give every command that is registered so far the docstring of its function, flowing, as its help."""
    for command in app.registered_commands:
        # Left to itself, Typer keeps the line ends of all paragraphs but the first.
        command.help = flowing(inspect.getdoc(command.callback) or "")

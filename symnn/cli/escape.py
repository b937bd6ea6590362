"""Text of other people in formats and on terminals: what means something there is shown by its code."""

from __future__ import annotations

import re

# What XML 1.0 cannot hold, and the carriage return, which a parser would turn into a new line.
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")


def in_xml(text: str) -> str:
    r"""Return a text with what XML cannot hold as its code.

    >>> in_xml("a\x1bb")
    'a\\x1bb'
    """
    return _NOT_XML.sub(_code, text)


def harmless(text: str) -> str:
    r"""Return a text without control characters but new lines, and without the older commands of GitHub's runner.

    >>> harmless("\x1b[31m ##[set-env]")
    '\\x1b[31m ## [set-env]'
    """
    # The runner takes the older form of a command wherever it stands in a line.
    return _CONTROL.sub(_code, text).replace("##[", "## [")


def quoted(name: str, text: str) -> str:
    r"""Return what a file printed, each line behind the file's name, so that none passes for a line of ours.

    >>> quoted("mine.py", "::error::no\r\nmore")
    'mine.py: ::error::no\nmine.py: more'
    """
    return "\n".join(f"{harmless(name)}: {harmless(line)}" for line in text.splitlines())


def _code(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")

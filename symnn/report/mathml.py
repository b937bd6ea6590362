"""MathML that checkers of HTML accept: attributes that they know on ``mstyle`` alone stand on one."""

from __future__ import annotations

import re

# MathML Core has both attributes on every element; the schema of HTML checkers has scriptlevel on mstyle, and
# displaystyle on mstyle and mtable.
_MOVED = {"mtable": "scriptlevel", "mfrac": "displaystyle"}
_TAG = re.compile(r"<(?P<close>/?)(?P<name>mtable|mfrac)(?P<attributes>(?:\s[^<>]*)?)>")
_ATTRIBUTE = {name: re.compile(rf'\s+{moved}="[^"<>]*"') for name, moved in _MOVED.items()}


def checkable(mathml: str) -> str:
    """Return MathML in which tables and fractions with such an attribute stand inside an ``mstyle`` that has it.

    It looks the same: an ``mstyle`` is a row with a style.

    >>> checkable('<mtable displaystyle="true" scriptlevel="0"><mtr></mtr></mtable>')
    '<mstyle scriptlevel="0"><mtable displaystyle="true"><mtr></mtr></mtable></mstyle>'
    >>> checkable('<mfrac displaystyle="false"><mi>x</mi><mfrac><mn>1</mn><mn>2</mn></mfrac></mfrac>')
    '<mstyle displaystyle="false"><mfrac><mi>x</mi><mfrac><mn>1</mn><mn>2</mn></mfrac></mfrac></mstyle>'
    """
    closings: list[str] = []

    def moved(tag: re.Match[str]) -> str:
        if tag["close"]:
            return tag[0] + closings.pop()
        attribute = _ATTRIBUTE[tag["name"]].search(tag["attributes"])
        closings.append("</mstyle>" if attribute else "")
        if attribute is None:
            return tag[0]
        rest = tag["attributes"].replace(attribute[0], "", 1)
        return f"<mstyle{attribute[0]}><{tag['name']}{rest}>"

    return _TAG.sub(moved, mathml)

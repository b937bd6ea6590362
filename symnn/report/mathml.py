"""MathML that checkers of HTML accept: attributes that they know on ``mstyle`` alone stand on one."""

from __future__ import annotations

import re

# MathML Core has both attributes on every element; the schema of HTML checkers has them on mstyle, and displaystyle on
# mtable.
_MOVED = {"mtable": "scriptlevel", "mfrac": "displaystyle|scriptlevel", "mrow": "displaystyle|scriptlevel"}
_TAG = re.compile(rf"<(?P<close>/?)(?P<name>{'|'.join(_MOVED)})(?P<attributes>(?:\s[^<>]*)?)>")
_ATTRIBUTES = {name: re.compile(rf'\s+(?:{moved})="[^"<>]*"') for name, moved in _MOVED.items()}


def checkable(mathml: str) -> str:
    """Return MathML in which what has such an attribute stands inside an ``mstyle`` that has it.

    It looks the same: an ``mstyle`` is a row with a style.

    >>> checkable('<mtable displaystyle="true" scriptlevel="0"><mtr></mtr></mtable>')
    '<mstyle scriptlevel="0"><mtable displaystyle="true"><mtr></mtr></mtable></mstyle>'
    >>> checkable('<mfrac displaystyle="false"><mi>x</mi><mfrac><mn>1</mn><mn>2</mn></mfrac></mfrac>')
    '<mstyle displaystyle="false"><mfrac><mi>x</mi><mfrac><mn>1</mn><mn>2</mn></mfrac></mfrac></mstyle>'
    >>> checkable('<mrow displaystyle="true" scriptlevel="0"><mi>x</mi></mrow><mrow><mi>y</mi></mrow>')
    '<mstyle displaystyle="true" scriptlevel="0"><mrow><mi>x</mi></mrow></mstyle><mrow><mi>y</mi></mrow>'
    """
    closings: list[str] = []

    def moved(tag: re.Match[str]) -> str:
        if tag["close"]:
            return tag[0] + closings.pop()
        pattern = _ATTRIBUTES[tag["name"]]
        attributes = "".join(pattern.findall(tag["attributes"]))
        closings.append("</mstyle>" if attributes else "")
        return f"<mstyle{attributes}><{tag['name']}{pattern.sub('', tag['attributes'])}>" if attributes else tag[0]

    return _TAG.sub(moved, mathml)

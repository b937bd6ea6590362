"""Reading HTML: tags that are not balanced, and everything in it that would run or load something.

The one script of a page may run, if the page's policy allows that script and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from html.parser import HTMLParser

VOID = {"meta", "br", "hr", "img", "link", "input", "col"}
NAMESPACES = (
    "http://www.w3.org/1998/Math/MathML",
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1999/xlink",
)
RUNS = {"iframe", "object", "embed", "base", "form"}


class Page(HTMLParser):
    """An HTML page: its tags in order, its text, and what is wrong with it."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.faults: list[str] = []
        self.text = ""
        self.scripts: list[str] = []
        self.feed(source)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self.open]
        self.faults += ["a script runs that the policy does not name"] * (policies(self.tags) != allowing(self.scripts))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in RUNS:
            self.faults.append(f"<{tag}> runs or loads")
        for name, value in attrs:
            if name.startswith("on") or "javascript:" in (value or ""):
                self.faults.append(f"{name} of <{tag}> runs")
            if name == "xlink:href" and not (value or "").startswith("#"):
                self.faults.append(f"{name} of <{tag}> loads {value}")
            if name == "href" and (value or "").startswith("#"):
                continue
            if name in {"src", "href", "action", "data"} or (name == "style" and "url(" in (value or "")):
                self.faults.append(f"{name} of <{tag}> loads {value}")
        if tag == "script":
            self.scripts.append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1] if self.open else 'nothing'}")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open[-1:] == ["script"]:
            self.scripts[-1] += data
        else:
            self.text += data


def policies(tags: list[tuple[str, dict[str, str | None]]]) -> list[str | None]:
    """Return the content security policies of a page."""
    return [attributes.get("content") for tag, attributes in tags if tag == "meta" and "http-equiv" in attributes]


def allowing(scripts: list[str]) -> list[str]:
    """Return the policies of a page with these scripts: none without any, else one that names all and loads nothing."""
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    sources = " ".join(f"'sha256-{one}'" for one in digests)
    rest = "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; style-src 'unsafe-inline'"
    return [f"{rest}; script-src {sources}"] if digests else []


def addresses(source: str) -> str:
    """Return the source without the namespaces, in which no address may be left."""
    for namespace in NAMESPACES:
        source = source.replace(namespace, "")
    return source

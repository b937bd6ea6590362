"""Reading HTML: tags that are not balanced, and everything in it that would run or load something."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "br", "hr", "img", "link", "input", "col"}
NAMESPACES = (
    "http://www.w3.org/1998/Math/MathML",
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1999/xlink",
)
RUNS = {"script", "iframe", "object", "embed", "base", "form"}


class Page(HTMLParser):
    """An HTML page: its tags in order, its text, and what is wrong with it."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.faults: list[str] = []
        self.text = ""
        self.feed(source)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in RUNS:
            self.faults.append(f"<{tag}> runs or loads")
        for name, value in attrs:
            if name.startswith("on") or "javascript:" in (value or ""):
                self.faults.append(f"{name} of <{tag}> runs")
            if name == "xlink:href" and not (value or "").startswith("#"):
                self.faults.append(f"{name} of <{tag}> loads {value}")
            if name in {"src", "href", "action", "data"} or (name == "style" and "url(" in (value or "")):
                self.faults.append(f"{name} of <{tag}> loads {value}")
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
        self.text += data


def addresses(source: str) -> str:
    """Return the source without the namespaces, in which no address may be left."""
    for namespace in NAMESPACES:
        source = source.replace(namespace, "")
    return source

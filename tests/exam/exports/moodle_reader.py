"""Moodle XML read back as its documentation says, strictly: what is not known, or is in the wrong place, is an error.

A numerical answer is the first whose number is no further off than its tolerance. A cloze field is
``{weight:NUMERICAL:alternatives}``, alternatives are parted by tildes that no backslash stands before, each an answer
behind an equals sign if it is right, ``number:tolerance``, and behind a number sign what is said; entities in it are
decoded once before the page is shown.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from html.parser import HTMLParser
from xml.etree import ElementTree

from tests.exam.exports.marked_back import Key, Mark

NUMBER = r"-?(?:[0-9]+[.,]?[0-9]*|[.,][0-9]+)(?:[eE][-+]?[0-9]+)?"
FIELD = re.compile(r"\{([0-9]*):(?:NUMERICAL|NM):(.*?)(?<!\\)\}", re.DOTALL)
ALTERNATIVE = re.compile(rf"(=)?({NUMBER}):({NUMBER})(?:#(.*))?", re.DOTALL)
HEADERS = {"name", "questiontext", "idnumber"}
CHILDREN = {
    "category": {"category", "info"},
    "cloze": HEADERS,
    "numerical": HEADERS | {"defaultgrade", "answer", "unitgradingtype", "unitpenalty", "showunits", "unitsleft"},
}
# PHP adds this to a tolerance, times the size of the number, so that what is equal is never taken for different.
GRACE = Fraction(1, 10**14)


@dataclass(frozen=True)
class Alternative:
    """One number that is known to a question: what it earns and what is said to it."""

    number: Fraction
    tolerance: Fraction
    share: Fraction
    said: str

    def takes(self, value: Fraction) -> bool:
        return abs(value - self.number) <= self.tolerance + GRACE * max(1, abs(self.number))


@dataclass(frozen=True)
class Question:
    """A question as Moodle would hold it."""

    category: str
    name: str
    page: str
    fields: tuple[tuple[Alternative, ...], ...]
    weights: tuple[int, ...]


class _Page(HTMLParser):
    """A page's tags, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


TAGS = {"p", "strong", "ul", "li", "table", "tbody", "tr", "td"}


def shown(page: str) -> str:
    """What a reader sees of a page; a tag that nobody meant is an error."""
    parsed = _Page(page)
    assert parsed.tags <= TAGS, parsed.tags - TAGS
    return parsed.text


def questions(data: bytes) -> list[Question]:
    """Read a bank."""
    root = ElementTree.fromstring(data)  # noqa: S314 -- a bank of ours
    assert root.tag == "quiz"
    assert not root.attrib
    found, category = [], ""
    for one in root:
        assert one.tag == "question"
        kind = one.attrib["type"]
        assert {child.tag for child in one} <= CHILDREN[kind], kind
        if kind == "category":
            category = _text(one, "category")
            assert category.startswith("$course$/top/")
            continue
        assert one.find("questiontext").attrib == {"format": "html"}
        page = _text(one, "questiontext")
        assert len(_text(one, "name")) <= 255
        if kind == "numerical":
            fields, weights = (tuple(_alternative(answer) for answer in one.findall("answer")),), (1,)
            assert not FIELD.search(page)
        else:
            matches = list(FIELD.finditer(page))
            fields = tuple(tuple(_parted(match[2])) for match in matches)
            weights = tuple(int(match[1]) for match in matches)
            page = FIELD.sub("_", page)
        assert fields
        for field in fields:
            assert any(alternative.share == 1 for alternative in field)
        shown(page)
        found.append(Question(category, _text(one, "name"), page, fields, weights))
    return found


def _text(question: ElementTree.Element, tag: str) -> str:
    (child,) = question.findall(tag)
    (text,) = child.findall("text")
    assert len(text) == 0
    return text.text or ""


def _alternative(answer: ElementTree.Element) -> Alternative:
    assert {child.tag for child in answer} == {"text", "feedback", "tolerance"}
    assert re.fullmatch(NUMBER, answer.findtext("text"))
    share = Fraction(answer.attrib["fraction"]) / 100
    said = shown(answer.find("feedback").findtext("text"))
    return Alternative(Fraction(answer.findtext("text")), Fraction(answer.findtext("tolerance")), share, said)


def _parted(alternatives: str) -> list[Alternative]:
    found = []
    for text in re.split(r"(?<!\\)~", alternatives):
        match = ALTERNATIVE.fullmatch(text)
        assert match, text
        said = html.unescape(match[4] or "").replace("\\}", "}").replace("\\#", "#")
        found.append(Alternative(Fraction(match[2]), Fraction(match[3]), Fraction(bool(match[1])), shown(said)))
    return found


def marker(field: tuple[Alternative, ...]) -> Mark:
    def mark(text: str) -> tuple[Fraction, str]:
        value = Fraction(text)
        first = next((one for one in field if one.takes(value)), None)
        return (first.share, first.said) if first else (Fraction(0), "")

    return mark


def read(data: bytes, answers_of: Callable[[int, str, str], list[str]]) -> dict[Key, Mark]:
    """Everything that is asked, by key; ``answers_of`` names the answers of a question in their order."""
    found: dict[Key, Mark] = {}
    for one in questions(data):
        number, problem, ask = one.name.split(" ")
        names = answers_of(int(number), problem, ask)
        assert len(names) == len(one.fields)
        found |= {(int(number), problem, name): marker(field) for name, field in zip(names, one.fields, strict=True)}
    return found

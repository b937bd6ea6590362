"""A QTI package as text2qti writes it, read back as Canvas does: items with a range, points, and one feedback."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from fractions import Fraction
from html.parser import HTMLParser
from xml.etree import ElementTree

from tests.exam.exports.marked_back import Key, Mark

SPACE = {"q": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"}
SCALE = re.compile(r"in units of <10\^\{-(\d+)\}>")
# Canvas holds so many decimals of a number.
HELD = 4


class _Page(HTMLParser):
    """The text of a page, its formulas in angle brackets, and its list items."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.items, self.tags = "", [], set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "li":
            self.items.append("")
        if tag == "img":
            held = dict(attrs)
            assert held["class"] == "equation_image"
            self.handle_data(f"<{held['data-equation-content']}>")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.items:
            self.items[-1] += data


TAGS = {"p", "strong", "ul", "li", "img", "div"}


def shown(page: str) -> _Page:
    """What a reader sees of a page; a tag that nobody meant is an error."""
    parsed = _Page(page)
    assert parsed.tags <= TAGS, parsed.tags - TAGS
    return parsed


@dataclass(frozen=True)
class Item:
    """One question, or a text between questions."""

    kind: str
    title: str
    points: Fraction
    page: str
    least: Fraction
    most: Fraction
    said: dict[Fraction, str]


def items(package: bytes) -> list[Item]:
    """Read the questions of a package."""
    with zipfile.ZipFile(io.BytesIO(package)) as held:
        manifest = ElementTree.fromstring(held.read("imsmanifest.xml"))  # noqa: S314 -- a package of ours
        assert manifest.tag.endswith("manifest")
        (name,) = [one for one in held.namelist() if re.fullmatch(r"(text2qti_assessment_\w+)/\1\.xml", one)]
        root = ElementTree.fromstring(held.read(name))  # noqa: S314 -- a package of ours
    return [_item(one) for one in root.iterfind(".//q:item", SPACE)]


def _item(item: ElementTree.Element) -> Item:
    fields = {
        one.findtext("q:fieldlabel", None, SPACE): one.findtext("q:fieldentry", None, SPACE)
        for one in item.iterfind(".//q:qtimetadatafield", SPACE)
    }
    page = item.findtext("q:presentation/q:material/q:mattext", "", SPACE)
    kind, points = fields["question_type"], Fraction(fields["points_possible"] or 0)
    if kind != "numerical_question":
        return Item(kind, item.attrib["title"], points, page, Fraction(0), Fraction(0), {})
    (right,) = item.findall(".//q:respcondition[q:setvar]", SPACE)
    assert right.findtext("q:setvar", None, SPACE) == "100"
    least = Fraction(right.findtext(".//q:vargte", None, SPACE))
    most = Fraction(right.findtext(".//q:varlte", None, SPACE))
    feedback = item.find(".//q:itemfeedback[@ident='general_incorrect_fb']", SPACE)
    said = {}
    if feedback is not None:
        parsed = shown(feedback.findtext(".//q:mattext", None, SPACE))
        for line in parsed.items:
            number, _, words = line.strip().partition(": ")
            assert Fraction(number) not in said
            said[Fraction(number)] = words
    return Item(kind, item.attrib["title"], points, page, least, most, said)


def marker(item: Item) -> Mark:
    """Mark as Canvas does, of a number as it is asked for; a student looks for the nearest number in the feedback."""
    found = SCALE.search(shown(item.page).text)
    factor = Fraction(10) ** int(found[1]) if found else Fraction(1)

    def mark(text: str) -> tuple[Fraction, str]:
        typed = Fraction(text) * factor
        held = typed if abs(typed) >= Fraction(1, 10**HELD) else Fraction(0)
        if item.least <= held <= item.most:
            return Fraction(1), ""
        # Half way between two stands what is rounded away from zero.
        nearest = min(item.said, key=lambda one: (abs(one - typed), -abs(one)), default=None)
        return Fraction(0), "" if nearest is None else item.said[nearest]

    return mark


def read(number: int, package: bytes) -> dict[Key, Mark]:
    """Everything that is asked in one variant, by key."""
    found = {}
    for one in items(package):
        if one.kind == "numerical_question":
            problem, name = one.title.split(" ")
            assert (number, problem, name) not in found
            found[number, problem, name] = marker(one)
    return found

"""Every page is valid HTML by the Nu checker, which also reads its MathML, its SVG and its CSS."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import grid, nu

REPORTS = Path(__file__).parents[2] / "reports"
COMMITTED = sorted(REPORTS.glob("*.html"))

pytestmark = pytest.mark.validator


@pytest.fixture(scope="module")
def faults(request, documents):
    # With -k, a few.
    specs = (getattr(item, "callspec", None) for item in request.session.items if item.path == Path(__file__))
    cases = {spec.params["case"] for spec in specs if spec and "case" in spec.params}
    return nu.faults([*COMMITTED, *(documents.file(case, ".html") for case in sorted(cases))])


@pytest.mark.parametrize("case", grid.CASES)
def test_a_telling_is_valid(case, documents, faults):
    assert faults[documents.file(case, ".html")] == []


@pytest.mark.parametrize("name", [page.name for page in COMMITTED])
def test_a_committed_page_is_valid(name, faults):
    assert faults[(REPORTS / name).resolve()] == []


# In place of the end of a report's body: what is wrong, and what the checker says of it.
PLANTED = {
    "a tag left open": ("<div>", "Unclosed element"),
    "a name given twice": ('<p id="a">x</p><p id="a">y</p>', "Duplicate ID"),
    "an element that is none": ("<formula>x</formula>", "not allowed as child"),
    "a row outside of a table": ("<tr><td>x</td></tr>", "Stray start tag"),
    "a property that is none": ('<p style="colour: red">x</p>', "CSS"),
    "a value that is none": ('<p style="pointer-events: box">x</p>', "pointer-events"),
    "a formula of no element": ("<math><mfraction></mfraction></math>", "mfraction"),
    "a picture without a shape": ('<svg><path fill="none" d="M x"/></svg>', "Bad value"),
    "an attribute that is none": ('<p colour="red">x</p>', "not allowed on element"),
}


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted")
    sound = "<!DOCTYPE html>\n<html lang='en'><head><title>x</title></head><body><p>x</p>\n%s\n</body></html>\n"
    pages = {what: folder / f"{number}.html" for number, what in enumerate(["nothing", *PLANTED])}
    for what, page in pages.items():
        page.write_text(sound % PLANTED.get(what, ("", ""))[0], encoding="utf-8")
    found = nu.faults(pages.values())
    return {what: found[page.resolve()] for what, page in pages.items()}


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_fault_is_seen(what, planted):
    assert any(PLANTED[what][1] in fault for fault in planted[what]), planted[what]


def test_the_checker_is_passed_over_only_where_it_is_behind_a_standard(tmp_path):
    page = tmp_path / "page.html"
    styles = "math { math-style: normal; } g { pointer-events: bounding-box; } p { math-stile: normal; }"
    page.write_text(f"<!DOCTYPE html>\n<html lang='en'><head><title>x</title><style>{styles}</style></head></html>")
    (only,) = nu.faults([page])[page.resolve()]
    assert "math-stile" in only


def test_a_sound_page_has_no_fault(planted):
    assert planted["nothing"] == []

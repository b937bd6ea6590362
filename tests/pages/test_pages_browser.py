"""Every page in headless Chromium: quiet, alone, readable in every way it is looked at, and open to everybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import grid
from tests.pages.browser import NARROW, SCHEMES, show, visited
from tests.pages.looking import axe, controls, excess, faint, unreadable

REPORTS = Path(__file__).parents[2] / "reports"
COMMITTED = sorted(page.name for page in REPORTS.glob("*.html"))

# How a page is looked at, one after the other: on a screen, in a dark room, on a phone, on paper.
LOOKS = {
    "light": {"scheme": "light"},
    "dark": {"scheme": "dark"},
    "phone": {"width": NARROW},
    "print": {"media": "print"},
}

pytestmark = pytest.mark.chromium


def test_there_are_pages_to_look_at():
    assert COMMITTED


@pytest.mark.parametrize("case", grid.every_third())
def test_a_telling_opens_in_silence(case, documents, page_of):
    page = page_of(documents.file(case, ".html"))
    assert page.title()
    # On a screen slides are shown one at a time; on paper they all are.
    show(page, media="print")
    assert unreadable(page) == []


@pytest.mark.parametrize("name", COMMITTED)
def test_a_report_can_be_read_in_every_look(name, page_of):
    page = page_of(REPORTS / name)
    found = {}
    for look, options in LOOKS.items():
        show(page, **options)
        found[look] = [*unreadable(page), *faint(page), *([f"{excess(page)} px too wide"] if excess(page) > 0 else [])]
    assert found == {look: [] for look in LOOKS}


@pytest.mark.parametrize("name", COMMITTED)
def test_a_report_keeps_nobody_out(name, page_of):
    # A phone's window shows more: what does not fit it must be within reach of the keyboard.
    page = page_of(REPORTS / name, width=NARROW)
    found = {"light": axe(page)}
    show(page, scheme="dark")
    # Of what axe looks at, only colours are others in the dark.
    found["dark"] = axe(page, "color-contrast")
    assert found == {scheme: [] for scheme in SCHEMES}


@pytest.mark.parametrize("name", COMMITTED)
def test_a_report_is_whole_without_script(name, page_of):
    page = page_of(REPORTS / name, script=False)
    assert unreadable(page) == []
    assert controls(page) == [], "a control that does nothing is shown"


# Must-fail: each of these is a page that the tests above would have to refuse.

NOISY = {
    "a message of an error": ("<script>console.error('x')</script>", "console: error: x"),
    "a warning": ("<script>console.warn('x')</script>", "console: warning: x"),
    "an error": ("<script>throw new Error('x')</script>", "raised: x"),
    "an error later": ("<script>setTimeout(() => { throw new Error('x') })</script>", "raised: x"),
    "a promise broken": ("<script>Promise.reject(new Error('x'))</script>", "raised: x"),
    "a picture from elsewhere": ("<img src='http://127.0.0.1:9/x.png' alt='x'>", "asked for http://127.0.0.1:9/x.png"),
    "a picture from beside it": ("<img src='x.png' alt='x'>", "x.png"),
    "a font from elsewhere": (
        "<style>@font-face{font-family:x;src:url(http://127.0.0.1:9/x)} p{font-family:x}</style>",
        "asked for http://127.0.0.1:9/x",
    ),
    "a style from elsewhere": ("<link rel=stylesheet href='http://127.0.0.1:9/x.css'>", "asked for http"),
    "a request by script": ("<script>fetch('http://127.0.0.1:9/x').catch(() => 0)</script>", "asked for http"),
    "a line to elsewhere": ("<script>new WebSocket('ws://127.0.0.1:9/x')</script>", "asked for ws://127.0.0.1:9/x"),
    "a page in the page": ("<iframe src='about:srcdoc' srcdoc='x'></iframe><iframe src='x.html'></iframe>", "x.html"),
}
PAGE = (
    "<!DOCTYPE html>\n<html lang='en'><head><meta charset='utf-8'><title>x</title></head><body><main><h1>x</h1><p>x</p>"
)


@pytest.fixture
def written(tmp_path):
    def write(body):
        path = tmp_path / "page.html"
        path.write_text(f"{PAGE}{body}</main></body></html>", encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(("body", "seen"), NOISY.values(), ids=NOISY)
def test_a_page_that_is_not_quiet_is_seen(body, seen, browser, written):
    with visited(browser, written(body)) as visit:
        visit.page.wait_for_timeout(50)
        assert any(seen in complaint for complaint in visit.complaints), visit.complaints


def test_a_page_that_is_not_quiet_fails_the_test_that_opens_it(pytester_run):
    noisy = "<!DOCTYPE html><title>x</title><script>console.error('no')</script>"
    outcome = pytester_run(f"def test_opens(page_of):\n    page_of({noisy!r})\n")
    assert outcome.returncode == 1
    assert "console: error: no" in outcome.stdout


UNREADABLE = {
    "not displayed": "<p style='display:none'>gone</p>",
    "invisible": "<p style='visibility:hidden'>gone</p>",
    "transparent": "<div style='opacity:0'><p>gone</p></div>",
    "without extent": "<p style='font-size:0'>gone</p>",
    "beside the page": "<p style='position:absolute;left:-9999px'>gone</p>",
    "hidden": "<p hidden>gone</p>",
    "hidden in a drawing": "<svg><text visibility='hidden' y='9'>gone</text></svg>",
    "a link that stays beside the page": "<p><a href='#x' style='position:absolute;left:-9999px'>gone</a></p>",
    "hidden on paper": "<style>@media print {p.s {display:none}}</style><p class='s'>gone</p>",
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_text_that_cannot_be_read_is_seen(body, page_of, written):
    (gone,) = unreadable(page_of(written(body), media="print"))
    assert gone.startswith("gone in ")


def test_what_is_unfolded_or_for_the_ear_counts_as_read(page_of, written):
    skip = "<style>a {position:absolute;left:-9999px} a:focus {left:0}</style><a href='#x'>to x</a>"
    for_the_ear = skip + "<p class='visually-hidden' style='opacity:0'>z</p><svg><title>t</title></svg>"
    assert unreadable(page_of(written(f"<details><summary>x</summary>y</details>{for_the_ear}"))) == []


FAINT = {
    "grey on white": "<p style='color:#999'>faint</p>",
    "half transparent": "<p style='color:rgba(0,0,0,.4)'>faint</p>",
    "in a formula": "<p><math><mi style='color:#7fbf7f'>faint</mi></math></p>",
    "on a coloured ground": "<div style='background:#c00'><p>faint</p></div>",
    "by a colour of another space": "<p style='color:color(srgb .6 .6 .6)'>faint</p>",
}


@pytest.mark.parametrize("body", FAINT.values(), ids=FAINT)
def test_text_that_is_faint_is_seen(body, page_of, written):
    (found,) = faint(page_of(written(body)))
    assert ": faint in " in found


def test_black_on_white_is_not_faint_and_large_text_may_be_fainter(page_of, written):
    assert faint(page_of(written("<p>x</p><p style='color:#888;font-size:30px'>y</p>"))) == []


GRAVE = {
    "a picture without words": ("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>", "image-alt"),
    "a button without a name": ("<button></button>", "button-name"),
    "faint text": ("<p style='color:#999'>faint</p>", "color-contrast"),
    "a part that only a mouse can scroll": (
        f"<div style='width:90px;overflow-x:auto'><p style='width:900px'>{'words ' * 50}</p></div>",
        "scrollable-region-focusable",
    ),
}


@pytest.mark.parametrize(("body", "seen"), GRAVE.values(), ids=GRAVE)
def test_a_page_that_keeps_somebody_out_is_seen(body, seen, page_of, written):
    page = page_of(written(body))
    assert any(found.startswith(seen) for found in axe(page))
    assert any(found.startswith(seen) for found in axe(page, seen))
    assert axe(page, "document-title") == []


def test_what_is_faint_in_the_dark_only_is_seen_in_the_dark(page_of, written):
    page = page_of(written("<style>@media (prefers-color-scheme: dark) {p {color: #999}}</style><p>faint</p>"))
    assert axe(page, "color-contrast") == []
    show(page, scheme="dark")
    (found,) = axe(page, "color-contrast")
    assert found.startswith("color-contrast (serious, 1 times)")


def test_a_control_without_a_script_and_a_page_too_wide_are_seen(page_of, written):
    page = page_of(written("<button>x</button><p style='width:2000px'>x</p>"), script=False)
    assert len(controls(page)) == 1
    assert excess(page) > 1000
    assert controls(page_of(written("<button hidden>x</button>"), script=False)) == []


def test_the_scheme_the_paper_and_the_script_are_what_was_asked_for(page_of, written):
    body = "<style>@media (prefers-color-scheme: dark) {p {color: #fff}} @media print {p {color: #f00}}</style>"
    colour = "() => getComputedStyle(document.querySelector('p')).color"
    assert page_of(written(body)).evaluate(colour) == "rgb(0, 0, 0)"
    assert page_of(written(body), scheme="dark").evaluate(colour) == "rgb(255, 255, 255)"
    assert page_of(written(body), scheme="dark", media="print").evaluate(colour) == "rgb(255, 0, 0)"
    page = page_of(written(body), scheme="dark")
    show(page)
    assert page.evaluate(colour) == "rgb(0, 0, 0)"
    show(page, media="print", width=NARROW)
    assert page.evaluate(colour) == "rgb(255, 0, 0)"
    assert page.evaluate("innerWidth") == NARROW
    unscripted = written("<script>document.title = 'ran'</script>")
    assert page_of(unscripted, script=False).title() == "x"
    assert page_of(unscripted).title() == "ran"

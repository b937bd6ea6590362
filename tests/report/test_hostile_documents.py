"""Whatever a derivation's file holds as text is text in its LaTeX, its PDF and its page: it runs nothing and fits."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symnn.derivation import derive
from symnn.library import check
from symnn.report import report
from symnn.report.escape import escape_code, escape_latex
from symnn.report.pdf import TypesettingError, typeset
from symnn.report.solution import report_files
from tests.report.examples import OR_GATE
from tests.report.hostile import (
    LONG,
    NASTY,
    as_shown,
    bare,
    derivation,
    faults,
    shown,
    skeleton,
    text_of,
)
from tests.report.pages import Page
from tests.report.telling import bare as bare_example
from tests.report.tex import complaints, document

FINDINGS = replace(check(OR_GATE), accounts=())
# A text stands in the same places of a long report, which takes longer.
SHORT = replace(bare_example("mean-squared-error"), published=())


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The files of a report on a derivation with a text in every place, by the text."""

    @cache
    def made(text):
        return report_files(derivation(tmp_path_factory.mktemp("nasty"), text), FINDINGS)

    return made


@pytest.fixture(scope="module")
def page_of(tmp_path_factory):
    """The page of such a report, by the text, without the pictures for LaTeX."""

    @cache
    def made(text):
        return report(derivation(tmp_path_factory.mktemp("nasty"), text), FINDINGS)["html"]

    return made


def typeset_of(files):
    return typeset({name: content for name, content in files.items() if not name.endswith("html")}, "nasty.tex")


# LaTeX and PDF


@pytest.mark.tex
@pytest.mark.parametrize("which", NASTY)
def test_the_latex_compiles_without_complaint(which, files):
    assert complaints(typeset_of(files(NASTY[which])).log) == ()


@pytest.mark.pdftotext
@pytest.mark.tex
@pytest.mark.parametrize("which", [name for name in NASTY if "long run" not in name])
def test_the_pdf_shows_the_text_in_every_place(which, files, tmp_path):
    seen = bare(text_of(typeset_of(files(NASTY[which])).pdf, tmp_path))
    # Title and paragraphs, then the caption of two pictures, all in prose; the comment is code.
    assert seen.count(bare(in_latex(NASTY[which], escape_latex))) >= 5
    assert bare(in_latex(as_comment(NASTY[which]), escape_code)) in seen


def as_comment(text):
    return re.sub("[\r\n\0\x0c\ud800-\udfff]", " ", text)


def in_latex(text, escape):
    """Return the characters of a text, with the codes of those that LaTeX has no sign for."""
    spaced = unicodedata.normalize("NFC", " ".join(text.split()) if escape is escape_latex else text)
    codes = ((char, escape(char)) for char in spaced)
    return "".join(code if code.startswith("[U+") else char for char, code in codes)


@pytest.mark.pdftotext
@pytest.mark.tex
def test_a_long_run_is_shown_to_its_last_character(files, tmp_path):
    seen = text_of(typeset_of(files(NASTY["a long run"])).pdf, tmp_path)
    # Title, two paragraphs, a comment, and two captions.
    assert seen.count("x") > 6 * LONG


@pytest.mark.tex
def test_nothing_of_it_runs(files, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = typeset_of(files(NASTY["a file to read"]))
    assert "root:" not in done.log
    typeset_of(files(NASTY["a shell"]))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.tex
@pytest.mark.parametrize("which", ["a file to read", "a definition", "CJK"])
def test_the_same_text_without_escaping_would_stop_tex(which):
    with pytest.raises(TypesettingError):
        raw(NASTY[which], seconds=2)


@pytest.mark.pdftotext
@pytest.mark.tex
def test_the_same_text_without_escaping_would_end_the_document_or_stick_out(tmp_path):
    assert "the last line" not in text_of(raw(NASTY["an end"]).pdf, tmp_path)
    assert "the last line" in text_of(raw("harmless").pdf, tmp_path)
    assert complaints(raw("x" * 500).log)


def raw(text, **limits):
    return typeset({"raw.tex": document(f"x {text}\n\nthe last line").encode()}, "raw.tex", **limits)


@pytest.mark.tex
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(st.lists(st.text(max_size=60), min_size=1, max_size=40))
def test_any_text_compiles_as_prose_and_as_code(texts):
    prose = "\n\n".join(f"x {escape_latex(text)}" for text in texts)
    code = "".join(rf"{{\ttfamily\raggedright x {escape_code(text)}\par}}" + "\n" for text in texts)
    body = "\\emergencystretch3em\n" + prose + "\n\n" + code
    assert complaints(typeset({"x.tex": document(body).encode()}, "x.tex").log) == ()


# The page


@pytest.mark.time
@pytest.mark.parametrize("which", NASTY)
def test_the_page_holds_it_as_text_only(which, page_of):
    assert skeleton(page_of(NASTY[which])) == skeleton(page_of("harmless"))


@pytest.mark.time
@pytest.mark.parametrize("which", NASTY)
def test_the_page_shows_the_text_in_every_place(which, page_of):
    seen, text = shown(page_of(NASTY[which])), as_shown(NASTY[which].replace("\x85", " "))
    squeezed = as_shown(" ".join(NASTY[which].split()))
    # The title twice, two paragraphs and two captions; a space or a code for what ends a line.
    assert seen.count(squeezed) + seen.count(text) >= 5
    assert as_shown(as_comment(NASTY[which])) in seen


@pytest.mark.time
@pytest.mark.parametrize("which", NASTY)
def test_the_page_holds_no_character_that_nobody_sees(which, page_of):
    page = page_of(NASTY[which])
    assert (
        re.findall("[\0-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]", page)
        == []
    )


def test_a_script_of_ones_own_is_seen_by_these_tests(page_of):
    page = page_of("harmless")
    for planted in ("<b>x</b>", "<script>1</script>", "<img src=x>", '<p onclick="x">x</p>', "</pre>"):
        broken = page.replace("harmless", planted)
        assert faults(Page(broken)) or skeleton(broken) != skeleton(page)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=80))
def test_any_text_leaves_the_page_as_it_is(text):
    made = [report(replace(SHORT, title=each, text=each, code=each), FINDINGS)["html"] for each in (f"x {text}", "x")]
    assert paragraphs(skeleton(made[0])) == paragraphs(skeleton(made[1]))
    assert as_shown(" ".join(text.split())) in shown(made[0])


def paragraphs(tags):
    """A text of several paragraphs makes as many of them."""
    return [tag for tag in tags if tag != ("p",)]


# The kernel's docstring, from `derive`


@cache
def titled(title):
    """A derivation by a title, and the files of a report on it."""
    derivation = derive(SHORT.source, title=title)
    return derivation, report(replace(SHORT, derivation=derivation), FINDINGS)


@pytest.mark.parametrize("which", NASTY)
def test_a_title_given_to_derive_is_harmless_in_the_kernel_and_in_its_listing(which):
    derivation, files = titled(NASTY[which])
    kernel = derivation.compile().source
    compile(kernel, "kernel", "exec")
    page = Page(files["html"])
    assert faults(page) == []
    assert as_shown(kernel) in shown(files["html"])


@pytest.mark.tex
@pytest.mark.parametrize("which", NASTY)
def test_a_title_given_to_derive_is_set_without_complaint(which):
    _, files = titled(NASTY[which])
    assert complaints(typeset({"titled.tex": files["latex"].encode()}, "titled.tex").log) == ()

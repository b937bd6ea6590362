"""Drawings as TikZ and as SVG: they compile, they are well formed, and both show the same."""

from __future__ import annotations

import re

import pytest

from symnn.report import NOTATIONS
from symnn.report.drawing import PAGE, PREAMBLE, layout, paths, spoken, spreads, svg, tikz
from symnn.report.drawing.cells import back
from symnn.report.drawing.formula import plain
from symnn.report.drawing.typeset import typeset
from symnn.report.form import BLANK_LATEX
from symnn.report.story import Teller
from tests.report.drawing.drawings import FOLDER, LARGE, drawing, parsed, teller
from tests.report.tex import compiled, document

SVG = "{http://www.w3.org/2000/svg}"
NAMESPACE = {"svg": SVG.strip("{}")}


def texts_of(markup):
    """What each text of the drawing shows, its runs joined."""
    return [
        "".join(group.itertext())
        for group in parsed(markup).iter(f"{SVG}g")
        if group.get("class", "").split(" ")[0] in {"label", "shape", "forward", "backward", "more"}
        and group.find("svg:text", NAMESPACE) is not None
        and group.find("svg:rect", NAMESPACE) is None
    ]


def with_preamble(body):
    return document(body).replace("\\begin{document}", PREAMBLE + "\\begin{document}")


@pytest.mark.tex
def test_every_drawing_compiles_and_fits_its_line(tmp_path):
    body = "\\parindent0pt\n"
    for name in (*FOLDER, *LARGE):
        drawn = drawing(name)
        several = spreads(drawn)
        body += tikz(drawn) + "\n\n" + tikz(drawn, 0, several[-1] if several else None) + "\n\n"
    log = compiled(with_preamble(body), tmp_path)
    assert log.complaints == []
    assert "Overfull" not in log.text
    assert "Warning" not in log.text.replace("LaTeX Warning: Label(s) may have changed", "")


@pytest.mark.tex
@pytest.mark.parametrize("notation", NOTATIONS)
def test_no_text_is_wider_in_latex_than_its_room(tmp_path, notation):
    names = ["or-gate", "two-three-two", "four-three-two-one", "layer-classes", "layer-normalisation", "attention-head"]
    texts = list({(text.latex, text.size): text for name in names for text in drawing(name, notation).texts}.values())
    lines = [
        rf"\setbox0\hbox{{\fontsize{{{text.size:g}}}{{9}}\selectfont${text.latex}$}}"
        rf"\immediate\write16{{WIDTH {number} \the\wd0}}"
        for number, text in enumerate(texts)
    ]
    log = compiled(with_preamble("\n".join(lines)), tmp_path).text
    measured = {int(number): float(wide) for number, wide in re.findall(r"WIDTH (\d+) ([\d.]+)pt", log)}
    assert len(measured) == len(texts)
    wide = [(text.latex, measured[n], text.width) for n, text in enumerate(texts) if measured[n] > text.width + 1.5]
    assert wide == []


@pytest.mark.parametrize("name", [*FOLDER, *LARGE])
def test_a_drawing_is_well_formed_named_and_the_same_every_time(name):
    drawn = drawing(name)
    first = svg(drawn, prefix="a", title="A < B")
    assert first == svg(drawn, prefix="a", title="A < B")
    root = parsed(first)
    ids = [part.get("id") for part in root.iter() if part.get("id")]
    assert ids == ["a-title"]
    assert root.get("aria-labelledby").split() == ids
    assert root.find("svg:title", NAMESPACE).text == "A < B"
    assert root.get("width") is None
    left, top, wide, high = map(float, root.get("viewBox").split())
    assert (left, top) == (0, 0)
    assert wide == pytest.approx(drawn.width, abs=0.01)
    assert high == pytest.approx(drawn.height, abs=0.01)


def test_a_small_drawing_in_a_wide_box_stands_in_its_middle():
    drawn = drawing("descent-on-a-surface")
    left, _, wide, _ = map(float, parsed(svg(drawn, prefix="a", title="t", width=PAGE)).get("viewBox").split())
    assert wide == PAGE
    assert left == pytest.approx((drawn.width - PAGE) / 2, abs=0.01)


@pytest.mark.parametrize("name", FOLDER)
def test_both_formats_show_the_same_texts_at_every_stage(name):
    drawn = drawing(name)
    for stage in (None, 0, len(drawn.stages) // 2):
        known = [text for text in drawn.texts if stage is None or text.after <= stage]
        assert sorted(texts_of(svg(drawn, stage, prefix="a", title="t"))) == sorted(shown(text) for text in known)
        assert tikz(drawn, stage).count(r"\node[") == len(known)


def shown(text):
    return "".join(run.text for run in typeset(text.latex, text.size, slanted=text.kind == "backward").runs)


def test_at_the_beginning_only_what_is_given_has_numbers():
    drawn = drawing("two-three-two")
    given = sum(bool(own.forward) and own.after == 0 for own in drawn.quantities)
    assert tikz(drawn, 0).count("symnn forward, anchor") == given
    assert "symnn backward, anchor" not in tikz(drawn, 0)


def test_an_interactive_drawing_tells_a_script_what_is_known_when():
    drawn = drawing("or-gate")
    root = parsed(svg(drawn, 2, prefix="a", title="t", interactive=True))
    marked = {
        (part.get("data-quantity"), int(part.get("data-after")), "later" in part.get("class").split())
        for part in root.iter(f"{SVG}g")
        if part.get("data-after")
    }
    assert {("Z1", 1, False), ("A1", 2, False), ("L", 3, True), ("dW1", 6, True)} <= marked
    assert all(later == (after > 2) for _, after, later in marked)


def test_every_unit_of_an_interactive_drawing_is_a_link_with_a_name():
    drawn = drawing("two-three-two")
    root = parsed(svg(drawn, prefix="a", title="t", interactive=True))
    links = {(link.get("href"), link.get("aria-label")) for link in root.iter(f"{SVG}a")}
    expected = {(f"#about-{own.tensor}", spoken(own)) for node in drawn.nodes for own in node.quantities}
    assert links == expected
    assert ("#about-Z1", "z_1,1 = 7, ← −32") in links


def test_paths_are_told_by_more_than_colour():
    drawn = drawing("two-three-two")
    found = paths(drawn, "W1", (0, 0))
    root = parsed(svg(drawn, prefix="a", title="t", highlight=found))
    assert sum("path" in part.get("class", "").split() for part in root.iter(f"{SVG}path")) == len(found.edges)
    assert sum(part.get("class") == "inside" for part in root.iter(f"{SVG}path")) == len(found.edges)
    assert tikz(drawn, highlight=found).count(r"\path[symnn path]") == len(found.edges)
    assert "double distance" in PREAMBLE


def test_gradients_are_told_from_values_by_more_than_colour():
    for text in drawing("or-gate").texts:
        assert (text.kind == "backward") == text.latex.startswith(r"{\leftarrow}")
    assert back("1").endswith(r"\symnnslanted{1}")


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_colours_can_be_read_on_white():
    colours = re.findall(r"\{HTML\}\{(\w{6})\}", PREAMBLE)
    assert len(colours) == 3
    assert min(1.05 / (luminance(colour) + 0.05) for colour in colours) >= 4.5
    assert 1.05 / (luminance("FFFFFF") + 0.05) == 1


@pytest.mark.parametrize("notation", NOTATIONS)
def test_every_name_of_every_notation_is_read(notation):
    for name in FOLDER:
        given = teller(name)
        own = Teller(given.derivation, given.passes, "1", NOTATIONS[notation])
        for text in layout(own).texts:
            assert "\\" not in plain(text.latex)
            assert not re.search(r"[a-z]{9}", plain(text.latex))


# LaTeX, and what a reader sees of it
FORMULAS = {
    r"\frac{\partial L}{\partial W^{(1)}}": "∂L/∂W^(1)",
    r"\boldsymbol{w}_1'": "w^′_1",
    r"\mathrm{a\_b\ensuremath{\sigma}[U+732B]}": "a_bσ[U+732B]",
    BLANK_LATEX: "___",
    r"\nosuchcommand x": "nosuchcommandx",
    "{}}^_": "^_",
    r"\frac{1": "1/",
    r"\tilde{z}": "z\u0303",
}


@pytest.mark.parametrize("latex", FORMULAS)
def test_formulas_become_text(latex):
    assert plain(latex) == FORMULAS[latex]
    assert typeset(latex, 8.0).width >= 0


def test_a_blank_is_a_line_to_write_on():
    drawn = layout(teller("or-gate"), lambda _: (BLANK_LATEX, True))
    assert len(parsed(svg(drawn, prefix="a", title="t")).findall(".//svg:path[@class='rule']", NAMESPACE)) > 10
    assert not re.search(r"\d\.\d", "".join(texts_of(svg(drawn, prefix="a", title="t"))))

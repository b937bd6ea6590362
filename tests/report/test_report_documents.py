"""Every derivation and every kind of network makes a whole document in both formats, the same every time."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import jinja2
import pytest

from symnn.derivation import derive
from symnn.errors import InputError
from symnn.library import load, names
from symnn.network import LAYOUTS, Dense, Network
from symnn.report import AUDIENCES, FORMATS, render, report, solution, write_report
from symnn.report.escape import visible
from symnn.report.plots import pdf
from symnn.report.solution import is_report
from tests.grids import EVERYTHING, covering, sparsely
from tests.needs import REQUIRED, Running
from tests.report.examples import FINDINGS, OR_GATE, example, networks, representative
from tests.report.hostile import require_pdftotext
from tests.report.pages import Page, addresses, allowing
from tests.report.telling import bare
from tests.report.test_report_escape import HOSTILE
from tests.report.tex import compiled, document, require_pdflatex

NETWORKS = networks()
COMMITTED = Path(__file__).parents[2] / "reports"


@cache
def texts(name):
    """The report as it is committed, which a test below holds to what comes out."""
    return {kind: (COMMITTED / f"{name}.{ending}").read_text(encoding="utf-8") for kind, ending in FORMATS.items()}


@cache
def made(name, audience="solution"):
    return report(load(name), audience=audience)


@cache
def pictures(name):
    """What is drawn in the pictures that the LaTeX of a derivation takes from files beside it."""
    return {f"{name}-{number}.pdf": one for number, one in enumerate(load(name).exhibits(), start=1)}


def taken(name):
    """The pictures that the LaTeX of a derivation takes in, in order."""
    return re.findall(r"\\includegraphics(?:\[[^]]*\])?\{([^}]*)\}", texts(name)["latex"])


# Determinism

# A tree of steps, a table of curves, the key. What is committed was written by another process, for all of them.
AGAIN = tuple(names()) if EVERYTHING else ("attention-head", "cost-jacobian", "or-gate")
AUDIENCE = {name: "instructor" if name == "or-gate" else "solution" for name in AGAIN}


@pytest.mark.parametrize("name", AGAIN)
def test_the_same_example_gives_the_same_text_again(name):
    assert made.__wrapped__(name, AUDIENCE[name]) == made(name, AUDIENCE[name])


@pytest.mark.parametrize("name", sparsely(names()))
def test_the_committed_report_is_what_comes_out(name):
    for kind, text in made(name).items():
        path = COMMITTED / f"{name}.{FORMATS[kind]}"
        assert path.is_file(), f"symnn report {name} --out reports --no-pdf"
        assert path.read_bytes() == text.encode(), f"refresh it: symnn report {name} --out reports --no-pdf"


@pytest.mark.parametrize("name", sparsely(name for name in names() if taken(name)))
def test_the_committed_pictures_are_what_comes_out(name):
    # One of several, which are drawn alike; the files, with every number in them, are there for all.
    for file, drawn in list(pictures(name).items())[: None if EVERYTHING else 1]:
        assert (COMMITTED / file).read_bytes() == pdf(drawn), f"refresh it: symnn report {name} --out reports --no-pdf"


@pytest.mark.parametrize("name", names())
def test_every_picture_that_the_latex_takes_in_is_among_the_files(name):
    assert list(pictures(name)) == taken(name)


def test_some_derivation_has_pictures():
    assert any(map(taken, names()))


def test_no_report_is_committed_for_what_is_no_derivation():
    wanted = {f"{name}.{ending}" for name in names() for ending in FORMATS.values()}
    wanted |= {file for name in names() for file in taken(name)}
    assert {path.name for path in COMMITTED.iterdir() if path.suffix != ".md"} == wanted


# LaTeX


LATEX_OF = [
    "softmax, categorical-cross-entropy, features-first",
    "softmax, squared-error, samples-first",
    "softmax, half-squared-error, features-first",
    "sigmoid, binary-cross-entropy, samples-first",
    "relu, half-squared-error, features-first",
    "tanh, squared-error, samples-first",
]


@pytest.mark.tex
@pytest.mark.parametrize("audience", ["solution", "student"])
def test_a_quantity_that_comes_from_many_others_keeps_the_table_on_the_page(audience, tmp_path):
    # Its delta is a sum over four paths, with four slopes.
    asked = {"audience": audience, "style": "delta", "detail": "full"}
    text = report(bare("later-activations"), FINDINGS, **asked)["latex"]
    assert text.count(r"\symnnlist") > 20
    assert compiled(text, tmp_path).complaints == []


@pytest.mark.tex
@pytest.mark.parametrize("which", LATEX_OF)
def test_the_latex_of_a_network_compiles_without_complaint(which, tmp_path):
    assert compiled(report(example(NETWORKS[which]), FINDINGS)["latex"], tmp_path).complaints == []


# By name: inputs, layers, loss, samples, and the decimals of the parameters.
LARGE = {
    "20-12-10, 12 samples": (20, [Dense(12, "tanh"), Dense(10, "softmax")], "categorical-cross-entropy", 12, 1),
    "8-8-8, 8 samples": (8, [Dense(8, "relu"), Dense(8, "softmax")], "squared-error", 8, 4),
    "9-12-10, 12 samples": (9, [Dense(12, "relu"), Dense(10, "sigmoid")], "binary-cross-entropy", 12, 3),
    "1-30-1, one sample": (1, [Dense(30, "sigmoid"), Dense(1)], "half-squared-error", 1, 2),
}


def large(which, layout):
    inputs, layers, loss, samples, decimals = LARGE[which]
    network = Network(inputs=inputs, layers=layers, loss=loss, layout=layout)
    return report(example(network, samples, decimals), FINDINGS)


SIZED = covering(itertools.product(LARGE, LAYOUTS))


@pytest.mark.tex
@pytest.mark.parametrize(("which", "layout"), SIZED)
def test_a_large_network_fits_the_page(which, layout, tmp_path):
    assert compiled(large(which, layout)["latex"], tmp_path).complaints == []


@pytest.mark.parametrize(("which", "layout"), SIZED)
def test_a_large_network_is_shown_in_part(which, layout):
    inputs, layers, _, samples, _ = LARGE[which]
    made = large(which, layout)
    if max(inputs, *(layer.units for layer in layers), samples) > 8:
        assert r"\vdots" in made["latex"] or r"\cdots" in made["latex"]
    assert Page(made["html"]).faults == []


PLANTED = {
    "an unknown command": (r"\nonsense", "errors"),
    "an undefined reference": (r"see \ref{nothing}", "undefined"),
    "a formula too wide": (r"\[" + "+".join(["123456789"] * 30) + r"\]", "overfull"),
    "a brace too many": (r"\textbf{x}}", "errors"),
}


@pytest.mark.tex
@pytest.mark.parametrize(("body", "seen"), PLANTED.values(), ids=PLANTED)
def test_a_planted_complaint_is_seen(body, seen, tmp_path):
    log = compiled(document(body), tmp_path)
    assert getattr(log, seen)
    assert log.complaints


PROGRAMS = {"pdflatex": ("tex", require_pdflatex), "pdftotext": ("pdftotext", require_pdftotext)}


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_missing_program_fails_where_it_is_required_and_is_skipped_elsewhere(program, monkeypatch):
    need, ask = PROGRAMS[program]
    monkeypatch.setattr(Running, "marks", None)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv(REQUIRED, need)
    with pytest.raises(pytest.fail.Exception, match=f"{REQUIRED} names {need}: {program} not installed"):
        ask()
    monkeypatch.delenv(REQUIRED)
    with pytest.raises(pytest.skip.Exception, match=f"needs {need}: {program} not installed"):
        ask()


@pytest.mark.parametrize("name", names())
def test_latex_sets_every_character_of_a_derivation(name):
    assert re.findall(r"\[U\+[0-9A-F]{4,}\]", texts(name)["latex"]) == []


def test_a_character_that_latex_cannot_set_is_seen():
    made = report(replace(OR_GATE, title="猫", published=()), FINDINGS)["latex"]
    assert re.findall(r"\[U\+[0-9A-F]{4,}\]", made) == ["[U+732B]"]


# HTML


def whole_page(source):
    """Hold a page to what every report is: balanced, inert, alone, with a language, a title, and formulas."""
    page = Page(source)
    assert page.faults == []
    assert source.startswith("<!DOCTYPE html>\n")
    assert source.endswith("</html>\n")
    assert source.lower().count("<script") == len(page.scripts) == 1
    assert not re.search(r"https?:|//[a-z]", addresses(source).lower())
    assert ("html", {"lang": "en", "data-audience": "solution"}) in page.tags
    assert page.text.count("A worked solution") == 1
    counts = {tag: sum(tag == name for name, _ in page.tags) for tag in ("h1", "math", "merror")}
    # Drawings have titles of their own.
    assert source.split("<body>")[0].count("<title>") == counts["h1"] == 1
    assert counts["math"] > 20
    assert counts["merror"] == 0
    return page


@pytest.mark.parametrize("name", names())
def test_the_page_of_a_derivation_is_whole(name):
    page = whole_page(texts(name)["html"])
    assert load(name).title in page.text


@pytest.mark.time
@pytest.mark.parametrize("which", representative(NETWORKS))
def test_every_activation_loss_and_layout_makes_a_whole_page(which):
    whole_page(report(example(NETWORKS[which]), FINDINGS)["html"])


BAD_PAGES = {
    "an open tag": "<p><b>x</p>",
    "a tag closed twice": "<p>x</p></p>",
    "a script": "<script>1</script>",
    "a script that the policy does not name": (
        f'<meta http-equiv="Content-Security-Policy" content="{allowing(["2"])[0]}"><script>1</script>'
    ),
    "a policy that allows more": f'<meta http-equiv="x" content="{allowing(["1"])[0]}; font-src *"><script>1</script>',
    "an image": '<img src="x.png">',
    "a link": '<a href="x">x</a>',
    "a part of a picture from elsewhere": '<svg><use xlink:href="x.svg#a"/></svg>',
    "a handler": '<p onclick="x()">x</p>',
}


@pytest.mark.parametrize("source", BAD_PAGES.values(), ids=BAD_PAGES)
def test_a_bad_page_is_seen(source):
    assert Page(source).faults
    assert Page("<p>x<br>y</p>").faults == []
    assert Page('<svg><use xlink:href="#a"/></svg>').faults == []
    assert (
        Page(f'<meta http-equiv="x" content="{allowing(["1"])[0]}"><a href="#a">x</a><script>1</script>').faults == []
    )


def test_an_address_is_seen():
    assert "https:" in addresses('<math xmlns="http://www.w3.org/1998/Math/MathML"> https://x')


# What stands in them


@pytest.mark.parametrize("kind", FORMATS)
def test_the_or_gate_says_what_is_exact_and_where_the_print_comes_from(kind):
    text = texts("or-gate")[kind].replace("<mo>−</mo>", "-").replace("−", "-")
    text = re.sub(r"<[^>]*>|&\w+;", "", text) if kind == "html" else text
    for number in ("-0.048", "-0.0387", "-0.037", "-0.038"):
        assert number in text, number
    words = " ".join(text.split())
    assert "Some prints are not the exact value rounded. They come from carried rounding" in words
    assert "rounds every figure to 3 decimals before it uses it again" in words
    start = words.index("Some prints")
    table = words[start : start + 900]
    assert table.index("-0.038") < table.index("-0.0387") < table.index("carried rounding", table.index("-0.0387"))


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("kind", FORMATS)
def test_the_page_shows_the_kernel_and_the_code_line_by_line(kind, name):
    text, given = texts(name)[kind], load(name)
    if kind == "html":
        shown = Page(text).text
        assert given.code in shown
        assert given.derivation.compile().source.strip() in shown
    else:
        lines = len((given.code + given.derivation.compile().source.strip()).splitlines())
        assert text.count(r"\par" + "\n") >= lines - 1


@pytest.mark.parametrize("name", names())
def test_rounded_numbers_never_stand_behind_an_equals_sign(name):
    for formula in re.findall(r"&= (.*?)(?:\\\\\[4pt\]|\\end\{aligned\})", texts(name)["latex"], re.DOTALL):
        assert not re.search(r"\\cdot 10\^", formula)
        # Four decimals with a zero at the end are a rounded number; exact ones are printed without.
        assert not re.search(r"\d\.\d{3}0(?!\d)", formula), formula


def test_a_step_that_changes_nothing_does_not_blame_the_learning_rate():
    text = " ".join(texts("or-gate-no-bias")["latex"].split())
    assert "the step has not changed it" in text
    assert "learning rate is too large" not in text


@pytest.mark.parametrize(("rate", "said"), [("1/100", "the step has lowered it"), ("10", "the step has raised it")])
def test_the_effect_of_the_step_is_said_as_it_is(rate, said):
    given = load("linear-neuron")
    point = replace(given.point, learning_rate=rate)
    text = report(replace(given, point=point, published=()), FINDINGS)["latex"]
    assert said in " ".join(text.split())


def test_a_helper_is_defined_before_it_is_used():
    network = Network(inputs=2, layers=[Dense(3, "softmax")], loss="squared-error")
    text = report(example(network), FINDINGS)["latex"]
    assert text.index(r"c^{(1)}_{i} = \sum_{k} ") < text.index(r"c^{(1)} &\approx")


def test_where_two_paths_meet_the_page_says_so():
    text = " ".join(texts("attention-head")["latex"].split())
    assert re.search(r"reaches the loss over 3 paths; their contributions are added", text)


# What cannot be written


@pytest.mark.parametrize("which", [name for name in HOSTILE if HOSTILE[name].strip() and "thousand" not in name])
def test_a_hostile_text_is_harmless_in_a_page(which):
    text = HOSTILE[which].encode("utf-8", "replace").decode()
    made = report(replace(bare("cost-jacobian"), title=f"x {text}", text=f"x {text}", code=f"x {text}"), FINDINGS)[
        "html"
    ]
    page = Page(made)
    assert page.faults == []
    assert made.count("<script") == 1
    assert " ".join(visible(" ".join(text.split())).split()) in " ".join(page.text.split())


@pytest.mark.tex
def test_a_hostile_text_is_harmless_in_latex(tmp_path):
    (tmp_path / "secret.tex").write_text(r"\typeout{THE SECRET WAS READ}", encoding="utf-8")
    everything = "\n".join(text for name, text in HOSTILE.items() if "thousand" not in name)
    made = report(replace(OR_GATE, title=everything, text=everything, code=everything), FINDINGS)["latex"]
    log = compiled(made, tmp_path)
    assert log.errors == []
    assert log.made
    assert "THE SECRET" not in log.text


def test_a_name_that_a_template_misses_is_an_error(monkeypatch):
    templates = jinja2.DictLoader({"x.j2": "<< missing >>", "y.j2": "<% if missing %>x<% endif %>"})
    for kind in FORMATS:
        environment = render._environment(kind, None)
        monkeypatch.setattr(environment, "loader", templates)
        monkeypatch.setattr(environment, "cache", None)
        for template in ("x.j2", "y.j2"):
            with pytest.raises(jinja2.UndefinedError):
                render.render(template, kind, {})


def test_files_appear_whole_with_ordinary_rights(tmp_path):
    given = replace(OR_GATE, published=())
    paths = write_report(given, tmp_path / "new" / "folder", FINDINGS)
    assert [path.name for path in paths] == ["or-gate.tex", "or-gate.html"]
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == ["or-gate.html", "or-gate.tex"]
    (tmp_path / "plain").write_text("x", encoding="utf-8")
    assert paths[0].stat().st_mode == (tmp_path / "plain").stat().st_mode
    assert paths[0].read_bytes() == report(given, FINDINGS)["latex"].encode()


def test_a_folder_that_is_a_file_is_refused_and_nothing_is_left(tmp_path):
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="cannot write to"):
        write_report(OR_GATE, tmp_path / "taken", FINDINGS)
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_write_that_fails_leaves_nothing_half_written(tmp_path, monkeypatch):
    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="No space left on device"):
        write_report(OR_GATE, tmp_path, FINDINGS)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["tex", "html", "pdf"])
def test_a_file_that_is_no_report_is_not_replaced_by_one(tmp_path, monkeypatch, ending):
    (tmp_path / f"or-gate.{ending}").write_text("%PDF-1.5 mine", encoding="utf-8")
    monkeypatch.setattr(solution, "report_files", None)
    with pytest.raises(InputError, match=rf"or-gate\.{ending} is there already: nothing is replaced"):
        write_report(OR_GATE, tmp_path, FINDINGS)
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["%PDF-1.5 mine"]


def test_a_picture_of_somebody_else_is_not_replaced_and_nothing_is_written(tmp_path, monkeypatch):
    (tmp_path / "or-gate-1.pdf").write_text("%PDF-1.5 mine", encoding="utf-8")
    made = {"or-gate-1.pdf": b"%PDF-1.5 ours", "or-gate.tex": rb"\symnnslanted"}
    monkeypatch.setattr(solution, "report_files", lambda *_, **__: made)
    with pytest.raises(InputError, match=r"or-gate-1\.pdf is there already"):
        write_report(OR_GATE, tmp_path, FINDINGS)
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["%PDF-1.5 mine"]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_an_earlier_report_of_any_kind_is_replaced(tmp_path, audience):
    before = write_report(OR_GATE, tmp_path, FINDINGS, audience=audience)
    for stem in ("or-gate-1", before[0].stem):
        (tmp_path / f"{stem}.pdf").write_text("%PDF-1.5", encoding="utf-8")
    assert all(map(is_report, tmp_path.iterdir()))
    assert write_report(OR_GATE, tmp_path, FINDINGS, audience=audience, notation="brackets") == before


def test_a_derivation_without_figures_has_no_section_on_them():
    made = report(replace(OR_GATE, published=()), FINDINGS)
    assert all("published figures" not in text for text in made.values())


def test_a_title_of_a_network_names_it():
    assert str(derive(NETWORKS[LATEX_OF[0]]).program.loss) == "L"

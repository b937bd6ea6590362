"""A notebook shows networks, derivations, gradients and verdicts as formulas and drawings, whatever they are called."""

from __future__ import annotations

from html.parser import HTMLParser
from importlib.metadata import entry_points
from pathlib import Path

import numpy as np
import pytest

import symnn
from symnn.library import load, names
from symnn.showing import GROUP, Shown

NET = symnn.Network(inputs=2, layers=[symnn.Dense(3, "tanh"), symnn.Dense(1)], loss="squared-error")
HOSTILE = r"<script>alert(1)</script> \input{/etc/passwd} $x$ %"
VOID = {"meta", "br", "hr", "rect", "path", "polygon"}


def loss(params, X):
    return np.sum((params["W"] @ X) ** 2)


def grad(params, X):
    return {"W": 2 * (params["W"] @ X) @ X.T + 1e-9}


def verdict():
    return symnn.verify(loss, grad, {"W": np.ones((2, 2))}, np.array([[1.0, 2.0], [0.5, 1.0]]))


THINGS = {
    "a network": lambda: NET,
    "a derivation": lambda: symnn.derive(NET),
    "a gradient": lambda: symnn.derive(NET).gradient("W1"),
    "a verdict": verdict,
}


class Balance(HTMLParser):
    """Elements that are open; one that is closed without being open is an error."""

    def __init__(self):
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


def is_balanced(text: str) -> bool:
    parser = Balance()
    parser.feed(text)
    return not parser.open


def test_a_fragment_that_leaves_an_element_open_is_seen():
    assert is_balanced("<p>a</p>")
    assert not is_balanced("<div><p>a</p>")


@pytest.mark.parametrize("what", THINGS)
def test_a_notebook_shows(what):
    thing = THINGS[what]()
    latex, html = thing._repr_latex_(), thing._repr_html_()
    assert latex.startswith("$")
    assert latex.endswith("$")
    assert latex.count(r"\begin") == latex.count(r"\end")
    assert is_balanced(html)
    assert "<script" not in html
    assert (latex, html) == (thing._repr_latex_(), thing._repr_html_())


@pytest.mark.parametrize("name", names())
def test_every_derivation_of_the_folder_is_shown(name):
    example = load(name)
    for thing in (example.source, example.derivation, *example.derivation.steps):
        if isinstance(thing, Shown):
            assert thing._repr_latex_()
            assert is_balanced(thing._repr_html_())


def test_a_network_is_drawn_and_said():
    html = NET._repr_html_()
    assert "A 2-3-1 network with 13 parameters." in html
    assert "<svg" in html


def test_a_verdict_says_what_is_wrong():
    assert "different" in verdict()._repr_html_()
    assert "W[" in verdict()._repr_html_()


def test_a_gradient_names_its_law():
    assert "chain rule, sum over the samples" in symnn.derive(NET).gradient("W1")._repr_html_()


def test_hostile_text_is_text():
    derivation = symnn.derive(NET, title=HOSTILE)
    assert "<script" not in derivation._repr_html_()
    assert "&lt;script&gt;" in derivation._repr_html_()
    shown = symnn.Verdict("undecided", 0, HOSTILE, ())
    assert r"\input" not in shown._repr_latex_()
    assert "<script" not in shown._repr_html_()


def test_a_class_that_nobody_can_show_has_no_form():
    class Other(Shown):
        pass

    assert Other()._repr_html_() is None
    assert Other()._repr_latex_() is None


def test_what_shows_is_found_through_the_metadata():
    assert [found.value for found in entry_points(group=GROUP)] == ["symnn.notebook:show"]


def test_a_step_made_by_hand_has_no_program_and_no_formula():
    step = symnn.derive(NET).gradient("W1")
    alone = type(step)(step.target, step.paths)
    assert alone == step
    assert alone._repr_latex_() is None
    assert alone._repr_html_() is None


def test_importing_symnn_does_not_import_what_draws():
    text = (Path(symnn.__file__).parent / "__init__.py").read_text(encoding="utf-8")
    assert "notebook" not in text

"""Every named rewrite that takes equations together has words of its own, in every style."""

from __future__ import annotations

import itertools

import jinja2
import pytest

from symnn.derivation import Merge
from symnn.derivation.merges import MERGES
from symnn.network import Dense, Network
from symnn.report import STYLES, report
from symnn.report.render import render
from tests.grids import covering
from tests.report.examples import FINDINGS, example
from tests.report.telling import plain

RULES = [rule.name for rule in MERGES]
# A network in which each comes up: its last activation, and its loss.
WHERE = {
    "softmax with cross-entropy": ("softmax", "categorical-cross-entropy"),
    "log-softmax with likelihood": ("log-softmax", "negative-log-likelihood"),
    "loss undoes slope": ("sigmoid", "binary-cross-entropy"),
    "loss in a stable form": ("linear", "binary-cross-entropy-from-logits"),
    "softmax Jacobian contracted": ("softmax", "squared-error"),
    "log-softmax Jacobian contracted": ("log-softmax", "squared-error"),
}


def words(label, kind="html"):
    return render("merged.j2", kind, {"label": label})


def test_every_rewrite_has_words_of_its_own():
    told = {name: words(name).strip() for name in RULES}
    assert len(set(told.values())) == len(RULES)
    assert all(text.endswith(":") and len(text.split()) > 10 for text in told.values())


def test_a_rewrite_without_words_is_an_error():
    with pytest.raises(jinja2.UndefinedError, match="swapped by hand"):
        words("swapped by hand")


@pytest.mark.parametrize(("name", "style"), covering(itertools.product(RULES, STYLES)))
def test_a_network_with_the_rewrite_tells_its_words_in_every_style(name, style):
    activation, loss = WHERE[name]
    given = example(Network(inputs=2, layers=[Dense(3, activation)], loss=loss))
    paths = [path for step in given.derivation.steps for path in step.paths]
    assert name in [path.rewrite for path in paths if isinstance(path, Merge)]
    assert plain(words(name, "latex")) in plain(report(given, FINDINGS, style=style)["latex"])


def test_the_divergence_is_taken_together_with_the_softmax_as_cross_entropy_is():
    given = example(Network(inputs=2, layers=[Dense(3, "softmax")], loss="kl-divergence"))
    assert plain(words("softmax with cross-entropy", "latex")) in plain(report(given, FINDINGS)["latex"])

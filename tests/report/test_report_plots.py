"""Plots are the same bytes every time, say what they show, and hold nothing that runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import cache
from hashlib import sha256
from xml.etree import ElementTree

import pytest

from symnn.errors import InputError
from symnn.library import Curve, Curves, Line, Separation, Surface
from symnn.report import plots
from symnn.report.plots import pdf, svg
from symnn.report.render import _file
from tests.grids import EVERYTHING
from tests.seeds import another_hash_seed

NASTY = '<script>alert("$x$")</script> & $\\frac{'
EXHIBITS = {
    "curves": Curves(
        "Two curves.", "epoch", "cost", (Curve("a", (0, 1, 2), (1, 0.5, 0.2)), Curve("b", (0, 2), (1, 1)))
    ),
    "marked": Curves(
        "A kink.", "z", "a", (Curve("a", (-1, 1), (0, 1), (0,), ((0, 0), (0.5, 1))), Curve("b", (0, 1), (1, 0)))
    ),
    "logarithmic": Curves("One curve.", "epoch", "cost", (Curve("a", (0, 1), (1, 1e-6)),), logarithmic=True),
    "surface": Surface.of("A bowl.", ("x", "y"), lambda x, y: x * x + y * y, (-1, 0, 1), (-1, 0, 1), ((1, 1), (0, 0))),
    "separation": Separation(
        "Points.", "x", "y", ((0, 0), (1, 1)), (0, 1), (Line("steep", (1, 0), -0.5), Line("flat", (0, 1), -0.5))
    ),
    "no line": Separation("Points.", "x", "y", ((0, 0), (1, 1)), (0, 1), (Line("none", (0, 0), 1),)),
    "nasty": Curves(NASTY, NASTY, NASTY, (Curve(NASTY, (0, 1), (0, 1)), Curve("b", (0, 1), (1, 0)))),
}

# One of each kind that is drawn in a way of its own, and of each scale.
ONE_OF_EACH = tuple(EXHIBITS) if EVERYTHING else ("logarithmic", "surface", "separation")


@cache
def drawn(name):
    return str(svg(EXHIBITS[name], "salt")), pdf(EXHIBITS[name])


def digests(every):
    return [sha256(text.encode() + document).hexdigest() for text, document in map(drawn, every)]


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_a_plot_is_the_same_bytes_every_time(name):
    assert drawn.__wrapped__(name) == drawn(name)


@pytest.mark.parametrize("name", EXHIBITS)
def test_a_plot_for_latex_is_a_pdf(name):
    assert drawn(name)[1].startswith(b"%PDF")


@pytest.mark.parametrize("name", EXHIBITS)
def test_a_plot_is_well_formed_says_its_caption_and_runs_nothing(name):
    root = ElementTree.fromstring(drawn(name)[0])  # noqa: S314 -- our own text
    assert root.get("role") == "img"
    assert root.get("aria-label") == EXHIBITS[name].caption
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert not tags & {"script", "metadata", "foreignObject", "image"}


def test_an_id_depends_on_no_last_bit_of_a_coordinate():
    once, again = (
        '<path id="pd9e2f01ab3"/><g id="axes_1" clip-path="url(#pd9e2f01ab3)"/>',
        '<use href="#m00aa11bb22"/>',
    )
    assert plots._renamed(once + again, "s") == (
        '<path id="s-p1"/><g id="s-axes_1" clip-path="url(#s-p1)"/><use href="#s-m2"/>'
    )
    assert plots._renamed(once.replace("d9e2", "d9e3") + again, "s") == plots._renamed(once + again, "s")
    assert not re.search(r'id="salt-[a-z][0-9a-f]{10}"', drawn("marked")[0])


def test_two_plots_on_one_page_share_no_ids_and_refer_to_their_own():
    given = []
    for salt in ("one", "two"):
        text = str(svg(EXHIBITS["curves"], salt))
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert len(ids) == len(set(ids)) > 3
        assert set(re.findall(r'(?:href="|url\()#([^")]+)', text)) <= set(ids)
        given.append(set(ids))
    assert not given[0] & given[1]


def test_a_file_name_that_latex_would_read_as_more_is_refused():
    with pytest.raises(InputError, match="cannot name a picture"):
        _file("a}b.pdf")


def test_hash_seed_locale_and_time_zone_change_nothing():
    code = "from tests.report.test_report_plots import ONE_OF_EACH, digests\nprint(*digests(ONE_OF_EACH))"
    there = subprocess.run(  # noqa: S603 -- our own code
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": another_hash_seed(), "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert there.split() == digests(ONE_OF_EACH)

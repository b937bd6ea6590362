"""What cannot be tested here is skipped by name and summed up, and fails where the environment requires it."""

from __future__ import annotations

import re

import pytest

from tests import needs

EVERY = "import pytest\n" + "".join(f"@pytest.mark.{name}\ndef test_{name}():\n    pass\n" for name in needs.NEEDS)
BY_FIXTURE = "def test_something(page_of):\n    pass\n"


@pytest.fixture
def missing(monkeypatch):
    """What is missing where no program is found; packages of Python are as they are here."""
    monkeypatch.setenv("PATH", "")
    found = [name for name, need in needs.NEEDS.items() if need.missing()]
    assert {"tex", "pdftotext", "chromium", "validator"} <= set(found)
    return found


def test_what_is_missing_is_skipped_by_name_and_summed_up(pytester_run, missing):
    outcome = pytester_run(EVERY, PATH="")
    assert outcome.returncode == 0
    for name, need in needs.NEEDS.items():
        assert (f"needs {name}: " in outcome.stdout) is (name in missing)
        told = f"1 test that needs {name} was not tried. To get it: {need.remedy}"
        assert (told in outcome.stdout) is (name in missing)


def test_what_is_missing_and_required_or_not_marked_fails_and_the_rest_is_skipped(pytester_run, missing):
    wanted = ["tex", "validator"]
    unmarked = "from tests.needs import require\ndef test_something():\n    require('chromium')\n"
    outcome = pytester_run(EVERY + unmarked, PATH="", SYMNN_REQUIRE=" ".join(wanted))
    assert outcome.returncode == 1
    assert "this test needs chromium: mark it with pytest.mark.chromium" in outcome.stdout
    for name in needs.NEEDS:
        assert (f"SYMNN_REQUIRE names {name}: " in outcome.stdout) is (name in wanted)
    assert re.search(rf"1 failed, .*\b{len(missing) - len(wanted)} skipped, {len(wanted)} errors", outcome.stdout)


def test_what_a_fixture_needs_is_required_chosen_and_summed_up_alike(pytester_run):
    assert pytester_run(BY_FIXTURE, PATH="", SYMNN_REQUIRE="chromium").returncode == 1
    both = BY_FIXTURE + "def test_other():\n    pass\n"
    told = pytester_run(both, "-m", "chromium", PATH="").stdout
    assert "1 skipped, 1 deselected" in told
    assert "1 test that needs chromium was not tried" in told


def test_a_need_that_is_none_is_a_wrong_use(pytester_run):
    outcome = pytester_run(BY_FIXTURE, SYMNN_REQUIRE="tex chromuim")
    assert outcome.returncode == pytest.ExitCode.USAGE_ERROR
    assert "SYMNN_REQUIRE names chromuim" in outcome.stderr


def test_nothing_is_said_where_nothing_was_left_out(pytester_run):
    outcome = pytester_run("def test_something():\n    pass\n", PATH="", SYMNN_REQUIRE=" ".join(needs.NEEDS))
    assert outcome.returncode == 0
    assert "not tried" not in outcome.stdout


@pytest.fixture
def of_no_test(monkeypatch):
    """What these tests require, they only try out."""
    monkeypatch.setattr(needs.Running, "marks", None)


@pytest.mark.usefixtures("of_no_test")
def test_what_is_there_is_tried(monkeypatch):
    row = needs.Need("tex", list, "")
    monkeypatch.setitem(needs.NEEDS, "tex", row)
    needs.require("tex")


@pytest.mark.usefixtures("of_no_test")
def test_a_part_that_is_missing_is_told_by_its_name(monkeypatch):
    monkeypatch.setattr(needs.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(needs, "VNU_JAR", needs.VNU_JAR / "not here")
    assert needs.NEEDS["chromium"].missing()[-2:] == ["playwright", "axe_playwright_python"]
    assert needs.NEEDS["validator"].missing()[-1] == "vnu.jar"
    monkeypatch.setenv(needs.REQUIRED, "validator")
    with pytest.raises(pytest.fail.Exception, match=r"SYMNN_REQUIRE names validator: .*vnu\.jar not installed"):
        needs.require("validator")
    monkeypatch.delenv(needs.REQUIRED)
    with pytest.raises(pytest.skip.Exception, match=r"needs validator: .*vnu\.jar not installed"):
        needs.require("validator")

"""The plugin fails a test with the verdict, in the words of the verdict, and says nothing of itself."""

from __future__ import annotations

import pytest

from symnn.errors import InputError
from symnn.plugin import SECTION
from tests.test_readme import blocks

pytest_plugins = ["pytester"]

PROJECT = """
import numpy as np
import pytest
import symnn


def loss(params, x, y):
    hidden = np.tanh(params["W"] @ x)
    return np.sum((params["v"] @ hidden - y) ** 2) / x.shape[1]


def grad(params, x, y, slip=0):
    hidden = np.tanh(params["W"] @ x)
    error = 2 / x.shape[1] * (params["v"] @ hidden - y)
    W = (params["v"].T @ error * (1 - hidden**2)) @ x.T
    W[3, 2] += slip
    return {"W": W, "v": error @ hidden.T}


def slipped(params, x, y):
    return grad(params, x, y, slip=1e-3)


def unready(params, x, y):
    raise RuntimeError("not yet")


rng = np.random.default_rng(0)
example = {"W": rng.normal(size=(4, 3)), "v": rng.normal(size=(1, 4))}, rng.normal(size=(3, 2)), np.ones((1, 2))
"""
ROWS = ["*W  (4, 3)  differs at W[[]3, 2[]]", "*yours  *", "*exact  *", "*difference  1.0e-3*"]
INTERNAL = ["*symnn/plugin.py*", "*symnn/verification/*", "*_certified*Error*"]


@pytest.fixture
def outcome(pytester):
    """Run tests of the project above in a pytest of its own, which loads the plugin as it is installed."""

    def run(body, *options):
        pytester.makepyfile(PROJECT + body)
        return pytester.runpytest("-p", "no:cacheprovider", "-W", "error", *options)

    return run


def test_an_equal_gradient_passes_and_its_verdict_is_returned(outcome):
    done = outcome("""
def test_gradient(symnn_verify):
    verdict = symnn_verify(loss, grad, *example, points=1, seed=3)
    assert verdict.verdict == "equal"
    assert verdict["W"].digits > 50
""")
    done.assert_outcomes(passed=1)
    done.stdout.no_fnmatch_line(f"*{SECTION}*")


def test_a_different_gradient_fails_with_the_entry_and_its_values(outcome):
    done = outcome("""
def test_gradient(symnn_verify):
    symnn_verify(loss, slipped, *example)
""")
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines([">*symnn_verify(loss, slipped, [*]example)", "E*different: the gradient is *", *ROWS])
    for line in [*INTERNAL, f"*{SECTION}*"]:
        done.stdout.no_fnmatch_line(line)


def test_an_undecided_gradient_fails_with_the_reason(outcome):
    done = outcome("""
def test_gradient(symnn_verify):
    symnn_verify(loss, unready, *example)
""")
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["E*undecided: *", "E*because grad raised RuntimeError: not yet*"])


def test_arguments_that_cannot_be_used_raise_at_the_line_of_the_test(outcome):
    done = outcome("""
def test_gradient(symnn_verify):
    symnn_verify(loss, grad, {"W": "abc"})
""")
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines([">*symnn_verify(*", f"E*{InputError.__name__}: W is no array of real numbers"])
    for line in INTERNAL:
        done.stdout.no_fnmatch_line(line)


# Tests that hold a verdict which is not equal, without the fixture.
ASSERTIONS = {
    "bare": "assert symnn.verify(loss, slipped, *example)",
    "named": "verdict = symnn.verify(loss, slipped, *example)\n    assert verdict",
    "of its outcome": "verdict = symnn.verify(loss, slipped, *example)\n    assert verdict.verdict == 'equal'",
    "with itself as the message": "verdict = symnn.verify(loss, slipped, *example)\n    assert verdict, verdict",
}


@pytest.mark.parametrize("statement", ASSERTIONS.values(), ids=ASSERTIONS)
def test_an_assertion_that_fails_shows_the_verdict(outcome, statement):
    done = outcome(f"\ndef test_gradient():\n    {statement}\n")
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines([f"*{SECTION}*", "different: the gradient is certainly wrong *", *ROWS])


def test_a_verdict_that_is_the_message_is_shown_once(outcome):
    done = outcome("""
def test_gradient():
    verdict = symnn.verify(loss, slipped, *example)
    assert verdict, str(verdict)
""")
    done.stdout.fnmatch_lines(["E*different: the gradient is certainly wrong *", *ROWS])
    done.stdout.no_fnmatch_line(f"*{SECTION}*")


# Tests in which there is nothing to show.
SILENT = {
    "equal": "verdict = symnn.verify(loss, grad, *example)\n    assert not verdict",
    "another error": "verdict = symnn.verify(loss, slipped, *example)\n    raise ValueError",
    "no verdict": "assert 1 == 2",
    "a value that answers nothing": (
        "class Mute:\n        @property\n        def __class__(self):\n            raise RuntimeError\n"
        "    mute = Mute()\n    assert 1 == 2"
    ),
}


@pytest.mark.parametrize("statement", SILENT.values(), ids=SILENT)
def test_other_failures_are_left_alone(outcome, statement):
    done = outcome(f"\ndef test_gradient():\n    {statement}\n", "--tb=line")
    done.assert_outcomes(failed=1)
    done.stdout.no_fnmatch_line(f"*{SECTION}*")
    done.stdout.no_fnmatch_line("*INTERNALERROR*")


def test_the_plugin_can_be_left_out(outcome):
    done = outcome("\ndef test_gradient(symnn_verify): pass\n", "-p", "no:symnn")
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*fixture 'symnn_verify' not found*"])


def test_the_fixture_is_listed_with_its_sentence(outcome):
    outcome("", "--fixtures").stdout.fnmatch_lines(["symnn_verify [[]session scope[]]*", "*equal* verdict and fails*"])


def test_a_pytest_of_its_own_loads_the_plugin_without_a_warning(pytester):
    pytester.makepyfile(PROJECT + "\ndef test_gradient(symnn_verify):\n    symnn_verify(loss, slipped, *example)\n")
    done = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-W", "error")
    done.assert_outcomes(failed=1, warnings=0)
    done.stdout.fnmatch_lines(ROWS)


def test_the_test_in_the_readme_passes(pytester):
    (shown,) = (block for block in blocks("python") if "symnn_verify" in block)
    (checked,) = (block for block in blocks("python") if "def grad" in block)
    pytester.makepyfile(mine=checked.partition("print(")[0].replace("(1 - hidden)", "(1 - hidden**2)"))
    with (pytester.path / "mine.py").open("a", encoding="utf-8") as mine:
        mine.write("\n\ndef example():\n    return params, rng.normal(size=(2, 5)), rng.normal(size=(1, 5))\n")
    pytester.makepyfile(shown)
    pytester.runpytest("-p", "no:cacheprovider", "-p", "no:doctest").assert_outcomes(passed=1)

"""The pytest plugin: the fixture ``symnn_verify``, and the verdict beside a test that failed with one in hand.

pytest loads it by itself where symnn is installed; ``-p no:symnn`` leaves it out.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import pytest

from symnn.errors import SymnnError
from symnn.verification import Verdict, verify

SECTION = "symnn verdict"
"""The heading under which a failed test shows a verdict."""


@pytest.fixture(scope="session")
def symnn_verify() -> Callable[..., Verdict]:
    """Return a function called like `symnn.verify` that returns an *equal* verdict and fails the test on any other.

    The test fails with the text of the verdict, at the line of the test. `InputError` and `ShapeError` are raised as
    `symnn.verify` raises them.
    """
    return _certified


def _certified(*arguments: Any, **options: Any) -> Verdict:
    # pytest leaves this frame out of what it shows, so that the failure stands in the test.
    __tracebackhide__ = True
    try:
        verdict = verify(*arguments, **options)
    except SymnnError as problem:
        raise problem.with_traceback(None) from None
    if not verdict:
        raise AssertionError(str(verdict))
    return verdict


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to the report of a failed assertion each verdict that it had in hand and that is not *equal*.

    pytest shows a value that is false by its representation, cut short; there is no hook to say it otherwise.
    """
    report = yield
    if call.excinfo is not None and call.excinfo.errisinstance(AssertionError):
        report.sections.extend((SECTION, text) for text in _in_hand(call.excinfo))
    return report


def _in_hand(failure: pytest.ExceptionInfo[BaseException]) -> list[str]:
    """Return the verdicts in the frame that failed, named or not, once each; none where the failure says it already."""
    # Named by the test, or held by pytest while an assertion is taken apart.
    held = failure.traceback[-1].frame.f_locals.values()
    # By type, and not by isinstance, which asks the value: what a test holds need not answer.
    texts = dict.fromkeys(str(value) for value in held if type(value) is Verdict and not value)
    # pytest may have moved the lines of a message to the right.
    said = " ".join(str(failure.value).split())
    return [text for text in texts if " ".join(text.split()) not in said]

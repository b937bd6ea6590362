"""NumPy's and SciPy's functions in losses: right gradients are certified, and wrong ones are told from them."""

from __future__ import annotations

import builtins
import io
import math
import re
from contextlib import redirect_stdout

import numpy as np
import pytest
import scipy.linalg
import scipy.sparse
from scipy import ndimage, signal, special, stats

from symnn import verify
from tests.verification.functions import algebra, elementwise, rearranging, reductions, scientific, showing, signals
from tests.verification.functions.points import V
from tests.verification.pairs import verify_pair

IMPORT = builtins.__import__
TABLES = (algebra, elementwise, rearranging, reductions, scientific, showing, signals)
NAMED = [(name, row) for table in TABLES for name, row in table.PAIRS.items()]
ROWS = [pytest.param(row, id=name) for name, row in NAMED]
# Every fifth in an ordinary run.
SOME = [
    pytest.param(row, id=name, marks=[pytest.mark.time] if number % 5 else [])
    for number, (name, row) in enumerate(NAMED)
]


def verdict(loss, grad, w, x, check=verify):
    with redirect_stdout(io.StringIO()):
        return check(loss, grad, w.copy(), x.copy())


def twin(grad, w, x):
    """The gradient with its largest entry off by one part in 10**9."""
    largest = np.argmax(np.abs(grad(w.copy(), x.copy())))

    def wrong(w, x):
        g = np.array(grad(w, x), dtype=float)
        g.flat[largest] *= 1 + 1e-9
        return g

    return wrong


def hold(row, check):
    (w, x), loss, grad = row
    right = verdict(loss, grad, w, x, check)
    assert right.verdict == "equal", right
    assert verdict(loss, twin(grad, w, x), w, x, check).verdict == "different"


@pytest.mark.parametrize("row", SOME)
def test_a_right_gradient_is_equal_and_its_wrong_twin_different(row):
    # Without watching how the code conducts itself, and without naming the mistake: that is half of the time.
    hold(row, verify_pair)


@pytest.mark.parametrize("row", ROWS[::30])
def test_a_whole_check_says_the_same(row):
    hold(row, verify)


@pytest.mark.parametrize("row", ROWS)
def test_the_gradient_of_a_row_is_that_of_float64(row):
    (w, x), loss, grad = row
    measured = np.zeros(w.shape)
    with redirect_stdout(io.StringIO()):
        for index in np.ndindex(w.shape):
            step = np.zeros(w.shape)
            step[index] = 1e-5
            measured[index] = (np.squeeze(loss(w + step, x)) - np.squeeze(loss(w - step, x))) / 2e-5
        # Central differences with step 1e-5 are good to 1e-10 of the loss at best.
        assert np.allclose(grad(w, x), measured, rtol=1e-6, atol=1e-6)


REFUSED = {
    "scipy.sparse.csr_matrix": lambda w: np.sum(scipy.sparse.csr_matrix(np.eye(4)[:, :4] * w[0]).sum()),
    "np.ma": lambda w: np.sum(np.ma.masked_less(w, 0) ** 2),
    "np.frexp": lambda w: np.sum(np.frexp(w)[0]),
    "math.frexp": lambda w: math.frexp(w[0])[0],
    "complex": lambda w: abs(complex(w[0], w[1])) ** 2,
    "np.histogram": lambda w: np.sum(w * np.histogram(w, 4)[0]),
    "np.linalg.eigvals": lambda w: np.sum(np.linalg.eigvals(np.outer(w, w) + np.diag(w)).real),
    "scipy.special.gammainc": lambda w: special.gammainc(2.0, w).sum(),
    "stats.weibull_min.logpdf": lambda w: stats.weibull_min.logpdf(np.abs(w), 2.0).sum(),
    "scipy.ndimage.gaussian_filter": lambda w: ndimage.gaussian_filter(w, 1.0).sum(),
    "scipy.signal.savgol_filter": lambda w: signal.savgol_filter(w, 3, 1).sum(),
    "scipy.linalg.logm": lambda w: np.trace(scipy.linalg.logm(np.diag(w * w))),
}


@pytest.mark.parametrize("named", REFUSED)
def test_what_cannot_run_is_named_with_its_line_and_what_to_write_instead(named):
    w, x = V
    found = verdict(lambda w, x: REFUSED[named](w), lambda w, x: w, w, x)
    assert found.verdict == "undecided"
    assert re.search(
        rf"{re.escape(named)}\S* cannot run on certified numbers.*: use .*test_functions.py:\d+", str(found)
    )


def imported_inside(w, x):
    import statistics  # noqa: PLC0415

    import numpy  # noqa: PLC0415
    from scipy.special import logsumexp  # noqa: PLC0415

    z = numpy.zeros(4)
    z[1:] = w[1:]
    return statistics.fmean(z) + logsumexp(w) + numpy.asarray(x, dtype=float) @ w


def imported_inside_grad(w, x):
    return np.array([0, 1, 1, 1]) / 4 + np.exp(w) / np.exp(w).sum() + x


def test_an_import_inside_of_a_function_is_that_of_a_module():
    assert verdict(imported_inside, imported_inside_grad, *V).verdict == "equal"
    assert verdict(imported_inside, twin(imported_inside_grad, *V), *V).verdict == "different"
    assert builtins.__import__ is IMPORT

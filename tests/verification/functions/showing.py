"""Losses that show numbers as they go, and change nothing by it."""

from __future__ import annotations

import io
import logging
import sys
import warnings

import numpy as np

from tests.verification.functions.points import V

log = logging.getLogger(__name__)
HISTORY: list = []


def printed(w, x):
    loss = np.sum(w**2)
    print("loss", loss, w, x[0], file=io.StringIO())
    return loss


def formatted(w, x):
    loss = np.sum(w**2)
    print(f"{loss:.3f} {w[0]:>8.2e} {float(loss):,.1f} {loss!r} {w}", file=io.StringIO())
    print("{:.4f} {:5.2g}".format(loss, w[1]), file=io.StringIO())  # noqa: UP032
    return loss


def by_percent(w, x):
    loss = np.mean(w**2)
    print("%.3f %5.1e %d %s" % (loss, w[0], len(w), w), file=io.StringIO())  # noqa: UP031
    return loss * 4


def logged(w, x):
    loss = np.sum(w**2)
    log.debug("loss %.3f", loss)
    log.info(f"{loss.item():.3f}")
    return loss


def recorded(w, x):
    loss = np.sum(w**2)
    HISTORY.append(float(loss))
    HISTORY.append(f"{loss.item():.6f}")
    return float(loss)


def shown_arrays(w, x):
    text = np.array2string(w, precision=3) + np.array_repr(w) + str(w) + repr(w)
    with np.printoptions(precision=3, suppress=True):
        sys.stdout.write("")
        print(w, file=io.StringIO())
    return np.sum(w**2) + len(text) * 0


def kept_as_float(w, x):
    total = 0.0
    for a in w:
        total += float(a) ** 2
    return np.float64(total)


def itemised(w, x):
    return sum(w[k].item() ** 2 for k in range(w.size)) + np.array([w[0]]).item() * 0


def rounded_for_show(w, x):
    loss = np.sum(w**2)
    print(round(loss, 3), np.round(w, 2), round(float(w[0]), 2), file=io.StringIO())
    return loss


def format_function(w, x):
    loss = np.sum(w**2)
    format(loss, ".3f")
    str(loss), np.format_float_positional(1.0)
    print("{:.3f}".format(float(loss)), file=io.StringIO())  # noqa: UP032
    return loss


def warned(w, x):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.warn(f"loss {w[0]:.3f}", stacklevel=1)
    return np.sum(w**2)


def asserted(w, x):
    loss = np.sum(w**2)
    assert np.isfinite(loss), f"loss is {loss}"
    assert loss.shape == ()
    assert isinstance(float(loss), float)
    assert np.isscalar(loss)
    assert loss.dtype == np.float64
    return loss


PAIRS = {
    name: (V, function, lambda w, x: 2 * w)
    for name, function in {
        "print": printed,
        "f-string": formatted,
        "percent": by_percent,
        "logging": logged,
        "history": recorded,
        "array2string": shown_arrays,
        "float": kept_as_float,
        "item": itemised,
        "round to show": rounded_for_show,
        "format": format_function,
        "warnings": warned,
        "assert": asserted,
    }.items()
}

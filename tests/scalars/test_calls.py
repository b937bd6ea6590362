"""On request a record says which call made which array, where in the code and under which name."""

from __future__ import annotations

import math

import numpy as np
import pytest
from flint import arb

from symnn.scalars import array, ball, distinct, floats, precision, running, values
from symnn.scalars.block import leaf
from symnn.scalars.tape import recording
from symnn.verification.calling import single

BITS = 200


def helper(A):
    return np.tanh(A)


class Layer:
    def forward(self, X):
        self.out = np.exp(X)
        return self.out


def loss(w, x):
    Z = w @ x
    H = helper(Z) + 1
    for k in range(2):
        H = H * w[0, k]
    H[0] = Z[1] * 2
    view = H[:, 1:]
    view += x.T[:2, 1:] ** 2
    parts = [np.sum(row) for row in H]
    return np.mean(Layer().forward(H / 8)) + parts[0]


def recorded(function, w, x):
    numbers = distinct(w, BITS)
    with running(ball(BITS), functions=[function]), recording(with_calls=True) as record:
        numbers, leaves = leaf(record, numbers)
        found = single(function(numbers, array(x, ball(BITS))))
        with precision(BITS):
            return record, record.adjoints(found.value), leaves


W, X = np.array([[1.0, 0.5], [0.25, -1.0]]), np.array([[0.5, 0.25], [1.0, 2.0]])


def test_every_array_has_its_call_its_text_its_name_its_round_and_its_version():
    record, _, _ = recorded(loss, W, X)
    first = loss.__code__.co_firstlineno
    told = [
        (call.function, call.source.text, call.source.name, call.round, call.version)
        for call in record.calls.made
        if call.source.line >= first
    ]
    assert told[:8] == [
        ("matmul", "w @ x", "Z", 0, 0),
        ("add", "helper(Z) + 1", "H", 0, 0),
        ("multiply", "H * w[0, k]", "H", 0, 1),
        ("multiply", "H * w[0, k]", "H", 1, 2),
        ("multiply", "Z[1] * 2", "", 0, 0),
        ("setitem", "H[0]", "H", 0, 3),
        ("power", "x.T[:2, 1:] ** 2", "", 0, 0),
        ("add", "view += x.T[:2, 1:] ** 2", "view", 0, 0),
    ]
    assert [row[:2] for row in told[8:10]] == [("sum", "np.sum(row)")] * 2
    assert told[9][3] == 1, "the second round of a comprehension"
    inside = [call for call in record.calls.made if call.source.line < first]
    assert [(call.function, call.source.text, call.source.name) for call in inside] == [
        ("tanh", "np.tanh(A)", "return"),
        ("exp", "np.exp(X)", "self.out"),
    ]


def test_what_a_call_read_and_made_is_kept_as_it_was():
    record, _, _ = recorded(loss, W, X)
    by_text = {call.source.text: call for call in record.calls.made}
    assert floats(by_text["w @ x"].output).tolist() == (W @ X).tolist()
    assert np.allclose(floats(by_text["np.tanh(A)"].inputs[0]), W @ X)
    before, after = by_text["H * w[0, k]"], by_text["H[0]"]
    assert not np.allclose(floats(before.output)[0], floats(after.output)[0])
    assert np.allclose(floats(after.output)[0], (W @ X)[1] * 2)


def test_every_array_of_a_loss_has_its_adjoint():
    def of_parts(w, x):
        Z = w @ x
        return np.sum(np.tanh(Z) ** 2) / 2

    record, found, leaves = recorded(of_parts, W, X)
    by_text = {call.source.text: call.output for call in record.calls.made}
    Z, A = W @ X, np.tanh(W @ X)
    for text, expected in {"np.tanh(Z)": A, "w @ x": A * (1 - A**2)}.items():
        numbers = np.array(values(by_text[text]), dtype=object).reshape(Z.shape)
        adjoint = record.adjoint(numbers, found)
        assert np.allclose([float(one) for one in adjoint.ravel()], expected.ravel(), rtol=1e-14), text
    assert np.allclose([float(one) for one in found[leaves]], (A * (1 - A**2) @ X.T).ravel())
    assert record.adjoint(np.array([arb(2)], dtype=object), found).tolist() == [0], "what does not move"


def test_single_numbers_are_kept_too():
    def of_numbers(w, x):
        total = w[0, 0] * w[1, 1]
        total += math.exp(w[0, 1])
        return total

    record, _, _ = recorded(of_numbers, W, X)
    assert [(one.source.name, one.version) for one in record.calls.made] == [("total", 0), ("", 0), ("total", 1)]


@pytest.mark.parametrize("with_calls", [False, True])
def test_nothing_is_kept_unless_it_is_asked_for(with_calls):
    with running(ball(BITS)), recording(with_calls=with_calls) as record:
        np.exp(array([1.0], ball(BITS)))
    assert (record.calls is not None and len(record.calls.made) == 1) == with_calls


def test_code_without_a_source_has_its_line_and_no_text():
    space = {"np": np}
    exec(compile("def of(w, x):\n    return np.sum(w * w)\n", "<nowhere>", "exec"), space)
    record, _, _ = recorded(space["of"], W, X)
    assert [(call.source.line, call.source.text) for call in record.calls.made] == [(2, ""), (2, "")]

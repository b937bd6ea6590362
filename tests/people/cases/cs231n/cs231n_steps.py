"""Recurrent steps and loops as functions: rnn_step, lstm_step with (next_h, next_c, cache), whole sequences."""

import numpy as np
import symnn
from tests.people.case import numbers, right, wrong

N, D, H, T = 2, 3, 2, 3
RNN = (numbers(N, D), numbers(N, H), numbers(D, H), numbers(H, H), numbers(H))
LSTM = (numbers(N, D), numbers(N, H), numbers(N, H, seed=1), numbers(D, 4 * H), numbers(H, 4 * H), numbers(4 * H))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(x.dot(Wx) + prev_h.dot(Wh) + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)


def rnn_step_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, next_h = cache
    d = dnext_h * (1 - next_h**2)
    return d.dot(Wx.T), d.dot(Wh.T), x.T.dot(d), prev_h.T.dot(d), d.sum(axis=0)


def rnn_step_backward_transposed(dnext_h, cache):
    x, prev_h, Wx, Wh, next_h = cache
    d = dnext_h * (1 - next_h**2)
    return d.dot(Wx.T), d.dot(Wh), x.T.dot(d), prev_h.T.dot(d), d.sum(axis=0)


def rnn_forward(x, h0, Wx, Wh, b):
    h, caches, out = h0, [], np.zeros((x.shape[0], x.shape[1], h0.shape[1]))
    for t in range(x.shape[1]):
        h, cache = rnn_step_forward(x[:, t], h, Wx, Wh, b)
        out[:, t] = h
        caches.append(cache)
    return out, caches


def rnn_backward(dh, cache, carry=True):
    n, steps, h = dh.shape
    D = cache[0][0].shape[1]
    dx, dprev = np.zeros((n, steps, D)), np.zeros((n, h))
    dWx, dWh, db = np.zeros((D, h)), np.zeros((h, h)), np.zeros(h)
    for t in reversed(range(steps)):
        dx[:, t], dprev, dWx_t, dWh_t, db_t = rnn_step_backward(dh[:, t] + (dprev if carry else 0), cache[t])
        dWx += dWx_t
        dWh += dWh_t
        db += db_t
    return dx, dprev, dWx, dWh, db


def rnn_backward_carry_lost(dh, cache):
    return rnn_backward(dh, cache, carry=False)


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    a = x.dot(Wx) + prev_h.dot(Wh) + b
    n = prev_h.shape[1]
    i, f, o = sigmoid(a[:, :n]), sigmoid(a[:, n : 2 * n]), sigmoid(a[:, 2 * n : 3 * n])
    g = np.tanh(a[:, 3 * n :])
    next_c = f * prev_c + i * g
    next_h = o * np.tanh(next_c)
    return next_h, next_c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c)


def lstm_step_backward(dnext_h, dnext_c, cache, slip=None):
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c = cache
    t = np.tanh(next_c)
    through_h = dnext_h * o * (1 - t**2)
    dc = through_h if slip == "overwritten" else dnext_c + through_h
    di, df, do, dg = dc * g, dc * prev_c, dnext_h * t, dc * i
    slopes = (i * (1 - i), f * (1 - f), o * (1 - o), 1 - g if slip == "gate" else 1 - g**2)
    da = np.hstack([d * slope for d, slope in zip((di, df, do, dg), slopes, strict=True)])
    return da.dot(Wx.T), da.dot(Wh.T), dc * f, x.T.dot(da), prev_h.T.dot(da), da.sum(axis=0)


def lstm_step_backward_overwritten(dnext_h, dnext_c, cache):
    return lstm_step_backward(dnext_h, dnext_c, cache, "overwritten")


def lstm_step_backward_gate(dnext_h, dnext_c, cache):
    return lstm_step_backward(dnext_h, dnext_c, cache, "gate")


def lstm_forward(x, h0, Wx, Wh, b):
    h, c, caches, hs = h0, np.zeros_like(h0), [], []
    for t in range(x.shape[1]):
        h, c, cache = lstm_step_forward(x[:, t], h, c, Wx, Wh, b)
        hs.append(h)
        caches.append(cache)
    return np.stack(hs, axis=1), caches


def lstm_backward(dh, cache):
    dprev_h, dprev_c, dxs, sums = 0, 0, [], [0, 0, 0]
    for t in range(len(cache) - 1, -1, -1):
        dx, dprev_h, dprev_c, *parts = lstm_step_backward(dh[:, t] + dprev_h, dprev_c, cache[t])
        sums = [a + p for a, p in zip(sums, parts, strict=True)]
        dxs.append(dx)
    return np.stack(dxs[::-1], axis=1), dprev_h, *sums


def lstm_backward_reversed(dh, cache):
    dx, *rest = lstm_backward(dh, cache)
    return dx[:, ::-1], *rest


def temporal_affine_forward(x, w, b):
    n, t, d = x.shape
    return x.reshape(n * t, d).dot(w).reshape(n, t, -1) + b, (x, w, b)


def temporal_affine_backward(dout, cache):
    x, w, b = cache
    n, t, d = x.shape
    flat = dout.reshape(n * t, -1)
    return flat.dot(w.T).reshape(n, t, d), x.reshape(n * t, d).T.dot(flat), dout.sum(axis=(0, 1))


def temporal_affine_backward_axis(dout, cache):
    dx, dw, db = temporal_affine_backward(dout, cache)
    return dx, dw, dout[:, 0].sum(axis=0)


SEQUENCE = (numbers(N, T, D), numbers(N, H), *RNN[2:])
LONG = (numbers(1, 2, D), numbers(1, H), *LSTM[3:])
AFFINE = (numbers(N, T, D), numbers(D, 2), numbers(2))

CASES = [
    right("rnn step", lambda s: symnn.verify(rnn_step_forward, rnn_step_backward, *RNN, seed=s), arrays=5),
    wrong("rnn step, transposed", lambda s: symnn.verify(rnn_step_forward, rnn_step_backward_transposed, *RNN, seed=s)),
    right("rnn", lambda s: symnn.verify(rnn_forward, rnn_backward, *SEQUENCE, seed=s), arrays=5),
    wrong("rnn, carry lost", lambda s: symnn.verify(rnn_forward, rnn_backward_carry_lost, *SEQUENCE, seed=s)),
    right("lstm step", lambda s: symnn.verify(lstm_step_forward, lstm_step_backward, *LSTM, seed=s), arrays=6),
    wrong(
        "lstm step, the cell", lambda s: symnn.verify(lstm_step_forward, lstm_step_backward_overwritten, *LSTM, seed=s)
    ),
    wrong("lstm step, a gate", lambda s: symnn.verify(lstm_step_forward, lstm_step_backward_gate, *LSTM, seed=s)),
    right("lstm", lambda s: symnn.verify(lstm_forward, lstm_backward, *LONG, seed=s), arrays=5),
    wrong("lstm, steps reversed", lambda s: symnn.verify(lstm_forward, lstm_backward_reversed, *LONG, seed=s)),
    right(
        "temporal affine", lambda s: symnn.verify(temporal_affine_forward, temporal_affine_backward, *AFFINE, seed=s)
    ),
    wrong(
        "temporal affine, one step",
        lambda s: symnn.verify(temporal_affine_forward, temporal_affine_backward_axis, *AFFINE, seed=s),
    ),
]

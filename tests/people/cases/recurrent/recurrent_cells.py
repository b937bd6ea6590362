"""Cells of recurrent networks as objects: params and grads in lists, forward(x, h_prev), backward(dh_next)."""

import numpy as np
import symnn
from tests.people.case import numbers, right, wrong

N, D, H = 2, 3, 2
x, h, c = numbers(N, D), numbers(N, H), numbers(N, H, seed=1)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class RNN:
    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.cache = None

    def forward(self, x, h_prev):
        Wx, Wh, b = self.params
        h_next = np.tanh(np.dot(h_prev, Wh) + np.dot(x, Wx) + b)
        self.cache = (x, h_prev, h_next)
        return h_next

    def backward(self, dh_next):
        Wx, Wh, b = self.params
        x, h_prev, h_next = self.cache
        dt = dh_next * (1 - h_next**2)
        self.grads[0][...] = np.dot(x.T, dt)
        self.grads[1][...] = np.dot(self.state(h_prev, h_next).T, dt)
        self.grads[2][...] = np.sum(dt, axis=0)
        return np.dot(dt, Wx.T), np.dot(dt, Wh.T)

    def state(self, h_prev, h_next):
        return h_prev


class RNNSameStep(RNN):
    def state(self, h_prev, h_next):
        return h_next


class LSTM:
    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]

    def forward(self, x, h_prev, c_prev):
        Wx, Wh, b = self.params
        A = np.dot(x, Wx) + np.dot(h_prev, Wh) + b
        f, g, i, o = (A[:, k * H : (k + 1) * H] for k in range(4))
        f, g, i, o = sigmoid(f), np.tanh(g), sigmoid(i), sigmoid(o)
        c_next = f * c_prev + g * i
        h_next = o * np.tanh(c_next)
        self.cache = (x, h_prev, c_prev, i, f, g, o, c_next)
        return h_next, c_next

    def backward(self, dh_next, dc_next):
        Wx, Wh, b = self.params
        x, h_prev, c_prev, i, f, g, o, c_next = self.cache
        t = np.tanh(c_next)
        ds = dc_next + (dh_next * o) * (1 - t**2)
        di, df, do, dg = ds * g, ds * self.old(c_prev, c_next), dh_next * t, ds * i
        dA = np.hstack((df * f * (1 - f), dg * (1 - g**2), di * i * (1 - i), do * o * (1 - o)))
        self.grads[0][...] = np.dot(x.T, dA)
        self.grads[1][...] = np.dot(h_prev.T, dA)
        self.grads[2][...] = dA.sum(axis=0)
        return np.dot(dA, Wx.T), np.dot(dA, Wh.T), ds * f

    def old(self, c_prev, c_next):
        return c_prev


class LSTMNewCell(LSTM):
    def old(self, c_prev, c_next):
        return c_next


class GRU:
    def __init__(self, Wx, Wh, b):
        self.Wx, self.Wh, self.b = Wx, Wh, b
        self.dWx, self.dWh, self.db = None, None, None

    def forward(self, x, h_prev):
        Wxz, Wxr, Wxh = (self.Wx[:, k * H : (k + 1) * H] for k in range(3))
        Whz, Whr, Whh = (self.Wh[:, k * H : (k + 1) * H] for k in range(3))
        bz, br, bh = (self.b[k * H : (k + 1) * H] for k in range(3))
        z, r = sigmoid(x @ Wxz + h_prev @ Whz + bz), sigmoid(x @ Wxr + h_prev @ Whr + br)
        g = np.tanh(x @ Wxh + (r * h_prev) @ Whh + bh)
        self.cache = (x, h_prev, z, r, g)
        return (1 - z) * h_prev + z * g

    def backward(self, dh_next):
        x, h_prev, z, r, g = self.cache
        Whz, Whr, Whh = (self.Wh[:, k * H : (k + 1) * H] for k in range(3))
        dg, dz, dh_prev = dh_next * z * (1 - g**2), dh_next * (g - h_prev) * z * (1 - z), dh_next * (1 - z)
        dhr = dg @ Whh.T
        dh_prev = dh_prev + r * dhr
        dr = self.reset(dhr, h_prev) * r * (1 - r)
        d = np.hstack([dz, dr, dg])
        self.dWx, self.db = x.T @ d, d.sum(axis=0)
        self.dWh = np.hstack([h_prev.T @ dz, h_prev.T @ dr, (r * h_prev).T @ dg])
        return d @ self.Wx.T, dh_prev + dz @ Whz.T + dr @ Whr.T

    def reset(self, dhr, h_prev):
        return dhr * h_prev


class GRUReset(GRU):
    def reset(self, dhr, h_prev):
        return dhr


class Embedding:
    def __init__(self, W):
        self.params, self.grads, self.idx = [W], [np.zeros_like(W)], None

    def forward(self, idx):
        (W,) = self.params
        self.idx = idx
        return W[idx]

    def backward(self, dout):
        (dW,) = self.grads
        dW[...] = 0
        np.add.at(dW, self.idx, dout)
        return


class EmbeddingOverwritten(Embedding):
    def backward(self, dout):
        (dW,) = self.grads
        dW[...] = 0
        dW[self.idx] = dout
        return


class EmbeddingDot:
    """Word vectors times the hidden vector, in a layer that holds a layer."""

    def __init__(self, W):
        self.embed = Embedding(W)
        self.params, self.grads = self.embed.params, self.embed.grads

    def forward(self, h, idx):
        self.target_W = self.embed.forward(idx)
        self.h = h
        return np.sum(self.target_W * h, axis=1)

    def backward(self, dout):
        dout = dout.reshape(dout.shape[0], 1)
        self.embed.backward(dout * self.h)
        return dout * self.target_W


class EmbeddingDotTurned(EmbeddingDot):
    def backward(self, dout):
        dout = dout.reshape(dout.shape[0], 1)
        self.embed.backward(dout * self.target_W)
        return dout * self.target_W


IDS = np.array([0, 3, 3])


def rnn(kind):
    return lambda s: symnn.verify(kind(numbers(D, H), numbers(H, H), numbers(H)), x, h, seed=s)


def lstm(kind):
    return lambda s: symnn.verify(kind(numbers(D, 4 * H), numbers(H, 4 * H), numbers(4 * H)), x, h, c, seed=s)


def gru(kind):
    return lambda s: symnn.verify(kind(numbers(D, 3 * H), numbers(H, 3 * H), numbers(3 * H)), x, h, seed=s)


CASES = [
    right("rnn", rnn(RNN), arrays=5),
    wrong("rnn, the state of the same step", rnn(RNNSameStep)),
    right("lstm", lstm(LSTM), arrays=6),
    wrong("lstm, the new cell for the old", lstm(LSTMNewCell)),
    right("gru", gru(GRU), arrays=5),
    wrong("gru, the reset gate", gru(GRUReset)),
    right("embedding", lambda s: symnn.verify(Embedding(numbers(5, 2)), IDS, seed=s), arrays=1),
    wrong("embedding, = for +=", lambda s: symnn.verify(EmbeddingOverwritten(numbers(5, 2)), IDS, seed=s)),
    right(
        "embedding and dot", lambda s: symnn.verify(EmbeddingDot(numbers(5, 2)), numbers(3, 2), IDS, seed=s), arrays=2
    ),
    wrong(
        "embedding and dot, turned",
        lambda s: symnn.verify(EmbeddingDotTurned(numbers(5, 2)), numbers(3, 2), IDS, seed=s),
    ),
]

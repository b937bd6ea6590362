"""Time containers over cells made in forward: stateful, embeddings, affine, softmax with loss, both directions."""

import numpy as np
import symnn
from tests.people.case import numbers, right, wrong
from tests.people.cases.recurrent.recurrent_cells import LSTM, RNN, Embedding, LSTMNewCell, RNNSameStep

N, T, D, H, V = 2, 3, 3, 2, 4
XS = numbers(N, T, D)
IDS, LABELS = np.array([[0, 3, 1], [3, 3, 2]]), np.array([[1, 0, 2], [3, -1, 1]])


class TimeEmbedding:
    def __init__(self, W):
        self.params, self.grads, self.layers, self.W = [W], [np.zeros_like(W)], None, W

    def forward(self, xs):
        n, t = xs.shape
        out, self.layers = np.empty((n, t, self.W.shape[1])), []
        for k in range(t):
            layer = Embedding(self.W)
            out[:, k, :] = layer.forward(xs[:, k])
            self.layers.append(layer)
        return out

    def backward(self, dout):
        grad = 0
        for t in range(dout.shape[1]):
            layer = self.layers[t]
            layer.backward(dout[:, t, :])
            grad = self.gathered(grad, layer.grads[0])
        self.grads[0][...] = grad
        return

    def gathered(self, grad, one):
        return grad + one


class TimeEmbeddingLast(TimeEmbedding):
    def gathered(self, grad, one):
        return one


class TimeAffine:
    def __init__(self, W, b):
        self.params, self.grads, self.x = [W, b], [np.zeros_like(W), np.zeros_like(b)], None

    def forward(self, x):
        n, t, d = x.shape
        W, b = self.params
        self.x = x
        return (np.dot(x.reshape(n * t, -1), W) + b).reshape(n, t, -1)

    def backward(self, dout):
        n, t, d = self.x.shape
        W, b = self.params
        dout, rx = dout.reshape(n * t, -1), self.x.reshape(n * t, -1)
        self.grads[0][...], self.grads[1][...] = np.dot(rx.T, dout), self.summed(dout)
        return np.dot(dout, W.T).reshape(*self.x.shape)

    def summed(self, dout):
        return np.sum(dout, axis=0)


class TimeAffineMean(TimeAffine):
    def summed(self, dout):
        return np.mean(dout, axis=0)


class TimeSoftmaxWithLoss:
    def __init__(self):
        self.params, self.grads, self.cache, self.ignore_label = [], [], None, -1

    def forward(self, xs, ts):
        n, t, v = xs.shape
        if ts.ndim == 3:
            ts = ts.argmax(axis=2)
        mask = (ts != self.ignore_label).reshape(n * t)
        xs, ts = xs.reshape(n * t, v), ts.reshape(n * t)
        ys = np.exp(xs - xs.max(axis=1, keepdims=True))
        ys /= ys.sum(axis=1, keepdims=True)
        ls = np.log(ys[np.arange(n * t), ts])
        ls *= mask
        self.cache = (ts, ys, mask, (n, t, v))
        return -np.sum(ls) / mask.sum()

    def backward(self, dout=1):
        ts, ys, mask, (n, t, v) = self.cache
        dx = ys.copy()
        dx[np.arange(n * t), ts] -= 1
        dx *= dout
        dx /= self.count(mask)
        dx *= mask[:, np.newaxis]
        return dx.reshape((n, t, v))

    def count(self, mask):
        return mask.sum()


class TimeSoftmaxWithLossAll(TimeSoftmaxWithLoss):
    def count(self, mask):
        return len(mask)


class TimeRNN:
    cell = RNN

    def __init__(self, Wx, Wh, b, stateful=False):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(one) for one in self.params]
        self.layers, self.h, self.dh, self.stateful = None, None, None, stateful

    def set_state(self, h):
        self.h = h

    def reset_state(self):
        self.h = None

    def forward(self, xs):
        n, t, d = xs.shape
        self.layers, hs = [], np.empty((n, t, H))
        if not self.stateful or self.h is None:
            self.h = np.zeros((n, H))
        for k in range(t):
            layer = self.cell(*self.params)
            self.h = layer.forward(xs[:, k, :], self.h)
            hs[:, k, :] = self.h
            self.layers.append(layer)
        return hs

    def backward(self, dhs):
        dxs, dh, grads = np.empty((*dhs.shape[:2], D)), 0, [0, 0, 0]
        for t in reversed(range(dhs.shape[1])):
            layer = self.layers[t]
            dx, dh = layer.backward(dhs[:, t, :] + dh)
            dxs[:, t, :] = dx
            for i, grad in enumerate(layer.grads):
                grads[i] += grad
        for i, grad in enumerate(grads):
            self.grads[i][...] = grad
        self.dh = dh
        return dxs


class TimeRNNWrong(TimeRNN):
    cell = RNNSameStep


class TimeLSTM(TimeRNN):
    cell = LSTM
    c = None

    def forward(self, xs):
        n, t, d = xs.shape
        self.layers, hs = [], np.empty((n, t, H))
        if not self.stateful or self.h is None:
            self.h = np.zeros((n, H))
        if not self.stateful or self.c is None:
            self.c = np.zeros((n, H))
        for k in range(t):
            layer = self.cell(*self.params)
            self.h, self.c = layer.forward(xs[:, k, :], self.h, self.c)
            hs[:, k, :] = self.h
            self.layers.append(layer)
        return hs

    def backward(self, dhs):
        dxs, dh, dc, grads = [], 0, 0, [0, 0, 0]
        for t in reversed(range(dhs.shape[1])):
            dx, dh, dc = self.layers[t].backward(dhs[:, t, :] + dh, dc)
            dxs.insert(0, dx)
            grads = [a + b for a, b in zip(grads, self.layers[t].grads, strict=True)]
        for kept, grad in zip(self.grads, grads, strict=True):
            kept[...] = grad
        self.dh = dh
        return np.stack(dxs, axis=1)


class TimeLSTMWrong(TimeLSTM):
    cell = LSTMNewCell


class TimeBiRNN:
    """Two containers, one run over the steps reversed, outputs side by side."""

    def __init__(self):
        self.forward_rnn = TimeRNN(numbers(D, H), numbers(H, H), numbers(H))
        self.backward_rnn = TimeRNN(numbers(D, H, seed=1), numbers(H, H, seed=1), numbers(H, seed=1))
        self.params = self.forward_rnn.params + self.backward_rnn.params
        self.grads = self.forward_rnn.grads + self.backward_rnn.grads

    def forward(self, xs):
        right = self.forward_rnn.forward(xs)
        left = self.backward_rnn.forward(xs[:, ::-1])[:, ::-1]
        return np.concatenate((right, left), axis=2)

    def backward(self, dhs):
        dx = self.forward_rnn.backward(dhs[:, :, :H])
        return dx + self.turned(self.backward_rnn.backward(dhs[:, ::-1, H:]))

    def turned(self, dx):
        return dx[:, ::-1]


class TimeBiRNNUnturned(TimeBiRNN):
    def turned(self, dx):
        return dx


class Encoder:
    """Embedding and recurrence; only the last state comes out."""

    def __init__(self):
        self.embed = TimeEmbedding(numbers(V, D))
        self.rnn = TimeRNN(numbers(D, H), numbers(H, H), numbers(H))
        self.params = self.embed.params + self.rnn.params
        self.grads = self.embed.grads + self.rnn.grads
        self.hs = None

    def forward(self, xs):
        self.hs = self.rnn.forward(self.embed.forward(xs))
        return self.hs[:, -1, :]

    def backward(self, dh):
        dhs = np.zeros_like(self.hs)
        dhs[:, self.last(), :] = dh
        return self.embed.backward(self.rnn.backward(dhs))

    def last(self):
        return -1


class EncoderFirst(Encoder):
    def last(self):
        return 0


class Seq2seq:
    """An encoder, a decoder that starts from its state, a loss: forward(xs, ts) -> number, backward(dout=1)."""

    def __init__(self):
        self.encoder = Encoder()
        self.embed = TimeEmbedding(numbers(V, D, seed=1))
        self.rnn = TimeRNN(numbers(D, H, seed=1), numbers(H, H, seed=1), numbers(H, seed=1), stateful=True)
        self.affine, self.softmax = TimeAffine(numbers(H, V), numbers(V)), TimeSoftmaxWithLoss()
        self.params, self.grads = [], []
        for part in (self.encoder, self.embed, self.rnn, self.affine):
            self.params += part.params
            self.grads += part.grads

    def forward(self, xs, ts):
        decoder_xs, decoder_ts = ts[:, :-1], ts[:, 1:]
        self.rnn.set_state(self.encoder.forward(xs))
        out = self.affine.forward(self.rnn.forward(self.embed.forward(decoder_xs)))
        return self.softmax.forward(out, decoder_ts)

    def backward(self, dout=1):
        d = self.rnn.backward(self.affine.backward(self.softmax.backward(dout)))
        self.embed.backward(d)
        return self.encoder.backward(self.state(self.rnn.dh))

    def state(self, dh):
        return dh


class Seq2seqCut(Seq2seq):
    def state(self, dh):
        return 0 * dh


class AttentionWeight:
    """a = softmax(<h, hs>) over the steps; forward(hs, h), backward gives both."""

    def __init__(self):
        self.params, self.grads, self.cache = [], [], None

    def forward(self, hs, h):
        s = np.sum(hs * h[:, None, :], axis=2)
        a = np.exp(s - s.max(axis=1, keepdims=True))
        a /= a.sum(axis=1, keepdims=True)
        self.cache = (hs, h, a)
        return a

    def backward(self, da):
        hs, h, a = self.cache
        ds = self.through(a, da)[:, :, None]
        return ds * h[:, None, :], np.sum(ds * hs, axis=1)

    def through(self, a, da):
        return a * (da - np.sum(a * da, axis=1, keepdims=True))


class AttentionWeightDiagonal(AttentionWeight):
    def through(self, a, da):
        return a * (1 - a) * da


def rnn(kind=TimeRNN, **options):
    return lambda s: symnn.verify(kind(numbers(D, H), numbers(H, H), numbers(H), **options), XS, seed=s)


def lstm(kind):
    weights = (numbers(D, 4 * H), numbers(H, 4 * H), numbers(4 * H))
    return lambda s: symnn.verify(kind(*(one.copy() for one in weights)), XS, seed=s)


CASES = [
    right("rnn", rnn(), arrays=4),
    right("rnn, stateful", rnn(stateful=True), arrays=4),
    wrong("rnn, the state of the same step", rnn(TimeRNNWrong)),
    right("lstm", lstm(TimeLSTM), arrays=4),
    wrong("lstm, the new cell", lstm(TimeLSTMWrong)),
    right("embedding", lambda s: symnn.verify(TimeEmbedding(numbers(V, D)), IDS, seed=s), arrays=1),
    wrong("embedding, the last step", lambda s: symnn.verify(TimeEmbeddingLast(numbers(V, D)), IDS, seed=s)),
    right("affine", lambda s: symnn.verify(TimeAffine(numbers(D, V), numbers(V)), XS, seed=s), arrays=3),
    wrong("affine, mean", lambda s: symnn.verify(TimeAffineMean(numbers(D, V), numbers(V)), XS, seed=s)),
    right("softmax with loss", lambda s: symnn.verify(TimeSoftmaxWithLoss(), numbers(N, T, V), LABELS, seed=s)),
    wrong(
        "softmax with loss, all steps",
        lambda s: symnn.verify(TimeSoftmaxWithLossAll(), numbers(N, T, V), LABELS, seed=s),
    ),
    right("both directions", lambda s: symnn.verify(TimeBiRNN(), XS, seed=s), arrays=7),
    wrong("both directions, not turned", lambda s: symnn.verify(TimeBiRNNUnturned(), XS, seed=s)),
    right("encoder", lambda s: symnn.verify(Encoder(), IDS, seed=s), arrays=4),
    wrong("encoder, the first step", lambda s: symnn.verify(EncoderFirst(), IDS, seed=s)),
    right("encoder and decoder", lambda s: symnn.verify(Seq2seq(), IDS, IDS[:, ::-1], seed=s), arrays=10),
    wrong("encoder and decoder, cut", lambda s: symnn.verify(Seq2seqCut(), IDS, IDS[:, ::-1], seed=s)),
    right(
        "attention weight", lambda s: symnn.verify(AttentionWeight(), numbers(N, T, H), numbers(N, H), seed=s), arrays=2
    ),
    wrong(
        "attention weight, the diagonal",
        lambda s: symnn.verify(AttentionWeightDiagonal(), numbers(N, T, H), numbers(N, H), seed=s),
    ),
]

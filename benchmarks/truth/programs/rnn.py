"""A character-level recurrent net over one sequence, with backpropagation through time."""
import numpy as np


def run(model, inputs):
    Wxh, Whh, Why, bh, by = model
    vocab_size = Wxh.shape[1]
    xs, hs, ps = {}, {}, {}
    hs[-1] = np.zeros((Whh.shape[0], 1))
    for t in range(len(inputs)):
        xs[t] = np.zeros((vocab_size, 1))
        xs[t][inputs[t]] = 1
        hs[t] = np.tanh(np.dot(Wxh, xs[t]) + np.dot(Whh, hs[t - 1]) + bh)
        y = np.dot(Why, hs[t]) + by
        ps[t] = np.exp(y) / np.sum(np.exp(y))
    return xs, hs, ps


def loss(model, inputs, targets):
    xs, hs, ps = run(model, inputs)
    total = 0
    for t in range(len(inputs)):
        total += -np.log(ps[t][targets[t], 0])
    return total


def grad(model, inputs, targets):
    Wxh, Whh, Why, bh, by = model
    xs, hs, ps = run(model, inputs)
    dWxh, dWhh, dWhy = np.zeros_like(Wxh), np.zeros_like(Whh), np.zeros_like(Why)
    dbh, dby = np.zeros_like(bh), np.zeros_like(by)
    dhnext = np.zeros_like(hs[0])
    for t in reversed(range(len(inputs))):
        dy = np.copy(ps[t])
        dy[targets[t]] -= 1
        dWhy += np.dot(dy, hs[t].T)
        dby += dy
        dh = np.dot(Why.T, dy) + dhnext
        dhraw = (1 - hs[t] * hs[t]) * dh
        dbh += dhraw
        dWxh += np.dot(dhraw, xs[t].T)
        dWhh += np.dot(dhraw, hs[t - 1].T)
        dhnext = np.dot(Whh.T, dhraw)
    return dWxh, dWhh, dWhy, dbh, dby


def example():
    rng = np.random.default_rng(21)
    hidden, vocab = 3, 4
    model = (rng.normal(size=(hidden, vocab)), rng.normal(size=(hidden, hidden)), rng.normal(size=(vocab, hidden)),
             rng.normal(size=(hidden, 1)), rng.normal(size=(vocab, 1)))
    return model, [0, 2, 1, 3, 2], [2, 1, 3, 2, 0]

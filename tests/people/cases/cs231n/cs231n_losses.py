"""Losses that return (loss, dx), and linear classifiers that return (loss, dW), in loops and without."""

import numpy as np
import symnn
from tests.people.case import numbers, right, wrong

S, LABELS = numbers(5, 3), np.array([0, 2, 1, 1, 0])
W, X = 0.5 * numbers(4, 3), numbers(5, 4)


def svm_loss(x, y):
    N = x.shape[0]
    correct = x[np.arange(N), y]
    margins = np.maximum(0, x - correct[:, np.newaxis] + 1.0)
    margins[np.arange(N), y] = 0
    loss = np.sum(margins) / N
    num_pos = np.sum(margins > 0, axis=1)
    dx = np.zeros_like(x)
    dx[margins > 0] = 1
    dx[np.arange(N), y] -= num_pos
    dx /= N
    return loss, dx


def svm_loss_without_the_right_class(x, y):
    loss, dx = svm_loss(x, y)
    dx[np.arange(len(y)), y] = 0
    return loss, dx


def softmax_loss(x, y):
    shifted = x - np.max(x, axis=1, keepdims=True)
    Z = np.sum(np.exp(shifted), axis=1, keepdims=True)
    log_probs = shifted - np.log(Z)
    probs, N = np.exp(log_probs), x.shape[0]
    loss = -np.sum(log_probs[np.arange(N), y]) / N
    dx = probs.copy()
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx


def softmax_loss_unaveraged(x, y):
    loss, dx = softmax_loss(x, y)
    return loss, dx * len(y)


def softmax_loss_naive(W, X, y, reg):
    loss, dW = 0.0, np.zeros_like(W)
    for i in range(X.shape[0]):
        scores = X[i].dot(W)
        scores -= scores.max()
        p = np.exp(scores) / np.sum(np.exp(scores))
        loss -= np.log(p[y[i]])
        for k in range(W.shape[1]):
            dW[:, k] += X[i] * (p[k] - (k == y[i]))
    return loss / len(y) + reg * np.sum(W * W), dW / len(y) + 2 * reg * W


def softmax_loss_naive_penalty(W, X, y, reg):
    loss, dW = softmax_loss_naive(W, X, y, reg)
    return loss, dW - reg * W


def svm_loss_naive(W, X, y, reg):
    dW, loss = np.zeros(W.shape), 0.0
    for i in range(len(X)):
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    return loss / len(X) + reg * np.sum(W * W), dW / len(X) + 2 * reg * W


def svm_loss_naive_one_side(W, X, y, reg):
    _, dW = svm_loss_naive(W, X, y, reg)
    for i in range(len(X)):
        dW[:, y[i]] += X[i] / len(X)
    return svm_loss_naive(W, X, y, reg)[0], dW


def temporal_softmax_loss(x, y, mask):
    N, T, V = x.shape
    flat, labels, on = x.reshape(N * T, V), y.reshape(N * T), mask.reshape(N * T)
    probs = np.exp(flat - np.max(flat, axis=1, keepdims=True))
    probs /= np.sum(probs, axis=1, keepdims=True)
    loss = -np.sum(on * np.log(probs[np.arange(N * T), labels])) / N
    dx = probs.copy()
    dx[np.arange(N * T), labels] -= 1
    dx /= N
    dx *= on[:, None]
    return loss, dx.reshape(N, T, V)


def temporal_softmax_loss_unmasked(x, y, mask):
    loss, _ = temporal_softmax_loss(x, y, mask)
    return loss, temporal_softmax_loss(x, y, np.ones_like(mask))[1]


TEMPORAL = (numbers(2, 3, 4), np.array([[0, 3, 1], [2, 2, 0]]), np.array([[1, 1, 0], [1, 0, 1]]))

CASES = [
    right("svm_loss", lambda seed: symnn.verify(svm_loss, S, LABELS, seed=seed)),
    wrong("svm_loss, the right class", lambda s: symnn.verify(svm_loss_without_the_right_class, S, LABELS, seed=s)),
    right("softmax_loss", lambda seed: symnn.verify(softmax_loss, S, LABELS, seed=seed)),
    wrong("softmax_loss, not averaged", lambda seed: symnn.verify(softmax_loss_unaveraged, S, LABELS, seed=seed)),
    right("softmax of W in loops", lambda seed: symnn.verify(softmax_loss_naive, W, X, LABELS, 0.05, seed=seed)),
    wrong("half of its penalty", lambda s: symnn.verify(softmax_loss_naive_penalty, W, X, LABELS, 0.05, seed=s)),
    right("svm of W in loops", lambda seed: symnn.verify(svm_loss_naive, W, X, LABELS, 0.05, seed=seed)),
    wrong("svm of W, one side", lambda s: symnn.verify(svm_loss_naive_one_side, W, X, LABELS, 0.05, seed=s)),
    right("temporal softmax", lambda seed: symnn.verify(temporal_softmax_loss, *TEMPORAL, seed=seed)),
    wrong("temporal softmax, no mask", lambda s: symnn.verify(temporal_softmax_loss_unmasked, *TEMPORAL, seed=s)),
]

"""A support vector machine of several classes, by loops over samples."""

import numpy as np


def loss(W, X, y, reg):
    total = 0.0
    for i in range(X.shape[0]):
        scores = X[i] @ W
        margins = np.maximum(0, scores - scores[y[i]] + 1)
        total = total + np.sum(margins) - 1
    return total / X.shape[0] + reg * np.sum(W * W)


def grad(W, X, y, reg):
    dW = np.zeros(W.shape)
    num_train, num_classes = X.shape[0], W.shape[1]
    for i in range(num_train):
        scores = X[i].dot(W)
        correct = scores[y[i]]
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - correct + 1
            if margin > 0:
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    dW /= num_train
    dW += 2 * reg * W
    return dW


def example():
    r = np.random.default_rng(14)
    return r.normal(size=(4, 3)), r.normal(size=(5, 4)), np.array([0, 2, 1, 1, 0]), 0.3

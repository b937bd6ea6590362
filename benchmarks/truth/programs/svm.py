"""Multi-class hinge loss with a penalty; the gradient goes sample by sample and class by class."""
import numpy as np

reg = 0.1
delta = 1.0


def loss(W, X, y):
    num_train = X.shape[0]
    scores = X.dot(W)
    correct = scores[np.arange(num_train), y][:, np.newaxis]
    margins = np.maximum(0, scores - correct + delta)
    margins[np.arange(num_train), y] = 0
    return np.sum(margins) / num_train + reg * np.sum(W * W)


def grad(W, X, y):
    dW = np.zeros(W.shape)
    num_train = X.shape[0]
    num_classes = W.shape[1]
    for i in range(num_train):
        scores = X[i].dot(W)
        correct_class_score = scores[y[i]]
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - correct_class_score + delta
            if margin > 0:
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    dW /= num_train
    dW += 2 * reg * W
    return dW


def example():
    rng = np.random.default_rng(27)
    return rng.normal(size=(4, 5)) * 0.4, rng.normal(size=(6, 4)), rng.integers(5, size=6)

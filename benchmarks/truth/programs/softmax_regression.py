"""Softmax regression over class numbers with one weight matrix, as in the assignments of a vision course."""
import numpy as np

reg = 0.1


def softmax_scores(W, X):
    scores = X.dot(W)
    scores = scores - np.max(scores, axis=1, keepdims=True)
    exp_scores = np.exp(scores)
    return exp_scores / np.sum(exp_scores, axis=1, keepdims=True)


def loss(W, X, y):
    num_train = X.shape[0]
    probs = softmax_scores(W, X)
    data_loss = -np.log(probs[np.arange(num_train), y]).sum() / num_train
    return data_loss + reg * np.sum(W * W)


def grad(W, X, y):
    num_train = X.shape[0]
    dscores = softmax_scores(W, X)
    dscores[np.arange(num_train), y] -= 1
    dscores /= num_train
    dW = X.T.dot(dscores)
    dW += 2 * reg * W
    return dW


def example():
    np.random.seed(11)
    W = np.random.randn(4, 3) * 0.5
    X = np.random.randn(5, 4)
    y = np.array([2, 0, 1, 1, 2])
    return W, X, y

"""word2vec: skip-gram with negative sampling over a few pairs, one pair at a time."""
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def loss(vectors, centers, contexts, negatives):
    V_in, V_out = vectors
    total = 0.0
    for c, o, ks in zip(centers, contexts, negatives):
        v = V_in[c]
        total -= np.log(sigmoid(V_out[o] @ v))
        for k in ks:
            total -= np.log(sigmoid(-V_out[k] @ v))
    return total / len(centers)


def pair_gradient(v, u_o, u_neg):
    score = sigmoid(u_o @ v) - 1
    neg_scores = sigmoid(u_neg @ v)
    grad_v = score * u_o + u_neg.T @ neg_scores
    grad_o = score * v
    grad_neg = np.outer(neg_scores, v)
    return grad_v, grad_o, grad_neg


def grad(vectors, centers, contexts, negatives):
    V_in, V_out = vectors
    d_in = np.zeros_like(V_in)
    d_out = np.zeros_like(V_out)
    for c, o, ks in zip(centers, contexts, negatives):
        grad_v, grad_o, grad_neg = pair_gradient(V_in[c], V_out[o], V_out[ks])
        d_in[c] += grad_v
        d_out[o] += grad_o
        np.add.at(d_out, ks, grad_neg)
    d_in /= len(centers)
    d_out /= len(centers)
    return d_in, d_out


def example():
    rng = np.random.default_rng(26)
    vectors = rng.normal(size=(6, 3)), rng.normal(size=(6, 3))
    centers = np.array([0, 2, 0, 5])
    contexts = np.array([1, 3, 4, 2])
    negatives = np.array([[2, 5], [4, 4], [3, 1], [0, 0]])
    return vectors, centers, contexts, negatives

"""A bag of words: embeddings are averaged, then tanh and a softmax over class numbers."""
import numpy as np


def forward(p, bags):
    vectors = p["embedding"][bags]
    pooled = vectors.mean(axis=1)
    hidden = np.tanh(pooled)
    logits = hidden @ p["dense"] + p["bias"]
    logits -= logits.max(axis=1, keepdims=True)
    log_probs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return hidden, log_probs


def loss(p, bags, labels):
    _, log_probs = forward(p, bags)
    return -log_probs[np.arange(len(labels)), labels].mean()


def grad(p, bags, labels):
    n, words = bags.shape
    hidden, log_probs = forward(p, bags)
    d_logits = np.exp(log_probs)
    d_logits[np.arange(n), labels] -= 1.0
    d_logits /= n
    d_dense = hidden.T @ d_logits
    d_bias = d_logits.sum(axis=0)
    d_hidden = d_logits @ p["dense"].T
    d_pooled = d_hidden * (1.0 - hidden ** 2)
    d_vectors = np.repeat(d_pooled[:, None, :], words, axis=1) / words
    d_embedding = np.zeros_like(p["embedding"])
    np.add.at(d_embedding, bags, d_vectors)
    return {"embedding": d_embedding, "dense": d_dense, "bias": d_bias}


def example():
    rng = np.random.default_rng(32)
    p = {"embedding": rng.normal(size=(6, 3)), "dense": rng.normal(size=(3, 4)), "bias": rng.normal(size=4)}
    bags = np.array([[0, 2, 2], [5, 1, 0], [3, 3, 3], [4, 0, 1], [2, 5, 5]])
    return p, bags, np.array([1, 0, 3, 2, 1])

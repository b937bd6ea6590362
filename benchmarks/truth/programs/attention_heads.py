"""Attention of several heads over a batch, written in einsum, with a mask that hides later positions."""
import numpy as np


def heads(p, x):
    q = np.einsum("btd,hde->bhte", x, p["q"])
    k = np.einsum("btd,hde->bhte", x, p["k"])
    v = np.einsum("btd,hde->bhte", x, p["v"])
    scores = np.einsum("bhte,bhse->bhts", q, k) / np.sqrt(q.shape[-1])
    t = x.shape[1]
    scores = np.where(np.tril(np.ones((t, t))) > 0, scores, -1e9)
    w = np.exp(scores - scores.max(axis=-1, keepdims=True))
    w = w / w.sum(axis=-1, keepdims=True)
    return q, k, v, w, np.einsum("bhts,bhse->bhte", w, v)


def loss(p, x, y):
    _, _, _, _, mixed = heads(p, x)
    out = np.einsum("bhte,hed->btd", mixed, p["o"])
    return np.sum((out - y) ** 2) / 2


def grad(p, x, y):
    q, k, v, w, mixed = heads(p, x)
    out = np.einsum("bhte,hed->btd", mixed, p["o"])
    d_out = out - y
    d_o = np.einsum("bhte,btd->hed", mixed, d_out)
    d_mixed = np.einsum("btd,hed->bhte", d_out, p["o"])
    d_w = np.einsum("bhte,bhse->bhts", d_mixed, v)
    d_v = np.einsum("bhts,bhte->bhse", w, d_mixed)
    d_scores = w * (d_w - (d_w * w).sum(axis=-1, keepdims=True))
    d_scores /= np.sqrt(q.shape[-1])
    d_q = np.einsum("bhts,bhse->bhte", d_scores, k)
    d_k = np.einsum("bhts,bhte->bhse", d_scores, q)
    return {
        "q": np.einsum("btd,bhte->hde", x, d_q),
        "k": np.einsum("btd,bhte->hde", x, d_k),
        "v": np.einsum("btd,bhte->hde", x, d_v),
        "o": d_o,
    }


def example():
    rng = np.random.default_rng(25)
    p = {name: rng.normal(size=(2, 3, 2)) for name in "qkv"}
    p["o"] = rng.normal(size=(2, 2, 3))
    return p, rng.normal(size=(2, 4, 3)), rng.normal(size=(2, 4, 3))

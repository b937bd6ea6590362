"""A gated GELU layer by the formula with tanh, and an output scale for each feature."""
import numpy as np

K = np.sqrt(2 / np.pi)
COEF = 0.044715


def gelu(x):
    return 0.5 * x * (1 + np.tanh(K * (x + COEF * x ** 3)))


def gelu_grad(x):
    t = np.tanh(K * (x + COEF * x ** 3))
    dt = (1 - t ** 2) * K * (1 + 3 * COEF * x ** 2)
    return 0.5 * (1 + t) + 0.5 * x * dt


def forward(params, x):
    up, gate, down, scale = params
    u = x @ up
    g = x @ gate
    a = gelu(g) * u
    out = (a @ down) * scale
    return u, g, a, out


def loss(params, x, y):
    *_, out = forward(params, x)
    return np.mean(np.sum((out - y) ** 2, axis=-1))


def grad(params, x, y):
    up, gate, down, scale = params
    u, g, a, out = forward(params, x)
    batch = x.shape[0]
    d_out = 2 * (out - y) / batch
    d_scale = np.sum(d_out * (a @ down), axis=0, keepdims=True)
    d_proj = d_out * scale
    d_down = a.T @ d_proj
    d_a = d_proj @ down.T
    d_u = d_a * gelu(g)
    d_g = d_a * u * gelu_grad(g)
    d_up = x.T @ d_u
    d_gate = x.T @ d_g
    return d_up, d_gate, d_down, d_scale


def example():
    rng = np.random.default_rng(39)
    shapes = [(3, 4), (3, 4), (4, 2), (1, 2)]
    return tuple(rng.normal(size=shape) for shape in shapes), rng.normal(size=(5, 3)), rng.normal(size=(5, 2))

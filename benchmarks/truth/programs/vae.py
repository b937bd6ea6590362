"""A small variational autoencoder with given noise: reconstruction by squared error plus the KL term."""
import numpy as np

beta = 0.5


def encode(p, x):
    h = np.tanh(x @ p["We"] + p["be"])
    return h, h @ p["Wm"], h @ p["Ws"]


def forward(p, x, noise):
    h, mu, logvar = encode(p, x)
    std = np.exp(0.5 * logvar)
    z = mu + std * noise
    return h, mu, logvar, std, z, z @ p["Wd"] + p["bd"]


def loss(p, x, noise):
    h, mu, logvar, std, z, xr = forward(p, x, noise)
    recon = 0.5 * np.sum((xr - x) ** 2)
    kl = -0.5 * np.sum(1 + logvar - mu ** 2 - np.exp(logvar))
    return (recon + beta * kl) / len(x)


def grad(p, x, noise):
    h, mu, logvar, std, z, xr = forward(p, x, noise)
    n = len(x)
    g = {k: np.zeros_like(v) for k, v in p.items()}

    dxr = (xr - x) / n
    g["Wd"] += z.T @ dxr
    g["bd"] += dxr.sum(0)
    dz = dxr @ p["Wd"].T

    dlogvar = dz.copy()
    dlogvar *= 0.5 * noise * std
    dlogvar -= 0.5 * beta * (1 - np.exp(logvar)) / n
    dmu = dz + beta * mu / n
    g["Wm"] += h.T @ dmu
    g["Ws"] += h.T @ dlogvar

    dh = dmu @ p["Wm"].T + dlogvar @ p["Ws"].T
    da = dh * (1 - h * h)
    g["We"] += x.T @ da
    g["be"] += da.sum(0)
    return g


def example():
    rng = np.random.default_rng(38)
    p = {"We": rng.normal(size=(4, 3)), "be": rng.normal(size=3), "Wm": rng.normal(size=(3, 2)),
         "Ws": rng.normal(size=(3, 2)) * 0.5, "Wd": rng.normal(size=(2, 4)), "bd": rng.normal(size=4)}
    return p, rng.normal(size=(5, 4)), rng.normal(size=(5, 2))

"""Pictures: naive convolution, naive max-pool, spatial batch norm, as functions with caches and parameter dicts."""

import numpy as np
import symnn
from tests.people.case import Case, numbers, right, wrong

X, W, B = numbers(1, 2, 4, 3), numbers(2, 2, 3, 3), numbers(2)


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, WW = x.shape
    F, _, HH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    Ho, Wo = 1 + (H + 2 * pad - HH) // stride, 1 + (WW + 2 * pad - KW) // stride
    out = np.zeros((N, F, Ho, Wo))
    for n in range(N):
        for f in range(F):
            for i in range(Ho):
                for j in range(Wo):
                    window = xp[n, :, i * stride : i * stride + HH, j * stride : j * stride + KW]
                    out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out, (x, w, b, conv_param)


def conv_backward_naive(dout, cache, add=True):
    x, w, b, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    HH, KW = w.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    dxp, dw, db = np.zeros_like(xp), np.zeros_like(w), np.zeros_like(b)
    for n, f, i, j in np.ndindex(*dout.shape):
        rows, columns = slice(i * stride, i * stride + HH), slice(j * stride, j * stride + KW)
        dw[f] += xp[n, :, rows, columns] * dout[n, f, i, j]
        db[f] += dout[n, f, i, j]
        if add:
            dxp[n, :, rows, columns] += w[f] * dout[n, f, i, j]
        else:
            dxp[n, :, rows, columns] = w[f] * dout[n, f, i, j]
    return dxp[:, :, pad : dxp.shape[2] - pad, pad : dxp.shape[3] - pad], dw, db


def conv_backward_overwritten(dout, cache):
    return conv_backward_naive(dout, cache, add=False)


def conv_backward_flipped(dout, cache):
    dx, dw, db = conv_backward_naive(dout, cache)
    return dx, dw[:, :, ::-1, ::-1], db


def max_pool_forward_naive(x, pool_param):
    ph, pw, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, WW = x.shape
    out = np.zeros((N, C, 1 + (H - ph) // stride, 1 + (WW - pw) // stride))
    for n, c, i, j in np.ndindex(*out.shape):
        out[n, c, i, j] = np.max(x[n, c, i * stride : i * stride + ph, j * stride : j * stride + pw])
    return out, (x, pool_param)


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    ph, pw, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dout.shape):
        rows, columns = slice(i * stride, i * stride + ph), slice(j * stride, j * stride + pw)
        window = x[n, c, rows, columns]
        dx[n, c, rows, columns] += dout[n, c, i, j] * (window == np.max(window))
    return dx


def max_pool_backward_overwritten(dout, cache):
    x, pool_param = cache
    ph, pw, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dout.shape):
        rows, columns = slice(i * stride, i * stride + ph), slice(j * stride, j * stride + pw)
        window = x[n, c, rows, columns]
        k, m = np.unravel_index(np.argmax(window), window.shape)
        dx[n, c, i * stride + k, j * stride + m] = dout[n, c, i, j]
    return dx


def max_pool_backward_spread(dout, cache):
    x, pool_param = cache
    ph, pw, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dout.shape):
        dx[n, c, i * stride : i * stride + ph, j * stride : j * stride + pw] += dout[n, c, i, j] / (ph * pw)
    return dx


def spatial_forward(x, gamma, beta, bn_param):
    N, C, H, WW = x.shape
    flat = x.transpose(0, 2, 3, 1).reshape(-1, C)
    mu, std = flat.mean(axis=0), np.sqrt(flat.var(axis=0) + bn_param["eps"])
    xhat = (flat - mu) / std
    out = (gamma * xhat + beta).reshape(N, H, WW, C).transpose(0, 3, 1, 2)
    return out, (xhat, gamma, std)


def spatial_backward(dout, cache, axes="right"):
    xhat, gamma, std = cache
    N, C, H, WW = dout.shape
    d = dout.transpose(0, 2, 3, 1).reshape(-1, C) if axes == "right" else dout.reshape(-1, C)
    dxhat = d * gamma
    dx = (dxhat - dxhat.mean(axis=0) - xhat * (dxhat * xhat).mean(axis=0)) / std
    return dx.reshape(N, H, WW, C).transpose(0, 3, 1, 2), (d * xhat).sum(axis=0), d.sum(axis=0)


def spatial_backward_reshaped(dout, cache):
    return spatial_backward(dout, cache, "reshaped")


CONV, CONV_STRIDED = {"stride": 1, "pad": 1}, {"stride": 2, "pad": 1}
POOL = {"pool_height": 2, "pool_width": 2, "stride": 2}
OVERLAPPING = {"pool_height": 2, "pool_width": 2, "stride": 1}
IMAGE = numbers(2, 1, 4, 4)
SPATIAL = (numbers(2, 2, 2, 3), numbers(2), numbers(2, seed=1), {"eps": 1e-5})


def conv(seed, backward, param=CONV):
    return symnn.verify(conv_forward_naive, backward, X, W, B, param, seed=seed)


def pool(seed, backward, param=POOL):
    return symnn.verify(max_pool_forward_naive, backward, IMAGE, param, seed=seed)


CASES = [
    right("convolution", lambda seed: conv(seed, conv_backward_naive), arrays=3),
    right("convolution with stride 2", lambda seed: conv(seed, conv_backward_naive, CONV_STRIDED), arrays=3),
    wrong("convolution, = for +=", lambda seed: conv(seed, conv_backward_overwritten)),
    wrong("convolution, the kernel flipped", lambda seed: conv(seed, conv_backward_flipped)),
    right("max-pool", lambda seed: pool(seed, max_pool_backward_naive)),
    right("max-pool, overlapping", lambda seed: pool(seed, max_pool_backward_naive, OVERLAPPING)),
    wrong("max-pool, spread", lambda seed: pool(seed, max_pool_backward_spread)),
    Case("max-pool, overlapping, = for +=", lambda s: pool(s, max_pool_backward_overwritten, OVERLAPPING), "not equal"),
    right("spatial batch norm", lambda s: symnn.verify(spatial_forward, spatial_backward, *SPATIAL, seed=s), arrays=3),
    wrong(
        "spatial batch norm, axes", lambda s: symnn.verify(spatial_forward, spatial_backward_reshaped, *SPATIAL, seed=s)
    ),
]

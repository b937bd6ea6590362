"""A trend with a seasonal filter over a time series; neighbours of the trend are drawn to each other by a penalty."""
import numpy as np

lam = 0.3


def fitted(params, x):
    trend, taps = params
    k = len(taps)
    out = trend.copy()
    for i in range(k):
        out[k:] += taps[i] * x[k - 1 - i:-1 - i]
    return out


def loss(params, x):
    trend, taps = params
    residual = x - fitted(params, x)
    steps = trend[1:] - trend[:-1]
    bends = trend[2:] - 2 * trend[1:-1] + trend[:-2]
    return 0.5 * np.dot(residual, residual) + lam * np.dot(steps, steps) + lam * np.dot(bends, bends)


def grad(params, x):
    trend, taps = params
    k = len(taps)
    residual = x - fitted(params, x)
    dtrend = -residual
    steps = trend[1:] - trend[:-1]
    dtrend[1:] += 2 * lam * steps
    dtrend[:-1] -= 2 * lam * steps
    bends = trend[2:] - 2 * trend[1:-1] + trend[:-2]
    dtrend[2:] += 2 * lam * bends
    dtrend[1:-1] -= 4 * lam * bends
    dtrend[:-2] += 2 * lam * bends
    dtaps = np.zeros(k)
    for i in range(k):
        dtaps[i] = -np.sum(residual[k:] * x[k - 1 - i:-1 - i])
    return dtrend, dtaps


def example():
    rng = np.random.default_rng(41)
    return (rng.normal(size=8), rng.normal(size=2)), rng.normal(size=8)

"""Poisson regression with a log link, an offset per sample and an elastic penalty."""
import numpy as np

alpha, ratio = 0.2, 0.5


def rate(beta, X, exposure):
    return exposure * np.exp(X @ beta["coef"] + beta["intercept"])


def loss(beta, X, counts, exposure):
    mu = rate(beta, X, exposure)
    nll = np.mean(mu - counts * np.log(mu))
    penalty = alpha * (ratio * np.abs(beta["coef"]).sum() + 0.5 * (1 - ratio) * (beta["coef"] ** 2).sum())
    return nll + penalty


def grad(beta, X, counts, exposure):
    n_samples = len(counts)
    mu = rate(beta, X, exposure)
    residual = mu - counts
    d_coef = np.zeros_like(beta["coef"])
    d_intercept = 0.0
    for i in range(n_samples):
        d_coef += residual[i] * X[i]
        d_intercept += residual[i]
    d_coef /= n_samples
    d_intercept /= n_samples
    d_coef += alpha * ratio * np.sign(beta["coef"])
    d_coef += alpha * (1 - ratio) * beta["coef"]
    return {"coef": d_coef, "intercept": d_intercept}


def example():
    rng = np.random.default_rng(35)
    beta = {"coef": rng.normal(size=3), "intercept": 0.2}
    counts = np.array([0.0, 2.0, 1.0, 4.0, 0.0])
    return beta, rng.normal(size=(5, 3)), counts, rng.uniform(0.5, 2, size=5)

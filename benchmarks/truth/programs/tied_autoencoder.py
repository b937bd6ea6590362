"""An autoencoder whose decoder uses the encoder's weights, with weight decay; features come first."""
import numpy as np

weight_decay = 0.01


def sigma(x):
    return 1 / (1 + np.exp(-x))


def sigma_prime(x):
    return sigma(x) * (1 - sigma(x))


def encode_decode(theta, data):
    z2 = theta["W"] @ data + theta["b_enc"][:, None]
    a2 = sigma(z2)
    z3 = theta["W"].T @ a2 + theta["b_dec"][:, None]
    a3 = sigma(z3)
    return z2, a2, z3, a3


def loss(theta, data):
    m = data.shape[1]
    a3 = encode_decode(theta, data)[-1]
    return 0.5 / m * np.sum((a3 - data) ** 2) + 0.5 * weight_decay * np.sum(theta["W"] ** 2)


def grad(theta, data):
    m = data.shape[1]
    W = theta["W"]
    z2, a2, z3, a3 = encode_decode(theta, data)
    delta3 = (a3 - data) * sigma_prime(z3)
    delta2 = (W @ delta3) * sigma_prime(z2)
    W_grad = delta2 @ data.T + a2 @ delta3.T
    W_grad = W_grad / m + weight_decay * W
    b_enc_grad = np.sum(delta2, axis=1) / m
    b_dec_grad = np.sum(delta3, axis=1) / m
    return {"W": W_grad, "b_enc": b_enc_grad, "b_dec": b_dec_grad}


def example():
    rng = np.random.default_rng(29)
    theta = {"W": rng.normal(size=(2, 4)), "b_enc": rng.normal(size=2), "b_dec": rng.normal(size=4)}
    return theta, rng.random(size=(4, 5))

"""A pixelwise dense layer, average pooling over 2x2 blocks by a reshape, logistic output with a penalty."""
import numpy as np

size = 2
decay = 0.02


def forward(p, images):
    n, h, w, _ = images.shape
    a = np.tanh(images @ p["kernel"] + p["offset"])
    blocks = a.reshape(n, h // size, size, w // size, size, a.shape[-1])
    pooled = blocks.mean(axis=(2, 4))
    logits = np.sum(pooled * p["mask"], axis=(1, 2, 3))
    return a, pooled, logits


def loss(p, images, labels):
    _, _, logits = forward(p, images)
    nll = np.mean(np.log(1 + np.exp(-labels * logits)))
    return nll + decay * (np.sum(p["kernel"] ** 2) + np.sum(p["mask"] ** 2))


def unpool(dpooled):
    spread = np.repeat(np.repeat(dpooled, size, axis=1), size, axis=2)
    return spread / size ** 2


def grad(p, images, labels):
    n = images.shape[0]
    a, pooled, logits = forward(p, images)
    dlogits = -labels / (1 + np.exp(labels * logits)) / n
    dmask = np.sum(dlogits[:, None, None, None] * pooled, axis=0)
    dpooled = dlogits[:, None, None, None] * p["mask"]
    da = unpool(dpooled)
    dz = (1 - a * a) * da
    channels = images.shape[-1]
    dkernel = images.reshape(-1, channels).T @ dz.reshape(-1, dz.shape[-1])
    doffset = dz.sum(axis=(0, 1, 2))
    return {
        "kernel": dkernel + 2 * decay * p["kernel"],
        "offset": doffset,
        "mask": dmask + 2 * decay * p["mask"],
    }


def example():
    rng = np.random.default_rng(18)
    p = {"kernel": rng.normal(size=(2, 3)), "offset": rng.normal(size=3), "mask": rng.normal(size=(2, 1, 3))}
    return p, rng.normal(size=(3, 4, 2, 2)), np.array([1.0, -1.0, 1.0])

"""Max-pooling: where windows overlap, a pixel that wins twice must be given both upstream gradients."""

from __future__ import annotations

import numpy as np

from tests.wild.wild_case import Case

SOURCE = "row 7, two CNN repositories"


def _windows(image, pool, stride):
    rows, columns = ((n - pool) // stride + 1 for n in image.shape)
    for i in range(rows):
        for j in range(columns):
            yield (i, j), (slice(i * stride, i * stride + pool), slice(j * stride, j * stride + pool))


def loss(image, upstream, pool, stride):
    pooled = np.zeros(upstream.shape)
    for place, window in _windows(image, pool, stride):
        pooled[place] = np.max(image[window])
    return np.sum(upstream * pooled)


def right(image, upstream, pool, stride):
    found = np.zeros_like(image)
    for place, window in _windows(image, pool, stride):
        patch = image[window]
        found[window] += (patch == patch.max()) * upstream[place]
    return found


def kept_last(image, upstream, pool, stride):
    found = np.zeros_like(image)
    for place, window in _windows(image, pool, stride):
        i, j = np.unravel_index(np.argmax(image[window]), (pool, pool))
        found[window][i, j] = upstream[place]
    return found


def window_overwritten(image, upstream, pool, stride):
    found = np.zeros_like(image)
    for place, window in _windows(image, pool, stride):
        patch = image[window]
        found[window] = (patch == patch.max()) * upstream[place]
    return found


def right_by_index(image, upstream, pool, stride):
    found = np.zeros_like(image)
    for place, window in _windows(image, pool, stride):
        i, j = np.unravel_index(np.argmax(image[window]), (pool, pool))
        np.add.at(found, (window[0].start + i, window[1].start + j), upstream[place])
    return found


def example(pool=2, stride=1):
    rng = np.random.default_rng(7)
    image = rng.permutation(36).reshape(6, 6) / 8 - 2
    outputs = (6 - pool) // stride + 1
    return image, rng.normal(size=(outputs, outputs)), pool, stride


CASES = (
    Case(
        name="overlapping max-pool that keeps the last upstream gradient",
        source=SOURCE,
        loss=loss,
        right=right,
        example=example,
        wrong=kept_last,
        differs=("params",),
    ),
    Case(
        name="overlapping max-pool that overwrites the window",
        source=SOURCE,
        loss=loss,
        right=right_by_index,
        example=example,
        wrong=window_overwritten,
        differs=("params",),
    ),
)

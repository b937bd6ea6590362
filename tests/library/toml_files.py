"""A worked example as a TOML file, good as it stands, and the same with a line changed."""

from __future__ import annotations

GOOD = """
title = "Two classes from two numbers"
text = '''
A small network.

It sorts points.'''
inputs = 2
loss = "categorical-cross-entropy"

[[layers]]
units = 3
activation = "relu"

[[layers]]
units = 2
activation = "softmax"

[point]
learning_rate = 0.1

[point.parameters]
W1 = [[0.1, 0.2], [0.3, "-1/3"], [0.5, 1]]
b1 = [[0], [0.1], [0]]
W2 = [[1, 0, -1], [0, 0.5, 1]]
b2 = [[0], [0]]

[point.data]
X = [[1, 2, 0.5], [0, 1, -1]]
Y = [[1, 0, 0], [0, 1, 1]]

[report]
style = "delta"
notation = "brackets"
"""

DRAWN = """
inputs = 2
loss = "binary-cross-entropy"

[[layers]]
units = 3
activation = "relu"

[[layers]]
units = 1
activation = "sigmoid"

[point]
seed = 7
samples = 4
"""


def write(folder, *changes, name="mine", text=GOOD):
    """Write the good file with every pair of texts replaced, and return its path."""
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path

"""Gradients with one mistake each, as people publish them, in our words: what is told of them stands in the docs."""

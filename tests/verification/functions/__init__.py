"""Losses of one NumPy or SciPy function each, every one with its gradient: a table for each kind of function.

A row is the point ``w, x``, the loss and the gradient. The tests make its wrong twin, and measure the gradient.
"""

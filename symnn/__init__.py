"""Exact derivatives of neural networks: worked solutions, NumPy kernels, certified checks of backprop."""

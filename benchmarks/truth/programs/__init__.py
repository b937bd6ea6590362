"""Ordinary programs, each with a loss, a right gradient written by hand, and an example: slips are planted in them."""

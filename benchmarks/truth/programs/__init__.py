"""Small ordinary NumPy programs with a right hand-written gradient, in which slips are planted."""

"""The benchmark of truth: which wrong gradients each checker finds and names, and which right ones it calls wrong."""

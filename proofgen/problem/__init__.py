"""The exact vector field that a theorem is about: a network, or any field given by its equations."""

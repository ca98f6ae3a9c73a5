"""SymPy derivations: activations, layer jets, Jacobian, B, C and the first Lyapunov coefficient.

Arithmetic allowed here: symbols and exact rationals; a SymPy Float is an error.
"""

"""From the SymPy derivation to a specialised python-flint module, as text."""

"""Bundles checked by Coq: the file of a bundle (source), and running Coq on it (compiler)."""

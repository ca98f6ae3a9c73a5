"""Specs: TOML files and the data files that they name, read into problems."""

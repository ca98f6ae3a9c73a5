"""The documents and files of a bundle, written and read."""

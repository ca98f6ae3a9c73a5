"""Formulas for a reader. Nothing here proves anything."""

"""Exact numbers, decimals and balls, and the radii of boxes."""

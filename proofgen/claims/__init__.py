"""A proof as it is printed: rounded outward, with room for another implementation."""

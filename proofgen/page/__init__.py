"""A bundle, or a run of many, as one HTML page that needs nothing else: no request is made to anywhere."""

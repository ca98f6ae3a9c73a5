"""Where and how to try: searches, windows, precisions, pieces. Nothing here decides what is true."""

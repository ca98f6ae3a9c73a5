"""Network families: from exact arrays to the layers of a problem, and random weights."""

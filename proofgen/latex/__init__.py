"""LaTeX for people: everything here is made from the JSON documents and carries no information of its own."""

"""HTML: web pages, and what is all text."""

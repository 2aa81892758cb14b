"""Plain text and Markdown, whose text stays as it is in the file."""

"""What the readers of all formats share: paragraphs, articles, titles, tables, questions with their answers."""

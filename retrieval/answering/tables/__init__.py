"""Answers from the rows and cells of tables, which are read back from lines, counted, added and compared."""

"""The process in which files are read, its limits, and how it is asked."""

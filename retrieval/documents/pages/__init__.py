"""Pages as they are printed: PDF, scans and other pictures."""

"""Rows of cells: XLSX, XLS, ODS, CSV, TSV, JSON Lines."""

"""Table and list models over frozen data."""

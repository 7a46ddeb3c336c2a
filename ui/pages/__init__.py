"""One page a navigation entry, and what pages do."""

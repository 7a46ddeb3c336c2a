"""One page a navigation entry."""

"""The calls of CONTRACTS §5, a module per resource."""

"""The `commissions` command, a module per group of verbs."""

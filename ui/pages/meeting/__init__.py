"""One meeting: prepared, held, concluded."""

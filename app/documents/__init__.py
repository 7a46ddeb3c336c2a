"""What goes to paper: content modules say what, writers say how."""

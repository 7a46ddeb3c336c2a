"""typst, the fastest typesetter of its kind, made to set the very content of our documents."""

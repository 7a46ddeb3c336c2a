"""How things are said on screen."""

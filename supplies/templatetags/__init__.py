"""How numbers of ours are written in templates."""

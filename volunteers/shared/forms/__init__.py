"""What forms of all apps have in common: they read what people write, and undo nobody's work. Knows no person."""

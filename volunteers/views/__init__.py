"""Pages about people, one file a noun."""

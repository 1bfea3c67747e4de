"""Forms about people, one file a noun."""

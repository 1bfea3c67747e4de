"""Pages of this part, one file a noun."""

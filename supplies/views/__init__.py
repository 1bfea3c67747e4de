"""Pages about supplies, one file a noun."""

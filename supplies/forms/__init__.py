"""Forms about supplies, one file a noun."""

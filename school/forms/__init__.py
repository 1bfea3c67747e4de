"""Forms of the School, one file a noun."""

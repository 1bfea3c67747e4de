"""What is asked about the School, one file a noun."""

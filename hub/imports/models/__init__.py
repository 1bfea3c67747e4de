"""Lists that are being taken in, and their lines."""

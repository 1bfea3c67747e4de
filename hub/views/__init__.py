"""Pages of the hub, one file a noun."""

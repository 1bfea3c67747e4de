"""Template filters that write numbers."""

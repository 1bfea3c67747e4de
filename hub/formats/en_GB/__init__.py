"""Words and dates in British English."""

"""The disclosure gate: which numbers about people may leave the hub. Knows no Django model."""

"""The hub's own commands."""

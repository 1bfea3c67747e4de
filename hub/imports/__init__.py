"""Lists that a hub had elsewhere, taken in from a file: items, opening stock, people and services."""

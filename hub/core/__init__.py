"""Modules every part of the hub may use: periods, roles, the hub's own row, choices, change history."""

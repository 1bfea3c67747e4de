"""Two migrations as an upgrade brings them, a table and a column more, for an app that has none of its own."""

"""What every page stands on: middleware, sessions, the style sheet, error pages, health, Today."""

"""Everything every page needs: middleware, sessions, the style sheet, error pages, health, Today."""

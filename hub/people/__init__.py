"""People's data across all four apps: export, erasure, merge, inactivity, retention, calendar feed."""

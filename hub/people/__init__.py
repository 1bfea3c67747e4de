"""What all four apps hold of a person: export, erasure, merge, inactivity, retention, calendar feed."""

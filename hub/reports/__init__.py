"""Reports: from counts to a published edition. Counts about people leave only as buckets."""

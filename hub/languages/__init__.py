"""Languages: which ones the hub speaks, and the hub's own words in each."""

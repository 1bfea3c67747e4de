"""Months: their totals, what is missing from them, and completing them."""

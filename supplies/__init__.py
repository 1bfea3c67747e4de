"""Supplies: items, their stock and lots, deliveries, orders, counts and the funds that pay for them.

This app imports no other app. It promises that the ledger is never rewritten, and that a count never stands between a
person and the things they need.
"""

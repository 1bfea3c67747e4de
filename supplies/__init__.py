"""What is on the shelf, what came in, what went out, and who paid.

May import no other app. Promises that the ledger is never rewritten, and that a count never stands between
a person and what they need.
"""

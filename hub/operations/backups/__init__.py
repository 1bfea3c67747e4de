"""Backups: what goes into one, how it is sealed, which are kept, and how a hub comes back out of one.

`contents` says what is left out, and is the only place that does. `sealing` knows keys and no files. `keeping` knows
files and no database. `dumping` and `restoring` are the two ways.
"""

"""Backups: their contents, how they are encrypted, which are kept, and how a hub is restored from one.

`contents` says which tables are left out. `encryption` knows keys and no files. `store` knows files and no database.
`dump` makes a backup and `restore` brings it back, both with the `clients` of PostgreSQL.
"""

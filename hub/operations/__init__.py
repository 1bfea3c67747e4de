"""Keeping a hub running: backups, invariants, purging, lockdown and the weekly stock letter."""

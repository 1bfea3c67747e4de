"""Logs by month, joined to no visit: naloxone, reversals, strip results, incidents."""

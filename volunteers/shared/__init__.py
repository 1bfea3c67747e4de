"""The shared kernel: the part of this app that hub and School build on besides people and shifts.

Its modules know no person and no shift: refusals, background workers, letters, sealing, QR codes, iCalendar,
address converters, public pages, and the request of somebody signed in.
"""

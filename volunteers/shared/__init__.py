"""What hub and School use of this app besides people: refusals, letters, sealing, QR codes, iCalendar, converters."""

"""The drop-in desk: openings, visits, tallies, paired devices and everything a shift does there."""

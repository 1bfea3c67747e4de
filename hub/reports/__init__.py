"""Reports: from counts to a published edition. Figures leave only through the disclosure gate."""

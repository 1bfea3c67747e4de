"""The building and its front door: settings, addresses, the drop-in desk, the public pages, reports.

May import every other app; nothing imports it. Promises that nothing it keeps can say who came, or when.
"""

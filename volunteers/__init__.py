"""People, what they hold, and when they are on.

May import no other app. Promises that what it knows of a person is the least it can be, is seen by the
fewest who need it, and goes when they say so.
"""

"""The Harm Reduction School: who teaches what, who came, who is ready.

May import `volunteers`. Promises that being there is never taken for being done, that a place that frees finds its
next person by itself, and that a register goes once what it was for is settled.
"""

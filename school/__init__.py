"""The Harm Reduction School: who teaches what, who came, who is ready.

May import `volunteers`. Promises that being there is never taken for being done.
"""

"""The kinds of list that can be taken in."""

"""Disclosure: what may be said of numbers about people. Knows no Django model.

Every number about people is a leaf: one count, for one period of a grain that people chose in advance. It is put into
a bucket once, and stays there. Everything else is arithmetic on buckets.
"""

"""A password hasher that says how often it was asked."""

from django.contrib.auth.hashers import MD5PasswordHasher


class CountingHasher(MD5PasswordHasher):
    """Counts every hash, whether one is made, checked, or made for nothing."""

    count = 0

    def encode(self, password, salt):
        CountingHasher.count += 1
        return super().encode(password, salt)


def count_hashes(doing):
    """How many hashes it took."""
    before = CountingHasher.count
    doing()
    return CountingHasher.count - before

"""The limits of a file that is taken in, and its refusal."""

MAX_BYTES = 5 * 2**20
MAX_UNPACKED = 40 * 2**20
"""What the parts of a workbook may unpack to: a small one can be made to fill the memory."""
MAX_LINES = 5_000
MAX_COLUMNS = 60
MAX_CELL = 2_000


class UnreadableFile(ValueError):
    """The file holds no table that we can read; its text says why, in a sentence for whoever brought it."""

"""Counts what a journey costs a thumb, so that a promise of at most so many taps can be tested."""

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page


@dataclass
class Taps:
    """A page, and the taps made on it. Letters typed are no taps; the tap into the field is one."""

    page: Page
    made: list[str] = field(default_factory=list)

    @property
    def number(self):
        """How many taps were made."""
        return len(self.made)

    def tap(self, what: Locator):
        """Tap it once."""
        self.made.append(str(what))
        what.click()

    def choose(self, what: Locator, option: str):
        """Choose from a list: one tap opens it, another chooses."""
        self.made += [str(what), option]
        what.select_option(option)

    def write(self, where: Locator, words: str):
        """Tap into a field, and type."""
        self.made.append(str(where))
        where.fill(words)


def taps(page: Page) -> Taps:
    """A counter for this page that begins at nought."""
    return Taps(page)

"""The staffing of a shift: its numbers, its gaps, and the words for both. Knows no database."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

LEAD = "shift-lead"
NALOXONE = "naloxone-trained"
# The states of a sign-up that count: its person is on the shift, or was there.
LIVE = ("confirmed", "looking", "came")


class Lack(Enum):
    """A thing a shift can be without. It is shown, and coordinators are told; it stops nothing."""

    NOBODY = "nobody"
    PEOPLE = "people"
    ALONE = "alone"
    LEAD = "lead"
    NALOXONE = "naloxone"
    COVER = "cover"


# Those who plan the rota hear of these at once.
URGENT = frozenset({Lack.NOBODY, Lack.ALONE, Lack.NALOXONE})


@dataclass(frozen=True)
class Staffing:
    """The numbers of one shift, as `ShiftQuerySet.with_counts` reads them.

    `needed` and `free` are places: below the minimum, and below the maximum, summed over its posts.
    `has_lead` and `has_naloxone` say whether somebody on it holds that qualification on the day of the shift.
    `drop_in` is whether people come in: then somebody has to lead, and to know what to do about an overdose.
    """

    needed: int = 0
    free: int = 0
    people: int = 0
    looking: int = 0
    has_lead: bool = False
    has_naloxone: bool = False
    drop_in: bool = True

    @property
    def lacks(self) -> list[Lack]:
        """Everything the shift is without. The one place that decides it, for one shift and for many."""
        if not self.people:
            return [Lack.NOBODY] if self.needed or self.drop_in else []
        tests = {
            Lack.PEOPLE: self.needed > 0,
            Lack.ALONE: self.drop_in and self.people == 1,
            Lack.LEAD: self.drop_in and not self.has_lead,
            Lack.NALOXONE: self.drop_in and not self.has_naloxone,
            Lack.COVER: self.looking > 0,
        }
        return [lack for lack, is_lacking in tests.items() if is_lacking]

    @property
    def kind(self) -> str:
        """`empty`, `part` or `full`: the word the stylesheet knows."""
        lacks = self.lacks
        return "empty" if Lack.NOBODY in lacks else "part" if lacks else "full"

    @property
    def sentences(self) -> list[str]:
        """Each lack in words; a shift without any says that it is covered."""
        words = {
            Lack.NOBODY: _("Nobody yet"),
            Lack.PEOPLE: "",
            Lack.ALONE: _("One person alone"),
            Lack.LEAD: _("No shift lead"),
            Lack.NALOXONE: _("Nobody naloxone-trained"),
            Lack.COVER: ngettext("%(n)d needs cover", "%(n)d need cover", self.looking) % {"n": self.looking},
        }
        sentences = [words[lack] for lack in self.lacks if words[lack]]
        if self.needed:
            sentences.append(_("%(number)d needed") % {"number": self.needed})
        return sentences or [_("Covered")]

    @property
    def in_short(self) -> str:
        """The first lack, for where there is room for three words."""
        if self.needed:
            return _("%(number)d needed") % {"number": self.needed}
        return self.sentences[0]

    @property
    def places(self) -> str:
        """The number of people it still needs or could take: for a wall, without names."""
        if self.needed:
            return _("%(number)d needed") % {"number": self.needed}
        if self.free:
            return ngettext("room for %(number)d more", "room for %(number)d more", self.free) % {"number": self.free}
        return _("Covered")

    @property
    def icon(self) -> str:
        """A picture beside the words."""
        return "circle-check" if self.kind == "full" else "triangle-alert"

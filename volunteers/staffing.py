"""How well a shift is staffed, counted over the people on it. Knows no database."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

LEAD = "shift-lead"
NALOXONE = "naloxone-trained"


class Lack(Enum):
    """What a shift can be without. It is said, and coordinators are told; it stops nothing."""

    NOBODY = "nobody"
    PEOPLE = "people"
    ALONE = "alone"
    LEAD = "lead"
    NALOXONE = "naloxone"
    COVER = "cover"


# What those who plan should hear of at once.
URGENT = frozenset({Lack.NOBODY, Lack.ALONE, Lack.NALOXONE})


@dataclass(frozen=True)
class Role:
    """One post: how many it needs and takes, and how many are on it."""

    minimum: int
    maximum: int
    on: int

    @property
    def needed(self) -> int:
        """How many more it needs at least."""
        return max(0, self.minimum - self.on)

    @property
    def free(self) -> int:
        """How many more it has room for."""
        return max(0, self.maximum - self.on)


@dataclass(frozen=True)
class Staffing:
    """A shift's posts, and what each person on it holds.

    `drop_in` is whether people come in: then somebody has to lead, and to know what to do about an overdose.
    """

    roles: tuple[Role, ...] = ()
    held: tuple[frozenset[str], ...] = ()
    looking: int = 0
    drop_in: bool = True

    @property
    def needed(self) -> int:
        """How many more people it needs at least."""
        return sum(role.needed for role in self.roles)

    @property
    def free(self) -> int:
        """How many more people there is room for."""
        return sum(role.free for role in self.roles)

    @property
    def lacks(self) -> list[Lack]:
        """All it is without."""
        if not self.held:
            return [Lack.NOBODY] if self.needed or self.drop_in else []
        found = []
        if self.needed:
            found.append(Lack.PEOPLE)
        if self.drop_in:
            if len(self.held) == 1:
                found.append(Lack.ALONE)
            if not any(LEAD in one for one in self.held):
                found.append(Lack.LEAD)
            if not any(NALOXONE in one for one in self.held):
                found.append(Lack.NALOXONE)
        if self.looking:
            found.append(Lack.COVER)
        return found

    @property
    def kind(self) -> str:
        """`empty`, `part` or `full`: the word the stylesheet knows."""
        lacks = self.lacks
        return "empty" if Lack.NOBODY in lacks else "part" if lacks else "full"

    @property
    def sentences(self) -> list[str]:
        """What it lacks, in words; one that lacks nothing says that."""
        words = {
            Lack.NOBODY: _("Nobody yet"),
            Lack.PEOPLE: "",
            Lack.ALONE: _("One person alone"),
            Lack.LEAD: _("No shift lead"),
            Lack.NALOXONE: _("Nobody naloxone-trained"),
            Lack.COVER: ngettext("%(n)d looks for cover", "%(n)d look for cover", self.looking) % {"n": self.looking},
        }
        said = [words[lack] for lack in self.lacks if words[lack]]
        if self.needed:
            said.append(_("%(number)d needed") % {"number": self.needed})
        return said or [_("Covered")]

    @property
    def in_short(self) -> str:
        """The first thing it lacks, for where there is room for three words."""
        if self.needed:
            return _("%(number)d needed") % {"number": self.needed}
        return self.sentences[0]

    @property
    def places(self) -> str:
        """How many people it still needs, or could take: for a wall, without anybody's name."""
        if self.needed:
            return _("%(number)d needed") % {"number": self.needed}
        if self.free:
            return ngettext("room for %(number)d more", "room for %(number)d more", self.free) % {"number": self.free}
        return _("Covered")

    @property
    def icon(self) -> str:
        """A picture beside the words."""
        return "circle-check" if self.kind == "full" else "triangle-alert"

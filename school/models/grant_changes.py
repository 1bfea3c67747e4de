"""Grant changes: which qualifications a new outcome granted somebody, and which it took away."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from volunteers.models import User

if TYPE_CHECKING:
    from school.models.completions import Completion


@dataclass(frozen=True)
class LostGrant:
    """A qualification that somebody lost, because an outcome it rested on is no longer done."""

    person: User
    qualification: str
    holding: int


@dataclass(frozen=True)
class GrantChanges:
    """Completions that somebody gained, and grants that they lost."""

    gained: list[Completion] = field(default_factory=list)
    lost: list[LostGrant] = field(default_factory=list)

"""What a backup must not hold. The one place that says so; a test reads a real dump by it."""

from __future__ import annotations

# Ways in, and what is on its way: dead by the time anybody restores, and nobody's business until then.
NEVER = (
    "django_session",
    "account_emailconfirmation",
    "hub_deskdevice",
    "volunteers_invitation",
    "volunteers_letter",
    "school_joinrequest",
    "procrastinate_*",
)
# The evening itself, and what we promise to forget sooner than a backup is deleted.
ONLY_WHILE_THE_DESK_IS_OPEN = (
    "hub_visit",
    "hub_visititem",
    "hub_seenvisit",
    "supplies_seenshortfall",
    "hub_handover",
    "hub_incident",
    "hub_incidentneed",
)


def left_out(*, desk_is_open: bool) -> tuple[str, ...]:
    """The tables whose rows stay out, as pg_dump takes their names; the tables themselves are in it, empty.

    While a desk is open there is one backup with the evening in it, so that a server that dies tonight loses none of
    it. It is written over by the next, and gone once the desk has closed.
    """
    return NEVER if desk_is_open else NEVER + ONLY_WHILE_THE_DESK_IS_OPEN

"""Tonight's lead: a coordinator, or a person on shift who may lead it."""

from django.utils import timezone

from volunteers.models import Shift, User
from volunteers.staffing import LEAD


def can_lead_tonight(person: User) -> bool:
    """Whether this person may pair devices, cancel the evening or show an alert, with no coordinator online.

    A coordinator always may. Else it is tonight's lead by the rota, and where no shift is on, anybody who may lead one.
    """
    if person.has_perm("hub.lead_openings"):
        return True
    if not person.has_perm("hub.staff_desk"):
        return False
    now = timezone.now()
    if Shift.objects.led_by(person, now).exists():
        return True
    return person.holds(LEAD, timezone.localdate()) and not Shift.objects.on_now(now).filter(drop_in=True).exists()

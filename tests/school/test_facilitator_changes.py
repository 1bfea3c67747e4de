"""Who was taken off a session they gave: kept for calendars, and not for long."""

import datetime as dt

import pytest
import time_machine

from school.models import FacilitatorChange
from tests.school.makers import DAY, NOW, a_course, a_person, a_session
from volunteers.shared.registries.retention import Every, delete_overdue

pytestmark = pytest.mark.django_db


def test_changes_of_who_gives_it_go_soon_after():
    ash, session = a_person("Ash"), a_session(a_course(), starts_at=NOW + DAY)
    session.facilitators.add(ash)
    session.change(now=NOW, teaches=list(session.modules.all()), gives=[])
    for days, left in ((13, 1), (15, 0)):
        with time_machine.travel(session.ends_at + dt.timedelta(days=days), tick=False):
            delete_overdue(Every.DAY)
        assert FacilitatorChange.objects.count() == left

"""What the database keeps of a shift, whoever writes."""

from django.db import connection

from tests.volunteers.rota_world import a_shift, at
from volunteers.models import Shift


def test_number_of_changes_never_falls(db):
    shift = a_shift(at("2026-11-26"))
    stale = Shift.objects.get(pk=shift.pk)
    Shift.objects.filter(pk=shift.pk).update(state="cancelled", reason="Flood")
    stale.note = "Bring the keys"
    stale.save(update_fields=["note", "revision"])
    assert Shift.objects.get(pk=shift.pk).revision == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE volunteers_shift SET revision = 0")
    assert Shift.objects.get(pk=shift.pk).revision == 1

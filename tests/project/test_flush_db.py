"""What a test leaves is taken away whatever a server is still at, and no test pays for the one before it."""

from threading import Event, Thread

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction

from hub.models import Alert
from tests.flush_db import everything_away, take_away
from tests.volunteers.threads import somebody_waits
from tests.wait_for_server import PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)


def test_waiting_server_does_not_block_flush(volunteer):
    """The last table is held when the first is asked for: whichever of the two gives way, all is empty after it."""
    holds = Event()

    def at_a_page():
        try:
            with transaction.atomic():
                get_user_model().objects.update(chosen_name="Still at it")
                holds.set()
                while not somebody_waits():
                    pass
                Alert.objects.count()
        except DatabaseError:
            pass  # it was the one to give way
        finally:
            connection.close()

    server = Thread(target=at_a_page)
    server.start()
    holds.wait(PATIENCE)

    take_away(everything_away())

    server.join(PATIENCE)
    assert get_user_model().objects.count() == 0


def test_what_fails_leaves_a_connection_that_answers(volunteer):
    with pytest.raises(DatabaseError):
        take_away("DELETE FROM volunteers_user; SELECT 1 / 0")

    assert get_user_model().objects.get() == volunteer

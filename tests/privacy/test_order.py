"""Two evenings with the same totals leave dumps nobody can tell apart, whatever came in which order and with whom."""

import random

import pytest

from hub.models import Opening, PendingRewrite
from supplies.models import Outgoing
from tests.privacy import dumps
from tests.privacy.evenings import (
    Came,
    a_world,
    an_evening,
    at_the_desk,
    close,
    forget,
    incident,
    log,
    naloxone,
    opened,
    reversal,
    strip_result,
)

pytestmark = pytest.mark.django_db(transaction=True)


def visits():
    return [
        Came(1, {"foil": 3}, {"first": ["yes"]}),
        Came(2, {"spoon": 5, "citric": 20}, {"collecting": ["few"], "first": ["no"]}),
        Came(1, {}, {"collecting": ["rather_not"]}),
        Came(3, {"fixed-1ml-29g": 40, "swab": 10, "foil": 1}),
        Came(1, {"citric": 7}),
        Came(1, {"swab": 2}),
    ]


LOGS = [
    naloxone(1),
    reversal(2),
    strip_result("absent"),
    naloxone(3),
    strip_result("present"),
    incident(2),
    reversal(1),
]


def dump_after(sign_in, *evenings):
    """A new world, these evenings in it, and the dump when the last is closed."""
    client = at_the_desk(sign_in, a_world())
    for came, logs in evenings:
        an_evening(client, came, logs)
    return dumps.take()


def test_order_of_visits_and_logs_leaves_no_trace(sign_in):
    forwards = dump_after(sign_in, (visits(), LOGS))
    for seed in (1, 2):
        shuffled, logs = visits(), [*LOGS]
        shuffle = random.Random(seed).shuffle  # noqa: S311 -- the same orders every time
        shuffle(shuffled)
        shuffle(logs)

        assert dumps.alike(dump_after(sign_in, (shuffled, logs))) == dumps.alike(forwards)


def test_who_took_what_leaves_only_sums(sign_in):
    """Two visits of three people: together foil 4, spoons 6. Whose they were is in no dump."""
    worlds = [
        [Came(1, {"foil": 4}), Came(2, {"spoon": 6})],
        [Came(1, {"spoon": 6}), Came(2, {"foil": 4})],
        [Came(1, {"foil": 4, "spoon": 6}), Came(2, {})],
        [Came(2, {"foil": 1, "spoon": 5}), Came(1, {"foil": 3, "spoon": 1})],
    ]

    first, *others = [dumps.alike(dump_after(sign_in, (came, ()))) for came in worlds]

    assert [other == first for other in others] == [True] * 3


def test_naloxone_leaves_no_trace_of_evening(sign_in):
    """An evening is told apart from another by its visits and people, and by nothing else."""
    one = dump_after(sign_in, (visits()[:2], LOGS), (visits()[:2], ()))
    other = dump_after(sign_in, (visits()[:2], ()), (visits()[:2], LOGS))

    assert dumps.alike(one) == dumps.alike(other)


def test_reopening_leaves_no_trace_of_order(sign_in):
    came = visits()
    worlds = []
    for cut in (1, 4):
        client = at_the_desk(sign_in, a_world())
        an_evening(client, came[:cut], LOGS[:cut])
        an_evening(client, came[cut:], LOGS[cut:])
        worlds.append(dumps.alike(dumps.take()))

    assert worlds[0] == worlds[1]


def test_late_copies_leave_no_trace(sign_in):
    came = visits()
    worlds = []
    for late in ([0, 3], [5, 1]):
        client = at_the_desk(sign_in, a_world())
        opening = opened(client)
        for number, visit in enumerate(came):
            if number not in late:
                log(client, opening, visit)
        close(client, opening)
        for number in late:
            assert log(client, opening, came[number]) == "created"
        forget()
        worlds.append(dumps.alike(dumps.take()))

    assert worlds[0] == worlds[1]


def test_undone_visit_leaves_only_its_id(sign_in):
    worlds = []
    for undone in (Came(1, {"foil": 3}), Came(5, {"spoon": 9, "swab": 4}), Came(2, {})):
        client = at_the_desk(sign_in, a_world())
        opening = opened(client)
        log(client, opening, undone)
        for visit in visits():
            log(client, opening, visit)
        log(client, opening, undone, void=True)
        close(client, opening)
        worlds.append(dumps.alike(dumps.take()))

    assert worlds[0] == worlds[1] == worlds[2]


def test_closed_desk_waits_for_no_other(sign_in):
    """Two desks open at once, as on outreach: a hub that is never quiet forgets each evening all the same."""
    client = at_the_desk(sign_in, a_world())
    opening = opened(client)
    Opening.objects.start(kind=Opening.Kind.OUTREACH, place="The van")
    log(client, opening, Came(1, {"swab": 1}))
    log(client, opening, Came(1, {"foil": 1}))

    close(client, opening)

    assert not PendingRewrite.objects.exists()
    written = [row.item_id for row in Outgoing.objects.raw("SELECT * FROM supplies_outgoing ORDER BY ctid")]
    assert written == sorted(written)
    assert len(written) == 2

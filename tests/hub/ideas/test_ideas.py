"""Ideas: what a person says reaches the page only through a look, and nothing says whose it was or when it came."""

import datetime as dt
import uuid
from functools import partial

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from hub.ideas.form_tokens import InvalidToken, TokenTooYoung, derive_id, make_token, read_token
from hub.ideas.models import MAX_AWAITING_MODERATION, TooManyIdeas
from hub.models import Idea, SeenTap
from tests.volunteers.rota_world import grant
from tests.volunteers.threads import at_once
from volunteers.shared.refusals import NotAllowed

TODAY = "2026-05-21"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(f"{TODAY} 18:30 +0100", tick=False) as traveller:
        yield traveller


@pytest.fixture
def heard(db):
    return Idea.objects.create(words="A hot shower", state="heard")


def test_token_is_valid_after_moment_for_half_day(clock):
    token = make_token()
    with pytest.raises(TokenTooYoung):
        read_token(token)
    clock.shift(dt.timedelta(seconds=3))
    number = read_token(token)
    assert read_token(token, at_any_age=True) == number
    clock.shift(dt.timedelta(hours=12))
    with pytest.raises(InvalidToken):
        read_token(token)
    for nonsense in ("", "x", token + "x", "\x00", "a" * 100_000, "ü:ü:ü"):
        with pytest.raises(InvalidToken):
            read_token(nonsense)


def test_id_comes_from_page_but_is_unreadable():
    token = make_token()
    number = read_token(token, at_any_age=True)

    derived = derive_id(number)

    assert derived == derive_id(number)
    assert derived != derive_id(number, "another")
    assert derived.hex not in token
    assert number not in (derived, derive_id(number, "another"))
    assert derived.version == 4


def test_the_same_page_says_it_once(db):
    same = uuid.uuid4()
    Idea.objects.submit("Socks", id=same)
    Idea.objects.submit("Socks, please", id=same)

    assert [*Idea.objects.values_list("words", "state")] == [("Socks", "held")]


def test_a_flood_stops_and_what_is_there_stays(db):
    Idea.objects.bulk_create(Idea(words=f"Flood {n}") for n in range(MAX_AWAITING_MODERATION - 1))
    Idea.objects.submit("The last that fits", id=uuid.uuid4())

    with pytest.raises(TooManyIdeas):
        Idea.objects.submit("One too many", id=uuid.uuid4())
    assert Idea.objects.reject([idea.pk for idea in Idea.objects.awaiting_moderation()[:150]]) == 150
    Idea.objects.submit("There is room again", id=uuid.uuid4())

    assert Idea.objects.awaiting_moderation().count() == MAX_AWAITING_MODERATION - 150 + 1


@pytest.mark.django_db(transaction=True)
def test_limit_holds_and_taps_survive_two_threads():
    Idea.objects.bulk_create(Idea(words=f"Flood {n}") for n in range(MAX_AWAITING_MODERATION - 1))
    results = at_once(*(lambda: Idea.objects.submit("Me", id=uuid.uuid4()) for _ in range(3)))
    assert [type(result) for result in results].count(TooManyIdeas) == 2
    assert Idea.objects.awaiting_moderation().count() == MAX_AWAITING_MODERATION

    idea, same = Idea.objects.create(words="Socks", state="heard"), uuid.uuid4()
    ids = [same, same, uuid.uuid4(), uuid.uuid4()]
    assert at_once(*(partial(SeenTap.objects.count_tap, idea, id=id_) for id_ in ids)) == [None] * 4
    idea.refresh_from_db()
    assert idea.me_too == 3


@pytest.mark.parametrize(
    "about",
    [
        {"words": ""},
        {"state": "wild"},
        {"state": "cant", "answered_on": TODAY},
        {"state": "done", "answered_on": TODAY},
        {"state": "done", "answer": "Done"},
        {"state": "doing"},
        {"state": "heard", "answer": "Hm"},
        {"state": "heard", "answered_on": TODAY},
        {"state": "held", "for_meeting": True},
        {"me_too": -1},
    ],
)
def test_the_database_refuses_what_no_page_would_show(db, about):
    with pytest.raises(IntegrityError), transaction.atomic():
        Idea.objects.create(**{"words": "Socks"} | about)


def test_answer_keeps_its_day_when_repeated(heard, clock):
    heard.reply("cant", "No money")
    clock.shift(dt.timedelta(days=3))
    heard.reply("cant", "No money")
    assert heard.answered_on == dt.date(2026, 5, 21)
    heard.reply("done", "Somebody gave us one")
    assert (heard.state, heard.answered_on) == ("done", dt.date(2026, 5, 24))
    heard.reply("heard", "never mind")
    assert (heard.state, heard.answer, heard.answered_on) == ("heard", "", None)


def test_held_idea_has_no_answer_or_meeting(db):
    idea = Idea.objects.create(words="Socks")
    for verb in (lambda: idea.reply("doing", ""), lambda: idea.set_for_meeting(for_meeting=True)):
        with pytest.raises(NotAllowed):
            verb()
    idea.publish("Warm socks")
    idea.set_for_meeting(for_meeting=True)
    assert [*Idea.objects.on_meeting_list()] == [idea]
    idea.unpublish()
    assert (idea.state, [*Idea.objects.on_meeting_list()]) == ("held", [])


def test_one_said_before_is_counted_there(heard):
    again = Idea.objects.create(words="Shower!", me_too=2, state="heard")
    again.merge_into(heard)
    heard.refresh_from_db()
    assert (heard.me_too, Idea.objects.count()) == (3, 1)
    for verb in (lambda: again.merge_into(heard), lambda: heard.merge_into(heard), lambda: again.publish("Back?")):
        with pytest.raises(NotAllowed):
            verb()
    heard.reply("done", "Here it is")
    with pytest.raises(NotAllowed):
        Idea.objects.create(words="Shower").merge_into(heard)


def test_me_too_cannot_be_watched_arriving(heard):
    """The eighth tap changes what is shown with the month, and not when it is tapped."""
    with time_machine.travel("2026-05-20 12:00 +0100", tick=False):
        Idea.objects.filter(pk=heard.pk).add_me_too(7)
    with time_machine.travel("2026-06-02 12:00 +0100", tick=False):
        for _tap in range(2):
            Idea.objects.filter(pk=heard.pk).add_me_too()
            heard.refresh_from_db()
            assert heard.me_too_label == "Some others said the same"
            assert [idea.pk for idea in Idea.objects.order_for_public()] == [heard.pk]
    with time_machine.travel("2026-07-01 12:00 +0100", tick=False):
        assert heard.me_too_label == "About 10 others said the same"


@pytest.mark.parametrize(
    ("me_too", "said"),
    [(0, ""), (1, "Some others said the same"), (7, "Some others said the same"), (8, "About 10 others said the same")],
)
def test_me_too_is_shown_rounded(heard, me_too, said):
    heard.me_too = me_too
    assert heard.me_too_label == said


def test_idea_order_is_no_finer_than_shown(db):
    made = [
        Idea(pk=uuid.UUID(int=n), words=f"Idea {n}", state="heard", me_too=m) for n, m in enumerate([0, 9, 7, 12, 20])
    ]
    Idea.objects.bulk_create(reversed(made))
    answered = Idea.objects.create(words="Answered", state="doing", answered_on=TODAY)

    assert [*Idea.objects.published().order_for_public()] == [answered, made[4], made[1], made[3], made[0], made[2]]


def test_tap_on_settled_idea_changes_nothing(heard, clock):
    SeenTap.objects.count_tap(heard, id=uuid.uuid4())
    heard.reply("done", "Here it is")
    SeenTap.objects.count_tap(heard, id=uuid.uuid4())
    heard.refresh_from_db()
    assert heard.me_too == 1
    clock.shift(dt.timedelta(days=1))
    assert SeenTap.objects.forget_old() == 0
    clock.shift(dt.timedelta(days=1))
    assert SeenTap.objects.forget_old() == 2


def test_settled_ideas_expire_after_two_years(heard, clock):
    Idea.objects.create(words="Settled", state="done", answer="Yes", answered_on=TODAY)
    Idea.objects.create(words="Still at it", state="doing", answered_on=TODAY)
    clock.shift(dt.timedelta(days=730))
    assert Idea.objects.forget_old() == 0
    clock.shift(dt.timedelta(days=1))
    assert Idea.objects.forget_old() == 1
    assert sorted(Idea.objects.values_list("words", flat=True)) == ["A hot shower", "Still at it"]


def test_no_column_knows_a_time_or_a_person(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'hub_idea'")
        rows = dict(cursor.fetchall())
    assert set(rows) == {
        "id", "words", "state", "answer", "answered_on", "me_too", "me_too_before", "me_too_in", "for_meeting",
        "decided_state", "decision",
    }  # fmt: skip
    assert not any(kind.startswith(("timestamp", "time ")) for kind in rows.values())


def test_who_did_the_school_looks_and_nobody_else(volunteer, trainee, trainer, coordinator):
    assert [Idea.can_moderate(person) for person in (volunteer, trainee, trainer, coordinator)] == [
        False,
        False,
        False,
        True,
    ]
    grant(volunteer, "school-done")
    grant(trainee, "school-done", until=dt.date(2026, 5, 21))
    assert [Idea.can_moderate(person) for person in (volunteer, trainee)] == [True, False]

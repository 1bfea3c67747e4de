"""Alerts: an area and a week, drafted by anybody at the desk, published by a coordinator, and over when they say so."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from hub.models import Alert, Opening
from tests.supplies.makers import TODAY
from tests.volunteers.threads import at_once
from volunteers.shared.refusals import NotAllowed

pytestmark = pytest.mark.usefixtures("clock")

MONDAY = dt.date(2026, 5, 18)


def an_alert(**about):
    return Alert.objects.create(
        **{
            "what": "Strong brown powder",
            "area": "East London",
            "week": MONDAY,
            "source": "People at the desk",
            "what_to_do": "Go slow.\n\nKeep naloxone near.",
            "expires_on": TODAY + dt.timedelta(days=14),
        }
        | about
    )


def test_draft_alert_is_hidden_from_the_public():
    alert = an_alert()
    assert not Alert.objects.live().exists()
    assert not Alert.objects.shown_at_desk().exists()

    alert.publish()
    alert.publish()

    assert [*Alert.objects.live()] == [*Alert.objects.shown_at_desk()] == [alert]
    assert alert.published_on == TODAY
    assert alert.steps == ["Go slow.", "Keep naloxone near."]


def test_alert_is_gone_after_its_last_day(clock):
    alert = an_alert(expires_on=TODAY)
    alert.publish()
    assert alert.is_live
    assert Alert.objects.live().exists()

    clock.move_to(dt.datetime.fromisoformat("2026-05-21T00:00+01:00"))

    assert not alert.is_live
    assert not Alert.objects.live().exists()
    assert not Alert.objects.shown_at_desk().exists()


def test_what_is_over_is_not_published_or_shown(clock):
    alert = an_alert(expires_on=MONDAY)

    for verb in (alert.publish, alert.show_tonight):
        with pytest.raises(NotAllowed, match="last day has passed"):
            verb()


def test_lead_shows_draft_at_desk_until_six(clock):
    alert = an_alert()

    alert.show_tonight()

    assert [*Alert.objects.shown_at_desk()] == [alert]
    assert alert.is_shown_at_desk
    assert not Alert.objects.live().exists()
    clock.move_to(dt.datetime.fromisoformat("2026-05-21T05:59+01:00"))
    assert Alert.objects.shown_at_desk().exists()
    clock.move_to(dt.datetime.fromisoformat("2026-05-21T06:00+01:00"))
    assert not Alert.objects.shown_at_desk().exists()
    assert not alert.is_shown_at_desk


def test_draft_alert_leaves_when_last_desk_closes(clock):
    here, bus = (Opening.objects.start(kind="unplanned", place=place) for place in ("", "the bus"))
    draft, published = an_alert(), an_alert()
    published.publish()
    draft.show_tonight()

    bus.close(nobody_came=True)
    assert {*Alert.objects.shown_at_desk()} == {draft, published}

    here.close(nobody_came=True)
    assert [*Alert.objects.shown_at_desk()] == [published]
    assert draft in Alert.objects.drafts()


def test_a_draft_is_taken_off_the_desk_again():
    alert = an_alert()
    alert.show_tonight()
    alert.hide_tonight()
    assert not Alert.objects.shown_at_desk().exists()


def test_withdrawn_is_gone_and_not_shown_again():
    alert = an_alert()
    alert.publish()
    alert.withdraw()
    alert.withdraw()

    assert not Alert.objects.shown_at_desk().exists()
    with pytest.raises(NotAllowed, match="withdrawn"):
        alert.show_tonight()


def test_a_day_is_rounded_to_its_week():
    alert = an_alert()
    alert.week = TODAY
    alert.full_clean()
    assert alert.week == MONDAY
    assert alert.week_ends == dt.date(2026, 5, 24)


@pytest.mark.parametrize("area", ["Brick Lane", "12 Mare", "E1 6AA", "n16 8bj", "Old Street", "Kingsland Rd."])
def test_an_area_that_is_a_door_is_refused(area):
    alert = an_alert()
    alert.area = area
    with pytest.raises(ValidationError, match="never a street"):
        alert.full_clean()


@pytest.mark.parametrize(
    "area", ["East London", "E1", "Hackney and Tower Hamlets", "Closer to the river", "St Pancras"]
)
def test_an_area_is_an_area(area):
    alert = an_alert()
    alert.area = area
    alert.full_clean()


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"week": TODAY}, "only_its_week"),
        ({"what": ""}, "says_all"),
        ({"expires_on": MONDAY - dt.timedelta(days=1)}, "ends_after"),
        ({"state": "published"}, "state_known"),
        ({"state": "sold"}, "state_known"),
    ],
)
def test_the_database_keeps_the_rules_of_alerts(wrong, rule):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        an_alert(**wrong)


@pytest.mark.django_db(transaction=True)
def test_publish_and_withdraw_at_once_ends_consistent():
    alert = an_alert()
    at_once(Alert.objects.get().publish, Alert.objects.get().withdraw)
    alert.refresh_from_db()
    assert alert.state in ("published", "withdrawn")

"""Pathways: what we know of a service, what we do not, and how long ago we made sure."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from hub.models import Hub, Pathway, PathwayKind
from tests.supplies.makers import TODAY

pytestmark = pytest.mark.usefixtures("clock")

Known = Pathway.Known


@pytest.fixture
def kind():
    return PathwayKind.objects.create(name="Housing", slug="housing")


def a_pathway(kind, name="Shelter", **about):
    return Pathway.objects.create(kind=kind, name=name, **about)


def names(pathways):
    return [pathway.name for pathway in pathways]


def test_default_services_all_need_a_check():
    Pathway.objects.lay_out()
    Pathway.objects.lay_out()

    assert PathwayKind.objects.count() == 16
    assert Pathway.objects.count() == 48
    assert Pathway.objects.to_check(90).count() == 48
    assert not Pathway.objects.exclude(may_involve_police="not_known", safe_whatever_status="not_known").exists()
    assert "111" in Pathway.objects.get(name="NHS 111").how_to_reach


def test_default_services_load_only_when_empty(kind):
    a_pathway(kind)
    Pathway.objects.lay_out()
    assert names(Pathway.objects.all()) == ["Shelter"]


def test_not_known_is_neither_safe_nor_without_police(kind):
    a_pathway(kind, "Yes", safe_whatever_status=Known.YES, may_involve_police=Known.YES)
    a_pathway(kind, "No", safe_whatever_status=Known.NO, may_involve_police=Known.NO)
    a_pathway(kind, "Unknown")

    assert names(Pathway.objects.safe_whatever_status()) == ["Yes"]
    assert names(Pathway.objects.without_police()) == ["No"]


def test_hidden_and_past_their_day_are_not_shown(kind):
    a_pathway(kind, "Hidden", withdrawn=True)
    a_pathway(kind, "Past", hide_after=TODAY - dt.timedelta(days=1))
    a_pathway(kind, "Last day", hide_after=TODAY)

    assert names(Pathway.objects.shown()) == ["Last day"]


def test_old_or_missing_check_is_due(kind):
    a_pathway(kind, "Never")
    a_pathway(kind, "Long ago", checked_on=TODAY - dt.timedelta(days=91))
    a_pathway(kind, "Just", checked_on=TODAY - dt.timedelta(days=90))
    a_pathway(kind, "Hidden", withdrawn=True)

    assert names(Pathway.objects.to_check(90)) == ["Long ago", "Never"]
    assert [p.name for p in Pathway.objects.shown() if p.needs_checking(90, TODAY)] == ["Long ago", "Never"]


def test_check_keeps_day_without_person_or_time(kind):
    pathway = a_pathway(kind)
    pathway.check_today()
    pathway.check_today()

    pathway.refresh_from_db()
    assert pathway.checked_on == TODAY
    assert pathway.events.count() == 1
    assert not hasattr(pathway.events.get(), "checked_on")


def test_a_change_of_what_it_says_is_remembered(kind):
    pathway = a_pathway(kind)
    pathway.hours = "Mondays"
    pathway.save()
    assert [event.hours for event in pathway.events.order_by("pgh_id")] == ["", "Mondays"]


def test_check_lifetime_is_a_hub_setting():
    assert Pathway.days_between_checks() == 90
    Hub.objects.create(pk=1, name="Hub", pathway_days=30)
    assert Pathway.days_between_checks() == 30


def test_search_finds_words_outside_private_notes(kind):
    a_pathway(kind, who_for="Women only", hours="Nights", heard="Rude on the phone")

    assert names(Pathway.objects.search("WOMEN shelt nights")) == ["Shelter"]
    assert names(Pathway.objects.search("women rude")) == []


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [({"name": ""}, "name_given"), ({"may_involve_police": "maybe"}, "known_or_not"), ({}, "once_a_kind")],
)
def test_the_database_keeps_the_rules_of_pathways(kind, wrong, rule):
    a_pathway(kind)
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        a_pathway(kind, **wrong)

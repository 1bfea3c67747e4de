"""Reversals, strip results and incidents: rows that know their month, and neither a person nor a visit.

Tries hub/logs/models/base.py, hub/logs/models/incidents.py, hub/logs/models/reversals.py
and hub/logs/models/strips.py.
"""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from hub.models import Choice, Incident, IncidentNeed, Reversal, Strip, StripResult
from tests.privacy.evenings import forget
from tests.supplies.makers import MAY, TODAY, a_lot, an_item

pytestmark = pytest.mark.usefixtures("clock")

Reading = StripResult.Reading


@pytest.fixture
def lists():
    Choice.objects.lay_out()


@pytest.fixture
def strip():
    item = an_item("Nitazene strip")
    return Strip.objects.create(name="Nitazene strip", limits="Misses some.", item=item)


def a_choice(of, place=0):
    return Choice.objects.filter(of=of)[place]


def test_reversal_can_be_empty_except_month():
    assert Reversal.objects.report()

    assert [*Reversal.objects.values_list("month", "place", "doses", "called_999", "outcome")] == [
        (MAY, None, None, None, None)
    ]


def test_reversal_after_midnight_counts_in_evenings_month(clock):
    clock.move_to(dt.datetime.fromisoformat("2026-06-01T05:59+01:00"))
    Reversal.objects.report()
    clock.move_to(dt.datetime.fromisoformat("2026-06-01T06:00+01:00"))
    Reversal.objects.report()

    assert sorted(Reversal.objects.values_list("month", flat=True)) == [MAY, dt.date(2026, 6, 1)]


def test_the_same_tap_twice_is_one_row(strip, lists):
    tap = uuid.uuid4()
    kind = a_choice("incident")

    assert [Reversal.objects.report(id=tap), Reversal.objects.report(id=tap)] == [True, False]
    assert [StripResult.objects.report(strip, Reading.ABSENT, id=tap) for _ in range(2)] == [True, False]
    needs = [a_choice("need"), a_choice("need", 1)]
    assert [Incident.objects.report(kind, id=tap, needs=needs) for _ in range(2)] == [True, False]

    assert [model.objects.count() for model in (Reversal, StripResult, Incident, IncidentNeed)] == [1, 1, 1, 2]


def test_row_written_by_mistake_is_removed_once(lists):
    for _ in range(2):
        Reversal.objects.report(doses=2)
    row = Reversal.objects.order_by("pk").first()

    assert [Reversal.objects.take_out([row.pk]), Reversal.objects.take_out([row.pk])] == [1, 0]
    assert Reversal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_rewriting_month_gives_new_ids_in_order(strip):
    april = dt.date(2026, 4, 1)
    for number in range(30):
        StripResult.objects.report(strip, Reading.ABSENT if number < 20 else Reading.PRESENT)
    StripResult.objects.report(strip, Reading.INVALID, month=april)
    before = {*StripResult.objects.values_list("pk", "month", "line")}

    with transaction.atomic():
        StripResult.objects.rewrite_month(MAY)

    after = {*StripResult.objects.values_list("pk", "month", "line")}
    assert sorted(row[1:] for row in after) == sorted(row[1:] for row in before)
    assert [row[2] for row in before & after] == [Reading.INVALID]
    forget()
    written = [row.pk for row in StripResult.objects.raw("SELECT * FROM hub_stripresult ORDER BY ctid")]
    assert written == sorted(written)


@pytest.mark.parametrize("month", [dt.date(2026, 6, 1), TODAY])
def test_a_month_that_has_not_begun_is_refused(month, lists, strip):
    for write in (
        lambda: Reversal.objects.report(month=month),
        lambda: StripResult.objects.report(strip, Reading.ABSENT, month=month),
        lambda: Incident.objects.report(a_choice("incident"), month=month),
    ):
        with pytest.raises(ValidationError, match="Choose another"):
            write()


def test_the_database_refuses_an_answer_of_another_list(lists, strip):
    need = a_choice("need")
    for wrong in (
        lambda: Reversal.objects.create(month=MAY, place=need),
        lambda: Reversal.objects.create(month=MAY, outcome=need),
        lambda: StripResult.objects.create(month=MAY, strip=strip, line=Reading.ABSENT, sold_as=need),
        lambda: Incident.objects.create(month=MAY, kind=need),
    ):
        with pytest.raises(IntegrityError, match="another list"), transaction.atomic():
            wrong()


def test_the_database_refuses_a_lot_of_another_strip(strip):
    lot = a_lot(an_item("Fentanyl strip"), number="F1")

    with pytest.raises(IntegrityError, match="of another strip"), transaction.atomic():
        StripResult.objects.create(month=MAY, strip=strip, line=Reading.ABSENT, lot=lot)


@pytest.mark.parametrize(
    ("model", "wrong", "rule"),
    [
        (Reversal, {"month": TODAY}, "reversal_by_month"),
        (Reversal, {"month": MAY, "doses": 0}, "reversal_doses_in_range"),
        (Reversal, {"month": MAY, "doses": 21}, "reversal_doses_in_range"),
        (StripResult, {"month": TODAY, "line": "absent"}, "stripresult_by_month"),
        (StripResult, {"month": MAY, "line": "safe"}, "stripresult_line_known"),
        (Strip, {"name": "New", "limits": ""}, "strip_says_what_it_cannot_tell"),
        (Choice, {"of": "place", "name": ""}, "choice_has_words"),
    ],
)
def test_the_database_keeps_the_rules_of_the_logs(strip, model, wrong, rule):
    if model is StripResult:
        wrong = wrong | {"strip": strip}

    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        model.objects.create(**wrong)


def test_incidents_keep_needs_and_expire_in_90_days(lists, clock):
    talk, rest = a_choice("need"), a_choice("need", 1)
    Incident.objects.report(a_choice("incident"), needs=[talk, rest])
    Incident.objects.report(a_choice("incident", 1), called_999=True, needs=[talk])
    assert Incident.objects.month(MAY).count_needs() == [(talk.name, 2), (rest.name, 1)]

    clock.move_to(dt.datetime.fromisoformat("2026-07-29T12:00+01:00"))
    assert Incident.objects.forget_old() == 0
    clock.move_to(dt.datetime.fromisoformat("2026-07-30T12:00+01:00"))
    assert Incident.objects.forget_old() == 2
    assert not IncidentNeed.objects.exists()


def test_default_lists_load_once_without_overwriting():
    Choice.objects.create(of="place", name="The canal")
    Choice.objects.lay_out()
    Choice.objects.lay_out()

    assert [*Choice.objects.filter(of="place").values_list("name", flat=True)] == ["The canal"]
    assert Choice.objects.filter(of="need").count() == 7
    a_choice("need").delete()
    Choice.objects.lay_out()
    assert Choice.objects.filter(of="need").count() == 6


def test_withdrawn_answers_are_offered_no_more(lists):
    Choice.objects.filter(name="Home").update(withdrawn=True)

    assert "Home" not in [choice.name for choice in Choice.objects.offered("place")]


def test_no_strip_result_is_called_safe():
    Strip.objects.lay_out()

    words = " ".join([*Strip.objects.values_list("limits", flat=True), *map(str, Reading.labels)])
    assert len(Strip.objects.all()) == 4
    assert "safe" not in words.lower()

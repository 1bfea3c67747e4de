"""Patterns on their pages: plain words in, every day looked at first, and nothing changed behind anybody's back."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.volunteers.rota_world import a_pattern, a_shift, at, post_of, somebody
from tests.volunteers.test_rota_pages import ROWS, do, words
from volunteers.forms.patterns import DAYS, RHYTHMS, in_plain_words, in_words, write_rule
from volunteers.models import Batch, Pattern, Shift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
A_PATTERN = {
    "title": "Drop-in", "rhythm": "2", "days": ["TU", "TH"], "first_day": "2026-11-23", "starts": "18:00",
    "ends": "21:00", "drop_in": "on", "exceptions": "2026-12-24\n\n2026-12-31", **ROWS,
}  # fmt: skip


@pytest.fixture
def mo(client, sign_in, demo, coordinator):
    sign_in(client, coordinator)
    return client


def test_a_pattern_in_plain_words_becomes_a_rule(mo):
    assert do(mo, "pattern-new", **A_PATTERN).status_code == 302

    pattern = Pattern.objects.get()
    assert pattern.rule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH"
    assert pattern.exceptions == [dt.date(2026, 12, 24), dt.date(2026, 12, 31)]
    assert [post.shape[:3] for post in pattern.posts.all()] == [("Lead", 1, 1), ("Desk", 1, 3)]
    edit = mo.get(f"/rota/patterns/{pattern.pk}/edit/").content.decode()
    assert edit.count("checked") == 3
    assert 'value="2" selected' in edit


@pytest.mark.parametrize("rhythm", RHYTHMS)
def test_every_rhythm_is_a_readable_rule(mo, rhythm):
    do(mo, "pattern-new", **A_PATTERN | {"rhythm": rhythm})

    assert in_words(Pattern.objects.get().rule).endswith(": Tuesday, Thursday")


NTH = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}


@pytest.mark.parametrize("ticked", [["TU", "TH"], ["MO", "SA", "SU"], ["FR"], [code for code, _name in DAYS]])
@pytest.mark.parametrize("rhythm", NTH)
def test_each_ticked_day_counts_for_itself(mo, rhythm, ticked):
    do(mo, "pattern-new", **A_PATTERN | {"rhythm": rhythm, "days": ticked, "exceptions": ""})
    pattern = Pattern.objects.get()
    Pattern.objects.update(on_bank_holidays=True, first_day=dt.date(2027, 1, 1))
    pattern.refresh_from_db()

    found = [each.day for each in pattern.preview(dt.date(2027, 1, 1), dt.date(2027, 6, 30))]

    weekdays = [[code for code, _name in DAYS].index(code) for code in ticked]
    expected = []
    for month in range(1, 7):
        whole = [dt.date(2027, month, 1) + dt.timedelta(days=n) for n in range(31)]
        for weekday in weekdays:
            those = [day for day in whole if day.month == month and day.weekday() == weekday]
            expected += those[NTH[rhythm] :][:1]
    assert found == sorted(expected)


@pytest.mark.parametrize(
    ("rule", "rhythm"),
    [
        ("FREQ=MONTHLY;BYDAY=TU,TH;BYSETPOS=2", "own"),
        ("FREQ=MONTHLY;BYDAY=2TU,3TH", "own"),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2", "second"),
        ("FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1", "last"),
        ("FREQ=MONTHLY;BYDAY=2TU,2TH", "second"),
    ],
)
def test_rule_typed_by_hand_keeps_its_meaning(mo, rule, rhythm):
    do(mo, "pattern-new", **A_PATTERN | {"rhythm": "own", "days": [], "rule": rule})
    pattern = Pattern.objects.get()

    assert (pattern.rule, in_plain_words(rule)[0]) == (rule, rhythm)
    before = [day.day for day in pattern.preview(dt.date(2026, 12, 1), dt.date(2027, 5, 31))]
    if rhythm != "own":
        Pattern.objects.update(rule=write_rule(*in_plain_words(rule)))
    pattern.refresh_from_db()
    assert [day.day for day in pattern.preview(dt.date(2026, 12, 1), dt.date(2027, 5, 31))] == before


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=MONTHLY;BYDAY=5TU,5TH", "January 2027 has no fifth Tuesday."),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "February 2027 has no day 31."),
        ("FREQ=MONTHLY;BYDAY=WE;BYSETPOS=5", "February 2027 has no fifth Wednesday."),
    ],
)
def test_preview_names_months_that_lack_days(mo, rule, said):
    pattern = a_pattern(rule)

    for last in ("2027-02-28", "2027-03-31"):
        shown = words(mo.get(f"/rota/patterns/{pattern.pk}/preview/", {"first": "2027-01-01", "last": last}))
        assert said in shown


def test_preview_says_a_shift_is_on_then(mo):
    a_shift(at("2026-12-03", "20:00"), title="Party", state="draft")
    a_shift(at("2026-12-10", "16:00"), hours=2, title="Before")
    a_shift(at("2026-12-17"), title="Called off", state="cancelled", reason="Flood")
    pattern = a_pattern()
    period = {"first": "2026-12-01", "last": "2026-12-20"}

    response = mo.get(f"/rota/patterns/{pattern.pk}/preview/", period)
    assert words(response).count("There is already a shift then:") == 1
    assert "There is already a shift then: Party, Thursday 3 December, 8 pm to 11 pm" in words(response)
    assert "2 shifts would be made" in words(response)
    seen = ["2026-12-10", "2026-12-17"]
    assert [f'name="seen" value="{day}"' in response.content.decode() for day in seen] == [True, True]

    assert do(mo, "pattern-make", pattern.pk, **period, looked="yes", seen=seen, kept=seen).status_code == 302
    assert [str(shift.day) for shift in pattern.shifts.all()] == seen
    only = {"looked": "yes", "beside": ["2026-12-03"]}
    assert "Make the ticked ones" in words(mo.get(f"/rota/patterns/{pattern.pk}/preview/", period))
    assert do(mo, "pattern-make", pattern.pk, **period, looked="yes").status_code == 409
    assert do(mo, "pattern-make", pattern.pk, **period, **only).status_code == 302
    assert pattern.shifts.count() == 3


def test_rota_changed_since_preview_makes_nothing(mo):
    pattern = a_pattern()
    period = {"first": "2026-12-01", "last": "2026-12-13", "looked": "yes", "seen": ["2026-12-03", "2026-12-10"]}
    a_shift(at("2026-12-10"))

    refused = do(mo, "pattern-make", pattern.pk, **period, beside=["2026-12-10"])

    assert 'value="2026-12-10" checked' in refused.content.decode()
    assert "There is already a shift then:" in words(refused)
    assert (refused.status_code, "The rota changed after you looked at these days." in words(refused)) == (409, True)
    assert 'value="2026-12-13"' in refused.content.decode()
    for wrong in ("x", "2026-99-99", "\x00", "2026-12-03T10"):
        assert do(mo, "pattern-make", pattern.pk, **period | {"beside": [wrong]}).status_code == 422
    assert pattern.shifts.count() == 0


def test_unticked_days_are_not_made(mo):
    pattern = a_pattern()
    period = {"first": "2026-12-01", "last": "2026-12-20", "looked": "yes"}
    seen = ["2026-12-03", "2026-12-10", "2026-12-17"]
    page = mo.get(f"/rota/patterns/{pattern.pk}/preview/", period).content.decode()
    assert re.findall(r'name="kept" value="([^"]+)" checked', page) == seen

    none = do(mo, "pattern-make", pattern.pk, **period, seen=seen)
    assert (none.status_code, "Tick one day or more." in words(none)) == (409, True)
    stale = do(mo, "pattern-make", pattern.pk, **period, seen=seen[:2], kept=seen[:1])
    assert re.findall(r'name="kept" value="([^"]+)" checked', stale.content.decode()) == [seen[0], seen[2]]
    assert (stale.status_code, Shift.objects.count()) == (409, 0)

    assert do(mo, "pattern-make", pattern.pk, **period, seen=seen, kept=[seen[0], seen[2]]).status_code == 302
    assert [str(shift.day) for shift in pattern.shifts.order_by("starts_at")] == [seen[0], seen[2]]


def test_a_rule_of_ones_own_needs_no_days(mo):
    own = {"rhythm": "own", "days": [], "rule": "freq=monthly;bymonthday=15"}

    assert do(mo, "pattern-new", **A_PATTERN | own).status_code == 302
    assert in_words(Pattern.objects.get().rule) == "FREQ=MONTHLY;BYMONTHDAY=15"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"days": []}, "Choose at least one day."),
        ({"days": ["XX"]}, "not one of the available choices"),
        ({"rhythm": "own", "rule": ""}, "We cannot read “” in that rule."),
        ({"rhythm": "own", "rule": "FREQ=SECONDLY"}, "We cannot read “FREQ=SECONDLY” in that rule."),
        ({"rhythm": "own", "rule": "x" * 300}, "at most 200 characters"),
        ({"ends": "18:00"}, "The end must differ from the start."),
        ({"exceptions": "Christmas"}, "“Christmas” is not a day we can read."),
        ({"exceptions": "2026-02-30"}, "“2026-02-30” is not a day we can read."),
        ({"exceptions": "2026-12-24\n" * 300}, ""),
        ({"first_day": "0001-01-01"}, "Choose a day in this century."),
        ({"starts": "25:00"}, "Enter a valid time."),
        ({"posts-0-role": "", "posts-1-role": ""}, "Add one role or more, or nobody can be on it."),
    ],
)
def test_a_pattern_filled_in_wrongly_says_what(mo, wrong, said):
    response = do(mo, "pattern-new", **A_PATTERN | wrong)

    assert (response.status_code, Pattern.objects.count()) == ((422, 0) if said else (302, 1))
    assert not said or said in words(response)


def test_month_is_previewed_and_made_once(mo):
    pattern = a_pattern()
    period = {"first": "2026-12-01", "last": "2026-12-31"}

    shown = words(mo.get(f"/rota/patterns/{pattern.pk}/preview/", period))
    assert "5 shifts would be made" in shown
    assert "Thursday 3 December 2026, 6 pm to 9 pm New" in shown
    assert Shift.objects.count() == 0

    assert do(mo, "pattern-make", pattern.pk, **period).status_code == 302
    assert do(mo, "pattern-make", pattern.pk, **period).status_code == 409
    assert Shift.objects.count() == 5
    assert "Already there" in words(mo.get(f"/rota/patterns/{pattern.pk}/preview/", period))
    assert do(mo, "publish", **period, sure="yes").status_code == 302
    assert set(Shift.objects.values_list("state", flat=True)) == {"published"}


@pytest.mark.parametrize(
    ("first", "last", "status", "said"),
    [
        ("2026-12-01", "2027-11-30", 409, "more than 200 shifts"),
        ("2026-12-01", "2064-11-30", 409, "more than a year"),
        ("2026-12-01", "2026-11-30", 422, "That is before the first day."),
        ("", "", 422, "This field is required."),
        ("x\x00", "9999-99-99", 422, "is not a day we can read."),
        ("0001-01-01", "9999-12-31", 422, "Choose a day in this century."),
    ],
)
def test_too_many_or_no_days_are_refused(mo, first, last, status, said):
    pattern = a_pattern("FREQ=DAILY")
    period = {"first": first, "last": last}

    looked = mo.get(f"/rota/patterns/{pattern.pk}/preview/", period)
    response = do(mo, "pattern-make", pattern.pk, **period)

    assert [(answer.status_code, said in words(answer)) for answer in (looked, response)] == [(status, True)] * 2
    assert Shift.objects.count() == 0


def test_batch_is_deleted_until_somebody_signs_up(mo):
    pattern, ash = a_pattern(), somebody("Ash")
    period = {"first": "2026-11-23", "last": "2026-12-31"}
    do(mo, "pattern-make", pattern.pk, **period)
    assert do(mo, "batch-take-back", Batch.objects.get().pk).status_code == 302
    assert Shift.objects.count() == 0

    do(mo, "pattern-make", pattern.pk, **period)
    do(mo, "publish", **period, sure="yes")
    post_of(Shift.objects.first()).book(ash, by=ash)
    refused = do(mo, "batch-take-back", Batch.objects.get().pk)
    assert (refused.status_code, "Thursday 26 November" in words(refused)) == (409, True)
    assert "People have signed up for 1 of them. They stay." in words(refused)
    assert Shift.objects.count() == 6


def test_changed_pattern_ticks_only_empty_shifts(mo):
    pattern, ash = a_pattern(), somebody("Ash")
    do(mo, "pattern-make", pattern.pk, first="2026-11-23", last="2026-12-06")
    do(mo, "publish", first="2026-11-23", last="2026-12-06", sure="yes")
    first, second = Shift.objects.order_by("starts_at")
    post_of(first).book(ash, by=ash)
    changed = A_PATTERN | {"rhythm": "1", "days": ["TH"], "starts": "19:00", "exceptions": ""}

    assert do(mo, "pattern-edit", pattern.pk, **changed).status_code == 302
    page = mo.get(pattern.get_absolute_url())
    assert "2 shifts differ from the pattern" in words(page)
    assert "Times, Posts · 1 person is on it" in words(page)
    assert f'value="{second.pk}" checked' in page.content.decode()
    assert f'value="{first.pk}" checked' not in page.content.decode()
    first.refresh_from_db()
    assert first.starts_at == at("2026-11-26")

    assert do(mo, "pattern-line", pattern.pk, shift=[second.pk]).status_code == 302
    for wrong in ([], ["x"], [99_999], ["\x00"]):
        assert do(mo, "pattern-line", pattern.pk, shift=wrong).status_code == 422
    assert "1 shift differs from the pattern" in words(mo.get(pattern.get_absolute_url()))


def test_deleting_a_pattern_leaves_its_shifts(mo):
    pattern = a_pattern()
    do(mo, "pattern-make", pattern.pk, first="2026-11-23", last="2026-12-06")

    assert do(mo, "pattern-delete", pattern.pk, sure="yes").status_code == 302
    assert (Pattern.objects.count(), Shift.objects.count()) == (0, 2)


def test_pattern_pages_take_constant_statements(mo):
    pattern, spent = a_pattern(), []
    for first, last in (("2026-11-23", "2026-12-20"), ("2026-12-21", "2027-01-20"), ("2027-01-21", "2027-02-20")):
        do(mo, "pattern-make", pattern.pk, first=first, last=last)
        Pattern.objects.filter(pk=pattern.pk).update(starts=dt.time(19))
        counts = []
        for path in ("/rota/patterns/", pattern.get_absolute_url()):
            with CaptureQueriesContext(connection) as asked:
                mo.get(path)
            counts.append(len(asked))
        spent.append(counts)
        Pattern.objects.filter(pk=pattern.pk).update(starts=dt.time(18))

    assert spent == [[4, 11]] * 3


def test_preview_takes_constant_statements(mo):
    pattern, spent = a_pattern(), []
    for day, last in (("2026-12-03", "2026-12-06"), ("2026-12-10", "2026-12-13"), ("2026-12-17", "2026-12-20")):
        a_shift(at(day))
        with CaptureQueriesContext(connection) as asked:
            mo.get(f"/rota/patterns/{pattern.pk}/preview/", {"first": "2026-12-01", "last": last})
        spent.append(len(asked))

    assert spent == [6] * 3

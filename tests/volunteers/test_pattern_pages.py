"""Patterns on their pages: plain words in, every day looked at first, and nothing changed behind anybody's back."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.volunteers.rota_world import a_pattern, at, post_of, somebody
from tests.volunteers.test_rota_pages import ROWS, do, words
from volunteers.forms.patterns import RHYTHMS, in_words
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
        ({"ends": "18:00"}, "It has to end at another time than it starts."),
        ({"exceptions": "Christmas"}, "“Christmas” is not a day we can read."),
        ({"exceptions": "2026-02-30"}, "“2026-02-30” is not a day we can read."),
        ({"exceptions": "2026-12-24\n" * 300}, ""),
        ({"first_day": "0001-01-01"}, "Choose a day in this century."),
        ({"starts": "25:00"}, "Enter a valid time."),
        ({"posts-0-role": "", "posts-1-role": ""}, "Give it at least one role"),
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
    assert "Thursday 3 December 2026, 18:00–21:00 New" in shown
    assert Shift.objects.count() == 0

    assert do(mo, "pattern-make", pattern.pk, **period).status_code == 302
    assert do(mo, "pattern-make", pattern.pk, **period).status_code == 409
    assert Shift.objects.count() == 5
    assert "There already" in words(mo.get(f"/rota/patterns/{pattern.pk}/preview/", period))
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
    assert "Somebody has signed up for 1 of them, so they stay." in words(refused)
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
    assert "2 shifts are not as the pattern says" in words(page)
    assert "Times, Posts · 1 person is on it" in words(page)
    assert f'value="{second.pk}" checked' in page.content.decode()
    assert f'value="{first.pk}" checked' not in page.content.decode()
    first.refresh_from_db()
    assert first.starts_at == at("2026-11-26")

    assert do(mo, "pattern-line", pattern.pk, shift=[second.pk]).status_code == 302
    for wrong in ([], ["x"], [99_999], ["\x00"]):
        assert do(mo, "pattern-line", pattern.pk, shift=wrong).status_code == 422
    assert "1 shift is not as the pattern says" in words(mo.get(pattern.get_absolute_url()))


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

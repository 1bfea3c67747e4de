"""Patterns: preview, make, take back; and changing one never touches a shift somebody is on by itself.

Also tries volunteers/models/batches.py and volunteers/models/pattern_days.py.
"""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from tests.volunteers.rota_world import NOW, a_pattern, a_shift, at, on, post_of, somebody, told
from volunteers.models import Batch, Pattern, Shift
from volunteers.shared.refusals import NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
FIRST, LAST = dt.date(2026, 11, 23), dt.date(2027, 1, 3)


@pytest.fixture
def mo(coordinator):
    return coordinator


@pytest.fixture
def ash():
    return somebody("Ash")


def days(found):
    return {str(day.day): day.why_not or ("there" if day.there else "new") for day in found}


def test_preview_describes_days_and_makes_nothing(mo):
    pattern = a_pattern("FREQ=WEEKLY;BYDAY=TH,FR", exceptions=[dt.date(2026, 12, 31)])
    pattern.make(FIRST, dt.date(2026, 11, 27), by=mo)

    preview = days(pattern.preview(FIRST, LAST))

    assert preview == {
        "2026-11-26": "there", "2026-11-27": "there", "2026-12-03": "new", "2026-12-04": "new", "2026-12-10": "new",
        "2026-12-11": "new", "2026-12-17": "new", "2026-12-18": "new", "2026-12-24": "new",
        "2026-12-25": "Christmas Day", "2026-12-31": "Left out", "2027-01-01": "New Year's Day",
    }  # fmt: skip
    assert Shift.objects.count() == 2


def test_a_pattern_may_run_on_bank_holidays(mo):
    pattern = a_pattern("FREQ=WEEKLY;BYDAY=FR", on_bank_holidays=True)

    assert days(pattern.preview(dt.date(2026, 12, 25), dt.date(2026, 12, 25))) == {"2026-12-25": "new"}


def test_making_adds_missing_drafts_with_posts(mo):
    pattern = a_pattern()

    batch = pattern.make(FIRST, dt.date(2026, 12, 3), by=mo)

    shifts = list(Shift.objects.order_by("starts_at"))
    assert [(s.starts_at, s.ends_at, s.state, s.batch) for s in shifts] == [
        (at("2026-11-26"), at("2026-11-26", "21:00"), "draft", batch),
        (at("2026-12-03"), at("2026-12-03", "21:00"), "draft", batch),
    ]
    assert [post.shape[:3] for post in shifts[0].posts.all()] == [("Lead", 1, 1), ("Desk", 1, 3)]
    with pytest.raises(NotAllowed, match="nothing to make"):
        pattern.make(FIRST, dt.date(2026, 12, 3), by=mo)
    assert pattern.make(FIRST, dt.date(2026, 12, 10), by=mo).shifts.count() == 1


def test_making_again_respects_moved_shift(mo):
    pattern = a_pattern()
    pattern.make(FIRST, dt.date(2026, 11, 27), by=mo)
    Shift.objects.get().move(at("2026-11-27"), at("2026-11-27", "21:00"), by=mo)

    with pytest.raises(NotAllowed, match="nothing to make"):
        pattern.make(FIRST, dt.date(2026, 11, 27), by=mo)


def test_database_keeps_one_shift_per_pattern_day(mo):
    pattern = a_pattern()
    pattern.make(FIRST, dt.date(2026, 11, 27), by=mo)
    shift = Shift.objects.get()
    shift.pk = None

    with pytest.raises(IntegrityError, match="shift_once_a_day_of_its_pattern"):
        shift.save()


def by_hand(_mo):
    a_shift(at("2026-11-26", "20:00"))


def of_another_pattern(mo):
    a_pattern("FREQ=WEEKLY;BYDAY=WE", starts="22:00", ends="19:00").make(FIRST, dt.date(2026, 11, 25), by=mo)


def of_a_deleted_pattern(mo):
    gone = a_pattern()
    gone.make(FIRST, dt.date(2026, 11, 26), by=mo)
    gone.discard(by=mo)


@pytest.mark.parametrize("existing", [by_hand, of_another_pattern, of_a_deleted_pattern])
def test_making_skips_what_preview_said_meets(mo, existing):
    existing(mo)
    pattern = a_pattern()
    last = dt.date(2026, 12, 3)

    preview = pattern.preview(FIRST, last)
    made = pattern.make(FIRST, last, by=mo)

    assert [(len(day.meets), day.is_new) for day in preview] == [(1, False), (0, True)]
    assert [shift.day for shift in made.shifts.all()] == [last]
    with pytest.raises(NotAllowed, match="nothing to make"):
        pattern.make(FIRST, last, by=mo)
    assert pattern.make(FIRST, last, by=mo, beside=[dt.date(2026, 11, 26)]).shifts.count() == 1


def test_shifts_that_only_touch_do_not_meet(mo):
    a_shift(at("2026-11-26", "16:00"), hours=2)
    a_shift(at("2026-11-26", "21:00"))
    a_shift(at("2026-11-26"), state="cancelled", reason="Flood")

    assert [day.is_new for day in a_pattern().preview(FIRST, dt.date(2026, 11, 27))] == [True]


def test_making_is_for_coordinators(ash):
    with pytest.raises(NotAllowed, match="Only a coordinator"):
        a_pattern().make(FIRST, LAST, by=ash)


def test_huge_pattern_is_refused(mo):
    pattern = a_pattern("FREQ=DAILY")

    for last, said in ((dt.date(2027, 11, 19), "more than 200"), (dt.date(2054, 1, 1), "more than a year")):
        with pytest.raises(NotAllowed, match=said):
            pattern.make(FIRST, last, by=mo)
    assert Shift.objects.count() == 0


def test_whole_batch_is_deleted_until_signup(mo, ash):
    pattern = a_pattern()
    first = pattern.make(FIRST, dt.date(2026, 12, 3), by=mo)
    second = pattern.make(dt.date(2026, 12, 4), dt.date(2026, 12, 17), by=mo)
    Shift.objects.publish(by=mo)
    signup = post_of(second.shifts.first()).book(ash, by=ash)

    assert first.take_back(by=mo) == 2
    with pytest.raises(NotAllowed) as refusal:
        second.take_back(by=mo)

    assert refusal.value.reasons == [
        "Somebody has signed up already, so these stay:",
        "Thursday 10 December, 6 pm to 9 pm",
    ]
    assert (Batch.objects.count(), Shift.objects.count()) == (1, 2)
    signup.withdraw(by=ash)
    assert second.take_back(by=mo) == 2


def changed(pattern, **fields):
    for name, value in fields.items():
        setattr(pattern, name, value)
    pattern.full_clean()
    pattern.save()
    return {f"{difference.shift.day:%d}": difference.what for difference in pattern.differences(NOW)}


def test_changing_pattern_lists_differences_only(mo, ash):
    pattern = a_pattern()
    pattern.make(FIRST, dt.date(2026, 12, 3), by=mo)
    Shift.objects.publish(by=mo)
    post_of(Shift.objects.earliest("starts_at")).book(ash, by=ash)
    before = list(Shift.objects.values())

    assert changed(pattern) == {}
    assert changed(pattern, starts=dt.time(19)) == {"26": ["Times"], "03": ["Times"]}
    assert changed(pattern, starts=dt.time(18), place="Arch 4") == {"26": ["What and where"], "03": ["What and where"]}
    pattern.posts.filter(role="Desk").update(maximum=4)
    assert changed(pattern, place="") == {"26": ["Posts"], "03": ["Posts"]}
    pattern.posts.filter(role="Desk").update(maximum=3)
    assert changed(pattern, rule="FREQ=WEEKLY;BYDAY=WE") == {
        "26": ["No longer a day of this pattern"],
        "03": ["No longer a day of this pattern"],
    }
    assert changed(pattern, rule="FREQ=WEEKLY;BYDAY=TH", exceptions=[dt.date(2026, 12, 3)]) == {"03": ["Left out"]}

    assert list(Shift.objects.values()) == before
    assert [difference.is_booked for difference in pattern.differences(NOW)] == [False]


def test_past_and_cancelled_shifts_stay(mo, now):
    pattern = a_pattern()
    pattern.make(FIRST, dt.date(2026, 12, 3), by=mo)
    Shift.objects.latest("starts_at").cancel("Flood", by=mo)
    now.move_to(at("2026-11-27"))
    pattern.starts = dt.time(19)

    assert pattern.differences(at("2026-11-27")) == []


def test_chosen_shifts_are_updated_and_people_told(mo, ash):
    pattern = a_pattern()
    pattern.make(FIRST, dt.date(2026, 12, 3), by=mo)
    Shift.objects.publish(by=mo)
    first, second = Shift.objects.order_by("starts_at")
    post_of(first).book(ash, by=ash)
    before = told(ash)
    changed(pattern, starts=dt.time(19), ends=dt.time(23), place="Arch 4")
    pattern.posts.filter(role="Desk").update(maximum=5)
    pattern.posts.create(role="Kettle", minimum=0, maximum=1)

    assert pattern.bring_in_line([first.pk], by=mo) == 1

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.starts_at, first.ends_at, first.place) == (
        at("2026-11-26", "19:00"),
        at("2026-11-26", "23:00"),
        "Arch 4",
    )
    assert sorted(first.posts.values_list("role", "maximum")) == [("Desk", 5), ("Kettle", 1), ("Lead", 1)]
    assert (second.starts_at, second.place, on(first)) == (at("2026-12-03"), "", ["Ash"])
    assert told(ash) == before + 1


def test_bringing_in_line_is_all_or_nothing(mo, ash):
    pattern = a_pattern()
    pattern.make(FIRST, dt.date(2026, 12, 3), by=mo)
    Shift.objects.publish(by=mo)
    first, second = Shift.objects.order_by("starts_at")
    post_of(second).book(ash, by=ash)
    changed(pattern, starts=dt.time(19))
    pattern.posts.filter(role="Desk").delete()

    with pytest.raises(NotAllowed, match="somebody is on “Desk”"):
        pattern.bring_in_line([first.pk, second.pk], by=mo)

    first.refresh_from_db()
    assert first.starts_at == at("2026-11-26")


def test_dropped_day_goes_only_without_signups(mo, ash):
    pattern = a_pattern()
    pattern.make(FIRST, dt.date(2026, 12, 3), by=mo)
    Shift.objects.publish(by=mo)
    first, second = Shift.objects.order_by("starts_at")
    post_of(first).book(ash, by=ash)
    changed(pattern, rule="FREQ=WEEKLY;BYDAY=WE")

    assert pattern.bring_in_line([second.pk], by=mo) == 1
    with pytest.raises(NotAllowed, match="Cancel it on its own page"):
        pattern.bring_in_line([first.pk], by=mo)

    assert list(Shift.objects.all()) == [first]


@pytest.mark.parametrize(
    ("first", "second"), [(dt.date(2026, 3, 27), dt.date(2026, 3, 30)), (dt.date(2026, 10, 23), dt.date(2026, 10, 26))]
)
def test_a_clock_change_leaves_the_clock_times_alone(mo, first, second):
    pattern = a_pattern("FREQ=DAILY", starts="22:00", ends="02:00", first_day=dt.date(2026, 1, 1))

    pattern.make(first, second, by=mo)

    clocks = {(f"{on_wall(shift.starts_at):%H:%M}", f"{on_wall(shift.ends_at):%H:%M}") for shift in Shift.objects.all()}
    lengths = sorted((shift.ends_at - shift.starts_at) / dt.timedelta(hours=1) for shift in Shift.objects.all())
    assert clocks == {("22:00", "02:00")}
    assert lengths == ([3, 4, 4, 4] if first.month == 3 else [4, 4, 4, 5])
    assert pattern.differences(at("2026-01-01")) == []


def test_last_sunday_meets_the_clock_change(mo):
    pattern = a_pattern("FREQ=MONTHLY;BYDAY=-1SA,-1SU", starts="01:00", ends="02:00", first_day=dt.date(2027, 1, 1))
    # The clock shows half past one twice that night; this starts the first time, and ends the second.
    a_shift(dt.datetime(2027, 10, 31, 0, 30, tzinfo=dt.UTC), hours=1)

    assert days(pattern.preview(dt.date(2027, 3, 1), dt.date(2027, 3, 31))) == {
        "2027-03-27": "new",
        "2027-03-28": "The clocks go forward at that time",
    }
    october = pattern.preview(dt.date(2027, 10, 1), dt.date(2027, 10, 31))
    assert [(str(day.day), len(day.meets)) for day in october] == [("2027-10-30", 0), ("2027-10-31", 1)]


def on_wall(moment):
    from django.utils import timezone  # noqa: PLC0415 -- only here

    return timezone.localtime(moment)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ends": dt.time(18)}, "must differ"),
        ({"rule": "FREQ=HOURLY"}, "cannot read “FREQ=HOURLY”"),
        ({"title": ""}, "blank"),
        ({"rule": "x" * 300}, "at most 200"),
    ],
)
def test_senseless_pattern_is_refused(wrong, said):
    pattern = Pattern(**{"rule": "FREQ=DAILY", "starts": dt.time(18), "ends": dt.time(21)} | wrong)

    with pytest.raises(ValidationError, match=said):
        pattern.full_clean()


def test_the_database_refuses_a_pattern_of_no_length():
    with pytest.raises(IntegrityError, match="pattern_lasts"):
        Pattern.objects.create(rule="FREQ=DAILY", starts=dt.time(18), ends=dt.time(18))

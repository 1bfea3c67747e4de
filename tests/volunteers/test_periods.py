"""Asking people when they can: who may, who is asked, what they say, and when it is forgotten.

Also tries volunteers/models/availability.py and volunteers/views/answers.py.
"""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.volunteers.rota_world import NOW, a_pattern, a_period, a_shift, at, post_of, says, somebody, told
from tests.volunteers.threads import Meanwhile
from volunteers.fill import FillAnswer
from volunteers.models import Availability, RotaPeriod, RotaProposal, Shift, WantedShifts
from volunteers.models.periods import ask_about_new_shifts, ask_for_answers
from volunteers.models.posts import Wanted
from volunteers.models.proposals import fill_rota
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries.retention import Every, delete_overdue

pytestmark = pytest.mark.django_db
FIRST, LAST, BY = dt.date(2026, 12, 1), dt.date(2026, 12, 31), dt.date(2026, 11, 26)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def ash():
    return somebody("Ash2")


@pytest.fixture
def drafts():
    return [a_shift(at(day), state="draft") for day in ("2026-12-03", "2026-12-10")]


@pytest.fixture
def period(drafts):
    return RotaPeriod.objects.create(first_day=FIRST, last_day=LAST, answer_by=BY)


# --- Opening


def test_opening_asks_everybody_who_has_done_the_school(coordinator, ash, drafts, trainee):
    in_training = somebody("Jay", school=False)
    paused = somebody("Pax")
    paused.is_active = False
    paused.save()
    period = RotaPeriod.objects.ask(FIRST, LAST, BY, by=coordinator)
    ask_for_answers(period.pk)

    assert list(period.people()) == [ash]
    assert (told(ash), told(in_training), told(paused)) == (1, 0, 0)


def test_those_who_have_answered_are_not_asked_again(coordinator, ash, drafts, period):
    period.answer(ash, {drafts[0].pk: FillAnswer.NO}, None)
    ask_for_answers(period.pk)

    assert told(ash) == 0


@pytest.mark.parametrize(
    ("days", "why"),
    [
        ((LAST, FIRST, BY), "has to come after"),
        ((FIRST, FIRST + dt.timedelta(days=93), BY), "Three months at most"),
        ((FIRST, LAST, LAST), "before the first day"),
        ((FIRST, LAST, dt.date(2026, 11, 1)), "Choose a day in the future."),
        ((dt.date(2027, 2, 1), dt.date(2027, 2, 28), BY), "no shifts on those days"),
    ],
    ids=["backwards", "long", "late answers", "answers in the past", "no shifts"],
)
def test_opening_is_refused_with_a_sentence(coordinator, drafts, days, why):
    with pytest.raises(NotAllowed, match=why):
        RotaPeriod.objects.ask(*days, by=coordinator)
    assert RotaPeriod.objects.count() == 0


def test_days_are_asked_once_until_closed(coordinator, period):
    with pytest.raises(NotAllowed, match=r"We already ask people about some of those days."):
        RotaPeriod.objects.ask(LAST, LAST + dt.timedelta(days=3), LAST, by=coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        RotaPeriod(first_day=LAST, last_day=LAST, answer_by=BY).save()
    period.close()
    RotaPeriod(first_day=LAST, last_day=LAST, answer_by=BY).save()


def test_only_who_plans_opens_reminds_publishes_and_closes(volunteer, period):
    for doing in (
        lambda: RotaPeriod.objects.ask(FIRST, LAST, BY, by=volunteer),
        lambda: period.remind(by=volunteer),
        lambda: period.publish(by=volunteer),
        lambda: period.finish(by=volunteer),
    ):
        with pytest.raises(NotAllowed, match="Only a coordinator"):
            doing()


def test_reminding_is_once_a_day(coordinator, period):
    period.remind(by=coordinator)
    with pytest.raises(NotAllowed, match=r"We already reminded them today."):
        period.remind(by=coordinator)
    with time_machine.travel(NOW + dt.timedelta(days=1), tick=False):
        period.remind(by=coordinator)


def test_ones_own_day_asks_until_one_has_answered(client, sign_in, ash, drafts, period, trainee):
    sign_in(client, ash)
    assert page_of("answers", period) in client.get("/today/").content.decode()
    period.answer(ash, {drafts[0].pk: FillAnswer.NO}, None)
    assert page_of("answers", period) not in client.get("/today/").content.decode()

    sign_in(client, trainee)
    assert page_of("answers", period) not in client.get("/today/").content.decode()


# --- Answering


def test_answers_are_written_changed_and_taken_back(ash, drafts, period):
    first, second = drafts
    period.answer(ash, {first.pk: FillAnswer.YES, second.pk: FillAnswer.IF_NEEDED}, 1)
    period.answer(ash, {first.pk: FillAnswer.NO, second.pk: None}, None)

    assert list(Availability.objects.values_list("shift", "answer")) == [(first.pk, "no")]
    assert WantedShifts.objects.count() == 0


def test_answers_about_other_shifts_are_passed_over(ash, drafts, period):
    elsewhere, cancelled = a_shift(at("2027-01-07")), a_shift(at("2026-12-17"), state="cancelled", reason="Flood")
    period.answer(ash, {elsewhere.pk: FillAnswer.YES, cancelled.pk: FillAnswer.YES, 10**9: FillAnswer.YES}, None)

    assert Availability.objects.count() == 0


def test_answering_needs_the_school_and_an_open_period(ash, trainee, drafts, period):
    with pytest.raises(NotAllowed, match="First do the School"):
        period.answer(trainee, {drafts[0].pk: FillAnswer.YES}, None)
    period.close()
    with pytest.raises(NotAllowed, match=r"The rota for these days is published, so we no longer ask."):
        period.answer(ash, {drafts[0].pk: FillAnswer.YES}, None)
    assert Availability.objects.count() == 0


@pytest.mark.parametrize("answer", ["", "maybe"])
def test_the_database_knows_three_answers(ash, drafts, answer):
    with pytest.raises(IntegrityError), transaction.atomic():
        says(ash, answer, drafts[0])


def test_the_database_keeps_one_answer_and_one_wish(ash, drafts, period):
    says(ash, "yes", drafts[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        says(ash, "no", drafts[0])
    WantedShifts.objects.create(person=ash, period=period, wanted=2)
    for wanted in (2, 61):
        with pytest.raises(IntegrityError), transaction.atomic():
            WantedShifts.objects.create(person=ash, period=period, wanted=wanted)


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_the_rota_going_out_meet(coordinator, ash, drafts, period):
    """Whoever comes second waits, and then nothing is written about a rota that is out."""
    with transaction.atomic():
        period.publish(by=coordinator)
        other = Meanwhile(lambda: period.answer(ash, {drafts[0].pk: FillAnswer.YES}, None))
    assert isinstance(other.answer, NotAllowed)
    assert Availability.objects.count() == 0


# --- Forgetting


def test_publishing_shift_forgets_its_availability(coordinator, ash, drafts, period):
    first, second = drafts
    says(ash, "yes", first, second)
    first.publish(by=coordinator)
    period.refresh_from_db()

    assert [answer.shift for answer in Availability.objects.all()] == [second]
    assert not period.closed


def test_publishing_last_draft_closes_period(coordinator, ash, drafts, period):
    says(ash, "yes", *drafts)
    WantedShifts.objects.create(person=ash, period=period, wanted=2)
    RotaProposal.objects.create(period=period)
    assert period.publish(by=coordinator) == 2
    period.refresh_from_db()

    assert period.closed
    assert Availability.objects.count() == WantedShifts.objects.count() == RotaProposal.objects.count() == 0
    assert period.publish(by=coordinator) == 0


def test_closing_by_hand_forgets_once(coordinator, ash, drafts, period):
    says(ash, "yes", *drafts)
    period.finish(by=coordinator)
    period.finish(by=coordinator)

    assert Availability.objects.count() == 0


def test_timetable_forgets_started_and_closes_finished(ash, drafts, period):
    started, ahead = drafts
    off = a_shift(at("2026-12-17"), state="draft")
    says(ash, "yes", started, ahead, off)
    type(off).objects.filter(pk=off.pk).update(state="cancelled", reason="Flood")
    with time_machine.travel(started.starts_at, tick=False):
        delete_overdue(Every.HOUR)
    assert [answer.shift for answer in Availability.objects.all()] == [ahead]

    with time_machine.travel(at("2027-01-01"), tick=False):
        delete_overdue(Every.HOUR)
    assert Availability.objects.count() == 0
    assert not RotaPeriod.objects.open().exists()


# --- The pages


@pytest.fixture
def as_(client, sign_in, demo):
    def go(person):
        sign_in(client, person)
        return client

    return go


def page_of(name, period):
    return reverse(f"periods:{name}", args=[period.pk])


def test_a_coordinator_opens_a_period_from_the_page(as_, coordinator, drafts):
    client = as_(coordinator)
    form = client.get(reverse("periods:list")).context["form"]
    assert [str(form[name].value()) for name in ("first_day", "last_day", "answer_by")] == [
        "2026-12-01",
        "2026-12-31",
        "2026-11-24",
    ]

    answer = client.post(reverse("periods:list"), {"first_day": FIRST, "last_day": LAST, "answer_by": BY})
    again = client.post(reverse("periods:list"), {"first_day": FIRST, "last_day": LAST, "answer_by": BY})
    wrong = client.post(reverse("periods:list"), {"first_day": "never\0", "last_day": "", "answer_by": BY})

    assert answer.headers["Location"] == page_of("period", RotaPeriod.objects.get())
    assert (again.status_code, wrong.status_code) == (409, 422)
    assert "We already ask people about some of those days." in again.content.decode()


def test_answering_on_one_page(as_, ash, drafts, period):
    first, second = drafts
    client = as_(ash)
    answer = client.post(page_of("answers", period), {f"shift-{first.pk}": "no", "rest": "if_needed", "wanted": "2"})
    page = client.get(page_of("answers", period)).content.decode()

    assert answer.headers["Location"] == page_of("answers", period)
    assert dict(Availability.objects.values_list("shift", "answer")) == {first.pk: "no", second.pk: "if_needed"}
    assert WantedShifts.objects.get().wanted == 2
    assert "You have answered." in page
    assert page.count("checked") == 3, "the two shifts, and leave open"


@pytest.mark.parametrize(
    "said", [{"wanted": "-1"}, {"wanted": "99999999999999"}, {"wanted": "two"}, {"rest": "maybe\0"}]
)
def test_wrong_answers_lose_nothing_typed(as_, ash, drafts, period, said):
    answer = as_(ash).post(page_of("answers", period), {f"shift-{drafts[0].pk}": "yes"} | said)

    assert answer.status_code == 422
    assert answer.context["form"][f"shift-{drafts[0].pk}"].value() == "yes"
    assert Availability.objects.count() == 0


def test_shift_one_is_on_is_not_asked_about(as_, ash, drafts, period):
    post_of(drafts[0]).put_on(ash)
    page = as_(ash).get(page_of("answers", period))

    assert [shift.pk for shift in page.context["form"].shifts] == [drafts[1].pk]
    assert page.context["mine"] == [drafts[0]]


def test_trainee_is_told_school_comes_first(as_, trainee, drafts, period):
    client = as_(trainee)

    assert "First do the School." in client.get(page_of("answers", period)).content.decode()
    assert client.post(page_of("answers", period), {"rest": "yes"}).status_code == 409
    assert Availability.objects.count() == 0


def test_period_page_shows_who_answered(as_, coordinator, ash, drafts, period):
    wren = somebody("Wren")
    says(ash, "yes", *drafts)
    says(wren, "if_needed", drafts[0])
    bo = somebody("Bo")
    shown = as_(coordinator).get(page_of("period", period)).context

    assert (shown["answered"], len(shown["people"]), shown["silent"]) == (2, 3, [bo])
    assert [(shift.yes, shift.if_needed) for shift in shown["shifts"]] == [(1, 1), (1, 0)]


def test_reminding_publishing_and_closing_from_the_page(as_, coordinator, drafts, period):
    client = as_(coordinator)

    assert client.post(page_of("remind", period)).status_code == 302
    assert client.post(page_of("remind", period)).status_code == 409
    assert client.post(page_of("publish", period), {"sure": "yes"}, follow=True).context["messages"]
    assert client.post(page_of("finish", period)).status_code == 302
    assert "The answers are deleted." in client.get(page_of("period", period)).content.decode()
    assert client.post(page_of("period", period)).status_code == 409
    assert client.get(page_of("answers", period)).status_code == 404


@pytest.mark.parametrize("more", [0, 2])
@pytest.mark.parametrize(("name", "statements"), [("answers", 8), ("period", 8), ("list", 4)])
def test_pages_ask_a_constant_number_of_questions(
    as_, coordinator, drafts, period, more, name, statements, django_assert_num_queries
):
    for number in range(more):
        says(somebody(f"P{number}"), "yes", a_shift(at(f"2026-12-{20 + number}"), state="draft"), *drafts)
    client = as_(coordinator)

    with django_assert_num_queries(statements):
        client.get(reverse("periods:list") if name == "list" else page_of(name, period))


def test_period_says_its_days():
    with pytest.raises(ValidationError):
        RotaPeriod(first_day=FIRST, last_day=LAST, answer_by=None).full_clean()
    assert str(a_period()) == str(RotaPeriod.objects.get())
    assert timezone.localdate() == NOW.date()


# --- Shifts that come in while people are being asked


def add_by_hand(coordinator):
    posts = [Wanted("Desk", 1, 2)]
    times = {"starts_at": at("2026-12-16"), "ends_at": at("2026-12-16", "21:00")}
    return Shift.objects.plan(by=coordinator, posts=posts, **times)


def add_by_pattern(coordinator):
    a_pattern(first_day=FIRST).make(dt.date(2026, 12, 16), dt.date(2026, 12, 18), by=coordinator)
    return Shift.objects.latest("pk")


def put_back(coordinator):
    shift = a_shift(at("2026-12-16"), state="cancelled", reason="Flood")
    shift.restore(by=coordinator)
    return shift


@pytest.mark.parametrize("add", [add_by_hand, add_by_pattern, put_back])
def test_shift_added_while_asking_is_asked_for(as_, coordinator, ash, drafts, period, add):
    """Who had answered is asked again, by one letter, on Today and by a reminder; until they answered, open or not."""
    period.answer(ash, {drafts[0].pk: FillAnswer.NO}, None)
    added = [add(coordinator), add_by_hand(coordinator)] if add is add_by_pattern else [add(coordinator)]
    (job,) = ProcrastinateJob.objects.filter(task_name="volunteers.jobs.ask_about_new_shifts")
    ask_about_new_shifts(**job.args)
    client = as_(ash)
    page = client.get(page_of("answers", period))

    assert told(ash) == 1
    assert page_of("answers", period) in client.get("/today/").content.decode()
    assert "New since you answered" in page.content.decode()
    assert ash not in period.answered()
    client.post(
        page_of("answers", period), {f"shift-{drafts[0].pk}": "no", "shown": page.context["form"]["shown"].value()}
    )
    assert page_of("answers", period) not in client.get("/today/").content.decode()
    assert ash in period.answered()
    ask_about_new_shifts(**job.args)
    assert (told(ash), len(added)) == (1, len(added))


def test_shift_added_while_answering_is_asked_for(as_, coordinator, ash, drafts, period):
    """The page that was sent did not show it, so leaving it open says nothing about it."""
    client = as_(ash)
    shown = client.get(page_of("answers", period)).context["form"]["shown"].value()
    add_by_hand(coordinator)
    client.post(page_of("answers", period), {"rest": "yes", "shown": shown})

    assert set(Availability.objects.values_list("shift", flat=True)) == {draft.pk for draft in drafts}
    assert page_of("answers", period) in client.get("/today/").content.decode()


def test_answers_left_open_keep_nobody_on_nothing(coordinator, ash, drafts, period):
    """Left open is no answer: nobody is put on by it, and it is told as what it is."""
    added = add_by_hand(coordinator)
    period.answer(ash, {drafts[0].pk: FillAnswer.YES, added.pk: None}, None)
    proposal = RotaProposal.objects.start(period, brim=False, by=coordinator)
    fill_rota(str(proposal.pk))

    assert set(proposal.places.values_list("post__shift", flat=True)) <= {drafts[0].pk}
    assert Availability.objects.get(shift=added).get_answer_display() == "Not answered"


def test_published_shift_outside_the_days_asks_nobody(coordinator, drafts, period):
    Shift.objects.plan(by=coordinator, posts=[], starts_at=at("2027-01-16"), ends_at=at("2027-01-16", "21:00"))

    assert not ProcrastinateJob.objects.filter(task_name="volunteers.jobs.ask_about_new_shifts").exists()


def test_moved_shift_is_asked_about_on_today(as_, coordinator, ash, drafts, period):
    """Also one that comes into these days from others."""
    elsewhere = a_shift(at("2027-01-07"), state="draft")
    client = as_(ash)
    for shift in (drafts[0], elsewhere):
        period.answer(ash, dict.fromkeys(period.shifts().values_list("pk", flat=True), FillAnswer.YES), None)
        assert page_of("answers", period) not in client.get("/today/").content.decode()
        shift.move(at("2026-12-15"), at("2026-12-15", "22:00"), by=coordinator)
        assert page_of("answers", period) in client.get("/today/").content.decode()
        assert ash not in period.answered()

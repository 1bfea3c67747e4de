"""Filling a period: the job, the proposal it makes, and accepting it in whole or in part.

Also tries volunteers/models/proposal_view.py and volunteers/models/solver_input.py.
"""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.volunteers.rota_world import NOW, a_period, a_proposal, a_shift, at, grant, on, post_of, says, somebody, told
from volunteers import fill
from volunteers.models import Hours, RotaProposal, Signup
from volunteers.models.proposal_view import show_proposal
from volunteers.models.proposals import fill_rota
from volunteers.models.solver_input import people_to_ask, rules_for, shifts_to_fill
from volunteers.shared.refusals import NotAllowed

pytestmark = pytest.mark.django_db
LEAD, NALOXONE = "shift-lead", "naloxone-trained"
POSTS = (("Lead", 1, 1, LEAD), ("Desk", 1, 2, None))


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def shift():
    return a_shift(at("2026-12-03"), state="draft", posts=POSTS)


@pytest.fixture
def other():
    return a_shift(at("2026-12-10"), state="draft", posts=POSTS)


@pytest.fixture
def period(shift, other):
    return a_period(shift, other)


@pytest.fixture
def bo():
    return somebody("Bo", LEAD, NALOXONE)


@pytest.fixture
def cam():
    """On enough shifts to know the place."""
    person = somebody("Cam")
    Hours.objects.create(person=person, quarter="2026-04-01", minutes=600, shifts=3, last_month="2026-06-01")
    return person


@pytest.fixture
def filled(period, shift, other, bo, cam, coordinator):
    """Bo leads the first, nobody the second."""
    says(bo, "yes", shift)
    says(bo, "no", other)
    says(cam, "yes", shift, other)
    return work_out(RotaProposal.objects.start(period, brim=False, by=coordinator))


def work_out(proposal):
    fill_rota(str(proposal.pk))
    return RotaProposal.objects.get(pk=proposal.pk)


def proposed(proposal):
    return sorted(proposal.places.values_list("post__shift", "post__role", "person__chosen_name"))


# --- What is asked of the solver


def test_problem_holds_qualifications_availability_and_signups(period, shift, other, bo, cam):
    says(bo, "if_needed", shift)
    period.wishes.create(person=bo, wanted=2)
    post_of(other).put_on(cam)
    near = a_shift(at("2026-12-12"))
    post_of(near).put_on(bo)
    cam.on_break_until = dt.date(2026, 12, 4)
    cam.save()
    shifts = shifts_to_fill(period)
    people = {person.id: person for person in people_to_ask(period, shifts)}

    assert [(shift.id, shift.day, shift.drop_in) for shift in shifts] == [
        (shift.pk, dt.date(2026, 12, 3), True),
        (other.pk, dt.date(2026, 12, 10), True),
    ]
    assert [(post.least, post.most, post.needs) for post in shifts[0].posts] == [
        (1, 1, {"school-done", LEAD}),
        (1, 2, {"school-done"}),
    ]
    told_of_bo = people[bo.pk]
    assert (told_of_bo.answers, told_of_bo.wanted, told_of_bo.new) == ({shift.pk: fill.FillAnswer.IF_NEEDED}, 2, False)
    assert [elsewhere.id for elsewhere in told_of_bo.elsewhere] == [near.pk]
    assert {held.what for held in told_of_bo.held} == {"school-done", LEAD, NALOXONE}
    told_of_cam = people[cam.pk]
    assert (told_of_cam.on, told_of_cam.barred, told_of_cam.new) == ({post_of(other).pk}, {shift.pk}, False)


def test_somebody_is_new_until_their_third_shift(period):
    wren = somebody("Wren")
    Hours.objects.create(person=wren, quarter="2026-04-01", minutes=60, shifts=2, last_month="2026-06-01")
    assert people_to_ask(period, shifts_to_fill(period))[0].new

    post_of(a_shift(at("2026-11-12"))).put_on(wren)
    assert not people_to_ask(period, shifts_to_fill(period))[0].new


def test_rules_are_those_the_hub_has_agreed_on(db):
    rules = rules_for(brim=True)

    assert (rules.rest, rules.a_week, rules.everywhere, rules.brim) == (
        dt.timedelta(hours=10),
        3,
        (LEAD, NALOXONE),
        True,
    )


# --- The job


def test_filling_proposes_and_puts_nobody_on(filled, shift, other):
    assert (filled.state, filled.is_proven, filled.step) == ("ready", True, 4)
    assert proposed(filled) == [(shift.pk, "Desk", "Cam"), (shift.pk, "Lead", "Bo"), (other.pk, "Desk", "Cam")]
    assert Signup.objects.count() == 0


def test_gaps_say_why(filled, other):
    last = show_proposal(filled)[-1]

    assert last.pk == other.pk
    assert last.why == [
        "Lead stays empty. One person holds “Shift lead”: they said no.",
        "Nobody on it has “Naloxone-trained”. One person holds “Naloxone-trained”: they said no.",
    ]


def test_killed_filling_restarts_without_leftovers(monkeypatch, period, coordinator, shift, bo):
    says(bo, "yes", shift)
    first = RotaProposal.objects.start(period, brim=False, by=coordinator)

    def killed(*_anything):
        raise KeyboardInterrupt

    monkeypatch.setattr("volunteers.models.proposals.fill.fill", killed)
    with pytest.raises(KeyboardInterrupt):
        fill_rota(str(first.pk))
    first.refresh_from_db()
    assert (first.state, first.places.count()) == ("working", 0)

    monkeypatch.undo()
    assert work_out(first).state == "ready", "by the same job, put back"
    second = work_out(RotaProposal.objects.start(period, brim=False, by=coordinator))
    assert proposed(second) == [(shift.pk, "Lead", "Bo")]
    assert RotaProposal.objects.count() == 1


def test_failed_job_says_so(monkeypatch, period, coordinator):
    proposal = RotaProposal.objects.start(period, brim=False, by=coordinator)

    def broken(*_anything):
        raise ValueError

    monkeypatch.setattr("volunteers.models.proposals.fill.fill", broken)
    with pytest.raises(ValueError):  # noqa: PT011 -- our own, and nothing to match
        fill_rota(str(proposal.pk))
    proposal.refresh_from_db()
    assert (proposal.state, proposal.has_stopped) == ("failed", True)


def test_result_of_abandoned_proposal_is_dropped(monkeypatch, period, coordinator, shift, bo):
    says(bo, "yes", shift)
    proposal = RotaProposal.objects.start(period, brim=False, by=coordinator)
    real = fill.fill

    def slow(*anything):
        RotaProposal.objects.start(period, brim=False, by=coordinator)
        return real(*anything)

    monkeypatch.setattr("volunteers.models.proposals.fill.fill", slow)
    fill_rota(str(proposal.pk))

    (new,) = RotaProposal.objects.all()
    assert (new.pk == proposal.pk, new.state, new.places.count()) == (False, "waiting", 0)


def test_filling_has_stopped_without_job_and_worker(period, coordinator):
    proposal = RotaProposal.objects.start(period, brim=False, by=coordinator)
    assert not proposal.has_stopped, "the job waits"

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()) RETURNING id")
        (worker,) = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [worker])
        assert not proposal.has_stopped, "somebody is at it"
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'")
    assert proposal.has_stopped, "whoever was at it is gone"


def test_job_carries_a_number_and_nothing_else(period, coordinator):
    proposal = RotaProposal.objects.start(period, brim=False, by=coordinator)

    assert [job.args for job in ProcrastinateJob.objects.filter(task_name="volunteers.jobs.fill_rota")] == [
        {"proposal": str(proposal.pk)}
    ]


def test_only_planners_start_open_proposals(period, volunteer, coordinator):
    with pytest.raises(NotAllowed, match="Only a coordinator"):
        RotaProposal.objects.start(period, brim=False, by=volunteer)
    period.close()
    with pytest.raises(NotAllowed, match="is published"):
        RotaProposal.objects.start(period, brim=False, by=coordinator)


# --- Looking, changing, accepting


@pytest.fixture
def as_(client, sign_in, demo):
    def go(person):
        sign_in(client, person)
        return client

    return go


def url(name, period):
    return reverse(f"periods:{name}", args=[period.pk])


def chosen(filled):
    """The form as it comes: everybody proposed is chosen."""
    return {place.name: str(place.proposed or "") for shift in show_proposal(filled) for place in shift.places}


def test_accepting_all_puts_everybody_on(as_, coordinator, period, filled, shift, other, bo):
    answer = as_(coordinator).post(url("accept", period), chosen(filled))

    assert answer.headers["Location"] == url("period", period)
    assert (on(shift), on(other)) == (["Bo", "Cam"], ["Cam"])
    assert RotaProposal.objects.count() == 0
    assert told(bo) == 0, "it is still a draft"


def test_accepting_one_shift_keeps_the_rest(as_, coordinator, period, filled, shift, other):
    answer = as_(coordinator).post(url("accept", period), chosen(filled) | {"shift": str(shift.pk)})

    assert answer.headers["Location"] == url("proposal", period)
    assert (on(shift), on(other)) == (["Bo", "Cam"], [])
    assert [shift.pk for shift in show_proposal(RotaProposal.objects.get())] == [other.pk]


def test_place_is_left_empty_or_reassigned(as_, coordinator, period, filled, shift):
    wren = grant(somebody("Wren"), LEAD)
    says(wren, "if_needed", shift)
    (lead,) = [place for place in show_proposal(filled)[0].places if place.label == "Lead"]
    assert lead.options == [
        (str(filled.places.get(post__role="Lead").person_id), "Bo"),
        (str(wren.pk), "Wren (if needed)"),
    ]

    as_(coordinator).post(url("accept", period), chosen(filled) | {lead.name: str(wren.pk)})

    assert on(shift) == ["Cam", "Wren"]


def test_nobody_else_can_be_chosen(as_, coordinator, period, filled, volunteer):
    name = next(iter(chosen(filled)))
    for wrong in (str(volunteer.pk), "0", "x\0"):
        answer = as_(coordinator).post(url("accept", period), chosen(filled) | {name: wrong})
        assert answer.status_code == 422
    assert Signup.objects.count() == 0


def test_unavailable_person_is_named_and_rest_done(as_, coordinator, period, filled, shift, bo):
    post_of(a_shift(at("2026-12-03", "19:00"))).put_on(bo)

    page = as_(coordinator).post(url("accept", period), chosen(filled), follow=True)
    messages = [str(message) for message in page.context["messages"]]

    assert messages == [
        "2 places are taken: Thursday 3 December, 6 pm to 9 pm; Thursday 10 December, 6 pm to 9 pm.",
        "Bo, Thursday 3 December, 6 pm to 9 pm: On another shift then: Thursday 3 December, 7 pm to 10 pm.",
    ]
    assert on(shift) == ["Cam"]


def test_planner_accepts_own_places_too(as_, coordinator, period, filled, shift, other):
    """Whoever plans is a volunteer as well: as a shift lead, at the desk, and where they put themselves."""
    grant(coordinator, "school-done", LEAD)
    says(coordinator, "yes", shift, other)
    lead, desk = (place for place in show_proposal(filled)[0].places)
    (last,) = (place for place in show_proposal(filled)[-1].places if place.label == "Lead")
    bo = {label: key for key, label in lead.options}["Bo"]
    sent = chosen(filled) | {lead.name: str(coordinator.pk), desk.name: bo, last.name: str(coordinator.pk)}
    page = as_(coordinator).post(url("accept", period), sent, follow=True)

    assert (on(shift), on(other)) == (["Bo", "Mo"], ["Cam", "Mo"])
    assert not [str(message) for message in page.context["messages"] if message.level_tag == "warning"]


def test_accepting_one_shift_keeps_other_choices(as_, coordinator, period, filled, shift, other):
    """Another person chosen, a place filled that was empty, and one emptied, all on shifts not accepted yet."""
    third = a_shift(at("2026-12-09"), state="draft", posts=POSTS)
    wren = grant(somebody("Wren"), LEAD)
    says(wren, "yes", other, third)
    for role in ("Lead", "Desk"):
        filled.places.create(post=post_of(third, role), person=wren if role == "Lead" else somebody(role))
    says(filled.places.get(post__shift=third, post__role="Desk").person, "yes", third)
    here = {place.name: place for row in show_proposal(filled) for place in row.places}
    lead, desk = (f"place-{post_of(other, role).pk}-1" for role in ("Lead", "Desk"))
    emptied = f"place-{post_of(third).pk}-1"
    sent = chosen(filled) | {lead: str(wren.pk), desk: "", emptied: ""}
    assert {lead, desk, emptied} < set(here)
    client = as_(coordinator)
    client.post(url("accept", period), sent | {"shift": str(shift.pk)})

    form = client.get(url("proposal", period)).context["form"]
    assert (form[lead].value(), form[desk].value() or "", form[emptied].value() or "") == (wren.pk, "", "")
    client.post(url("accept", period), {name: str(form[name].value() or "") for name in form.fields})
    assert (on(shift), on(other), on(third)) == (["Bo", "Cam"], ["Wren"], ["Wren"])


def test_refused_place_stays_in_proposal(as_, coordinator, period, filled, shift, bo):
    clash = a_shift(at("2026-12-03", "19:00"))
    post_of(clash).put_on(bo)
    client = as_(coordinator)
    answer = client.post(url("accept", period), chosen(filled))

    assert answer.headers["Location"] == url("proposal", period)
    assert proposed(RotaProposal.objects.get()) == [(shift.pk, "Lead", "Bo")]
    clash.cancel("Flood", by=coordinator)
    client.post(url("accept", period), chosen(filled))
    assert on(shift) == ["Bo", "Cam"]


def test_accepting_names_the_shifts(as_, coordinator, period, filled):
    page = as_(coordinator).post(url("accept", period), chosen(filled), follow=True)

    assert [str(message) for message in page.context["messages"]] == [
        "3 places are taken: Thursday 3 December, 6 pm to 9 pm; Thursday 10 December, 6 pm to 9 pm."
    ]


def test_somebody_chosen_twice_on_a_shift_is_refused(as_, coordinator, period, filled, shift, bo):
    """On two posts of one shift. What was chosen elsewhere is kept."""
    first, second = (place.name for place in show_proposal(filled)[0].places)
    answer = as_(coordinator).post(url("accept", period), chosen(filled) | {first: str(bo.pk), second: str(bo.pk)})

    assert answer.status_code == 422
    assert answer.context["form"][second].errors == ["Bo is chosen twice on this shift."]
    assert answer.context["form"][first].value() == str(bo.pk)
    assert Signup.objects.count() == 0


def test_proposed_person_who_cannot_any_more_is_named(filled, shift, bo, cam):
    """They said no since, or their qualification has run out; the place stays to be filled."""
    bo.answers.filter(shift=shift).update(answer="no")
    cam.holdings.all().delete()
    first = show_proposal(filled)[0]

    assert [(place.label, place.proposed) for place in first.places] == [("Lead", None), ("Desk", None)]
    assert "Bo was proposed, and has said no since then." in first.why
    assert "Cam was proposed, and can no longer take it." in first.why


def test_published_shift_keeps_its_proposed_people(as_, coordinator, period, filled, shift, other):
    """Publishing forgets the answers, not who was proposed."""
    shift.publish(by=coordinator)
    as_(coordinator).post(url("accept", period), chosen(filled))

    assert (on(shift), on(other)) == (["Bo", "Cam"], ["Cam"])


def test_cancelled_shift_does_not_hold_proposal(as_, coordinator, period, filled, shift, other):
    sent = chosen(filled)
    other.cancel("Flood", by=coordinator)
    as_(coordinator).post(url("accept", period), sent)

    assert on(shift) == ["Bo", "Cam"]
    assert RotaProposal.objects.count() == 0


def test_accepting_twice_is_harmless(as_, coordinator, period, filled, shift):
    client = as_(coordinator)
    sent = chosen(filled)
    client.post(url("accept", period), sent)

    assert client.post(url("accept", period), sent).status_code == 404
    assert on(shift) == ["Bo", "Cam"]


def test_forgetting_a_proposal(as_, coordinator, period, filled):
    assert as_(coordinator).post(url("discard", period), {"sure": "yes"}).headers["Location"] == url("period", period)
    assert RotaProposal.objects.count() == Signup.objects.count() == 0


@pytest.mark.parametrize("who", ["trainer", "volunteer", "trainee"])
@pytest.mark.parametrize("name", ["accept", "discard", "remind", "publish", "finish", "period", "list"])
def test_all_of_it_is_refused_to_everybody_else(as_, request, period, who, name):
    address = reverse("periods:list") if name == "list" else url(name, period)

    assert as_(request.getfixturevalue(who)).post(address).status_code == 403


def test_progress_is_shown_and_then_the_proposal(as_, coordinator, period, shift, bo):
    says(bo, "yes", shift)
    client = as_(coordinator)
    assert client.post(url("period", period), {"brim": "on"}).headers["Location"] == url("proposal", period)
    proposal = RotaProposal.objects.get()
    RotaProposal.objects.update(state="working", step=2)
    whole = client.get(url("proposal", period)).content.decode()
    part = client.get(url("proposal", period), headers={"HX-Request": "true", "HX-Target": "progress"})

    assert "<!doctype html>" in whole
    assert "<!doctype html>" not in part.content.decode()
    assert 'value="2"' in part.content.decode()
    assert "is not running" in whole, "there is no worker in a test"

    RotaProposal.objects.update(state="waiting")
    work_out(proposal)
    done = client.get(url("proposal", period), headers={"HX-Request": "true", "HX-Target": "progress"})
    assert done.headers["HX-Refresh"] == "true"
    assert "This is the best way there is" in client.get(url("proposal", period)).content.decode()


def test_stopped_one_offers_to_start_again(as_, coordinator, period):
    a = RotaProposal.objects.create(period=period, state="working", brim=True)
    page = as_(coordinator).get(url("proposal", period)).content.decode()

    assert "It has stopped" in page
    assert "Start again" in page
    as_(coordinator).post(url("period", period), {"brim": "on"})
    assert RotaProposal.objects.get().pk != a.pk
    assert RotaProposal.objects.get().brim


@pytest.mark.parametrize("more", [0, 2])
def test_proposal_asks_a_constant_number_of_questions(as_, coordinator, more, django_assert_num_queries):
    shifts = [a_shift(at(f"2026-12-{10 + n}"), state="draft", posts=POSTS) for n in range(1 + more)]
    proposal = a_proposal(*shifts)
    for number, one in enumerate(shifts):
        person = somebody(f"P{number}")
        says(person, "yes", one)
        proposal.places.create(post=post_of(one), person=person)
    client = as_(coordinator)

    with django_assert_num_queries(10):
        client.get(url("proposal", proposal.period))

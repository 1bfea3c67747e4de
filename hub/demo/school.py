"""The demo's School: a group half-way through, people at every point, sessions gone and to come, and what is to do."""

from __future__ import annotations

import datetime as dt
from random import Random

from django.utils import timezone

from school.completion import OutcomeState
from school.models import Cohort, Course, Enrolment, Feedback, Material, Module, Outcome, Proposal, Register, Session
from school.models.sessions import FEEDBACK_DAYS
from volunteers.models import User

ABOUT = (
    "People who use drugs teaching people who use drugs, and whoever stands with us. Half of it is politics: why some "
    "of us are policed and some are not. Half is practice: what to do with your hands when it counts."
)
MODULES = {
    "racial-capitalism": "Who profits from prohibition, who is caged by it, and why that is no accident.",
    "disability-justice": "Nobody is left behind: pace, pain, madness and access as politics.",
    "sex-worker-liberation": "What sex workers have taught the movement, and what solidarity asks of us.",
    "techniques": "Safer injecting, smoking and snorting; what the kit is for, and how to say so without a lecture.",
    "naloxone": "What an overdose looks like, giving naloxone, breathing for somebody, and the hour after.",
    "safety-planning": "Making a plan with somebody who is not safe tonight, without the police.",
    "de-escalation": "Slowing a room down: voice, distance, a way out for everybody.",
}
# Name, pronouns, which of the seven sessions gone they were at (in order), which of those are not done yet.
TRAINEES = (
    ("jules", (0, 1, 3, 5), (5,)),
    ("nour", (0, 1, 2, 3, 4, 5, 6), ()),
    ("teo", (0, 1, 2, 3, 5, 6), ()),
    ("wren", (0, 1, 2, 3, 4, 5), ()),
    ("sol", (0, 1, 2, 3, 4, 5, 6), ()),
    ("mika", (0, 2, 4), (4,)),
    ("alba", (0, 1, 2), ()),
    ("ravi", (3, 4, 5, 6), ()),
    ("bex", (0,), ()),
    ("cleo", (0, 1), ()),
    ("lio", (4, 5, 6), (6,)),
)
NEWCOMERS = (
    ("wren", "Wren", "they/them"),
    ("sol", "Sol", ""),
    ("mika", "Mika", "she/her"),
    ("alba", "Alba", "she/they"),
    ("ravi", "Ravi", "he/him"),
    ("bex", "Bex", "they/she"),
    ("cleo", "Cleo", ""),
    ("lio", "Lio", "he/they"),
    ("pia", "Pia", "she/her"),
    ("tam", "Tam", "they/them"),
)
LAST_ONE_UNSAID, SETTLED_BEFORE, PLACES = 6, 4, 14
FEEDBACK = (
    (4, "Breathing for the doll, all of us, twice.", "A longer break."),
    (4, "No slides!", ""),
    (3, "", "Start with who is in the room."),
    (4, "That nobody was made to share.", ""),
    (3, "The food.", "The room was cold."),
    (4, "Practising the words for an emergency call.", ""),
    (2, "", "More about nitazenes."),
    (4, "Being taught by people who have been there.", ""),
    (3, "", ""),
)


def add_school(random: Random, today: dt.date) -> None:
    """Lay it all out. Nobody has an e-mail, so nobody is written to."""
    course = Course.objects.lay_out()
    Course.objects.filter(pk=course.pk).update(about=ABOUT)
    for slug, about in MODULES.items():
        Module.objects.filter(course=course, slug=slug).update(about=about)
    modules = list(course.modules.all())
    _add_materials(course, today)
    people = _add_newcomers()
    group = Cohort.objects.create(name="Autumn group", course=course)
    group.members.set(people[name] for name, _there, _left in TRAINEES[:7])
    ida = people["ida"]
    for number, module in enumerate(modules):
        _add_past_session(number, module, group if number < SETTLED_BEFORE else None, people, today)
    _add_sessions_ahead(modules, people, today)
    Enrolment.objects.move_all_waiting_lists(timezone.now())
    _add_proposals(people, ida)
    # What people say is shown once no more may come.
    over = timezone.now() - dt.timedelta(days=FEEDBACK_DAYS)
    spoken_of = Session.objects.filter(ends_at__lt=over, register_closed_on__isnull=False).latest("starts_at")
    for useful, keep, change in random.sample(FEEDBACK, len(FEEDBACK)):
        Feedback.objects.create(session=spoken_of, useful=useful, keep=keep, change=change)


def _add_newcomers() -> dict[str, User]:
    for sign_in, name, pronouns in NEWCOMERS:
        User.objects.create_user(sign_in, chosen_name=name, pronouns=pronouns)
    return {person.chosen_name.lower(): person for person in User.objects.all()}


def _add_materials(course: Course, today: dt.date) -> None:
    naloxone, techniques = (course.modules.get(slug=slug) for slug in ("naloxone", "techniques"))
    for module, title, edition, days in (
        (naloxone, "Overdose: the card", "second edition", 300),
        (naloxone, "Overdose: the card", "third edition, with nitazenes", 40),
        (techniques, "Safer injecting, drawn", "first edition", 300),
    ):
        leaflet = "overdose-card" if module == naloxone else ""
        since = today - dt.timedelta(days=days)
        Material.objects.create(module=module, title=title, edition=edition, since=since, leaflet=leaflet)


def _make_time(day: dt.date, clock: str) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.fromisoformat(clock)))


def _add_past_session(
    number: int, module: Module, group: Cohort | None, people: dict[str, User], today: dt.date
) -> None:
    """A session of some weeks ago: its register closed, its outcomes said, but for the last; the old ones settled."""
    day = today - dt.timedelta(weeks=7 - number, days=1)
    session = Session.objects.create(
        starts_at=_make_time(day, "18:00"),
        ends_at=_make_time(day, "20:30"),
        place="The back room",
        places=PLACES,
        cohort=group,
        state=Session.State.ANNOUNCED,
        step_free=True,
        food=True,
    )
    session.set_modules([module])
    session.facilitators.set([people["ida"]])
    there = [(people[name], number in left) for name, was, left in TRAINEES if number in was]
    absent = [people["cleo"]] if number == LAST_ONE_UNSAID else []
    Enrolment.objects.bulk_create(
        Enrolment(session=session, person=person, state="not_there" if person in absent else "there", line=line)
        for line, person in enumerate([person for person, _left in there] + absent, start=1)
    )
    then = session.ends_at + dt.timedelta(hours=1)
    Register(session).close(now=then)
    for person, more_to_do in there:
        if number != LAST_ONE_UNSAID or person.chosen_name in {"Nour", "Sol"}:
            state = OutcomeState.TOGETHER if more_to_do else OutcomeState.DONE
            Outcome.objects.record(session, person, module, state, by=people["ida"], now=then)
    if number < SETTLED_BEFORE:
        Register(session).settle(now=then + dt.timedelta(days=14))


def _add_sessions_ahead(modules: list[Module], people: dict[str, User], today: dt.date) -> None:
    """Sessions ahead: a full one with people waiting, one with room, one online, one planned, one called off."""
    now = timezone.now()
    by_slug = {module.slug: module for module in modules}
    full = _add_session(by_slug["naloxone"], today + dt.timedelta(days=3), people, places=5, step_free=True, food=True)
    for name in ("mika", "teo", "cleo", "pia", "tam", "jules", "bex"):
        Enrolment.objects.take_place(full, people[name], now=now)
    full.enrolments.get(person=people["cleo"]).withdraw(now=now)
    roomy = _add_session(
        by_slug["de-escalation"], today + dt.timedelta(days=9), people, places=12, bsl=True, childcare=True
    )
    for name in ("jules", "wren", "alba"):
        Enrolment.objects.take_place(roomy, people[name], now=now)
    _add_session(
        by_slug["disability-justice"],
        today + dt.timedelta(days=12),
        people,
        places=20,
        online=True,
        bsl=True,
        access_notes="Captions, cameras off if you like, a break every half hour.",
        place="",
        link="https://meet.example/room",
    )
    _add_session(by_slug["sex-worker-liberation"], today + dt.timedelta(days=16), people, places=12, food=True)
    _add_session(by_slug["safety-planning"], today + dt.timedelta(days=24), people, places=10, state="planned")
    off = _add_session(by_slug["racial-capitalism"], today + dt.timedelta(days=5), people, places=12)
    Enrolment.objects.take_place(off, people["lio"], now=now)
    off.call_off("The room has no heating; we find another day.", now=now)


def _add_session(module: Module, day: dt.date, people: dict[str, User], **about: object) -> Session:
    session = Session.objects.create(
        **{
            "starts_at": _make_time(day, "18:00"),
            "ends_at": _make_time(day, "20:30"),
            "place": "The back room",
            "state": Session.State.ANNOUNCED,
        }
        | about
    )
    session.set_modules([module])
    session.facilitators.set([people["ida"]])
    return session


def _add_proposals(people: dict[str, User], trainer: User) -> None:
    Proposal.objects.offer(
        people["bo"],
        title="Veins and how to keep them",
        about="An evening with a plastic arm and a lot of time. Any Wednesday from six.",
    )
    chems = Proposal.objects.offer(
        people["nour"], title="Chems and consent", about="What we owe each other at a party. I could do a Sunday."
    )
    chems.pick_up(by=trainer)

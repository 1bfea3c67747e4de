"""The smallest valid things of the School, with nothing random in them."""

import datetime as dt
from zoneinfo import ZoneInfo

from school.models import Course, Enrolment, Outcome, Session, Strand
from volunteers.models import Qualification, User

LONDON = ZoneInfo("Europe/London")
NOW = dt.datetime(2026, 5, 13, 19, 0, tzinfo=LONDON)
TODAY = NOW.date()
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


def a_person(name, **about):
    return User.objects.create_user(name.lower().replace(" ", "-"), chosen_name=name, **about)


def people(*names):
    return [a_person(name) for name in names]


def a_course(*titles, name="The School", **about):
    """A course that grants "School done", with these required modules; naloxone grants and has to be refreshed."""
    done, _made = Qualification.objects.get_or_create(slug="school-done", defaults={"name": "School done"})
    naloxone, _made = Qualification.objects.get_or_create(
        slug="naloxone-trained", defaults={"name": "Naloxone-trained", "refresh_months": 24}
    )
    slug = name.lower().replace(" ", "-")
    course = Course.objects.create(**{"name": name, "slug": slug, "grants": done} | about)
    for order, title in enumerate(titles or ("Naloxone", "De-escalation")):
        strand, _made = Strand.objects.get_or_create(name="Practical")
        course.modules.create(
            title=title,
            slug=title.lower(),
            strand=strand,
            order=order,
            grants=naloxone if title == "Naloxone" else None,
        )
    return course


def a_session(course, *, starts_at, places=10, state="announced", teaches=None, **about):
    session = Session.objects.create(
        **{"starts_at": starts_at, "ends_at": starts_at + 2 * HOUR, "places": places, "state": state} | about
    )
    session.modules.set(course.modules.all() if teaches is None else teaches)
    return session


def enrol(session, person, state="enrolled"):
    """Put somebody on a session, as if it had happened before."""
    line = Enrolment.objects.get_back_position(session)
    held = session.starts_at if state == "offered" else None
    return Enrolment.objects.create(session=session, person=person, state=state, line=line, held_until=held)


def say_done(session, person, by, *, now=NOW, state="done"):
    """Everything this session teaches is done by this person, who was there."""
    return [Outcome.objects.record(session, person, module, state, by=by, now=now) for module in session.modules.all()]


def states(session):
    return dict(session.enrolments.values_list("person__chosen_name", "state"))


def waiting_list(session):
    """Everybody who waits or has a place held for them, in the order of the list."""
    return session.enrolments.filter(state__in=["waiting", "offered"]).order_by("line")


def something_for(noun):
    """What an address of the School speaks of: a planned session, a course, its module, a group, a person in it."""
    course = a_course()
    session = a_session(course, starts_at=NOW, state="planned")
    cohort = course.cohorts.create(name="Spring")
    member = a_person("Wren")
    cohort.members.add(member)
    of = "course" if noun in {"module-add", "before"} else noun.partition("-")[0]
    module = course.modules.first()
    things = {"course": course, "module": module, "material": module, "cohort": cohort, "person": member}
    return things.get(of, session).pk

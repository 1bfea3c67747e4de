"""The smallest rota: a shift, somebody who may take it, and the days they are on."""

import datetime as dt

from django.utils import timezone

from volunteers.models import Availability, Pattern, Post, Qualification, RotaPeriod, RotaProposal, Shift, User

# A Thursday evening in winter, a week before the shifts of most tests.
NOW = dt.datetime(2026, 11, 19, 12, tzinfo=dt.UTC)
NAMES = {"school-done": "School done", "shift-lead": "Shift lead", "naloxone-trained": "Naloxone-trained"}


def at(day, clock="18:00"):
    """A moment on London's clock: `at("2026-11-26", "18:00")`."""
    return timezone.make_aware(dt.datetime.fromisoformat(f"{day} {clock}"))


def qualification(slug):
    return Qualification.objects.get_or_create(slug=slug, defaults={"name": NAMES.get(slug, slug)})[0]


def grant(person, *slugs, since=dt.date(2026, 1, 1), until=None):
    for slug in slugs:
        person.holdings.create(qualification=qualification(slug), since=since, until=until, reason="Seen")
    return person


def somebody(name, *slugs, roles=("volunteer",), school=True):
    """A person who has done the School, and holds what else is named."""
    username = name.lower().replace(" ", "-")
    person = User.objects.create_user(username, chosen_name=name, email=f"{username}@example.org", roles=roles)
    return grant(person, *(["school-done"] if school else []), *slugs)


def a_shift(starts_at=None, hours=3, *, state="published", posts=(("Desk", 1, 2, None),), **more):
    starts_at = starts_at or timezone.now() + dt.timedelta(days=7)
    shift = Shift.objects.create(
        starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=hours), state=state, **more
    )
    for role, minimum, maximum, needs in posts:
        a_post(shift, role, minimum, maximum, needs)
    return shift


def a_post(shift, role="Desk", minimum=1, maximum=2, needs=None):
    needs = qualification(needs) if needs else None
    return Post.objects.create(shift=shift, role=role, minimum=minimum, maximum=maximum, needs=needs)


def a_pattern(rule="FREQ=WEEKLY;BYDAY=TH", *, starts="18:00", ends="21:00", first_day=dt.date(2026, 11, 19), **more):
    pattern = Pattern(
        rule=rule, starts=dt.time.fromisoformat(starts), ends=dt.time.fromisoformat(ends), first_day=first_day, **more
    )
    pattern.full_clean()
    pattern.save()
    pattern.posts.create(role="Lead", minimum=1, maximum=1, needs=qualification("shift-lead"))
    pattern.posts.create(role="Desk", minimum=1, maximum=3)
    return pattern


def a_period(*shifts, **more):
    """The days of these shifts; of one draft a week from now if there are none."""
    days = [shift.day for shift in shifts or [a_shift(state="draft")]]
    today = timezone.localdate()
    return RotaPeriod.objects.create(first_day=min(days), last_day=max(days), answer_by=min(today, *days), **more)


def a_proposal(*shifts, **more):
    return RotaProposal.objects.create(period=a_period(*shifts), **{"state": "ready"} | more)


def says(person, answer, *shifts):
    for shift in shifts:
        Availability.objects.create(person=person, shift=shift, answer=answer)


def post_of(shift, role="Desk"):
    return shift.posts.get(role=role)


def on(shift):
    """The names of whoever is on it."""
    return sorted(person.chosen_name for person in shift.people())


def told(person):
    """How many letters wait for somebody; the text is sealed, so this counts by opening it."""
    import json  # noqa: PLC0415 -- only here

    from volunteers.models import Letter  # noqa: PLC0415 -- only here
    from volunteers.shared.sealing import unseal  # noqa: PLC0415 -- only here

    return sum(
        json.loads(unseal(letter.sealed, purpose="letter"))["to"] == person.email for letter in Letter.objects.all()
    )

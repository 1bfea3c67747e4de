"""The demo's rota: four weeks gone, four to come and one in draft, with gaps, and somebody who looks for cover."""

from __future__ import annotations

import datetime as dt
from random import Random

from django.utils import timezone

from volunteers.models import Offer, Pattern, Post, Qualification, Shift, Signup, User
from volunteers.models.posts import Wanted

WEEKS_GONE, WEEKS_TO_COME = 4, 4
LEAD = "shift-lead"
# Title, rule, from, until, people come in.
EVENINGS = (
    ("Drop-in", "FREQ=WEEKLY;BYDAY=TU,TH", "18:00", "21:00", True),
    ("Late drop-in", "FREQ=WEEKLY;BYDAY=FR", "20:00", "00:00", True),
    ("Packing", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA", "14:00", "17:00", False),
)


def add_rota(random: Random, today: dt.date, coordinator: User) -> None:
    """Patterns, the shifts they made, and who is on them. Nobody has an e-mail, so nobody is written to."""
    monday = today - dt.timedelta(days=today.weekday())
    first, last = monday - dt.timedelta(weeks=WEEKS_GONE), monday + dt.timedelta(weeks=WEEKS_TO_COME, days=6)
    lead = Qualification.objects.get(slug=LEAD)
    for title, rule, starts, ends, drop_in in EVENINGS:
        posts = [Wanted("Lead", 1, 1, lead), Wanted("Desk", 1, 3)] if drop_in else [Wanted("Packing", 2, 4)]
        pattern = Pattern.objects.plan(
            by=coordinator,
            title=title,
            rule=rule,
            first_day=first,
            starts=dt.time.fromisoformat(starts),
            ends=dt.time.fromisoformat(ends),
            drop_in=drop_in,
            posts=posts,
        )
        pattern.make(first, last, by=coordinator)
    Shift.objects.on_days(first, last - dt.timedelta(days=7)).publish(by=coordinator)
    _sign_up_people(random)
    _cancel_shift(coordinator)
    _look_for_cover()


def _sign_up_people(random: Random) -> None:
    """The past was well staffed and everybody came; the nearer a shift to come, the fuller it is."""
    now = timezone.now()
    people = list(User.objects.active().filter(holdings__qualification__slug="school-done").order_by("username"))
    leads = set(User.objects.filter(holdings__qualification__slug=LEAD).values_list("pk", flat=True))
    posts = Post.objects.select_related("shift", "needs").filter(shift__state=Shift.State.PUBLISHED)
    taken: dict[int, list[dt.date]] = {person.pk: [] for person in people}
    signups = []
    for post in posts.order_by("shift__starts_at", "pk"):
        shift = post.shift
        weeks = max(0, (shift.starts_at - now).days // 7)
        for place in range(post.maximum):
            wanted = place < post.minimum
            if random.random() < (weeks * 0.16 if wanted else 0.45 + weeks * 0.2):
                continue
            free = [
                person
                for person in people
                if (post.needs is None or person.pk in leads)
                and all(abs((day - shift.day).days) > 1 for day in taken[person.pk][-2:])
            ]
            if free:
                person = random.choice(free)
                taken[person.pk].append(shift.day)
                state = Signup.State.CAME if shift.ends_at < now else Signup.State.CONFIRMED
                signups.append(Signup(person=person, post=post, shift=shift, state=state))
    Signup.objects.bulk_create(signups)


def _cancel_shift(coordinator: User) -> None:
    """One evening is off, for a reason people can read."""
    ahead = Shift.objects.published().filter(starts_at__gt=timezone.now() + dt.timedelta(days=10)).first()
    if ahead:
        ahead.cancel("The building is closed for its fire check.", by=coordinator)


def _look_for_cover() -> None:
    """Somebody on a shift to come would like to be covered."""
    ahead = Signup.objects.live().filter(shift__starts_at__gt=timezone.now() + dt.timedelta(days=2), post__needs=None)
    looking = ahead.exclude(person__username="volunteer").select_related("post__shift").order_by("during").first()
    if looking:
        looking.state = Signup.State.LOOKING
        looking.save(update_fields=["state"])
        Offer.objects.make(looking.post, covers=looking, tell=False)

"""Reads the input of `volunteers.eligibility` from the database, for one person or many, one shift or many."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

from django.utils import timezone

from volunteers.eligibility import Candidate, HeldQualification, OpenPlace, ShiftSpan, WhyNot, check_eligibility
from volunteers.models.people import User
from volunteers.models.qualifications import Holding
from volunteers.models.rota_settings import RotaSettings
from volunteers.staffing import LIVE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from volunteers.models.posts import Post
    from volunteers.models.shifts import Shift
    from volunteers.models.signups import Signup

# Wide enough for the week a shift is in and for the longest rest anybody can set.
NEAR = dt.timedelta(days=8)


def make_place(post: Post, *, taken: int, planned: bool = False) -> OpenPlace:
    """The requirements of a post, with so many of its places taken. To who plans, a draft is as good as published."""
    shift = post.shift
    return OpenPlace(
        span=shift.span,
        free=post.maximum - taken,
        needs=post.needs.slug if post.needs else "",
        needs_name=post.needs.name if post.needs else "",
        published=planned or not shift.is_draft,
        cancelled=shift.is_cancelled,
    )


def fetch_candidates(
    people: Sequence[User], first: dt.datetime, last: dt.datetime, *, without: Iterable[Signup] = ()
) -> dict[int, Candidate]:
    """These people as candidates for shifts between two moments, by id; two statements.

    `without` leaves out sign-ups they are about to give up.
    """
    keys = [person.pk for person in people]
    held: dict[int, list[HeldQualification]] = defaultdict(list)
    holdings = Holding.objects.filter(person__in=keys)
    for person, slug, since, until in holdings.values_list("person", "qualification__slug", "since", "until"):
        held[person].append(HeldQualification(slug, since, until))
    on: dict[int, list[ShiftSpan]] = defaultdict(list)
    leaving = {signup.pk for signup in without}
    near = User.objects.filter(
        pk__in=keys, signups__state__in=LIVE, signups__during__overlap=(first - NEAR, last + NEAR)
    ).order_by("signups__during")
    for person, signup, shift, during in near.values_list("pk", "signups__pk", "signups__shift", "signups__during"):
        if signup not in leaving:
            on[person].append(ShiftSpan(shift, during.lower, during.upper))
    return {
        person.pk: Candidate(
            held=tuple(held[person.pk]),
            on=tuple(on[person.pk]),
            active=person.is_active,
            on_break_until=person.on_break_until,
        )
        for person in people
    }


def check_person(
    post: Post, person: User, *, without: Iterable[Signup] = (), asked: bool = False, planned: bool = False
) -> list[WhyNot]:
    """Every reason why this person cannot take a place on this post now. Pages ask for many at once.

    `asked` says that the place was offered to them, `planned` that a planner decides about it.
    """
    span, giving_up = post.shift.span, list(without)
    taken = post.signups.counting().exclude(pk__in=[signup.pk for signup in giving_up]).count()
    who = fetch_candidates([person], span.starts_at, span.ends_at, without=giving_up)[person.pk]
    rules = RotaSettings.current().rules
    place = make_place(post, taken=taken, planned=planned)
    return check_eligibility(place, who, rules, now=timezone.now(), asked=asked or planned)


def check_posts(person: User, shifts: Sequence[Shift]) -> dict[int, list[WhyNot]]:
    """By post of these shifts: every reason why this person cannot take it; three statements.

    The shifts come `with_people`. They would take it themselves; a planner decides so about their own place.
    """
    if not shifts:
        return {}
    who = fetch_candidates([person], min(s.starts_at for s in shifts), max(s.ends_at for s in shifts))[person.pk]
    rules, now, plans = RotaSettings.current().rules, timezone.now(), person.has_perm("volunteers.plan_rota")
    reasons = {}
    for shift in shifts:
        for post in shift.all_posts:
            post.shift = shift
            taken = sum(signup.post_id == post.pk and signup.counts for signup in shift.on_it)
            place = make_place(post, taken=taken, planned=plans)
            reasons[post.pk] = check_eligibility(place, who, rules, now=now, asked=plans)
    return reasons


def rank_people(post: Post, *, covers: Signup | None = None, planned: bool = False) -> list[tuple[User, list[WhyNot]]]:
    """All who have done the School: first the people who can take this post, those on fewest shifts before the others.

    People who cannot come last, with every reason. `covers` is the sign-up they would take over, `planned` says that
    a planner chooses. Five statements, however many people there are.
    """
    shift = post.shift
    school = Holding.objects.filter(qualification__slug="school-done")
    people = list(User.objects.active().filter(pk__in=school.values("person")).order_by("chosen_name__sorted", "pk"))
    giving_up = [covers] if covers else []
    who = fetch_candidates(people, shift.starts_at, shift.ends_at)
    taken = post.signups.counting().exclude(pk__in=[signup.pk for signup in giving_up]).count()
    rules, now = RotaSettings.current().rules, timezone.now()
    place = make_place(post, taken=taken, planned=planned)
    rated = [(person, check_eligibility(place, who[person.pk], rules, now=now, asked=True)) for person in people]
    return sorted(rated, key=lambda row: (len(row[1]), len(who[row[0].pk].on)))

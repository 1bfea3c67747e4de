"""Reads the input of `volunteers.fill` from the database: shifts, people and rules of a period."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from django.db.models import Count, Sum
from django.utils import timezone

from volunteers import fill
from volunteers.eligibility import SCHOOL
from volunteers.models.availability import Availability, WantedShifts
from volunteers.models.eligibility_queries import NEAR
from volunteers.models.hours import Hours
from volunteers.models.qualifications import Holding
from volunteers.models.rota_settings import RotaSettings
from volunteers.models.signups import Signup
from volunteers.staffing import LEAD, LIVE, NALOXONE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from volunteers.models.people import User
    from volunteers.models.periods import RotaPeriod

# Somebody on fewer shifts than this so far counts as new, unless they lead.
EXPERIENCED_AFTER = 3


def shifts_to_fill(period: RotaPeriod) -> list[fill.FillShift]:
    """All shifts of the period that have not started, drafts and published ones."""
    return [
        fill.FillShift(
            id=shift.pk,
            day=shift.day,
            starts=shift.starts_at,
            ends=shift.ends_at,
            posts=tuple(
                fill.FillPost(
                    post.pk, post.minimum, post.maximum, frozenset({SCHOOL, *([post.needs.slug] if post.needs else [])})
                )
                for post in shift.posts.all()
            ),
            drop_in=shift.drop_in,
        )
        for shift in period.shifts().prefetch_related("posts__needs")
    ]


def people_to_ask(period: RotaPeriod, shifts: list[fill.FillShift]) -> list[fill.FillPerson]:
    """All people who can be on a shift, with holdings, answers and sign-ups; seven statements for all."""
    people = list(period.people())
    keys = [person.pk for person in people]
    ids = [shift.id for shift in shifts]
    held: dict[int, set[fill.FillHolding]] = defaultdict(set)
    for holding in Holding.objects.filter(person__in=keys).select_related("qualification"):
        held[holding.person_id].add(fill.FillHolding(holding.qualification.slug, holding.since, holding.until))
    answers: dict[int, dict[int, fill.FillAnswer]] = defaultdict(dict)
    for answer in Availability.objects.given().filter(person__in=keys, shift__in=ids):
        answers[answer.person_id][answer.shift_id] = fill.FillAnswer(answer.answer)
    wanted = dict(WantedShifts.objects.filter(period=period).values_list("person", "wanted"))
    here, elsewhere, no_cover = _find_posts_and_shifts(keys, shifts)
    seasoned = _find_seasoned(keys)
    return [
        fill.FillPerson(
            id=person.pk,
            held=frozenset(held[person.pk]),
            answers=answers[person.pk],
            wanted=wanted.get(person.pk),
            new=person.pk not in seasoned and not any(holding.what == LEAD for holding in held[person.pk]),
            on=frozenset(here[person.pk]),
            elsewhere=tuple(elsewhere[person.pk]),
            barred=frozenset(shift.id for shift in shifts if _on_break(person, shift)) | no_cover[person.pk],
        )
        for person in people
    ]


def rules_for(*, brim: bool) -> fill.FillRules:
    """The rules this hub has agreed on."""
    agreed = RotaSettings.current().rules
    return fill.FillRules(
        rest=agreed.rest,
        a_week=agreed.most_a_week,
        first_weekday=agreed.first_weekday,
        everywhere=(LEAD, NALOXONE),
        brim=brim,
    )


def _find_posts_and_shifts(
    keys: list[int], shifts: list[fill.FillShift]
) -> tuple[dict[int, set[int]], dict[int, list[fill.FillShift]], dict[int, frozenset[int]]]:
    """By person: the posts of these shifts they cover, their other shifts around that time, and shifts of no cover.

    Whoever is on one of these shifts and does not count is neither there, nor put there a second time.
    """
    here: dict[int, set[int]] = defaultdict(set)
    elsewhere: dict[int, list[fill.FillShift]] = defaultdict(list)
    no_cover: dict[int, frozenset[int]] = defaultdict(frozenset)
    if not shifts:
        return here, elsewhere, no_cover
    ids = {shift.id for shift in shifts}
    first, last = min(shift.starts for shift in shifts), max(shift.ends for shift in shifts)
    near = Signup.objects.live().with_cover().filter(person__in=keys, during__overlap=(first - NEAR, last + NEAR))
    for signup in near.order_by("pk"):
        if signup.shift_id in ids and not signup.counts:
            no_cover[signup.person_id] |= {signup.shift_id}
        elif signup.shift_id in ids:
            here[signup.person_id].add(signup.post_id)
        else:
            starts, ends = signup.during.lower, signup.during.upper
            elsewhere[signup.person_id].append(
                fill.FillShift(signup.shift_id, timezone.localdate(starts), starts, ends, ())
            )
    return here, elsewhere, no_cover


def _find_seasoned(keys: Iterable[int]) -> set[int]:
    """The people with enough shifts behind them to be beside a new person."""
    been = Counter(dict(Hours.objects.filter(person__in=keys).values_list("person").annotate(Sum("shifts"))))
    past = Signup.objects.filter(person__in=keys, state__in=LIVE, during__endswith__lte=timezone.now())
    been.update(dict(past.order_by().values_list("person").annotate(Count("pk"))))
    return {person for person, shifts in been.items() if shifts >= EXPERIENCED_AFTER}


def _on_break(person: User, shift: fill.FillShift) -> bool:
    return person.on_break_until is not None and shift.day < person.on_break_until

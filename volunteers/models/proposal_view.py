"""A proposal for its page: by shift, each place with the proposed person and the alternatives."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from volunteers.eligibility import SCHOOL
from volunteers.fill.why import sentence
from volunteers.models.availability import Availability
from volunteers.models.posts import Post
from volunteers.models.qualifications import Holding, Qualification
from volunteers.models.shifts import Shift
from volunteers.models.signups import Signup

if TYPE_CHECKING:
    import datetime as dt

    from volunteers.models.proposals import RotaProposal


@dataclass
class PlaceChoice:
    """One place to fill: the name of its field, and the people to choose from."""

    name: str
    shift: int
    post: int
    label: str
    proposed: int | None
    options: list[tuple[str, str]]
    field: Any = None


@dataclass
class ShownShift:
    """A shift of the proposal: the people on it, the places to fill, and why some stay empty."""

    pk: int
    when: str
    title: str
    place: str
    on: list[str] = field(default_factory=list)
    places: list[PlaceChoice] = field(default_factory=list)
    why: list[str] = field(default_factory=list)


def show_proposal(proposal: RotaProposal) -> list[ShownShift]:
    """The shifts of a proposal in their order; seven statements for all of them."""
    proposed: dict[int, list[int]] = defaultdict(list)
    for place in proposal.places.order_by("person__chosen_name", "person"):
        proposed[place.post_id].append(place.person_id)
    missing = {gap["post"]: gap["missing"] for gap in proposal.gaps if gap["post"]}
    posts = list(Post.objects.filter(pk__in={*proposed, *missing}).select_related("needs").order_by("pk"))
    spoken_of = {post.shift_id for post in posts} | {gap["shift"] for gap in proposal.gaps}
    shifts = list(Shift.objects.planned().filter(pk__in=spoken_of).order_by("starts_at", "pk"))
    who_could = _find_willing(shifts)
    names = {qualification.slug: qualification.name for qualification in Qualification.objects.all()}
    on: dict[int, list[str]] = defaultdict(list)
    for signup in (
        Signup.objects.counting().filter(shift__in=shifts).select_related("person").order_by("person__chosen_name")
    ):
        on[signup.shift_id].append(signup.person.chosen_name)
    shown = []
    for shift in shifts:
        row = ShownShift(shift.pk, shift.when, shift.title, shift.place, on[shift.pk])
        for post in posts:
            if post.shift_id == shift.pk:
                row.places += _list_places(shift, post, proposed[post.pk], missing.get(post.pk, 0), who_could[shift.pk])
        row.why = _explain_gaps([gap for gap in proposal.gaps if gap["shift"] == shift.pk], names, posts)
        shown.append(row)
    return shown


def _find_willing(shifts: list[Shift]) -> dict[int, list[tuple[int, str, frozenset[str]]]]:
    """By shift: the people who said yes or if needed, by name, with their qualifications on that day."""
    willing = Availability.objects.filter(shift__in=shifts, answer__in=["yes", "if_needed"])
    answers = list(willing.select_related("person").order_by("person__chosen_name", "person"))
    held: dict[int, list[Holding]] = defaultdict(list)
    for holding in Holding.objects.filter(person__in={answer.person_id for answer in answers}).select_related(
        "qualification"
    ):
        held[holding.person_id].append(holding)
    days = {shift.pk: shift.day for shift in shifts}
    who_could: dict[int, list[tuple[int, str, frozenset[str]]]] = defaultdict(list)
    for answer in answers:
        label = answer.person.chosen_name
        if answer.answer == Availability.Answer.IF_NEEDED:
            label = _("%(name)s (if needed)") % {"name": label}
        holds = _held_on(held[answer.person_id], days[answer.shift_id])
        who_could[answer.shift_id].append((answer.person_id, label, holds))
    return who_could


def _held_on(holdings: list[Holding], day: dt.date) -> frozenset[str]:
    return frozenset(holding.qualification.slug for holding in holdings if holding.counts_on(day))


def _list_places(
    shift: Shift, post: Post, proposed: list[int], missing: int, who_could: list[tuple[int, str, frozenset[str]]]
) -> list[PlaceChoice]:
    needs = {SCHOOL, *([post.needs.slug] if post.needs else [])}
    options = [(str(person), label) for person, label, holds in who_could if holds >= needs]
    known = {key for key, _label in options}
    slots: list[int | None] = [*(who for who in proposed if str(who) in known), *[None] * missing]
    return [
        PlaceChoice(
            name=f"place-{post.pk}-{number}",
            shift=shift.pk,
            post=post.pk,
            label=post.role if len(slots) == 1 else f"{post.role} {number}",
            proposed=who,
            options=options,
        )
        for number, who in enumerate(slots, start=1)
    ]


def _explain_gaps(gaps: list[dict[str, Any]], names: dict[str, str], posts: list[Post]) -> list[str]:
    """A sentence for each gap of one shift, without repeating for the shift the gap of a post."""
    roles = {post.pk: post.role for post in posts}
    shown_needs = {slug for gap in gaps if gap["post"] for slug in gap["needs"]}
    sentences = []
    for gap in gaps:
        needs = [slug for slug in gap["needs"] if slug != SCHOOL]
        what = ", ".join(names.get(slug, slug) for slug in needs)
        why = sentence(what, gap["why"])
        if gap["post"]:
            role = roles.get(gap["post"], _("A post"))
            sentences.append(_("%(role)s stays empty. %(why)s") % {"role": role, "why": why})
        elif not shown_needs.issuperset(needs):
            sentences.append(_("Nobody on it holds “%(what)s”. %(why)s") % {"what": what, "why": why})
    return sentences

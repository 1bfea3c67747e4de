"""A proposal for its page: by shift, each place with the proposed person and the alternatives."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from volunteers.eligibility import SCHOOL
from volunteers.fill.why import sentence
from volunteers.models.availability import Availability
from volunteers.models.namesakes import label_people
from volunteers.models.posts import Post
from volunteers.models.qualifications import Holding, Qualification
from volunteers.models.shifts import Shift
from volunteers.models.signups import Signup

if TYPE_CHECKING:
    import datetime as dt

    from volunteers.models.people import User
    from volunteers.models.proposals import RotaProposal

WILLING = (Availability.Answer.YES, Availability.Answer.IF_NEEDED)


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


@dataclass(frozen=True)
class Possible:
    """A person who said when they can, or was proposed: their name, answer, and holdings on the day of a shift."""

    name: str
    answer: str | None
    holds: frozenset[str]

    @property
    def label(self) -> str:
        """The name, and whether they would rather not."""
        if_needed = self.answer == Availability.Answer.IF_NEEDED
        return _("%(name)s (if needed)") % {"name": self.name} if if_needed else self.name


def show_proposal(proposal: RotaProposal) -> list[ShownShift]:
    """The shifts of a proposal in their order; seven statements for all of them."""
    proposed: dict[int, dict[int, User]] = defaultdict(dict)
    for place in proposal.places.select_related("person").order_by("person__chosen_name__sorted", "person"):
        proposed[place.post_id][place.person_id] = place.person
    missing = {gap["post"]: gap["missing"] for gap in proposal.gaps if gap["post"]}
    posts = list(Post.objects.filter(pk__in={*proposed, *missing}).select_related("needs").order_by("pk"))
    spoken_of = {post.shift_id for post in posts} | {gap["shift"] for gap in proposal.gaps}
    shifts = list(Shift.objects.planned().filter(pk__in=spoken_of).order_by("starts_at", "pk"))
    possible = _find_possible(shifts, [(post.shift_id, proposed[post.pk]) for post in posts])
    names = {qualification.slug: qualification.name for qualification in Qualification.objects.all()}
    on: dict[int, list[str]] = defaultdict(list)
    for signup in (
        Signup.objects.counting()
        .filter(shift__in=shifts)
        .select_related("person")
        .order_by("person__chosen_name__sorted")
    ):
        on[signup.shift_id].append(signup.person.chosen_name)
    shown = []
    for shift in shifts:
        row = ShownShift(shift.pk, shift.when, shift.title, shift.place, on[shift.pk])
        for post in posts:
            if post.shift_id == shift.pk:
                post.shift = shift
                slots = [*proposed[post.pk], *[None] * missing.get(post.pk, 0)]
                _add_places(row, post, slots, possible[shift.pk])
        row.why += _explain_gaps([gap for gap in proposal.gaps if gap["shift"] == shift.pk], names, posts)
        shown.append(row)
    return shown


def _find_possible(shifts: list[Shift], proposed: list[tuple[int, dict[int, User]]]) -> dict[int, dict[int, Possible]]:
    """By shift: the people who answered or were proposed, by name, with their qualifications on that day."""
    people: dict[int, dict[int, tuple[User, str | None]]] = defaultdict(dict)
    answers = Availability.objects.given().filter(shift__in=shifts).select_related("person")
    for answer in answers.order_by("person__chosen_name__sorted", "person"):
        people[answer.shift_id][answer.person_id] = (answer.person, answer.answer)
    for shift, chosen in proposed:
        for key, person in chosen.items():
            people[shift].setdefault(key, (person, None))
    everybody = {key: person for of_shift in people.values() for key, (person, _answer) in of_shift.items()}
    labels = label_people(everybody.values(), timezone.now(), sign_in=True)
    held: dict[int, list[Holding]] = defaultdict(list)
    for holding in Holding.objects.filter(person__in=everybody).select_related("qualification"):
        held[holding.person_id].append(holding)
    return defaultdict(
        dict,
        {
            shift.pk: {
                key: Possible(labels[key], answer, _held_on(held[key], shift.day))
                for key, (_person, answer) in people[shift.pk].items()
            }
            for shift in shifts
        },
    )


def _held_on(holdings: list[Holding], day: dt.date) -> frozenset[str]:
    return frozenset(holding.qualification.slug for holding in holdings if holding.counts_on(day))


def _add_places(row: ShownShift, post: Post, slots: list[int | None], possible: dict[int, Possible]) -> None:
    """Add the places of one post to the row of its shift, and a sentence for whoever was proposed and cannot come."""
    needs = {SCHOOL, *([post.needs.slug] if post.needs else [])}
    # Publishing a shift deletes the answers about it, and nobody has taken anything back by that.
    kept = {who for who in slots if who and post.shift.is_published and possible[who].answer is None}
    can = {
        person: who.label
        for person, who in possible.items()
        if who.holds >= needs and (who.answer in WILLING or person in kept)
    }
    for gone in [possible[who] for who in slots if who and who not in can]:
        said_no = gone.answer == Availability.Answer.NO
        words = (
            _("%(name)s was proposed, and has said no since then.")
            if said_no
            else _("%(name)s was proposed, and can no longer take it.")
        )
        row.why.append(words % {"name": gone.name})
    slots = sorted((who if who in can else None for who in slots), key=lambda who: who is None)
    row.places += [
        PlaceChoice(
            name=f"place-{post.pk}-{number}",
            shift=post.shift_id,
            post=post.pk,
            label=post.role if len(slots) == 1 else f"{post.role} {number}",
            proposed=who,
            options=[(str(person), label) for person, label in can.items()],
        )
        for number, who in enumerate(slots, start=1)
    ]


def _explain_gaps(gaps: list[dict[str, Any]], names: dict[str, str], posts: list[Post]) -> list[str]:
    """A sentence for each gap of one shift, without repeating for the shift the gap of a post."""
    roles = {post.pk: post.role for post in posts}
    shown_needs = {slug for gap in gaps if gap["post"] for slug in gap["needs"]}
    sentences = []
    for gap in gaps:
        # A planner has filled it since, or emptied it.
        if gap["post"] and not (gap["missing"] and gap["needs"]):
            continue
        needs = [slug for slug in gap["needs"] if slug != SCHOOL]
        what = ", ".join(names.get(slug, slug) for slug in needs)
        why = sentence(what, gap["why"])
        if gap["post"]:
            role = roles.get(gap["post"], _("A post"))
            sentences.append(_("%(role)s stays empty. %(why)s") % {"role": role, "why": why})
        elif not shown_needs.issuperset(needs):
            sentences.append(_("Nobody on it has “%(what)s”. %(why)s") % {"what": what, "why": why})
    return sentences

"""Proposals: a session somebody who did the School offers to give."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from school.models.completions import Completion
from school.models.courses import Course
from school.models.sessions import Session
from volunteers.models import LetterKind, User
from volunteers.shared.name_queries import NameField
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import personal_data, retention

MAX_OPEN_PROPOSALS = 5
"""The most open proposals one person can have, so that each gets an answer."""


def can_propose_session(person: User, completions: Iterable[Completion] | None = None) -> bool:
    """Whether they completed a course, here or before: then they may offer to give a session.

    `completions` are theirs, where somebody has them at hand already.
    """
    mine = person.completions.filter(course__isnull=False) if completions is None else completions
    if person.has_perm("school.run_school") or any(completion.course_id for completion in mine):
        return True
    granted = Course.objects.filter(grants__isnull=False).values("grants")
    return person.holdings.filter(qualification__in=granted, exception=False).exists()


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Questions about proposals, and making one."""

    def open(self) -> ProposalQuerySet:
        """Proposals without an answer, the oldest first."""
        return self.filter(state=Proposal.State.OFFERED).select_related("person").order_by("pk")

    @transaction.atomic
    def offer(self, person: User, *, title: str, about: str) -> Proposal:
        """Offer to give a session."""
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        if not can_propose_session(person):
            raise NotAllowed(_now("You can offer a session when you have done the School."))
        mine = self.filter(person=person, state=Proposal.State.OFFERED)
        if same := mine.filter(title=title).first():
            return same
        if mine.count() >= MAX_OPEN_PROPOSALS:
            raise NotAllowed(_now("You have already offered several. Wait for an answer to one."))
        proposal: Proposal = self.create(person=person, title=title, about=about)
        return proposal


class Proposal(models.Model):
    """A session somebody would give, until somebody who runs the School picks it up or says why not."""

    class State(models.TextChoices):
        """Every proposal gets an answer."""

        OFFERED = "offered", _("offered")
        PICKED_UP = "picked_up", _("accepted")
        NOT_NOW = "not_now", _("not now")

    person = models.ForeignKey(User, verbose_name=_("offered by"), on_delete=models.CASCADE, related_name="proposals")
    title = NameField(_("What is its name?"), max_length=120)
    about = models.TextField(
        _("What is it about, and when could you give it?"),
        max_length=1000,
        help_text=_("People who run the School read this."),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OFFERED)
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    picked_up_by = models.ForeignKey(
        User, verbose_name=_("accepted by"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    session = models.ForeignKey(
        Session, verbose_name=_("session"), null=True, blank=True, on_delete=models.SET_NULL, related_name="proposals"
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~(Q(title="") | Q(about="")),
                name="proposal_says_something",
                violation_error_message=_("Write what it is."),
            ),
            models.CheckConstraint(
                condition=~Q(state="not_now", answer=""),
                name="proposal_no_is_answered",
                violation_error_message=_("Say why not now."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @transaction.atomic
    def pick_up(self, *, by: User) -> None:
        """Say that you will make it happen together. Of two who do, the first has it."""
        self.refresh_from_db(from_queryset=Proposal.objects.select_for_update())
        if self.state == self.State.PICKED_UP and self.picked_up_by_id == by.pk:
            return
        if self.state != self.State.OFFERED:
            raise NotAllowed(_now("Somebody has already answered this."))
        self.state, self.picked_up_by = self.State.PICKED_UP, by
        self.save(update_fields=["state", "picked_up_by"])
        self.person.tell(LetterKind.SCHOOL, self.address)

    @transaction.atomic
    def not_now(self, why: str) -> None:
        """Say why it does not happen now."""
        self.refresh_from_db(from_queryset=Proposal.objects.select_for_update())
        if self.state != self.State.OFFERED:
            raise NotAllowed(_now("Somebody has already answered this."))
        if not why.strip():
            raise NotAllowed(_now("Say why not now. The person who offered it reads this."))
        self.state, self.answer = self.State.NOT_NOW, why.strip()[:300]
        self.save(update_fields=["state", "answer"])
        self.person.tell(LetterKind.SCHOOL, self.address)

    @property
    def address(self) -> str:
        """The page where the proposer reads the answer."""
        return reverse("school:proposals")


retention.keep(Proposal, until=retention.WITH_ACCOUNT, promise="learning")
personal_data.hold(Proposal, "person", part="school")
personal_data.hold(Proposal, "picked_up_by", part="deeds", counted_as=_("Offers of others that you accepted"), order=40)

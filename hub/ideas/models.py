"""Ideas: needs people send without a name, moderated by one of us and answered in public. No author, no hour."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import connection, models, transaction
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.core.periods import month_of
from hub.disclosure.buckets import HIDDEN_BUCKET, MAX_HIDDEN, STEP, find_bucket
from volunteers.eligibility import SCHOOL
from volunteers.models import User
from volunteers.shared.name_queries import has_words
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import retention, row_order

MAX_WORDS_LENGTH = 500
MAX_ANSWER_LENGTH = 600
MAX_AWAITING_MODERATION = 200
"""The length of the moderation queue. A flood stops here, and the next sender is told so."""
SETTLED_RETENTION = dt.timedelta(days=730)


class TooManyIdeas(NotAllowed):
    """More ideas or taps came in than we accept."""

    def __init__(self) -> None:
        """One sentence for every case, so that it tells nothing of how many."""
        super().__init__(
            _now(
                "Many ideas are waiting for us to read. Your words are still here. Please try again tomorrow, or "
                "tell us at the desk."
            )
        )


class IdeaQuerySet(models.QuerySet["Idea"]):
    """Queries on ideas, submitting one, and deleting."""

    def awaiting_moderation(self) -> IdeaQuerySet:
        """The moderation queue, ordered by random id so that nobody can tell which came first."""
        return self.filter(state=Idea.State.AWAITING_MODERATION).order_by("pk")

    def published(self) -> IdeaQuerySet:
        """Ideas that the public may read."""
        return self.exclude(state=Idea.State.AWAITING_MODERATION)

    def open(self) -> IdeaQuerySet:
        """Published ideas that are not settled and still take a “me too”."""
        return self.filter(state__in=[Idea.State.HEARD, Idea.State.DOING])

    def order_for_public(self) -> IdeaQuerySet:
        """The latest answers first, then by “me too” as it is shown; the rest in an order that tells nothing."""
        # The true count would order ideas that show the same number.
        counted = Case(When(me_too_in=month_of(timezone.localdate()), then=F("me_too_before")), default=F("me_too"))
        shown_me_too = Case(
            When(counted__gt=MAX_HIDDEN, then=(F("counted") + STEP // 2) / STEP),
            default=Value(0),
            output_field=IntegerField(),
        )
        return self.alias(counted=counted).order_by(F("answered_on").desc(nulls_last=True), shown_me_too.desc(), "pk")

    def add_me_too(self, number: int = 1) -> int:
        """Count others who say so too. It shows from the next month on, so that nobody can watch a tap arrive."""
        month = month_of(timezone.localdate())
        return self.update(
            me_too=F("me_too") + number,
            me_too_before=Case(When(me_too_in=month, then=F("me_too_before")), default=F("me_too")),
            me_too_in=month,
        )

    def search(self, words: str) -> IdeaQuerySet:
        """Ideas with every one of these words in the idea or its answer."""
        return self.filter(has_words(words, "words", "answer"))

    def on_meeting_list(self) -> IdeaQuerySet:
        """Ideas for the next union meeting, by random id."""
        return self.published().filter(for_meeting=True).order_by("pk")

    def submit(self, words: str, *, id: uuid.UUID) -> None:  # noqa: A002 -- the name of the column
        """Add an idea to the moderation queue. A known id changes nothing; a full queue raises TooManyIdeas."""
        with transaction.atomic():
            self._lock_submissions()
            if not self.filter(pk=id).exists():
                if self.awaiting_moderation().count() >= MAX_AWAITING_MODERATION:
                    raise TooManyIdeas
                self.create(pk=id, words=words)

    def reject(self, ids: list[uuid.UUID]) -> int:
        """Delete ideas from the moderation queue: a flood, or words that hurt somebody. Returns their number."""
        return self.awaiting_moderation().filter(pk__in=ids).delete()[0]

    def close_meeting(self) -> int:
        """Publish what was decided about each idea on the list, and empty the list. Returns the number of answers.

        An idea without a decision stays on the list for the next meeting, unless it was answered meanwhile for good.
        """
        with transaction.atomic():
            decided = list(self.on_meeting_list().exclude(decided_state="").select_for_update())
            for idea in decided:
                idea.reply(idea.decided_state, idea.decision)
            settled = Q(state__in=[Idea.State.DONE, Idea.State.CANT], decided_state="")
            # By their numbers: reply() saved other columns of the same rows.
            self.filter(Q(pk__in=[idea.pk for idea in decided]) | settled, for_meeting=True).update(
                for_meeting=False, decided_state="", decision=""
            )
        return len(decided)

    def forget_old(self) -> int:
        """Delete ideas that were settled two years ago. Returns their number."""
        before = timezone.localdate() - SETTLED_RETENTION
        return self.filter(state__in=[Idea.State.DONE, Idea.State.CANT], answered_on__lt=before).delete()[0]

    def _lock_submissions(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('hub_idea'))")


class Idea(models.Model):
    """A need, or a wish for a change. Its author and the time it came are stored nowhere.

    The id is random, the only date is the day of our answer, and “me too” is a count without people.
    """

    class State(models.TextChoices):
        """Progress of an idea."""

        AWAITING_MODERATION = "held", _("not looked at yet")
        HEARD = "heard", _("heard")
        DOING = "doing", _("doing it")
        DONE = "done", _("done")
        CANT = "cant", _("we can’t, and why")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    words = models.CharField(_("what somebody said"), max_length=MAX_WORDS_LENGTH)
    state = models.CharField(_("state"), max_length=5, choices=State, default=State.AWAITING_MODERATION, editable=False)
    answer = models.CharField(_("what we say to it"), max_length=MAX_ANSWER_LENGTH, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True, editable=False)
    me_too = models.PositiveIntegerField(_("others who said the same"), default=0, editable=False)
    # What is shown while the month of the last tap lasts: the count as it was before that month.
    me_too_before = models.PositiveIntegerField(default=0, editable=False)
    me_too_in = models.DateField(null=True, editable=False)
    for_meeting = models.BooleanField(_("for the next union meeting"), default=False, editable=False)
    decided_state = models.CharField(
        _("how far it is, as the meeting decided"), max_length=5, choices=State, blank=True, editable=False
    )
    decision = models.CharField(_("what the meeting decided"), max_length=MAX_ANSWER_LENGTH, blank=True, editable=False)

    objects = IdeaQuerySet.as_manager()

    class Meta:
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")
        default_permissions = ()
        permissions = [("answer_idea", "Can answer ideas")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(words=""), name="idea_says_something", violation_error_message=_("Say what you need.")
            ),
            models.CheckConstraint(
                condition=Q(state__in=["held", "heard", "doing", "done", "cant"]), name="idea_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["held", "heard"], answered_on__isnull=True, answer="")
                | Q(state="doing", answered_on__isnull=False)
                | (Q(state__in=["done", "cant"], answered_on__isnull=False) & ~Q(answer="")),
                name="idea_answer_fits_its_state",
                violation_error_message=_("Write an answer: say why, or what we did."),
            ),
            models.CheckConstraint(
                condition=~Q(state="held", for_meeting=True), name="idea_looked_at_before_a_meeting"
            ),
            models.CheckConstraint(
                condition=Q(decided_state="", decision="")
                | Q(for_meeting=True, decided_state__in=["heard", "doing"])
                | (Q(for_meeting=True, decided_state__in=["done", "cant"]) & ~Q(decision="")),
                name="idea_decision_fits_its_state",
                violation_error_message=_("Write an answer: say why, or what we did."),
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @staticmethod
    def can_moderate(person: User) -> bool:
        """Whether this person did the School or may answer ideas."""
        return person.has_perm("hub.answer_idea") or person.holds(SCHOOL, timezone.localdate())

    @property
    def is_awaiting_moderation(self) -> bool:
        """Whether only moderators see the idea."""
        return self.state == self.State.AWAITING_MODERATION

    @property
    def is_open(self) -> bool:
        """Whether the idea still takes a “me too”."""
        return self.state in (self.State.HEARD, self.State.DOING)

    @property
    def is_answered(self) -> bool:
        """Whether the idea has a public answer."""
        return self.answered_on is not None

    @property
    def me_too_label(self) -> str:
        """The “me too” count of the months before this one, rounded like every number about people; empty at zero."""
        is_counting = self.me_too_in == month_of(timezone.localdate())
        shown = find_bucket(self.me_too_before if is_counting else self.me_too)
        if shown == HIDDEN_BUCKET:
            return _now("Some others said the same")
        return _now("About %(n)s others said the same") % {"n": shown} if shown else ""

    def publish(self, words: str) -> None:
        """Publish the idea in these words. A published idea only gets the new words."""
        with transaction.atomic():
            self._lock_and_refresh()
            self.words = words
            if self.is_awaiting_moderation:
                self.state = self.State.HEARD
            self.save(update_fields=["words", "state"])

    def unpublish(self) -> None:
        """Return the idea to the moderation queue, without its answer."""
        with transaction.atomic():
            self._lock_and_refresh()
            self.state, self.answer, self.answered_on = self.State.AWAITING_MODERATION, "", None
            self.for_meeting, self.decided_state, self.decision = False, "", ""
            self.save(update_fields=["state", "answer", "answered_on", "for_meeting", "decided_state", "decision"])

    def reply(self, state: str, answer: str) -> None:
        """Publish an answer. An unchanged answer keeps its day; the state “heard” removes the answer."""
        with transaction.atomic():
            self._lock_and_refresh()
            if self.is_awaiting_moderation:
                raise NotAllowed(_now("Somebody must read it first."))
            if state == self.State.HEARD:
                answer = ""
            if (self.state, self.answer) == (state, answer):
                return
            self.state, self.answer = self.State(state), answer
            self.answered_on = None if state == self.State.HEARD else timezone.localdate()
            self.save(update_fields=["state", "answer", "answered_on"])

    def set_for_meeting(self, *, for_meeting: bool) -> None:
        """Put the idea on the list for the next union meeting, or take it off."""
        with transaction.atomic():
            self._lock_and_refresh()
            if for_meeting and self.is_awaiting_moderation:
                raise NotAllowed(_now("Somebody must read it first."))
            self.for_meeting = for_meeting
            if not for_meeting:
                self.decided_state, self.decision = "", ""
            self.save(update_fields=["for_meeting", "decided_state", "decision"])

    def decide(self, state: str, answer: str) -> None:
        """Note what the meeting decided, which nobody outside sees until it is over. Noting it anew replaces it."""
        with transaction.atomic():
            self._lock_and_refresh()
            if not self.for_meeting:
                raise NotAllowed(_now("It is no longer on the list for the meeting."))
            self.decided_state, self.decision = self.State(state), "" if state == self.State.HEARD else answer
            self.save(update_fields=["decided_state", "decision"])

    def merge_into(self, other: Idea) -> None:
        """Add the idea to the “me too” count of an open one, and delete it here."""
        with transaction.atomic():
            both = Idea.objects.select_for_update().order_by("pk").filter(pk__in={self.pk, other.pk})
            locked = {idea.pk: idea for idea in both}
            if len(locked) < 2:  # noqa: PLR2004 -- the two of them
                raise NotAllowed(_now("Somebody has deleted one of the two."))
            if not locked[other.pk].is_open:
                raise NotAllowed(_now("That one is already answered. Show this one as a new idea instead."))
            Idea.objects.filter(pk=other.pk).add_me_too(locked[self.pk].me_too + 1)
            locked[self.pk].delete()

    def _lock_and_refresh(self) -> None:
        try:
            self.refresh_from_db(from_queryset=Idea.objects.select_for_update())
        except Idea.DoesNotExist:
            raise NotAllowed(_now("Somebody has deleted it.")) from None


class SeenTapManager(models.Manager["SeenTap"]):
    """Counts a “me too” once for each page it is tapped on."""

    def count_tap(self, idea: Idea, *, id: uuid.UUID) -> None:  # noqa: A002 -- the name of the column
        """Add one to the “me too” of an open idea. A tap with a known id is not counted again."""
        today = timezone.localdate()
        with transaction.atomic():
            _tap, new = self.get_or_create(pk=id, defaults={"day": today})
            if new:
                Idea.objects.open().filter(pk=idea.pk).add_me_too()

    def forget_old(self) -> int:
        """Delete taps whose page token has expired. Returns their number."""
        return self.filter(day__lt=timezone.localdate() - dt.timedelta(days=1)).delete()[0]


class SeenTap(models.Model):
    """A counted tap on “me too”, kept a day so that it counts once. It does not say for which idea."""

    id = models.UUIDField(primary_key=True, editable=False)
    day = models.DateField()

    objects = SeenTapManager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)


retention.keep(
    Idea,
    length=SETTLED_RETENTION,
    promise="ideas",
    every=retention.Every.DAY,
    delete=Idea.objects.forget_old,
    overdue=lambda now: Idea.objects.filter(
        state__in=[Idea.State.DONE, Idea.State.CANT], answered_on__lt=now.date() - SETTLED_RETENTION
    ),
)
retention.keep(
    SeenTap,
    until="until the end of the next day",
    promise="me-too",
    every=retention.Every.TEN_MINUTES,
    delete=SeenTap.objects.forget_old,
    overdue=lambda now: SeenTap.objects.filter(day__lt=now.date() - dt.timedelta(days=1)),
)
row_order.rewrite(Idea)
row_order.rewrite(SeenTap)

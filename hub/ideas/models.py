"""Ideas: what people say they need, looked at by one of us, answered in public. Nobody's name, no time but a day."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import connection, models, transaction
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.disclosure.gate import MAX_HIDDEN, STEP, round_count
from volunteers.eligibility import SCHOOL
from volunteers.models import User
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import retention, row_order

LONGEST = 500
HELD_AT_MOST = 200
"""So many wait for a look and no more: a flood stops here, and whoever comes then is told so."""
KEPT = dt.timedelta(days=730)


class TooManyWait(NotAllowed):
    """So many ideas wait for a look that no more are taken in."""

    def __init__(self) -> None:
        """Always the same sentence: it says nothing of how many."""
        super().__init__(
            _now(
                "Very many ideas have come in and wait to be read. What you wrote is still here: "
                "please try again tomorrow, or tell anybody at the desk."
            )
        )


class IdeaQuerySet(models.QuerySet["Idea"]):
    """Questions about ideas, saying one, and forgetting."""

    def held(self) -> IdeaQuerySet:
        """Those nobody has looked at yet, by their random ids: nobody can tell which came first."""
        return self.filter(state=Idea.State.HELD).order_by("pk")

    def shown(self) -> IdeaQuerySet:
        """What anybody may read."""
        return self.exclude(state=Idea.State.HELD)

    def open(self) -> IdeaQuerySet:
        """Shown, and not settled: those somebody may still say “me too” to."""
        return self.filter(state__in=[Idea.State.HEARD, Idea.State.DOING])

    def answered_first(self) -> IdeaQuerySet:
        """The latest answers first, then what many asked for; within that in no order that tells anything."""
        # No finer than what is shown.
        many = Case(
            When(me_too__gt=MAX_HIDDEN, then=(F("me_too") + STEP // 2) / STEP),
            default=Value(0),
            output_field=IntegerField(),
        )
        return self.order_by(F("answered_on").desc(nulls_last=True), many.desc(), "pk")

    def matching(self, words: str) -> IdeaQuerySet:
        """Those that hold every one of these words, in what was said or answered."""
        found = self
        for word in words.split()[:10]:
            found = found.filter(Q(words__icontains=word) | Q(answer__icontains=word))
        return found

    def for_the_meeting(self) -> IdeaQuerySet:
        """What goes to the next union meeting, what many asked for first."""
        return self.shown().filter(for_meeting=True).order_by("pk")

    def say(self, words: str, *, id: uuid.UUID) -> None:  # noqa: A002 -- what it is called everywhere else
        """Write an idea down, to be looked at. The same id again changes nothing; too many at once are refused."""
        with transaction.atomic():
            self._one_at_a_time()
            if not self.filter(pk=id).exists():
                if self.held().count() >= HELD_AT_MOST:
                    raise TooManyWait
                self.create(pk=id, words=words)

    def throw_away(self, ids: list[uuid.UUID]) -> int:
        """Delete held ones: a flood, or words that hurt somebody. How many there were."""
        return self.held().filter(pk__in=ids).delete()[0]

    def clear_the_meeting(self) -> int:
        """The meeting was held: nothing is taken to the next one yet. How many were."""
        return self.filter(for_meeting=True).update(for_meeting=False)

    def forget_old(self) -> int:
        """Delete what was settled two years ago; how many."""
        before = timezone.localdate() - KEPT
        return self.filter(state__in=[Idea.State.DONE, Idea.State.CANT], answered_on__lt=before).delete()[0]

    def _one_at_a_time(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('hub_idea'))")


class Idea(models.Model):
    """Something somebody needs or wants changed. Whose it is and when it came is not written anywhere.

    Its id is random, the only day is the one of our answer, and “me too” is a number that belongs to nobody.
    """

    class State(models.TextChoices):
        """How far it has come."""

        HELD = "held", _("not looked at yet")
        HEARD = "heard", _("heard")
        DOING = "doing", _("doing it")
        DONE = "done", _("done")
        CANT = "cant", _("can’t, and why")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    words = models.CharField(_("what somebody said"), max_length=LONGEST)
    state = models.CharField(_("state"), max_length=5, choices=State, default=State.HELD, editable=False)
    answer = models.CharField(_("what we say to it"), max_length=600, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True, editable=False)
    me_too = models.PositiveIntegerField(_("others who said so too"), default=0, editable=False)
    for_meeting = models.BooleanField(_("for the next union meeting"), default=False, editable=False)

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
                violation_error_message=_("Say why, or what was done: an answer goes with it."),
            ),
            models.CheckConstraint(
                condition=~Q(state="held", for_meeting=True), name="idea_looked_at_before_a_meeting"
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @staticmethod
    def may_look(person: User) -> bool:
        """Whether this person looks at what came in: anybody who did the School, and whoever answers."""
        return person.has_perm("hub.answer_idea") or person.holds(SCHOOL, timezone.localdate())

    @property
    def is_open(self) -> bool:
        """Whether somebody may still say “me too”."""
        return self.state in (self.State.HEARD, self.State.DOING)

    @property
    def is_answered(self) -> bool:
        """Whether we have said something to it."""
        return self.answered_on is not None

    @property
    def others(self) -> str:
        """How many said so too, through the gate like any number about people; nothing while nobody did."""
        shown = round_count(self.me_too)
        if shown is None:
            return _now("Some others say so too")
        return _now("About %(n)s others say so too") % {"n": shown} if shown else ""

    def show(self, words: str) -> None:
        """Somebody looked at it: let everybody read it, in these words. Looked at already, only the words change."""
        with transaction.atomic():
            self._again()
            self.words = words
            if self.state == self.State.HELD:
                self.state = self.State.HEARD
            self.save(update_fields=["words", "state"])

    def hold_again(self) -> None:
        """Take it off the page, to be looked at once more. Its answer goes with it."""
        with transaction.atomic():
            self._again()
            self.state, self.answer, self.answered_on, self.for_meeting = self.State.HELD, "", None, False
            self.save(update_fields=["state", "answer", "answered_on", "for_meeting"])

    def reply(self, state: str, answer: str) -> None:
        """Say in public what comes of it. The same answer again keeps its day; back to “heard” takes it away."""
        with transaction.atomic():
            self._again()
            if self.state == self.State.HELD:
                raise NotAllowed(_now("Somebody has to look at it first."))
            if state == self.State.HEARD:
                answer = ""
            if (self.state, self.answer) == (state, answer):
                return
            self.state, self.answer = self.State(state), answer
            self.answered_on = None if state == self.State.HEARD else timezone.localdate()
            self.save(update_fields=["state", "answer", "answered_on"])

    def take_to_meeting(self, *, take: bool) -> None:
        """Put it on the list for the next union meeting, or off it. Again changes nothing."""
        with transaction.atomic():
            self._again()
            if take and self.state == self.State.HELD:
                raise NotAllowed(_now("Somebody has to look at it first."))
            self.for_meeting = take
            self.save(update_fields=["for_meeting"])

    def same_as(self, other: Idea) -> None:
        """Somebody said what others said before: count it there, and delete this one."""
        with transaction.atomic():
            both = Idea.objects.select_for_update().order_by("pk").filter(pk__in={self.pk, other.pk})
            found = {one.pk: one for one in both}
            if len(found) < 2:  # noqa: PLR2004 -- the two of them
                raise NotAllowed(_now("Somebody has deleted one of the two meanwhile."))
            if not found[other.pk].is_open:
                raise NotAllowed(_now("That one is settled. Show this one beside it instead."))
            Idea.objects.filter(pk=other.pk).update(me_too=F("me_too") + found[self.pk].me_too + 1)
            found[self.pk].delete()

    def _again(self) -> None:
        try:
            self.refresh_from_db(from_queryset=Idea.objects.select_for_update())
        except Idea.DoesNotExist:
            raise NotAllowed(_now("Somebody has deleted it meanwhile.")) from None


class SeenTapManager(models.Manager["SeenTap"]):
    """Counting “me too” once for each page it is tapped on."""

    def tap(self, idea: Idea, *, id: uuid.UUID) -> None:  # noqa: A002 -- what it is called everywhere else
        """One more who needs it too; the same tap again is the same."""
        today = timezone.localdate()
        with transaction.atomic():
            _tap, new = self.get_or_create(pk=id, defaults={"day": today})
            if new:
                Idea.objects.open().filter(pk=idea.pk).update(me_too=F("me_too") + 1)

    def forget_old(self) -> int:
        """Delete those whose page nobody can send any more; how many."""
        return self.filter(day__lt=timezone.localdate() - dt.timedelta(days=1)).delete()[0]


class SeenTap(models.Model):
    """A tap on “me too”, so that the same one is not counted twice. It does not say which idea it was for."""

    id = models.UUIDField(primary_key=True, editable=False)
    day = models.DateField()

    objects = SeenTapManager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)


retention.keep(
    Idea,
    length=KEPT,
    promise="ideas",
    every=retention.Every.DAY,
    delete=Idea.objects.forget_old,
    overdue=lambda now: Idea.objects.filter(
        state__in=[Idea.State.DONE, Idea.State.CANT], answered_on__lt=now.date() - KEPT
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

"""Proposals: a rota filled by a job with the solver, to look at, change and accept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from django.db import connection, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from volunteers import fill
from volunteers.models import solver_input
from volunteers.models.people import User
from volunteers.models.periods import RotaPeriod
from volunteers.models.posts import Post
from volunteers.models.shift_queryset import refuse_unless_planner
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import personal_data, retention
from volunteers.shared.registries.merging import Join
from volunteers.shared.workers import RETRY_AFTER_DATABASE

STEPS = len(fill.AIMS)
# A job counts as under way while it waits, or while its worker has said within the last minute that it lives.
UNDER_WAY = """
    SELECT EXISTS (
        SELECT FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
        WHERE job.task_name = 'volunteers.jobs.fill_rota' AND job.args->>'proposal' = %s
          AND (job.status = 'todo' OR job.status = 'doing' AND worker.last_heartbeat > now() - interval '1 minute')
    )
"""


class RotaProposalQuerySet(models.QuerySet["RotaProposal"]):
    """Queries about proposals, and asking for one."""

    @transaction.atomic
    def start(self, period: RotaPeriod, *, brim: bool, by: User) -> RotaProposal:
        """Ask for a period to be filled. An earlier proposal is deleted, and its job then does nothing."""
        refuse_unless_planner(by)
        period.lock()
        self.filter(period=period).delete()
        proposal = self.create(period=period, brim=brim)
        fill_rota.defer(proposal=str(proposal.pk))
        return proposal


class RotaProposal(models.Model):
    """One way to fill a period. Nobody is on a shift by it until a planner accepts it.

    `aims` are the values reached and their proven bounds. `gaps` are the empty places with the number of people each
    reason keeps from them. Neither holds a name.
    """

    class State(models.TextChoices):
        """The state of the job."""

        WAITING = "waiting", _("waiting")
        WORKING = "working", _("being worked out")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    period = models.OneToOneField(
        RotaPeriod, verbose_name=_("period"), on_delete=models.CASCADE, related_name="proposal"
    )
    brim = models.BooleanField(_("fill more than needed"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    step = models.PositiveSmallIntegerField(_("steps done"), default=0)
    aims = models.JSONField(_("how good it is"), default=list)
    gaps = models.JSONField(_("what stays empty"), default=list)

    objects = RotaProposalQuerySet.as_manager()

    class Meta:
        db_table = "volunteers_proposal"
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "working", "ready", "failed"]), name="proposal_state_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.period)

    @property
    def steps(self) -> int:
        """The number of steps."""
        return STEPS if self.brim else STEPS - 1

    @property
    def is_ready(self) -> bool:
        """Whether the job has finished and the proposal can be looked at."""
        return self.state == self.State.READY

    @property
    def is_proven(self) -> bool:
        """Whether no better rota exists."""
        return all(aim["value"] <= aim["bound"] for aim in self.aims)

    @property
    def has_stopped(self) -> bool:
        """Whether the job has failed, or its worker is gone."""
        if self.state not in (self.State.WAITING, self.State.WORKING):
            return self.state == self.State.FAILED
        with connection.cursor() as cursor:
            cursor.execute(UNDER_WAY, [str(self.pk)])
            return not cursor.fetchone()[0]

    def work_out(self) -> None:
        """Fill the period and write the result in one go. A killed job leaves only its step behind.

        If the period was asked for again meanwhile, this proposal is deleted already, and the result is dropped.
        """
        mine = RotaProposal.objects.filter(pk=self.pk, state__in=[self.State.WAITING, self.State.WORKING])
        if not mine.update(state=self.State.WORKING, step=0):
            return
        try:
            shifts = solver_input.shifts_to_fill(self.period)
            people = solver_input.people_to_ask(self.period, shifts)
            result = fill.fill(
                shifts, people, solver_input.rules_for(brim=self.brim), lambda done, _all: self._tell(done)
            )
            self._write_down(result)
        except Exception:
            mine.update(state=self.State.FAILED)
            raise

    def _tell(self, done: int) -> None:
        RotaProposal.objects.filter(pk=self.pk).update(step=done)

    @transaction.atomic
    def _write_down(self, result: fill.FillResult) -> None:
        mine = RotaProposal.objects.select_for_update().filter(pk=self.pk, state=self.State.WORKING).first()
        if mine is None:
            return
        # A post or a person may have gone while this was worked out.
        posts = set(Post.objects.filter(pk__in=[post for _person, post in result.places]).values_list("pk", flat=True))
        people = set(User.objects.filter(pk__in=[who for who, _post in result.places]).values_list("pk", flat=True))
        ProposedPlace.objects.bulk_create(
            ProposedPlace(proposal=mine, person_id=who, post_id=post)
            for who, post in result.places
            if who in people and post in posts
        )
        mine.aims = [asdict(aim) for aim in result.aims]
        mine.gaps = [
            {
                "shift": gap.shift,
                "post": gap.post,
                "needs": list(gap.needs),
                "missing": gap.missing,
                "why": dict(gap.why),
            }
            for gap in result.gaps
        ]
        mine.state = self.State.READY
        mine.save(update_fields=["aims", "gaps", "state"])

    @transaction.atomic
    def keep_choices(self, chosen: Mapping[int, Sequence[int | None]]) -> None:
        """Write down what was chosen for these posts: a person, or nobody, for each place."""
        mine = RotaProposal.objects.select_for_update().filter(pk=self.pk).first()
        if mine is None:
            return
        posts = dict(Post.objects.filter(pk__in=chosen).values_list("pk", "shift"))
        mine.places.filter(post__in=posts).delete()
        ProposedPlace.objects.bulk_create(
            ProposedPlace(proposal=mine, post_id=post, person_id=person)
            for post in posts
            for person in dict.fromkeys(chosen[post])
            if person is not None
        )
        gaps = {gap["post"]: gap for gap in mine.gaps if gap["post"]}
        for post, shift in posts.items():
            missing = sum(person is None for person in chosen[post])
            if post in gaps:
                gaps[post]["missing"] = missing
            elif missing:
                mine.gaps.append({"shift": shift, "post": post, "needs": [], "missing": missing, "why": {}})
        mine.save(update_fields=["gaps"])

    def accept(self, chosen: Iterable[tuple[Post, User]], *, by: User) -> list[tuple[Post, str]]:
        """Book these people on these posts, each checked again. Returns the refused posts, with a sentence by name.

        Each booking is a transaction of its own, so that a later failure undoes no earlier one.
        """
        refuse_unless_planner(by)
        refused = []
        for post, person in sorted(chosen, key=lambda pair: (pair[0].shift.starts_at, pair[0].pk, pair[1].pk)):
            try:
                post.assign(person, by=by)
            except NotAllowed as refusal:
                details = {"name": person.chosen_name, "when": post.shift.when, "why": " ".join(refusal.reasons)}
                refused.append((post, _now("%(name)s, %(when)s: %(why)s") % details))
            else:
                self.places.filter(post=post, person=person).delete()
        return refused

    @transaction.atomic
    def settle(self, shifts: Iterable[int]) -> bool:
        """Forget the places of these shifts that stay empty; a refused person stays to be decided about.

        Returns whether the whole proposal is dealt with: then it is deleted.
        """
        mine = RotaProposal.objects.select_for_update().filter(pk=self.pk).first()
        if mine is None:
            return True
        ahead = set(mine.period.shifts().values_list("pk", flat=True)) - set(shifts)
        mine.gaps = [gap for gap in mine.gaps if gap["shift"] in ahead]
        mine.save(update_fields=["gaps"])
        if mine.gaps or mine.places.filter(post__shift__in=mine.period.shifts().values("pk")).exists():
            return False
        mine.delete()
        return True


class ProposedPlace(models.Model):
    """One person on one post, so far only proposed."""

    proposal = models.ForeignKey(
        RotaProposal, verbose_name=_("proposal"), on_delete=models.CASCADE, related_name="places"
    )
    post = models.ForeignKey(Post, verbose_name=_("post"), on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("proposed place")
        verbose_name_plural = _("proposed places")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["proposal", "post", "person"], name="proposedplace_once")]

    def __str__(self) -> str:
        return f"{self.person}, {self.post}"


@app.task(name="volunteers.jobs.fill_rota", retry=RETRY_AFTER_DATABASE)  # type: ignore[untyped-decorator]
def fill_rota(proposal: str) -> None:
    """Work out a proposal; nothing happens if it was given up meanwhile."""
    for waiting in RotaProposal.objects.select_related("period").filter(pk=proposal):
        waiting.work_out()


retention.keep(
    RotaProposal, ProposedPlace, until="until accepted, forgotten or the rota is out", promise="availability"
)
personal_data.hold(
    ProposedPlace,
    "person",
    part="shifts",
    counted_as=_("Places somebody may put you on"),
    order=20,
    merge=Join(
        ("proposal", "post"), name=_("Places proposed for them"), becomes=_("they are proposed for it once."), turn=91
    ),
)

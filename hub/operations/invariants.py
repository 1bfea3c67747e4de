"""Invariants: every promise that can be asked of the database's rows, in SQL.

The constraints and triggers refuse what would break these. Here they are asked once more, of what is there: after a
crash, a restore, an upgrade or somebody's hand in the tables. `manage.py check_invariants` runs them. Each statement
selects what breaks its promise, and only whether it finds anything leaves this module: no row, and no number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from hub.core import periods
from hub.desk.models.visits import SeenVisit
from hub.operations.schema_rules import is_a_constraint_missing, is_a_trigger_off
from hub.operations.stock_rules import GIVEN, GONE, does_shelf_disagree
from hub.operations.storage_rules import is_a_rewrite_late, is_a_sample_kept, is_a_transaction_told
from hub.reports.models.editions import digest_sql
from volunteers.models import Signup
from volunteers.shared.registries import retention
from volunteers.shared.registries.sealed import find_lost

LIVE = "state IN ('confirmed', 'looking', 'came')"
TAKES_A_PLACE = "state IN ('enrolled', 'offered', 'there')"
SEALED = "'^[A-Za-z0-9_-]{38,}={0,2}$'"
UUID = "'^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$'"
GRACE = dt.timedelta(days=2)
"""How long a clock may be behind: a worker that stands still for a day breaks no promise, and one for a week does."""


@dataclass(frozen=True)
class Check:
    """One promise: its name, the sentence for somebody who finds it broken, and the statement that finds that out."""

    name: str
    says: str
    finds: str | Callable[[], bool]

    def is_broken(self, about: dict[str, Any]) -> bool:
        """Whether anything breaks it. `about` is what the statements ask about: what day and month it is."""
        if callable(self.finds):
            return self.finds()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT EXISTS ({self.finds})", about)
            return bool(cursor.fetchone()[0])


def find_broken(*names: str) -> Iterator[Check]:
    """Find the promises that do not hold, among all or the named ones, all at one moment."""
    now = timezone.localtime()
    about = {
        "today": now.date(),
        "evening": periods.evening(now - dt.timedelta(hours=1)),
        "month": periods.month_of(periods.evening(now)),
        "zone": settings.TIME_ZONE,
    }
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield from [check for check in CHECKS if (not names or check.name in names) and check.is_broken(about)]


def _something_is_overdue() -> bool:
    """Whether something was kept for longer than its retention, save what has a check of its own."""
    overdue = retention.find_overdue(timezone.localtime() - GRACE)
    return any(model not in (Signup, SeenVisit) for entry in overdue for model in entry.models)


CHECKS = (
    # --- The desk ------------------------------------------------------------------------------------------------
    Check(
        "folded_has_no_visits",
        "An evening that is closed still holds visits. Close it again by `manage.py fold`, and tell us.",
        "SELECT FROM hub_visit JOIN hub_opening ON hub_opening.id = opening_id WHERE state <> 'open'",
    ),
    Check(
        "no_visit_outlives_its_evening",
        "Visits of an evening that is over are still there: `manage.py fold` folds them, and the worker should have.",
        "SELECT FROM hub_visit JOIN hub_opening ON hub_opening.id = opening_id WHERE date < %(evening)s",
    ),
    Check(
        "counted_once",
        "A visit stands both among tonight's and among those that are counted or undone.",
        "SELECT FROM hub_visit JOIN hub_seenvisit USING (id)",
    ),
    Check(
        "visits_say_little",
        "A visit holds something that a visit must not hold: too many people, naloxone, or words.",
        "SELECT FROM hub_visit WHERE people NOT BETWEEN 1 AND 20 OR jsonb_typeof(said) <> 'object'"
        " UNION ALL SELECT FROM hub_visititem JOIN supplies_item ON supplies_item.id = item_id WHERE naloxone",
    ),
    Check(
        "openings_fit_their_state",
        "The visits and people of an evening do not fit its state.",
        "SELECT FROM hub_opening WHERE CASE state"
        " WHEN 'open' THEN (visits IS NULL) <> (people IS NULL) OR people < visits"
        " WHEN 'closed' THEN visits IS NULL OR people IS NULL OR visits < 1 OR people < visits"
        " WHEN 'nobody_came' THEN (visits, people) IS DISTINCT FROM (0, 0)"
        " ELSE visits IS NOT NULL OR people IS NOT NULL END",
    ),
    Check(
        "devices_end_with_their_evening",
        "A tablet is still paired with a desk that is closed.",
        "SELECT FROM hub_deskdevice JOIN hub_opening ON hub_opening.id = opening_id WHERE state <> 'open'",
    ),
    Check(
        "one_transaction_a_table",
        "Tables of a closed desk still tell which rows were written together. The worker writes them anew within a few"
        " minutes; `manage.py fold` does it now.",
        is_a_transaction_told,
    ),
    Check(
        "tables_are_rewritten_in_time",
        "Tables should have been written anew days ago, and something kept that back: an old connection to the database"
        " or a backup that never ends. `manage.py fold` tries again.",
        is_a_rewrite_late,
    ),
    Check(
        "no_times_of_transactions",
        "PostgreSQL keeps the time of every transaction. Set track_commit_timestamp to off, and start it again.",
        "SELECT FROM pg_settings WHERE name = 'track_commit_timestamp' AND setting <> 'off'",
    ),
    Check(
        "no_samples_of_the_desk",
        "PostgreSQL keeps a sample of what the desk wrote. `manage.py migrate` stops that.",
        is_a_sample_kept,
    ),
    # --- Months --------------------------------------------------------------------------------------------------
    Check(
        "tallies_not_below_zero",
        "A month's total is below zero.",
        "SELECT FROM hub_tally WHERE value < 0",
    ),
    Check(
        "visits_have_people",
        "A month has more visits than people, or people without a visit.",
        "SELECT FROM (SELECT sum(value) FILTER (WHERE measure = 'visits') AS visits,"
        " sum(value) FILTER (WHERE measure = 'people') AS people FROM hub_tally GROUP BY month) AS months"
        " WHERE coalesce(people, 0) < coalesce(visits, 0) OR (coalesce(people, 0) = 0) <> (coalesce(visits, 0) = 0)",
    ),
    Check(
        "only_months",
        "A log, a total or the stock's books know a day where they should only know its month.",
        " UNION ALL ".join(
            f"SELECT FROM {table} WHERE extract(day FROM month) <> 1"
            for table in (
                "hub_tally",
                "hub_naloxonegiven",
                "hub_reversal",
                "hub_stripresult",
                "hub_incident",
                "supplies_outgoing",
                "supplies_shortfall",
                "supplies_sealedmonth",
            )
        )
        + " UNION ALL SELECT FROM supplies_movement WHERE kind = 'given_out'"
        " AND (month IS NULL OR made_on IS NOT NULL OR by_id IS NOT NULL OR reason <> '' OR act IS NOT NULL)",
    ),
    Check(
        "sealed_months_are_over",
        "A month that is not over yet counts as complete.",
        "SELECT FROM supplies_sealedmonth WHERE month >= %(month)s",
    ),
    Check(
        "sealed_into_the_ledger",
        "A complete month still has things going out beside the ledger, or the ledger an incomplete month.",
        "SELECT FROM supplies_outgoing JOIN supplies_sealedmonth USING (month)"
        " UNION ALL SELECT FROM supplies_movement LEFT JOIN supplies_sealedmonth sealed USING (month)"
        " WHERE kind = 'given_out' AND sealed.month IS NULL",
    ),
    Check(
        "given_out_once",
        "What the desk gave out and what left the shelf in that month are not the same.",
        f"SELECT FROM ({GIVEN}) AS given FULL JOIN ({GONE}) AS gone USING (month, item_id)"
        " WHERE coalesce(given.n, 0) <> coalesce(gone.n, 0)",
    ),
    Check(
        "editions_stay_as_published",
        "A published report is not what it was when it was published, or one in a row of them is missing.",
        f"SELECT FROM hub_edition WHERE digest <> {digest_sql('hub_edition')}"
        " UNION ALL SELECT FROM hub_edition AS one WHERE number > 1 AND NOT EXISTS (SELECT FROM hub_edition AS before"
        " WHERE (before.first, before.span, before.number) = (one.first, one.span, one.number - 1))",
    ),
    Check(
        "editions_of_sealed_months",
        "A report is published of a month that is not complete.",
        "SELECT FROM hub_edition WHERE span <> (SELECT count(*) FROM supplies_sealedmonth"
        " WHERE month >= first AND month < first + make_interval(months => span))",
    ),
    # --- The shelf -----------------------------------------------------------------------------------------------
    Check(
        "on_hand_is_the_ledger",
        "The shelf shows something else than the ledger less what has gone out.",
        does_shelf_disagree,
    ),
    Check(
        "outgoing_is_something",
        "Something went out less than once.",
        "SELECT FROM supplies_outgoing WHERE quantity < 1",
    ),
    Check(
        "lots_of_their_items",
        "The books name a lot of another thing, or a bundle as if it were one.",
        " UNION ALL ".join(
            f"SELECT FROM {table} AS line JOIN supplies_item AS item ON item.id = line.item_id"
            " LEFT JOIN supplies_lot AS lot ON lot.id = lot_id"
            " WHERE lot.item_id <> line.item_id OR item.kind = 'bundle'"
            for table in ("supplies_movement", "supplies_outgoing")
        ),
    ),
    Check(
        "corrections_put_right",
        "A line of the ledger takes back another that it does not fit, or one is taken back twice.",
        "SELECT FROM supplies_movement AS back JOIN supplies_movement AS wrong ON wrong.id = back.undoes_id"
        " WHERE (back.kind, back.item_id, back.store_id, back.quantity)"
        " <> (wrong.kind, wrong.item_id, wrong.store_id, -wrong.quantity)"
        " OR back.lot_id IS DISTINCT FROM wrong.lot_id"
        " UNION ALL (SELECT FROM supplies_movement WHERE undoes_id IS NOT NULL GROUP BY undoes_id HAVING count(*) > 1)",
    ),
    Check(
        "carried_comes_to_nothing",
        "Something was carried from one place to another, and more or less of it arrived.",
        "SELECT FROM supplies_movement WHERE kind = 'moved' GROUP BY act, item_id HAVING sum(quantity) <> 0",
    ),
    Check(
        "deliveries_on_the_shelf",
        "A delivery counts as received, and what was in it did not reach the shelf.",
        "SELECT FROM (SELECT lot_id, sum(quantity * pack_size) AS n FROM supplies_deliveryline AS line"
        " JOIN supplies_delivery ON supplies_delivery.id = delivery_id"
        " WHERE state = 'received' GROUP BY lot_id) AS said"
        " LEFT JOIN (SELECT lot_id, sum(quantity) AS n FROM supplies_movement WHERE kind = 'received' GROUP BY lot_id)"
        " AS shelf USING (lot_id) WHERE coalesce(shelf.n, 0) < said.n",
    ),
    # --- People and shifts ---------------------------------------------------------------------------------------
    Check(
        "nobody_in_two_places",
        "Somebody is on two shifts at the same time.",
        f"SELECT FROM volunteers_signup AS one JOIN volunteers_signup AS other ON one.person_id = other.person_id"
        f" AND one.id < other.id AND one.during && other.during WHERE one.{LIVE} AND other.{LIVE}",
    ),
    Check(
        "nobody_too_many",
        "A post has more people than it has places.",
        f"SELECT FROM volunteers_post AS post WHERE maximum <"
        f" (SELECT count(*) FROM volunteers_signup WHERE post_id = post.id AND {LIVE})",
    ),
    Check(
        "signups_know_their_shift",
        "A sign-up says another time than its shift, or somebody is on a shift that is called off.",
        f"SELECT FROM volunteers_signup AS signup JOIN volunteers_post AS post ON post.id = signup.post_id"
        " JOIN volunteers_shift AS shift ON shift.id = post.shift_id WHERE signup.shift_id <> shift.id"
        f" OR during <> tstzrange(starts_at, ends_at) OR (shift.state = 'cancelled' AND signup.{LIVE})",
    ),
    Check(
        "signups_become_hours",
        "Sign-ups are kept for longer than we promise: `manage.py tidy` makes hours of them.",
        lambda: retention.is_overdue(Signup, timezone.localtime() - GRACE),
    ),
    Check(
        "holdings_point_at_completions",
        "Somebody holds something by a completion that is another person's, or rests on what is not done.",
        "SELECT FROM school_completion AS completion JOIN volunteers_holding AS holding ON holding.id = holding_id"
        " WHERE holding.person_id <> completion.person_id"
        " UNION ALL SELECT FROM school_completion_rests_on JOIN school_outcome AS outcome ON outcome.id = outcome_id"
        " JOIN school_completion AS completion ON completion.id = completion_id"
        " WHERE outcome.state <> 'done' OR outcome.person_id <> completion.person_id"
        " UNION ALL SELECT FROM school_completion AS completion WHERE NOT EXISTS"
        " (SELECT FROM school_completion_rests_on WHERE completion_id = completion.id)",
    ),
    Check(
        "sessions_have_room",
        "A session of the School has more people than places.",
        f"SELECT FROM school_session AS session WHERE places <"
        f" (SELECT count(*) FROM school_enrolment WHERE session_id = session.id AND {TAKES_A_PLACE})",
    ),
    # --- What is sealed, and what goes in time -------------------------------------------------------------------
    Check(
        "sealed_rows_are_sealed",
        "A session, a letter or a request lies open in the database, or a session says at what time it ends.",
        f"SELECT FROM django_session WHERE session_data !~ {SEALED}"
        " OR (expire_date AT TIME ZONE %(zone)s)::time <> '00:00'"
        f" UNION ALL SELECT FROM volunteers_letter WHERE sealed !~ {SEALED}"
        f" UNION ALL SELECT FROM school_joinrequest WHERE sealed !~ {SEALED}",
    ),
    Check(
        "sealed_can_be_read",
        "A second step, a letter or a request is sealed with a key that is not in the settings: put the key from before"
        " into SECRET_KEY_FALLBACKS, and run `manage.py seal_anew`.",
        lambda: bool(find_lost()),
    ),
    Check(
        "jobs_are_ids",
        "A job carries something else than ids, or is kept though it is done.",
        "SELECT FROM procrastinate_jobs AS job WHERE status NOT IN ('todo', 'doing')"
        " OR EXISTS (SELECT FROM jsonb_each(job.args) WHERE jsonb_typeof(value) NOT IN ('number', 'null')"
        f" AND coalesce(value #>> '{{}}', '') !~ {UUID})",
    ),
    Check(
        "seen_ids_are_forgotten",
        "Random ids of visits are kept for longer than 30 days: `manage.py fold` forgets them.",
        lambda: retention.is_overdue(SeenVisit, timezone.localtime() - GRACE),
    ),
    Check(
        "what_runs_out_goes",
        "Something that ran out is still there: `manage.py tidy` and `manage.py fold` clear it away.",
        _something_is_overdue,
    ),
    # --- The rules themselves ------------------------------------------------------------------------------------
    Check(
        "rules_are_on",
        "A rule that the database keeps by itself is off: `manage.py pgtrigger install`, or `enable`, puts it back.",
        is_a_trigger_off,
    ),
    Check(
        "constraints_are_there",
        "A constraint that keeps a rule is not in the database, or the unique index that does is not valid.",
        is_a_constraint_missing,
    ),
    Check(
        "constraints_hold",
        "A constraint was never tried on the rows that are there.",
        "SELECT FROM pg_constraint WHERE NOT convalidated AND connamespace = current_schema()::regnamespace",
    ),
)

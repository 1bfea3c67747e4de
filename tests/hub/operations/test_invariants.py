"""Every promise that `check_invariants` asks about: it holds in a hub that works, and is seen to break when broken."""

import datetime as dt
import json
import uuid
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from hub.desk.visit_payload import VisitPayload
from hub.models import (
    Edition,
    Month,
    NaloxoneGiven,
    Opening,
    PendingRewrite,
    PublishedFigure,
    SeenVisit,
    Tally,
    Visit,
)
from hub.operations import invariants
from supplies.models import Item, Store
from tests.privacy.evenings import forget
from tests.school.makers import a_course, a_person, a_session, enrol, say_done
from tests.supplies.makers import a_kit, a_lot, an_item
from tests.volunteers.rota_world import a_shift, post_of, somebody
from volunteers.models import Invitation, Letter, Signup
from volunteers.shared.registries import row_order

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 19, 20, tzinfo=dt.UTC)
OCTOBER, NOVEMBER = dt.date(2026, 10, 1), dt.date(2026, 11, 1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def an_evening(item, *, ago=0, fold=True, quantity=3):
    with time_machine.travel(NOW - dt.timedelta(days=ago), tick=False):
        opening = Opening.objects.start(kind=Opening.Kind.UNPLANNED)
        entry = VisitPayload(id=uuid.uuid4(), opening=opening.pk, people=2, items={item.pk: quantity}, void=False)
        Visit.objects.log(entry)
        if fold:
            opening.aggregate_visits()
    return opening


@pytest.fixture
def world():
    """A month that is complete, an evening of this month, a desk that is open, and somebody on a shift."""
    item, naloxone = an_item("Spoon"), an_item("Nyxoid", naloxone=True)
    for one in (item, naloxone):
        a_lot(one, 50, number="A1")
    with time_machine.travel(NOW - dt.timedelta(days=40), tick=False):
        NaloxoneGiven.objects.give(naloxone, 2, month=OCTOBER)
    an_evening(item, ago=40)
    Month(OCTOBER).complete_month()
    edition = Edition.objects.create(first=OCTOBER, span=1, number=1, tables=[{"rows": [["*"]]}])
    PublishedFigure.objects.create(measure="visits", key="", first=OCTOBER, span=1, bucket=1, edition=edition)
    an_evening(item, ago=1)
    SeenVisit.objects.forget_old()
    opening = an_evening(item, fold=False)
    ash = somebody("Ash")
    Signup.objects.create(person=ash, post=post_of(a_shift()))
    Invitation.renew(ash)
    Letter.post(to="ash@example.org", text="There is something new for you.")
    # Nothing is written anew before the test's own transaction ends.
    PendingRewrite.objects.all().delete()
    return opening


def names():
    return {check.name for check in invariants.find_broken()}


def by_force(statement, *values):
    """As somebody would who sits at the database: no trigger and no foreign key is asked."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


MISSING = {"constraints_are_there"}


def without(table, *constraints):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for constraint in constraints:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")


def test_everything_holds_in_an_empty_hub():
    assert names() == set()


def test_everything_holds_in_a_hub_that_works(world, capsys):
    assert names() == set()
    call_command("check_invariants")
    assert capsys.readouterr().out == f"All {len(invariants.CHECKS)} promises hold.\n"


def test_promises_have_one_name_each_and_a_sentence():
    assert len({check.name for check in invariants.CHECKS}) == len(invariants.CHECKS)
    assert all(check.says.endswith(".") for check in invariants.CHECKS)


BY_ONE_STATEMENT = {
    "folded_has_no_visits": "UPDATE hub_visit SET opening_id = (SELECT id FROM hub_opening WHERE date = '2026-11-18')",
    "counted_once": "INSERT INTO hub_seenvisit (id, opening_id, void) SELECT id, opening_id, false FROM hub_visit",
    "visits_say_little": "UPDATE hub_visit SET said = '\"She was in a hurry\"'",
    "devices_end_with_their_evening": "INSERT INTO hub_deskdevice (opening_id, number, key, paired)"
    " SELECT id, 1, 'k', true FROM hub_opening WHERE state = 'closed' LIMIT 1",
    "visits_have_people": "UPDATE hub_tally SET value = 0 WHERE measure = 'people'",
    "sealed_months_are_over": "INSERT INTO supplies_sealedmonth SELECT '2026-12-01'",
    "given_out_once": "UPDATE hub_tally SET value = value + 1 WHERE measure = 'given'",
    "editions_stay_as_published": "UPDATE hub_edition SET threshold = 4",
    "editions_of_sealed_months": "UPDATE hub_edition SET span = 3, digest = DIGEST",
    "lots_of_their_items": "UPDATE supplies_lot"
    " SET number = 'B2', item_id = (SELECT id FROM supplies_item WHERE naloxone)"
    " WHERE item_id = (SELECT id FROM supplies_item WHERE NOT naloxone)",
    "carried_comes_to_nothing": "INSERT INTO supplies_movement"
    " (id, kind, quantity, made_on, reason, act, item_id, store_id)"
    " SELECT gen_random_uuid(), 'moved', 1, '2026-11-01', '', gen_random_uuid(), item_id, store_id"
    " FROM supplies_movement LIMIT 1",
    "nobody_too_many": "UPDATE volunteers_post SET minimum = 0, maximum = 0",
    "signups_know_their_shift": "UPDATE volunteers_shift SET starts_at = starts_at - interval '1 hour'",
    "signups_become_hours": "UPDATE volunteers_signup SET state = 'not_there',"
    " during = tstzrange('2026-10-01', '2026-10-02')",
    "sealed_rows_are_sealed": "UPDATE volunteers_letter SET sealed = 'Dear Ash, your shift is tonight at the Hub'",
    "jobs_are_ids": """UPDATE procrastinate_jobs SET args = '{"to": "ash@example.org"}'""",
    "tables_are_rewritten_in_time": "INSERT INTO hub_pendingrewrite (id, since, every_table)"
    " SELECT gen_random_uuid(), '2026-11-16', false",
    "no_times_of_transactions": "CREATE TEMPORARY VIEW pg_settings AS"
    " SELECT 'track_commit_timestamp' AS name, 'on' AS setting; SET LOCAL search_path = pg_temp, public, pg_catalog",
    "seen_ids_are_forgotten": "UPDATE hub_opening SET date = '2026-10-16' WHERE date = '2026-11-18'",
    "what_runs_out_goes": "UPDATE volunteers_invitation SET expires_on = '2026-11-16'",
}
AND_WITH_IT = {
    "folded_has_no_visits": {"no_visit_outlives_its_evening"},
    "signups_become_hours": {"signups_know_their_shift"},
    "seen_ids_are_forgotten": {"given_out_once"},
    "nobody_too_many": MISSING,
    "sealed_rows_are_sealed": {"sealed_can_be_read"},
}


@pytest.mark.parametrize("name", BY_ONE_STATEMENT)
def test_promise_is_seen_to_break(world, name):
    if name == "nobody_too_many":
        without("volunteers_post", "post_minimum_fits", "post_takes_somebody")
    digest = invariants.digest_sql("hub_edition").replace("hub_edition.span", "3")

    by_force(BY_ONE_STATEMENT[name].replace("DIGEST", digest))

    assert names() - AND_WITH_IT.get(name, set()) == {name}


@pytest.mark.django_db(transaction=True)
def test_rows_written_together_are_reported():
    """`xmin` says by which transaction a row was written, and `xmax` by which it was locked last."""
    item = an_item("Spoon")
    an_evening(item, ago=1)
    forget()
    assert names() == set()

    Tally.objects.filter(measure="people").update(value=4)
    assert names() == {"one_transaction_a_table"}
    forget()
    assert names() == set()

    with transaction.atomic():
        Opening.objects.select_for_update().get()
    assert names() == {"one_transaction_a_table"}


@pytest.mark.django_db(transaction=True)
def test_sample_of_the_desk_is_reported():
    an_evening(an_item("Spoon"), ago=1)
    forget()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE hub_tally")
        assert names() == set()
        try:
            cursor.execute("ALTER TABLE hub_tally ALTER COLUMN value SET STATISTICS 100")
            cursor.execute("ANALYZE hub_tally")
            assert names() == {"no_samples_of_the_desk"}
        finally:
            # What is sampled once stays: only a new column has none.
            cursor.execute("DELETE FROM pg_statistic WHERE starelid = 'hub_tally'::regclass")
            row_order.keep_no_samples()


def test_what_a_lost_key_sealed_is_reported(world, settings):
    Letter.post(to="ash@example.org", text="Hello")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another one, long enough for anybody who asks", []

    assert names() == {"sealed_can_be_read"}


def test_visits_of_finished_evening_are_reported(world):
    with time_machine.travel(NOW + dt.timedelta(hours=11, minutes=1), tick=False):
        assert names() == {"no_visit_outlives_its_evening"}
        call_command("fold")
        assert names() == set()


def test_opening_that_contradicts_its_state_is_reported(world):
    without("hub_opening", "opening_counts_fit_state")
    by_force("UPDATE hub_opening SET visits = 0 WHERE state = 'closed'")
    assert names() == {"openings_fit_their_state", *MISSING}


def test_total_below_zero_is_seen(world):
    without("hub_tally", "tally_not_below_zero")
    Tally.objects.create(month=NOVEMBER, measure="bins", key="small", value=-1)
    assert names() == {"tallies_not_below_zero", *MISSING}


def test_day_in_place_of_month_is_reported(world):
    without("hub_tally", "tally_by_month")
    Tally.objects.create(month=dt.date(2026, 11, 18), measure="bins", key="small", value=2)
    assert names() == {"only_months", *MISSING}


def test_giving_out_in_both_books_is_reported(world):
    by_force("INSERT INTO supplies_sealedmonth SELECT '2026-11-01'")
    assert names() == {"sealed_months_are_over", "sealed_into_the_ledger"}


def test_ledger_of_incomplete_month_is_reported(world):
    by_force("DELETE FROM supplies_sealedmonth")
    assert names() == {"sealed_into_the_ledger", "editions_of_sealed_months"}


def test_month_sealed_twice_is_seen(world):
    by_force(
        "INSERT INTO supplies_movement (id, kind, quantity, month, reason, item_id, lot_id, store_id) SELECT"
        " gen_random_uuid(), kind, quantity, month, reason, item_id, lot_id, store_id"
        " FROM supplies_movement WHERE kind = 'given_out'"
    )
    assert names() == {"given_out_once"}


def test_missing_edition_is_seen(world):
    Edition.objects.create(first=OCTOBER, span=1, number=2, tables=[])
    by_force("DELETE FROM hub_publishedfigure")
    by_force("DELETE FROM hub_edition WHERE number = 1")
    assert names() == {"editions_stay_as_published"}


def test_shelf_that_shows_something_else_is_seen(world, monkeypatch):
    items = Item.objects.all()
    monkeypatch.setattr(type(items), "with_on_hand", lambda self: self.extra(select={"on_hand": "41"}))
    assert names() == {"on_hand_is_the_ledger"}


def test_nothing_that_went_out_is_seen(world):
    without("supplies_outgoing", "outgoing_quantity_positive")
    by_force("UPDATE supplies_outgoing SET quantity = 0")
    assert names() == {"outgoing_is_something", "given_out_once", *MISSING}


def test_correction_that_fits_nothing_is_seen(world):
    by_force(
        "INSERT INTO supplies_movement (id, kind, quantity, made_on, reason, act, item_id, lot_id, store_id, undoes_id)"
        " SELECT gen_random_uuid(), kind, -quantity + 1, made_on, '', gen_random_uuid(), item_id, lot_id, store_id, id"
        " FROM supplies_movement WHERE kind = 'received' LIMIT 1"
    )
    assert names() == {"corrections_put_right"}


def test_delivery_that_never_reached_the_shelf_is_seen(world):
    item = Item.objects.get(slug="spoon")
    key = uuid.uuid4()
    by_force(
        "INSERT INTO supplies_delivery (id, state, begun_on, received_on, store_id) SELECT %s, 'received', %s, %s, %s",
        key, NOW.date(), NOW.date(), Store.objects.main().pk,
    )  # fmt: skip
    by_force(
        "INSERT INTO supplies_deliveryline (id, delivery_id, item_id, lot_id, quantity, pack_size, lot_number, reason)"
        " SELECT gen_random_uuid(), %s, %s, id, 51, 1, 'A1', '' FROM supplies_lot WHERE item_id = %s",
        key, item.pk, item.pk,
    )  # fmt: skip
    assert names() == {"deliveries_on_the_shelf"}


def test_bundle_on_the_shelf_is_seen(world):
    bundle = a_kit("Bundle", kind="bundle", of=[(Item.objects.get(slug="spoon"), 1)])
    by_force("UPDATE supplies_movement SET item_id = %s, lot_id = NULL WHERE kind = 'received'", bundle.pk)
    assert names() == {"lots_of_their_items"}


def test_somebody_in_two_places_is_seen(world):
    ash = Signup.objects.get().person
    without("volunteers_signup", "signup_nobody_in_two_places")
    Signup.objects.create(person=ash, post=post_of(a_shift(place="Van")))
    assert names() == {"nobody_in_two_places", *MISSING}


@pytest.fixture
def graduate():
    course = a_course()
    session = a_session(course, starts_at=timezone.now() - dt.timedelta(hours=1))
    bo, ida = a_person("Bo"), a_person("Ida", roles=["trainer"])
    enrol(session, bo, "there")
    say_done(session, bo, ida, now=timezone.now())
    assert bo.completions.exists()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return bo


@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE school_outcome SET person_id = (SELECT id FROM volunteers_user WHERE username = 'ida')",
        "UPDATE volunteers_holding SET person_id = (SELECT id FROM volunteers_user WHERE username = 'ida')",
        "DELETE FROM school_completion_rests_on",
    ],
)
def test_holding_that_rests_on_nothing_is_seen(graduate, broken):
    assert names() == set()
    by_force(broken)
    assert names() == {"holdings_point_at_completions"}


def test_session_with_too_many_is_seen(graduate):
    without("school_session", "session_has_room")
    by_force("UPDATE school_session SET places = 0")
    assert names() == {"sessions_have_room", *MISSING}


def test_session_with_clock_or_text_is_reported(client, sign_in, volunteer):
    sign_in(client, volunteer)
    assert names() == set()
    by_force("UPDATE django_session SET expire_date = expire_date + interval '1 minute'")
    assert names() == {"sealed_rows_are_sealed"}


def test_finished_job_that_is_kept_is_seen(world):
    by_force("UPDATE procrastinate_jobs SET status = 'succeeded'")
    assert names() == {"jobs_are_ids"}


def test_rule_that_is_switched_off_is_seen(world):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE supplies_movement DISABLE TRIGGER USER")
    assert names() == {"rules_are_on"}


@pytest.mark.parametrize(
    "gone",
    [
        "ALTER TABLE hub_tally DROP CONSTRAINT tally_not_below_zero",
        "ALTER TABLE volunteers_signup DROP CONSTRAINT signup_nobody_in_two_places",
        "DROP INDEX deskdevice_one_waits",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'deskdevice_one_waits'::regclass",
        "ALTER TABLE hub_visit DROP CONSTRAINT FOREIGN_KEY",
    ],
)
def test_rule_missing_from_database_is_reported(world, gone):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = 'hub_visit'::regclass AND contype = 'f'")
        cursor.execute(gone.replace("FOREIGN_KEY", cursor.fetchone()[0]))
    assert names() == {"constraints_are_there"}


def test_constraint_that_was_never_tried_is_seen(world):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE hub_tally ADD CONSTRAINT new_rule CHECK (value < 5) NOT VALID")
    assert names() == {"constraints_hold"}


def test_every_promise_is_broken_by_some_test_here():
    said = Path(__file__).read_text()
    assert [check.name for check in invariants.CHECKS if f'"{check.name}"' not in said] == []


def test_command_names_broken_promises_without_people(world):
    by_force(BY_ONE_STATEMENT["folded_has_no_visits"])
    visit = str(Visit.objects.get().pk)
    with pytest.raises(CommandError) as refused:
        call_command("check_invariants")
    told = str(refused.value)
    assert told.startswith(
        "Not everything holds:\n  folded_has_no_visits: An evening that is closed still holds visits."
    )
    assert visit not in told
    assert not any(letter.isdigit() for letter in told)


def test_command_asks_of_one_promise_alone(world, capsys):
    by_force(BY_ONE_STATEMENT["folded_has_no_visits"])
    call_command("check_invariants", "counted_once")
    assert capsys.readouterr().out == "All 1 promises hold.\n"
    with pytest.raises(CommandError, match="no promise called nonsense"):
        call_command("check_invariants", "nonsense")


def test_command_lists_every_promise(capsys):
    call_command("check_invariants", "--list")
    assert capsys.readouterr().out.count("\n") == len(invariants.CHECKS)


def test_asking_changes_nothing(world):
    before = json.dumps([*SeenVisit.objects.order_by("pk").values("pk", "void")], default=str)
    assert names() == set()
    assert json.dumps([*SeenVisit.objects.order_by("pk").values("pk", "void")], default=str) == before

"""Lists taken in and undone as one batch: models imports and lines, and every kind of list."""

import datetime as dt
import json

import pytest
import time_machine

from hub.imports.limits import UnreadableFile
from hub.models import Import, ImportLine, Pathway
from supplies.models import Category, Item, Lot, Movement
from tests.hub.directory.test_hsds import BOROUGH
from tests.hub.imports.lists import csv_of, done, outcomes, take_in, undo, verdicts
from tests.supplies.makers import a_kit, here, on_hand
from volunteers.models import Invitation, Letter, User
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import retention

ITEMS = (
    ("Item", "Group", "One of it", "Several of it", "Pack of", "Minimum", "Target", "Has a use-by date"),
    ("Foil", "preparing", "sheet", "sheets", "50", '"1,200"', "40 packs", "no"),
    ("Water", "Preparing", "", "", "", "", "", "Yes"),
)
PEOPLE = (("Name", "E-mail", "Phone", "Roles", "Naloxone-trained"),)


def test_items_come_in_as_written(coordinator, spoon):
    take_in(coordinator, "items", *ITEMS)
    foil, water = Item.objects.get(name="Foil"), Item.objects.get(name="Water")
    assert (foil.category, foil.units, foil.pack_size) == (spoon.category, "sheets", 50)
    assert (foil.minimum, foil.target, foil.tracks_expiry) == (1200, 2000, False)
    assert (water.slug, water.unit, water.pack_size, water.minimum) == ("water", "piece", 1, None)
    assert water.tracks_expiry


def test_same_list_is_known_afterwards(coordinator, spoon):
    take_in(coordinator, "items", *ITEMS)
    batch = Import.objects.read("items", csv_of(*ITEMS, ("SPOON ", "preparing")), by=coordinator)
    assert {verdict for verdict, _why in verdicts(batch).values()} == {"known"}
    with pytest.raises(NotAllowed, match="no line"):
        batch.start(by=coordinator)
    assert Item.objects.count() == 3


BAD_ITEMS = {
    ("", "Preparing"): "This is missing",
    ("Foil", "Smoking"): "There is no group “Smoking”. There are: Preparing.",
    ("Foil", "Preparing", "sheet"): "what several are called",
    ("Foil", "Preparing", "sheet", "sheets", "lots"): "Pack of: “lots” is not a number we can read",
    ("Foil", "Preparing", "sheet", "sheets", "", "20 packs"): "counts single ones",
    ("Foil", "Preparing", "sheet", "sheets", "5", "20", "10"): "target should be at least",
    ("Foil", "Preparing", "sheet", "sheets", "5", "", "", "perhaps"): "“perhaps” is not yes or no",
    ("Foil", "Preparing", "", "", "", "", "", "", "more"): "more in this line than there are headings: “more”",
    ("x" * 81, "Preparing"): "at most 80",
}


@pytest.mark.parametrize(("row", "words"), BAD_ITEMS.items())
def test_bad_line_says_why(row, words, coordinator, spoon):
    batch = Import.objects.read("items", csv_of(ITEMS[0], row), by=coordinator)
    [(verdict, why)] = verdicts(batch).values()
    assert verdict == "unclear"
    assert words in why


def test_same_line_twice_is_new_once(coordinator, spoon):
    batch = Import.objects.read("items", csv_of(*ITEMS, ("FOIL", "Preparing")), by=coordinator)
    assert verdicts(batch)[4] == ("known", "Line 2 has the same.")


def test_new_group_comes_and_goes_with_its_items(coordinator, spoon):
    batch = take_in(coordinator, "items", ITEMS[0], ("Foil", "Smoking"), ("Pipe", "smoking"), adds_headings=True)
    assert Category.objects.get(name="Smoking").items.count() == 2
    undo(batch, coordinator)
    assert list(Category.objects.values_list("name", flat=True)) == ["Preparing"]
    assert list(Item.objects.values_list("name", flat=True)) == ["Spoon"]


def test_undoing_keeps_what_was_touched(coordinator, spoon):
    batch = take_in(coordinator, "items", *ITEMS, ("Pipe", "Preparing"))
    Item.objects.get(name="Foil").receive(5)
    Item.objects.filter(name="Water").update(minimum=7)
    batch = undo(batch, coordinator)
    assert outcomes(batch) == {
        2: ("kept", "It is in use since, so it stays."),
        3: ("kept", "Somebody has changed it since, so it stays."),
        4: ("undone", ""),
    }
    assert set(Item.objects.values_list("name", flat=True)) == {"Spoon", "Foil", "Water"}
    assert (batch.state, batch.kept, batch.undone) == ("undone", 2, 1)


def test_lines_left_out_stay_out(coordinator, spoon):
    batch = Import.objects.read("items", csv_of(*ITEMS), by=coordinator)
    batch.choose(shown=[2, 3], ticked=[3])
    batch.start(by=coordinator)
    done(batch)
    assert set(Item.objects.values_list("name", flat=True)) == {"Spoon", "Water"}


def test_what_changed_meanwhile_is_refused(coordinator, spoon):
    batch = Import.objects.read("items", csv_of(*ITEMS), by=coordinator)
    take_in(coordinator, "items", *ITEMS[:2])
    batch.start(by=coordinator)
    batch = done(batch)
    assert outcomes(batch)[2] == ("refused", "There is an item of this name.")
    assert outcomes(batch)[3] == ("taken_in", "")


STOCK = (
    ("Item", "How many", "Lot number", "Use by", "Price of one"),
    ("spoon", "20 packs", "A12", "11/2027", "0.04"),
    ("Spoon", "7", "", "", ""),
)


@time_machine.travel("2026-05-20 18:30 +0100", tick=False)
def test_opening_stock_comes_with_its_lots(coordinator, spoon):
    batch = take_in(coordinator, "stock", *STOCK)
    assert here(spoon) == {"A12": 1000, "": 7}
    lot = Lot.objects.get(number="A12")
    assert (lot.expires_on, str(lot.unit_cost)) == (dt.date(2027, 11, 30), "0.0400")
    again = Import.objects.read("stock", csv_of(*STOCK), by=coordinator)
    assert {verdict for verdict, _why in verdicts(again).values()} == {"known"}
    undo(batch, coordinator)
    assert on_hand(spoon) == 0
    assert {
        verdict for verdict, _why in verdicts(Import.objects.read("stock", csv_of(*STOCK), by=coordinator)).values()
    } == {"new"}


def test_stock_given_out_is_not_undone(coordinator, spoon):
    batch = take_in(coordinator, "stock", *STOCK)
    spoon.waste(1, lot=Lot.objects.get(number="A12"))
    batch = undo(batch, coordinator)
    assert outcomes(batch)[2] == ("kept", "Some of it was given out, moved or counted since, so it stays.")
    assert here(spoon) == {"A12": 999}
    batch = undo(batch, coordinator)
    assert outcomes(batch)[2][0] == "kept"
    assert Movement.objects.filter(quantity=-7).count() == 1


def test_bad_stock_says_why(coordinator, spoon):
    a_kit("Bundle", kind="bundle", of=[(spoon, 2)])
    Item.objects.filter(pk=spoon.pk).update(tracks_lot=True, tracks_expiry=True)
    rows = [
        ("Spork", "3"),
        ("Bundle", "3"),
        ("Spoon", "many", "A"),
        ("Spoon", "0", "A", "2027"),
        ("Spoon", "3"),
        ("Spoon", "3", "A", "11/2077"),
        ("Spoon", "0", "A", "11/2027"),
    ]
    found = verdicts(Import.objects.read("stock", csv_of(STOCK[0], *rows), by=coordinator))
    words = [
        "no item of this name",
        "a bundle",
        "not a number",
        "not a day",
        "Copy the lot number",
        "2077",
        "none of it",
    ]
    assert [word for word, (_verdict, why) in zip(words, found.values(), strict=True) if word not in why] == []
    assert [verdict for verdict, _why in found.values()] == ["unclear"] * 6 + ["known"]


@time_machine.travel("2026-05-20 18:30 +0100", tick=False)
def test_people_come_in_with_what_they_hold(coordinator, naloxone_trained):
    sam = ("Sam", "sam@example.org", "07700 900123", "Volunteers", "3/2026")
    batch = take_in(coordinator, "people", *PEOPLE, sam, ("Kim", "", "", "", ""))
    person = User.objects.get(chosen_name="Sam")
    assert (person.contact, person.role_names, person.email) == ("07700 900123", {"volunteer"}, None)
    holding = person.holdings.get()
    assert (holding.since, holding.until, holding.granted_by) == (dt.date(2026, 3, 1), dt.date(2028, 3, 1), coordinator)
    assert Invitation.objects.get(person=person).email == "sam@example.org"
    assert not Letter.objects.exists()
    again = Import.objects.read("people", csv_of(*PEOPLE, sam, ("KIM",)), by=coordinator)
    assert {verdict for verdict, _why in verdicts(again).values()} == {"known"}
    undo(batch, coordinator)
    assert User.objects.get() == coordinator


def test_people_get_their_link_if_asked(coordinator, naloxone_trained):
    batch = take_in(coordinator, "people", *PEOPLE, ("Sam", "sam@example.org"), ("Kim",), letters=True)
    assert Letter.objects.count() == 1
    undo(batch, coordinator)
    assert not Letter.objects.exists()


def test_people_who_came_in_stay(coordinator, naloxone_trained):
    batch = take_in(coordinator, "people", *PEOPLE, ("Sam",), ("Kim",), ("Jo", "", "", "", "yes"))
    kim, jo = User.objects.get(chosen_name="Kim"), User.objects.get(chosen_name="Jo")
    kim.set_password("a long password")
    kim.save()
    jo.holdings.get().end(dt.date(2027, 1, 1))
    batch = undo(batch, coordinator)
    assert outcomes(batch) == {
        2: ("undone", ""),
        3: ("kept", "They have come in since, so they stay."),
        4: ("kept", "Somebody has changed it since, so it stays."),
    }
    assert set(User.objects.values_list("chosen_name", flat=True)) == {"Mo", "Kim", "Jo"}


BAD_PEOPLE = {
    ("Sam", "sam at home"): "E-mail: Enter a valid email address",
    ("Sam", "", "", "Coordinator"): "You cannot give the role “Coordinator”. Ask an admin.",
    ("Sam", "", "", "boss"): "There is no role “boss”",
    ("Sam", "", "", "", "since ever"): "Naloxone-trained: “since ever” is not a day we can read",
    ("Sam", "", "", "", "12/2099"): "still to come",
    ("Sam", "", "", "", "12/05/2025 to 1/5/2025"): "It must end after it starts.",
}


@pytest.mark.parametrize(("row", "words"), BAD_PEOPLE.items())
def test_bad_person_says_why(row, words, coordinator, naloxone_trained):
    [(verdict, why)] = verdicts(Import.objects.read("people", csv_of(*PEOPLE, row), by=coordinator)).values()
    assert verdict == "unclear"
    assert words in why


def test_admin_gives_any_role(admin, naloxone_trained):
    take_in(admin, "people", *PEOPLE, ("Sam", "", "", "Coordinator; trainer"))
    assert User.objects.get(chosen_name="Sam").role_names == {"coordinator", "trainer"}


def test_person_erased_meanwhile_leaves_no_line(coordinator, naloxone_trained):
    batch = take_in(coordinator, "people", *PEOPLE, ("Sam",), ("Kim",))
    User.objects.get(chosen_name="Sam").delete()
    assert outcomes(undo(batch, coordinator)) == {3: ("undone", "")}
    assert User.objects.get() == coordinator


SERVICES = (("Name", "Heading", "Phone number", "Website"),)


def test_services_come_in_unchecked(coordinator, shelter):
    row = ("Night shelter", "housing", "020 7946 0000", "example.org")
    batch = take_in(coordinator, "services", *SERVICES, row)
    service = Pathway.objects.get(name="Night shelter")
    assert (service.kind, service.phone, service.website) == (shelter.kind, "020 7946 0000", "https://example.org")
    assert (service.checked_on, service.may_involve_police) == (None, "not_known")
    found = verdicts(Import.objects.read("services", csv_of(*SERVICES, row, ("SHELTER", "Housing")), by=coordinator))
    assert {verdict for verdict, _why in found.values()} == {"known"}
    undo(batch, coordinator)
    assert Pathway.objects.get() == shelter


def test_service_checked_since_stays(coordinator, shelter):
    batch = take_in(coordinator, "services", *SERVICES, ("Night shelter", "housing"))
    Pathway.objects.get(name="Night shelter").check_today()
    assert outcomes(undo(batch, coordinator))[2] == ("kept", "Somebody has changed it since, so it stays.")


def test_borough_directory_comes_in_once(coordinator, shelter):
    data = json.dumps({"contents": [BOROUGH]}).encode()
    assert verdicts(Import.objects.read("services", data, by=coordinator))[1][0] == "unclear"
    batch = Import.objects.read("services", data, by=coordinator, heading=shelter.kind)
    batch.start(by=coordinator)
    done(batch)
    service = Pathway.objects.get(reference=BOROUGH["id"])
    assert (service.kind, service.phone, service.checked_on) == (shelter.kind, "020 7946 0000", None)
    assert verdicts(Import.objects.read("services", data, by=coordinator))[1][0] == "known"


def test_own_directory_is_known(client, coordinator, shelter):
    data = client.get("/pathways/hsds/services").content
    [(verdict, _why)] = verdicts(Import.objects.read("services", data, by=coordinator)).values()
    assert verdict == "known"


@pytest.mark.parametrize("data", [b"[]", b"{}", b"[" * 100_000, b'{"contents": 3}', b'[{"name": "\\ud800"}, 1]'])
def test_broken_directory_is_a_sentence(data, coordinator, shelter):
    try:
        batch = Import.objects.read("services", data, by=coordinator)
    except UnreadableFile as refusal:
        assert "HSDS" in str(refusal)  # noqa: PT017 -- either is right
    else:
        assert {verdict for verdict, _why in verdicts(batch).values()} == {"unclear"}


def test_headings_are_asked_for(coordinator, spoon):
    for data, words in {
        b"Thing,Sort\nFoil,Smoking": "do not find these columns: Item, Group",
        b"Item,Group,item\na,b,c": "Two columns are called “Item”",
        b"Item,Group\n": "no lines under them",
    }.items():
        with pytest.raises(UnreadableFile, match=words):
            Import.objects.read("items", data, by=coordinator)


def test_headings_nobody_reads_are_named(coordinator, spoon):
    batch = Import.objects.read("items", b"My list,,\n\nItem *,GROUP:,Colour\nFoil,Preparing,blue", by=coordinator)
    assert batch.unread_headings == ["Colour"]
    assert list(verdicts(batch)) == [4]


@time_machine.travel("2026-05-20 18:30 +0100", tick=False)
def test_words_are_sealed_and_go(coordinator, naloxone_trained):
    batch = Import.objects.read("people", csv_of(*PEOPLE, ("Samantha",), ("Kimberley", "no mail")), by=coordinator)
    assert "Samantha" not in str(list(ImportLine.objects.values()))
    batch.start(by=coordinator)
    done(batch)
    assert [bool(line.content) for line in batch.lines.order_by("number")] == [False, True]
    with time_machine.travel("2026-05-22 00:10 +0100", tick=False):
        retention.delete_overdue(retention.Every.HOUR)
        assert not ImportLine.objects.exclude(content="").exists()
        assert Import.objects.exists()
    with time_machine.travel("2026-06-20 00:10 +0100", tick=False):
        retention.delete_overdue(retention.Every.HOUR)
        assert not Import.objects.exists()
    assert User.objects.filter(chosen_name="Samantha").exists()


@time_machine.travel("2026-05-20 18:30 +0100", tick=False)
def test_preview_goes_the_day_after(coordinator, spoon):
    Import.objects.read("items", csv_of(*ITEMS), by=coordinator)
    with time_machine.travel("2026-05-21 23:50 +0100", tick=False):
        retention.delete_overdue(retention.Every.HOUR)
        assert Import.objects.exists()
    with time_machine.travel("2026-05-22 00:10 +0100", tick=False):
        assert retention.is_overdue(Import, dt.datetime.now(tz=dt.UTC))
        retention.delete_overdue(retention.Every.HOUR)
        assert not Import.objects.exists()


def test_nobody_else_takes_lists_in(volunteer, coordinator, spoon):
    with pytest.raises(NotAllowed):
        Import.objects.read("items", csv_of(*ITEMS), by=volunteer)
    batch = Import.objects.read("items", csv_of(*ITEMS), by=coordinator)
    with pytest.raises(NotAllowed):
        batch.start(by=volunteer)


def test_list_of_somebody_erased_is_refused(coordinator, naloxone_trained, admin):
    batch = Import.objects.read("people", csv_of(*PEOPLE, ("Sam",)), by=coordinator)
    batch.start(by=coordinator)
    coordinator.delete()
    batch = done(batch)
    assert outcomes(batch)[2][0] == "refused"
    assert not User.objects.filter(chosen_name="Sam").exists()


def test_work_is_done_once(coordinator, spoon):
    batch = take_in(coordinator, "items", *ITEMS)
    batch.work()
    assert Item.objects.count() == 3
    with pytest.raises(NotAllowed, match="quicker"):
        batch.start(by=coordinator)

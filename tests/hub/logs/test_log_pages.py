"""The pages of the four logs: few taps, nothing asked twice, undone for two minutes.

Tries hub/logs/views/base.py, hub/logs/views/incidents.py, hub/logs/views/naloxone.py, hub/logs/views/reversals.py
and hub/logs/views/strips.py.
"""

import uuid

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import expect

from hub.models import Choice, Incident, Month, NaloxoneGiven, Opening, Reversal, Strip, StripResult
from supplies.models import Item
from tests.look import axe, scrolls_sideways, small_targets, storage
from tests.supplies.makers import NEXT_YEAR, a_lot, an_item, on_hand

NOW = "2026-05-20 18:30 +0100"
MAY, APRIL = "2026-05-01", "2026-04-01"
PAGES = ("hub:naloxone", "hub:reversals", "hub:strips", "hub:incidents")


@pytest.fixture
def things(db):
    Choice.objects.lay_out()
    nyxoid = an_item("Nyxoid", naloxone=True)
    a_lot(nyxoid, 10, number="N1", expires_on=NEXT_YEAR)
    strips = an_item("Nitazene test strip")
    a_lot(strips, 5, number="S1")
    Strip.objects.create(name="Nitazene strip", limits="It misses some of them.", item=strips)


@pytest.fixture
def desk(things, client, sign_in, volunteer):
    with time_machine.travel(NOW, tick=False) as client.clock:
        sign_in(client, volunteer)
        yield client


def start(client, page, **about):
    """What the page's empty form holds, and this on top."""
    form = client.get(page).context["form"]
    return {name: form[name].value() or "" for name in form.fields} | about


def give(client, **about):
    page = reverse("hub:naloxone")
    return client.post(page, start(client, page, product=Item.objects.get(naloxone=True).pk, **about))


def test_naloxone_needs_two_taps_only(desk):
    answer = give(desk)

    assert answer.headers["Location"] == "/desk/"
    assert [*NaloxoneGiven.objects.values_list("kits", "again", "trained", "recipient")] == [(1, None, None, None)]
    assert on_hand(Item.objects.get(naloxone=True)) == 9


def test_naloxone_keeps_what_was_answered(desk):
    why = Choice.objects.get(of="why_again", name="Lost")
    who = Choice.objects.offered("recipient")[1]

    give(desk, kits="3", first=str(why.pk), trained="yes", recipient=who.pk)

    row = NaloxoneGiven.objects.get()
    assert (row.kits, row.again, row.why_again, row.trained, row.recipient) == (3, True, why, True, who)


@pytest.mark.parametrize(("first", "again"), [("", None), ("first", False), ("again", True)])
def test_first_again_and_not_asked_are_three_things(desk, first, again):
    give(desk, first=first)
    assert NaloxoneGiven.objects.get().again is again


def test_other_number_of_kits_is_typed(desk):
    assert give(desk, kits="more", more_kits="").status_code == 422
    assert give(desk, kits="more", more_kits="51").status_code == 422
    assert not NaloxoneGiven.objects.exists()

    give(desk, kits="more", more_kits="12")

    assert sum(NaloxoneGiven.objects.values_list("kits", flat=True)) == 12


def test_a_form_sent_twice_counts_once(desk):
    page = reverse("hub:naloxone")
    data = start(desk, page, product=Item.objects.get(naloxone=True).pk)

    assert [desk.post(page, data).status_code for _ in range(2)] == [302, 302]

    assert NaloxoneGiven.objects.count() == 1


def test_what_was_written_last_is_undone_once(desk):
    give(desk, kits="2")

    page = desk.get(reverse("hub:naloxone")).content.decode()
    assert "That is written down." in page
    desk.post(reverse("hub:log-undo"))
    desk.post(reverse("hub:log-undo"))

    assert not NaloxoneGiven.objects.exists()
    assert on_hand(Item.objects.get(naloxone=True)) == 10
    assert "take it back" not in desk.get(reverse("hub:naloxone")).content.decode()


def test_after_two_minutes_there_is_nothing_to_undo(desk):
    give(desk)
    desk.clock.shift(121)

    answer = desk.post(reverse("hub:log-undo"), follow=True)

    assert "There is nothing left to undo." in answer.content.decode()
    assert NaloxoneGiven.objects.count() == 1


def test_device_remembers_random_id_and_nothing_else(desk):
    answer = give(desk, kits="3")
    cookie = answer.cookies["log"]

    assert (cookie["max-age"], cookie["path"], cookie["httponly"], cookie["samesite"]) == (
        120,
        "/desk/",
        True,
        "Strict",
    )
    assert "kits" not in cookie.value
    assert "Nyxoid" not in cookie.value


def test_undoing_one_log_leaves_the_others_alone(desk):
    give(desk)
    page = reverse("hub:reversals")
    desk.post(page, start(desk, page))

    desk.post(reverse("hub:log-undo"))

    assert (NaloxoneGiven.objects.count(), Reversal.objects.count()) == (1, 0)


def test_reversal_needs_no_answer(desk):
    page = reverse("hub:reversals")

    assert desk.post(page, start(desk, page)).status_code == 302

    assert [*Reversal.objects.values_list("doses", "called_999", "place", "outcome")] == [(None, None, None, None)]


def test_a_strips_limits_stand_beside_its_result(desk):
    strip = Strip.objects.get()
    page = reverse("hub:strip-result", args=[strip.pk])

    assert "It misses some of them." in desk.get(page).content.decode()
    lot = strip.item.lots.get()
    desk.post(page, start(desk, page, line="absent", lot=lot.pk))

    row = StripResult.objects.get()
    assert (row.strip, row.line, row.lot, row.sold_as) == (strip, "absent", lot, None)


def test_foreign_strip_asks_for_no_lot(desk):
    strip = Strip.objects.create(name="Another", limits="We know little of it.")
    page = reverse("hub:strip-result", args=[strip.pk])

    assert "lot" not in desk.get(page).context["form"].fields
    assert desk.post(page, start(desk, page, line="not_sure")).status_code == 302


def test_a_withdrawn_strip_is_offered_no_more(desk):
    Strip.objects.update(withdrawn=True)

    assert "Nitazene strip" not in desk.get(reverse("hub:strips")).content.decode()
    assert desk.get(reverse("hub:strip-result", args=[Strip.objects.get().pk])).status_code == 404


def test_incident_form_has_no_text_box(desk):
    page = reverse("hub:incidents")
    kind, needs = Choice.objects.offered("incident")[0], Choice.objects.offered("need")[:2]

    desk.post(page, start(desk, page, kind=kind.pk, called_999="on", needs=[need.pk for need in needs]))

    row = Incident.objects.get()
    assert (row.kind, row.called_999, row.first_aid) == (kind, True, False)
    assert {need.need for need in row.needs.all()} == set(needs)
    html = desk.get(page).content.decode()
    assert "<textarea" not in html
    assert 'type="text"' not in html


@pytest.mark.parametrize(
    "about",
    [
        {"id": "Marisol"},
        {"id": ""},
        {"month": "2026-06-01"},
        {"month": "2026-05-20"},
        {"month": "\x00"},
        {"product": "999999"},
        {"product": "\x00"},
        {"kits": "-1"},
        {"kits": "9" * 40},
        {"kits": "more", "more_kits": "9" * 40},
        {"first": "17"},
        {"trained": "perhaps"},
        {"recipient": str(2**70)},
    ],
)
def test_invalid_log_entry_writes_nothing(desk, about):
    page = reverse("hub:naloxone")
    data = start(desk, page, product=Item.objects.get(naloxone=True).pk, trained="yes") | about

    answer = desk.post(page, data)

    assert answer.status_code == 422
    assert "Something needs to be corrected" in answer.content.decode()
    assert not NaloxoneGiven.objects.exists()
    assert on_hand(Item.objects.get(naloxone=True)) == 10


def months(client, query=""):
    return [
        value for value, _label in client.get(reverse("hub:reversals") + query).context["form"].fields["month"].choices
    ]


def test_volunteers_write_this_and_last_open_month(desk):
    assert months(desk) == [MAY, APRIL]
    assert months(desk, "?month=2026-01") == [MAY, APRIL]

    Month(Reversal.objects.model._meta.get_field("month").to_python(APRIL)).complete_month()  # noqa: SLF001 -- a date from its words

    assert months(desk) == [MAY]


def test_coordinators_write_into_the_month_they_came_from(desk, demo, sign_in, coordinator):
    sign_in(desk, coordinator)

    assert months(desk, "?month=2026-01") == ["2026-01-01", MAY, APRIL]
    for wrong in ("2026-06", "2026-13", "Marisol", "0000-00", "\x00"):
        assert months(desk, f"?month={wrong}") == [MAY, APRIL]
    page = reverse("hub:reversals") + "?month=2026-01"
    desk.post(page, {"id": uuid.uuid4(), "month": "2026-01-01"})
    assert str(Reversal.objects.get().month) == "2026-01-01"


@pytest.mark.parametrize("page", PAGES)
def test_log_pages_take_constant_statements(desk, page, django_assert_max_num_queries):
    desk.get(reverse(page))
    Choice.objects.bulk_create(Choice(of=of, name=f"More {n}") for of in Choice.Of.values for n in range(9))
    for number in range(3):
        Strip.objects.create(name=f"Strip {number}", limits="Little.")

    with django_assert_max_num_queries(10):
        desk.get(reverse(page))


def test_the_desk_and_today_lead_to_the_logs(desk):
    Opening.objects.start(kind="planned")
    for page in ("/desk/", "/today/"):
        html = desk.get(page).content.decode()
        assert [name for name in PAGES if f'href="{reverse(name)}"' not in html] == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
@pytest.mark.parametrize("name", [*PAGES, "hub:strip-result"])
def test_forms_of_the_logs_look_right(things, page_as, live_server, volunteer, console, scheme, width, name):
    page = page_as(volunteer)
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(live_server.url + reverse(name, args=[Strip.objects.get().pk] if name == "hub:strip-result" else []))

    assert axe(page) == []
    assert small_targets(page) == []
    assert not scrolls_sideways(page)
    assert storage(page) == []
    assert (console.messages, console.elsewhere) == ([], [])


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_naloxone_with_everything_answered_is_five_taps(things, page_as, live_server, volunteer, console):
    page = page_as(volunteer)
    page.goto(f"{live_server.url}/desk/naloxone/")
    taps = [
        page.get_by_text("Nyxoid", exact=True),
        page.get_by_text("Again: used"),
        page.get_by_text("Yes", exact=True),
        page.get_by_text("Friend, partner or family"),
        page.get_by_role("button", name="Write it down"),
    ]
    for tap in taps:
        tap.click()

    expect(page.get_by_text("Written down: 1 kit.")).to_be_visible()
    row = NaloxoneGiven.objects.get()
    assert (row.kits, row.why_again.name, row.trained, row.recipient.name) == (
        1,
        "Used",
        True,
        "Friend, partner or family",
    )
    assert axe(page) == []
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone.")).to_be_visible()
    assert not NaloxoneGiven.objects.exists()
    assert console.quiet


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_strip_result_takes_four_taps(things, page_as, live_server, volunteer):
    page = page_as(volunteer)
    page.goto(f"{live_server.url}/desk/strips/")
    for tap in (
        page.get_by_role("link", name="Nitazene strip"),
        page.get_by_text("No test line"),
        page.get_by_text("Heroin"),
        page.get_by_role("button", name="Write it down"),
    ):
        tap.click()
    expect(page.get_by_text("No strip can promise anything.")).to_be_visible()
    assert StripResult.objects.get().sold_as.name == "Heroin"

    page.goto(f"{live_server.url}/desk/naloxone/")
    box = page.get_by_label("Another number of kits")
    expect(box).to_be_hidden()
    page.get_by_text("Another number", exact=True).click()
    expect(box).to_be_visible()


def test_saved_entry_leads_back_to_the_desk(desk):
    Opening.objects.start(kind="planned")
    page = reverse("hub:reversals")

    answer = desk.post(page, start(desk, page), follow=True)

    assert answer.redirect_chain == [("/desk/", 302)]
    toast = answer.content.decode().partition('id="toasts"')[2].partition("<main")[0]
    assert ("Written down" in toast, f'action="{reverse("hub:log-undo")}"' in toast) == (True, True)
    undone = desk.post(reverse("hub:log-undo"), follow=True)
    assert (undone.redirect_chain, Reversal.objects.count()) == ([("/desk/", 302)], 0)


def test_entry_into_chosen_month_stays_at_form(desk, coordinator, sign_in, demo):
    sign_in(desk, coordinator)
    page = f"{reverse('hub:reversals')}?month=2026-04"

    answer = desk.post(page, {"id": uuid.uuid4(), "month": APRIL})

    assert answer.headers["Location"] == page


def test_sheets_are_the_same_for_everybody(desk, coordinator, sign_in, demo, django_assert_num_queries):
    with django_assert_num_queries(12):
        before = desk.get(reverse("hub:desk-sheets")).content.decode()
    sign_in(desk, coordinator)
    Choice.objects.bulk_create(Choice(of="place", name=f"More {n}") for n in range(3))
    with django_assert_num_queries(12):
        after = desk.get(reverse("hub:desk-sheets")).content.decode()

    for number in range(3):
        after = "\n".join(line for line in after.splitlines() if f"More {number}" not in line)
    assert "csrf" not in before
    assert 'name="id"' not in before
    for kind in ("naloxone", "reversal", "strip", "shortfall"):
        assert f'<template id="sheet-{kind}">' in before
    assert (before.count("Ash"), after.count("Mo<")) == (0, 0)

"""Pages of the months: what is missing, correcting totals, and completing one.

Tries hub/months/views.py, hub/months/forms.py, hub/months/totals.py and hub/months/log_tables.py.
"""

import datetime as dt
import re

import pytest

from hub.models import Choice, Incident, Measure, Month, NaloxoneGiven, Opening, Reversal, Tally
from supplies.models import Item
from tests.look import axe, scrolls_sideways, small_targets
from tests.supplies.makers import APRIL, MAY, a_lot, an_item, on_hand

State = Opening.State
PAGE = "/months/2026-04/"


@pytest.fixture
def looking(clock, demo, client, sign_in, coordinator):
    sign_in(client, coordinator)
    return client


def an_evening(day=7, state=State.NOT_RECORDED, visits=None, people=None):
    date = dt.date(2026, 4, day)
    return Opening.objects.create(date=date, kind="planned", state=state, visits=visits, people=people)


def words(answer):
    return " ".join(answer.content.decode().split())


def test_months_show_complete_and_missing(looking):
    an_evening()
    Reversal.objects.report(month=dt.date(2026, 3, 1))
    Month(dt.date(2026, 3, 1)).complete_month()

    page = words(looking.get("/months/"))

    told = ("May 2026", "In progress", "April 2026", "1 evening not recorded", "To complete")
    places = [page.index(word) for word in told]
    assert places == sorted(places)
    assert "March 2026" in page
    assert page.count("Complete</span>") == 1


@pytest.mark.parametrize("where", ["/months/", PAGE])
@pytest.mark.parametrize(
    ("moment", "said"), [("2026-04-20", "write it down now"), ("2026-05-28", "too long ago for a sheet")]
)
@pytest.mark.parametrize("complete", [False, True])
def test_missing_evening_is_named_and_leads_there(
    clock, demo, client, sign_in, coordinator, where, moment, said, complete
):
    evening = an_evening()
    clock.move_to(dt.datetime.fromisoformat(f"{moment} 12:00+00:00"))
    sign_in(client, coordinator)
    if complete and moment > "2026-05":
        Month(dt.date(2026, 4, 1)).complete_month()
    page = client.get(where).content.decode()

    assert "Tuesday 7 April" in page
    assert said in page
    there = re.search(rf'href="(/desk/{evening.pk}/catch-up/|/months/2026-04/[a-z]+/)">{said}', page).group(1)
    assert client.get(there).status_code == 200


def test_many_missing_evenings_lead_to_their_month(looking):
    for day in range(1, 8):
        an_evening(day)

    page = looking.get("/months/").content.decode()

    assert page.count("<strong>") == 5
    assert f'href="{PAGE}"' in page


def test_what_is_missing_stands_before_the_button(looking):
    an_evening()
    an_evening(9, State.CLOSED, 3, 4)

    page = words(looking.get(PAGE))

    assert page.index("Tuesday 7 April") < page.index("This month is complete")
    assert "Thursday 9 April" not in page
    assert "True figures, do not share: small numbers can show who somebody is." in page


def test_a_month_is_completed_once_somebody_has_looked(looking):
    an_evening()

    assert looking.post(f"{PAGE}complete/", {"seen": "1"}).status_code == 422
    assert not Month(APRIL).is_complete

    answer = looking.post(f"{PAGE}complete/", {"seen": "1", "looked": "on"})
    assert answer.headers["Location"] == PAGE
    assert Month(APRIL).is_complete
    assert looking.post(f"{PAGE}complete/", {"seen": "1", "looked": "on"}).status_code == 302
    assert "This month is complete" not in words(looking.get(PAGE))


def test_month_with_unrecorded_openings_can_be_completed(looking):
    Opening.objects.bulk_create(
        Opening(date=dt.date(2026, 4, 1 + n % 30), place=f"Van {n}", kind="outreach", state="not_recorded")
        for n in range(60)
    )

    assert looking.post(f"{PAGE}complete/", {"seen": "60", "looked": "on"}).status_code == 302
    assert Month(APRIL).is_complete


def test_month_changed_meanwhile_is_shown_again(looking):
    an_evening()
    an_evening(9)

    answer = looking.post(f"{PAGE}complete/", {"seen": "1", "looked": "on"})

    assert answer.status_code == 409
    assert "The evenings have changed." in words(answer)
    assert "Thursday 9 April" in words(answer)
    assert not Month(APRIL).is_complete


def test_the_running_month_offers_no_button(looking):
    assert "This month is complete" not in words(looking.get("/months/2026-05/"))
    answer = looking.post("/months/2026-05/complete/", {"seen": "0"})
    assert answer.status_code == 409
    assert "not over yet" in words(answer)


@pytest.mark.parametrize("address", ["2026-06", "2019-01", "2026-13", "2026-00", "0000-01", "9999-12"])
def test_unknown_month_is_not_found(looking, address):
    assert looking.get(f"/months/{address}/").status_code == 404


def test_totals_are_put_right_and_the_shelf_follows(looking):
    spoon = an_item("Spoon")
    a_lot(spoon, 10, number="A")
    Item.objects.issue({spoon.pk: 4}, month=APRIL)
    given = f"given-{spoon.pk}"
    Tally.objects.add(APRIL, {(Measure.VISITS, ""): 2, (Measure.PEOPLE, ""): 3, (Measure.GIVEN, str(spoon.pk)): 4})
    form = looking.get(f"{PAGE}correct/").context["form"]
    data = {name: form[name].value() for name in form.fields} | {"visits-": "3", "people-": "5", given: "6"}

    assert looking.post(f"{PAGE}correct/", data).headers["Location"] == PAGE
    again = looking.post(f"{PAGE}correct/", data, follow=True)

    assert "You changed nothing." in words(again)
    assert {(t.measure, t.key): t.value for t in Tally.objects.month(APRIL)} == {
        ("visits", ""): 3,
        ("people", ""): 5,
        ("given", str(spoon.pk)): 6,
    }
    assert on_hand(spoon) == 4


@pytest.mark.parametrize(
    ("about", "status"),
    [
        ({"visits-": "-1"}, 422),
        ({"visits-": ""}, 422),
        ({"visits-": "9" * 30}, 422),
        ({"visits-": "\x00"}, 422),
        ({"was-visits-": "x"}, 422),
        ({"visits-": "9"}, 409),
        ({"was-visits-": "1", "visits-": "3"}, 409),
    ],
)
def test_impossible_totals_are_refused_and_kept(looking, about, status):
    Tally.objects.add(APRIL, {(Measure.VISITS, ""): 2, (Measure.PEOPLE, ""): 3})
    data = {"visits-": "2", "was-visits-": "2", "people-": "3", "was-people-": "3"} | about

    answer = looking.post(f"{PAGE}correct/", data)

    assert answer.status_code == status
    assert answer.context["form"]["visits-"].value() == data["visits-"]
    assert [*Tally.objects.order_by("measure").values_list("value", flat=True)] == [3, 2]


def test_log_groups_equal_rows_and_removes_one(looking):
    nyxoid = an_item("Nyxoid", naloxone=True)
    for _ in range(3):
        NaloxoneGiven.objects.give(nyxoid, 1, month=APRIL)
    NaloxoneGiven.objects.give(nyxoid, 2, month=APRIL, again=False)
    page = looking.get(f"{PAGE}naloxone/")
    lines = page.context["table"].lines
    assert [(line.title, line.facts, line.n) for line in lines] == [
        ("Nyxoid", [("Kits", "1")], 3),
        ("Nyxoid", [("Kits", "2"), ("First or again", "first")], 1),
    ]

    for _ in range(2):
        looking.post(f"{PAGE}naloxone/take-out/", {"row": lines[0].row})

    assert NaloxoneGiven.objects.count_kits_by_product() == [("Nyxoid", 4)]
    assert on_hand(nyxoid) == -4


@pytest.mark.parametrize("row", ["", "Marisol", "\x00", "0b0f3c9e-6a51-4a58-8a4e-2f6d3a1f7c11"])
def test_missing_row_is_removed_by_nobody(looking, row):
    Reversal.objects.report(month=APRIL)
    Reversal.objects.report(month=MAY)
    other = Reversal.objects.get(month=MAY).pk

    for wrong in (row, other):
        assert looking.post(f"{PAGE}reversals/take-out/", {"row": wrong}).status_code == 302

    assert Reversal.objects.count() == 2


def test_incidents_of_a_month_show_needs(looking):
    Choice.objects.lay_out()
    need = Choice.objects.get(of="need", name="A repair")
    Incident.objects.report(Choice.objects.offered("incident")[0], month=APRIL, needs=[need])

    page = words(looking.get(f"{PAGE}incidents/"))

    assert "What the team asked for" in page
    assert "A repair" in page


def test_a_log_there_is_not_is_not_found(looking):
    an_evening()
    assert looking.get(f"{PAGE}visits/").status_code == 404
    assert looking.post(f"{PAGE}visits/take-out/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_months_statements(looking, rows, django_assert_num_queries):
    for n in range(rows):
        an_evening(7 + n)
        item = an_item(f"Item {n}")
        Tally.objects.add(APRIL, {(Measure.GIVEN, str(item.pk)): 3})
        NaloxoneGiven.objects.give(an_item(f"Naloxone {n}", naloxone=True), 1, month=APRIL)
        Reversal.objects.report(month=APRIL, doses=n + 1)

    counts = {"/months/": 5, PAGE: 11, f"{PAGE}correct/": 5, f"{PAGE}naloxone/": 5}
    for page, statements in counts.items():
        with django_assert_num_queries(statements):
            looking.get(page)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
@pytest.mark.parametrize("where", ["", "{}/", "{}/correct/", "{}/naloxone/"])
def test_months_look_right(demo, page_as, live_server, coordinator, console, scheme, width, where):
    last = Month.list_known()[0].first - dt.timedelta(days=1)
    last = last.replace(day=1)
    Opening.objects.create(date=last.replace(day=7), kind="planned", state=State.NOT_RECORDED)
    spoon = an_item("A spoon with quite a long name for a phone")
    Tally.objects.add(last, {(Measure.GIVEN, str(spoon.pk)): 4})
    nyxoid = an_item("Nyxoid", naloxone=True)
    NaloxoneGiven.objects.give(nyxoid, 1, month=last, again=False, trained=True)
    page = page_as(coordinator)
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{live_server.url}/months/" + where.format(f"{last:%Y-%m}"))

    assert axe(page) == []
    assert small_targets(page) == []
    assert not scrolls_sideways(page)
    assert console.quiet

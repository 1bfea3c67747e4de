"""Reports for coordinators: true figures in the right place, and a clear sentence for whatever cannot be shown."""

import datetime as dt
import re
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from hub.core.periods import Period
from hub.models import (
    Draft,
    Edition,
    Measure,
    NaloxoneGiven,
    Opening,
    PublishedFigure,
    Reversal,
    Strip,
    StripResult,
    Tally,
)
from hub.reports import sections
from hub.reports.query import fetch_figures
from supplies.models import (
    CompletedMonth,
    Component,
    Contribution,
    Delivery,
    Fund,
    Item,
    Payment,
    Shortfall,
    Store,
    Wish,
)
from tests.hub.reports.numbers_world import MARCH, QUARTER, TODAY, a_month, a_quarter, cells, publish
from tests.supplies.makers import an_item
from volunteers.models import Hours, Post, Shift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

JANUARY = QUARTER.first


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(f"{TODAY} 12:00 +0100", tick=False):
        yield


@pytest.fixture
def reader(client, coordinator, sign_in):
    sign_in(client, coordinator)
    return client


def at(name, period=QUARTER):
    return reverse(f"hub:{name}", args=[str(period)])


def words(response):
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main.partition(">")[2]).split())


def true(slug, period=QUARTER):
    """Label → true figure of one table."""
    figures = fetch_figures(sections.SECTIONS, dt.date(2025, 1, 1), period.end)
    (section,) = [section for section in sections.SECTIONS if section.slug == slug]
    rows = [(row, row.true_figure(figures, period)) for row in section.build_rows(figures)]
    return {row.label: figure for row, figure in rows if figure or not (row.is_optional or row.kind == "share")}


# --- What each table counts -----------------------------------------------------------------------------------


def test_visits_are_the_tallies_of_the_months():
    a_quarter(visits=41, people=50)
    a_month(dt.date(2025, 12, 1), visits=7, people=7)

    assert true("visits") == {
        "Visits": 123,
        "People on these visits": 150,
        "Visits at an opening, on average": Decimal("41.0"),
    }


def test_openings_say_each_way_an_evening_went():
    a_quarter(visits=0, people=0)
    for day, state in enumerate([*Opening.State.values, "nobody_came", "not_recorded"], start=1):
        if state != "open":
            came = {"closed": 1, "nobody_came": 0}.get(state)
            Opening.objects.create(date=dt.date(2026, 2, day), kind="planned", state=state, visits=came, people=came)
    start = dt.datetime(2026, 1, 5, 18, tzinfo=dt.UTC)
    Shift.objects.create(starts_at=start, ends_at=start + dt.timedelta(hours=3), state="cancelled", reason="Flood")

    assert true("openings") == {
        "Openings planned": 7,
        "Openings held": 3,
        "Openings that nobody recorded": 2,
        "Openings cancelled": 2,
        "Openings nobody came to": 2,
        "Openings with visits": 1,
    }


def test_given_out_is_by_item_with_medicines():
    needle, barrel, water = an_item("Needle"), an_item("Barrel", counts_as_set=True), an_item("Water", medicine=True)
    syringe, never = an_item("Syringe", counts_as_set=True), an_item("Never given")
    a_quarter(given={needle: 9, barrel: 2, water: 1, syringe: 3})

    assert true("given") == {
        "Sets: all syringes and barrels": 15,
        "Barrel": 6,
        "Needle": 27,
        "Syringe": 9,
        "Water": 3,
    }
    assert never.name not in true("given")


def test_packs_count_as_their_components():
    syringe, pack = an_item("Syringe", counts_as_set=True), an_item("Pack")
    Component.objects.create(kit=_as_pack(pack), item=syringe, quantity=5)
    a_quarter(given={syringe: 2, pack: 1})

    assert true("given") == {"Sets: all syringes and barrels": 6, "Pack": 3, "Syringe": 6}
    assert true("kits") == {"Sets: all syringes and barrels, loose and in packs": 21, "Syringe": 21}


def _as_pack(item):
    Item.objects.filter(pk=item.pk).update(kind="pack")
    item.refresh_from_db()
    return item


def test_naloxone_and_reversals_come_from_their_own_logs():
    kit = an_item("Nasal spray", naloxone=True)
    a_quarter()
    for again in (True, False, None, True):
        NaloxoneGiven.objects.give(kit, 5, month=dt.date(2026, 5, 1), again=again)
    NaloxoneGiven.objects.update(month=JANUARY)
    for called in (True, False, None):
        Reversal.objects.create(month=JANUARY, called_999=called)

    assert true("naloxone") == {
        "Naloxone kits given out": 20,
        "To somebody for the first time, or not said": 10,
        "To somebody who had one before": 10,
        "Of all kits, to somebody who had one before": 50,
        "Overdoses reversed that people told us about": 3,
        "Of these, where 999 was called": 33,
    }


def test_strip_results_are_by_strip_and_result():
    strip = Strip.objects.create(name="Nitazene strip", limits="Misses some")
    a_quarter()
    for line in ("absent", "present", "present", "invalid"):
        StripResult.objects.create(month=JANUARY, strip=strip, line=line)

    assert true("strips") == {
        "Results people told us": 4,
        "It found something": 1,
        "It found nothing it knows": 2,
        "It did not work, or we were not sure": 1,
    }


def test_shortfalls_separate_law_and_stock():
    spoon, pipe = an_item("Spoon"), Wish.objects.create(name="Pipes")
    a_quarter()
    for month in QUARTER.months[:2]:
        Shortfall.objects.create(month=month, item=spoon, reason="out", number=4)
        Shortfall.objects.create(month=month, wish=pipe, reason="law", number=9)
    Shortfall.objects.create(month=JANUARY, wish=pipe, reason="not_stocked", number=2)

    assert true("law") == {"All together": 18, "Pipes": 18}
    assert true("missing") == {"Spoon": 8, "Pipes": 2}


def test_what_was_said_is_by_question_and_answer():
    a_quarter()
    Tally.objects.add(JANUARY, {(Measure.ANSWERS, "first:yes"): 11, (Measure.ANSWERS, "first:not_asked"): 5})

    assert true("said") == {"Yes": 11, "Not asked": 5}


def test_hours_are_summed_and_quarterly(volunteer, coordinator):
    a_quarter()
    for person, minutes in ((volunteer, 90), (coordinator, 600), (None, 30)):
        Hours.objects.create(person=person, quarter=JANUARY, minutes=minutes, shifts=1, last_month=JANUARY)

    assert true("volunteering")["Hours volunteers gave"] == 12
    assert true("volunteering", MARCH)["Hours volunteers gave"] is None


def test_shifts_show_how_many_were_missing(volunteer):
    a_quarter()
    start = dt.datetime(2026, 3, 5, 18, tzinfo=dt.UTC)
    for short in (None, 1, 0):
        shift = Shift.objects.create(
            starts_at=start, ends_at=start + dt.timedelta(hours=3), state="published", short=short
        )
        Post.objects.create(shift=shift, role="Desk", minimum=2, maximum=3)

    assert true("volunteering") == {
        "Hours volunteers gave": 0,
        "Shifts": 3,
        "Shifts with too few people": 2,
        "People missing, in all": 3,
    }


def test_exact_money_shows_no_free_visit():
    a_quarter(visits=40)
    fund = Fund.objects.create(name="Bucket")
    Contribution.objects.create(fund=fund, kind="donation", amount=Decimal("12.34"), month=JANUARY)

    assert true("money") == {
        "Spent on supplies": Decimal(0),
        "Came in": Decimal("12.34"),
        "Left in all funds at the end": Decimal("12.34"),
        "How many weeks that lasts, if we spend as in this period": None,
        "Supplies for one visit, on average": None,
    }


def test_unknown_money_is_a_dash():
    a_quarter(visits=40)
    for month in Period.read("2025-q4").months:
        a_month(month, visits=40)
    delivery = Delivery.objects.create(store=Store.objects.main(), state="received", received_on=MARCH.first)
    fund = Fund.objects.create(name="Bucket")
    Payment.objects.create(fund=fund, delivery=delivery, amount=Decimal("90.30"), made_on=MARCH.first)

    # This quarter was the first with any; the one before, complete as it is, has a dash, and not nothing.
    assert true("money", QUARTER.before) == {}
    assert true("money")["Supplies for one visit, on average"] == Decimal("0.75")
    shown = cells(publish(), "money")
    assert shown["Spent on supplies"][:3] == ["90.3", None, None]
    assert shown["from Bucket"][:3] == ["90.3", None, None]
    assert shown["Supplies for one visit, on average"][:3] == ["0.75", None, None]
    # A month is too short for money.
    assert cells(publish(MARCH), "money") == {}


def test_cost_of_a_visit_is_a_range():
    for month, visits in zip(QUARTER.months, (40, 5, 40), strict=True):
        a_month(month, visits=visits, people=visits)
    delivery = Delivery.objects.create(store=Store.objects.main(), state="received", received_on=JANUARY)
    Payment.objects.create(
        fund=Fund.objects.create(name="Bucket"), delivery=delivery, amount=Decimal(870), made_on=JANUARY
    )

    edition = publish()

    # 81 to 87 visits.
    assert cells(edition, "money")["Supplies for one visit, on average"][0] == ["10.00", "10.74"]
    assert cells(edition, "visits")["Visits"][0] == [81, 87]


def test_remaining_money_lasts_by_recent_pace():
    a_quarter(visits=40)
    fund = Fund.objects.create(name="Bucket")
    for month, amount in ((dt.date(2024, 5, 1), 500), (JANUARY, 400), (dt.date(2026, 4, 1), 9000)):
        Contribution.objects.create(fund=fund, kind="donation", amount=amount, month=month)
    delivery = Delivery.objects.create(store=Store.objects.main(), state="received", received_on=JANUARY)
    for day, amount in ((dt.date(2024, 6, 1), 100), (MARCH.first, 90), (dt.date(2026, 4, 1), 5)):
        Payment.objects.create(fund=fund, delivery=delivery, amount=amount, made_on=day)

    money = true("money")

    assert money["Left in all funds at the end"] == Decimal("710.00")
    # 90 in 90 days: a pound a day.
    assert money["How many weeks that lasts, if we spend as in this period"] == 710 // 7


# --- The page of true figures ---------------------------------------------------------------------------------


def test_report_shows_true_figures_beside_shown(reader):
    spoon = an_item("Spoon")
    for month, n in zip(QUARTER.months, (3, 4, 15), strict=True):
        a_month(month, visits=n, people=n, given={spoon: n})

    text = words(reader.get(at("report")))

    assert "True figures, do not share: small numbers can show who somebody is." in text
    assert "Visits 3 * 4 * 15 15 22 17–29 – –" in text
    assert "Spoon 3 * 4 * 15 15 22 17–29 – –" in text
    # Of a month whose visits are hidden, the people on them are for coordinators only.
    assert "People on these visits 3 4 15 15 22 – –" in text
    assert "The totals of each month." in text
    assert not PublishedFigure.objects.exists()


def test_report_shows_what_was_published_before(reader):
    a_month(MARCH.first, visits=5, people=5)
    publish(MARCH)
    Tally.objects.filter(month=MARCH.first).update(value=41)

    assert "Visits 41 * – –" in words(reader.get(at("report", MARCH)))


def test_reports_list_complete_periods_and_editions(reader):
    a_quarter()
    publish(MARCH)
    Draft.objects.keep(QUARTER, learned="A word", argument="")

    text = words(reader.get(reverse("hub:reports")))

    assert "January to March 2026 Words not published yet March 2026 Published February 2026 January 2026" in text


def test_reports_say_so_when_no_month_is_complete(reader):
    assert "No month is complete yet" in words(reader.get(reverse("hub:reports")))


@pytest.mark.parametrize(
    ("written", "status", "said"),
    [
        ("2026-q2", 409, "April to June 2026 is not over yet."),
        ("2026-05", 409, "May 2026 is not over yet."),
        ("2027", 409, "2027 is not over yet."),
        ("2026-04", 409, "Not complete yet: April 2026."),
        ("2025", 409, "Not complete yet: January 2025, February 2025"),
        ("2026-13", 404, "There is no such period."),
        ("2026-q5", 404, "There is no such period."),
        ("yesterday", 404, "There is no such period."),
        ("2026-01-05", 404, "There is no such period."),
        ("%00", 404, "There is no such period."),
        ("9" * 300, 404, "There is no such period."),
    ],
)
@pytest.mark.parametrize(("door", "method"), [("", "get"), ("share/", "get"), ("publish/", "post")])
def test_unpublishable_period_is_refused_with_sentence(reader, written, status, said, door, method):
    a_quarter()

    response = getattr(reader, method)(f"/reports/{written}/{door}")

    assert response.status_code == status
    assert said in words(response)
    assert not Draft.objects.exists()
    assert not Edition.objects.exists()


def form_of(reader, period=QUARTER, **about):
    """What the page sends with the button “Publish”."""
    page = reader.get(at("report-share", period)).content.decode()
    hidden = {name: re.search(f'name="{name}" value="(\\w+)"', page)[1] for name in ("number", "seen")}
    return {**hidden, "learned": "", "argument": "", **about}


def test_publishing_is_immediate(reader):
    a_quarter()
    page = words(reader.get(at("report-share")))
    assert "Everybody will see exactly this." in page
    assert "Visits 120 – not known – not known" in page
    assert "We round every number about people once, before we add anything up." in page

    response = reader.post(at("report-publish"), form_of(reader, learned="A word", argument="Another"))

    edition = Edition.objects.get()
    assert response.headers["Location"] == edition.get_absolute_url()
    assert (edition.learned, edition.argument) == ("A word", "Another")


def test_words_are_saved_without_publishing(reader):
    a_quarter()

    reader.post(at("report-words"), {"learned": "A word", "argument": ""})

    assert Draft.objects.get().learned == "A word"
    assert "A word" in reader.get(at("report-share")).content.decode()
    assert not Edition.objects.exists()


@pytest.mark.parametrize("door", ["report-publish", "report-words"])
def test_invalid_words_are_refused_and_kept(reader, door):
    a_quarter()
    form = form_of(reader, argument="Stays here")

    long = reader.post(at(door), form | {"learned": "x" * 4001})
    nul = reader.post(at(door), form | {"learned": "a\x00b"})

    assert (long.status_code, nul.status_code) == (422, 422)
    assert "Stays here" in long.content.decode()
    assert not Edition.objects.exists()


def test_publishing_unseen_numbers_is_refused(reader):
    a_quarter()
    form = form_of(reader)
    for wrong in ({}, form | {"seen": ""}, form | {"number": "x"}, form | {"number": "0"}, form | {"seen": "x" * 65}):
        response = reader.post(at("report-publish"), {**wrong, "learned": "Stays here"})
        assert response.status_code == 422
        assert "Read it again, then publish." in words(response)
        assert "Stays here" in response.content.decode()
    assert not Edition.objects.exists()


def test_number_corrected_meanwhile_is_seen_first(reader):
    a_quarter()
    form = form_of(reader, learned="A word")
    Tally.objects.filter(measure=Measure.VISITS).update(value=50)
    Tally.objects.filter(measure=Measure.PEOPLE).update(value=50)

    response = reader.post(at("report-publish"), form)

    assert response.status_code == 409
    assert "Somebody corrected a number while you looked at this page." in words(response)
    assert "A word" in response.content.decode()
    assert "Visits 150" in words(response)
    seen = re.search(r'name="seen" value="(\w+)"', response.content.decode())[1]
    assert reader.post(at("report-publish"), form | {"seen": seen}).status_code == 302
    assert Edition.objects.count() == 1


def test_second_publisher_is_led_to_the_first(reader):
    a_quarter()
    form = form_of(reader)
    for _ in range(2):
        response = reader.post(at("report-publish"), form, follow=True)

    edition = Edition.objects.get()
    assert response.redirect_chain == [(edition.get_absolute_url(), 302)]
    assert "Somebody has already published this." in response.content.decode()


def test_edition_is_withdrawn_and_shown_again(reader):
    a_quarter()
    edition = publish()

    reader.post(reverse("hub:report-withdraw", args=["2026-q1", 1]))
    assert not Edition.objects.public().exists()
    assert "Edition 1 withdrawn on 20 May 2026" in words(reader.get(at("report")))
    assert reader.get(edition.get_absolute_url()).status_code == 404
    reader.post(reverse("hub:report-show-again", args=["2026-q1", 1]))

    assert reader.get(edition.get_absolute_url()).status_code == 200
    for number in (2, 10**12):
        missing = reader.post(reverse("hub:report-withdraw", args=["2026-q1", number]))
        assert missing.status_code == 404
        assert "There is no such edition of this period." in words(missing)


@pytest.mark.parametrize("months", [1, 3])
@pytest.mark.parametrize("name", ["reports", "report", "report-share"])
def test_reports_statements(reader, months, name, django_assert_max_num_queries):
    spoon = an_item("Spoon")
    a_quarter(given={spoon: 9})
    for back in range(months):
        a_month(dt.date(2025, 12 - back, 1), given={an_item(f"Thing {back}"): 8})
        publish(Period(dt.date(2025, 12 - back, 1), MARCH.span))

    with django_assert_max_num_queries(12) as asked:
        reader.get(reverse("hub:reports") if name == "reports" else at(name))
    assert len(asked) == {"reports": 5, "report": 11, "report-share": 11}[name]


def test_months_of_others_are_not_counted():
    a_quarter()
    CompletedMonth.objects.filter(month=JANUARY).delete()

    assert true("visits")["Visits"] is None
    assert true("visits", MARCH)["Visits"] == 40

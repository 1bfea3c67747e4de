"""What everybody may see: editions and nothing else, and the same rows on the page, on paper and in a spreadsheet."""

import csv
import datetime as dt
import io
import re

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from hub.models import Edition, Measure, Tally
from hub.reports.charts import build_charts, build_headlines, format_figure, format_tables
from hub.reports.downloads import write_csv, write_xlsx
from tests.hub.reports.numbers_world import MARCH, QUARTER, TODAY, a_month, a_quarter, publish, put_right
from tests.supplies.makers import an_item

pytestmark = pytest.mark.django_db

NUMBERS = reverse("hub:numbers")


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(f"{TODAY} 12:00 +0100", tick=False):
        yield


@pytest.fixture
def edition():
    spoon, foil = an_item("Spoon"), an_item("Foil")
    a_quarter(given={spoon: 412, foil: 2})
    a_month(dt.date(2025, 12, 1), visits=30, people=31)
    return publish(learned="More people came.", argument="<b>The law</b> stops us.")


def words(response):
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main.partition(">")[2]).split())


def rows_of(table):
    return [[row["label"], *row["cells"]] for row in table["rows"]]


def test_numbers_without_an_edition_say_so(client):
    a_quarter()

    text = words(client.get(NUMBERS))

    assert "Nothing published yet" in text
    assert "January" not in text
    assert "We round every number about people once, before we add anything up." in text


def test_numbers_list_what_is_published(client, edition):
    assert "January to March 2026 Published on 20 May 2026 More people came." in words(client.get(NUMBERS))


def test_edition_shows_its_words_and_figures_to_anybody(client, edition):
    response = client.get(edition.get_absolute_url())

    text = words(response)
    assert response.status_code == 200
    assert "What we learned More people came." in text
    assert "&lt;b&gt;The law&lt;/b&gt; stops us." in response.content.decode()
    assert "Spoon 1,230 – not known – not known 410 410 410" in text
    assert "Foil 3–21 – not known – not known * hidden * hidden * hidden" in text
    assert "Visits 120 – not known – not known" in text
    assert "From 1 to 7 we show a star (*). From 8 on, we round to the nearest 5." in text


def test_the_period_alone_leads_to_its_latest_edition(client, edition):
    put_right(QUARTER.first, Measure.PEOPLE, 100)
    second = publish()

    latest = client.get(reverse("hub:numbers-latest", args=["2026-q1"]))
    old = words(client.get(edition.get_absolute_url()))

    assert latest.context["edition"] == second
    assert "There is a later edition" in old
    assert "People on these visits 150" in old


@pytest.mark.parametrize(
    "path",
    [
        "2026-q2/",
        "2026-q1/7/",
        "2026-q1/0/",
        f"2026-q1/{10**30}/",
        "never/",
        "2026-q1/1/pdf/",
        "2026-q1/1/csv2/",
        "x/1/csv/",
    ],
)
def test_unpublished_periods_are_hidden_and_rest_named(client, edition, path):
    response = client.get(f"{NUMBERS}{path}")

    assert response.status_code == 404
    assert "January to March 2026" in words(response)
    assert ("There is no such file." in words(response)) == path.startswith("2026-q1/1/")


def read_csv(response):
    return [row for row in csv.reader(io.StringIO(response.content.decode("utf-8-sig"))) if row]


def read_xlsx(response):
    sheet = load_workbook(io.BytesIO(response.content)).active
    rows = [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)]
    return [row for row in rows if any(cell != "" for cell in row)]


def as_text(rows):
    """Rows as words, without the empty cells a spreadsheet fills up with."""
    return [[_plain(cell) for cell in row if cell != ""] for row in rows]


def format_cell(cell):
    return "–".join(str(end) for end in cell) if isinstance(cell, list) else cell


def _plain(cell):
    # A spreadsheet keeps 40.0 as 40, and shows it with its places.
    return re.sub(r"^(-?\d+)(\.\d*?)0*$", lambda number: f"{number[1]}{number[2].rstrip('.')}", str(cell))


def test_csv_and_xlsx_match_the_edition(client, edition):
    csv_rows = read_csv(client.get(reverse("hub:edition-file", args=["2026-q1", 1, "csv"])))
    xlsx_rows = read_xlsx(client.get(reverse("hub:edition-file", args=["2026-q1", 1, "xlsx"])))

    assert as_text(csv_rows) == as_text(xlsx_rows)
    held = as_text(csv_rows)
    for table in edition.tables:
        for row in table["rows"] or []:
            cells = [_plain(format_cell(cell)) for cell in row["cells"] if cell is not None]
            group = [row["group"]] if row["group"] else []
            assert [*group, row["label"], *cells] in held
    assert held[0] == ["Hub: January to March 2026"]


def test_page_shows_the_same_figures_as_the_files(client, edition):
    text = words(client.get(reverse("hub:edition-print", args=["2026-q1", 1])))

    for table in format_tables(edition.tables):
        for row in table["rows"] or []:
            # The page reads out what a star and a dash mean.
            cells = [f"{cell}{ {'*': ' hidden', '–': ' not known'}.get(cell, '') }" for cell in row["cells"]]
            assert " ".join([row["label"], *cells]) in text


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1"]


@pytest.mark.parametrize("evil", FORMULAS)
def test_no_cell_is_run_as_formula(evil):
    table = {
        "slug": "given",
        "title": "What went out",
        "source": "",
        "columns": ["Now"],
        "rows": [{"label": evil, "group": evil, "kind": "count", "cells": [5]}],
        "later": [],
        "put_right": [],
    }

    lines = list(csv.reader(io.StringIO(write_csv(["Hub"], [table]).decode("utf-8-sig"), newline="")))
    sheet = load_workbook(io.BytesIO(write_xlsx(["Hub"], [table]))).active

    assert [f"'{evil}", f"'{evil}", "5"] in lines
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s", "n"}


def test_odd_sheet_name_does_not_break_file():
    table = {"slug": "x", "title": "A\x07bell", "source": "", "columns": [], "rows": [], "later": [], "put_right": []}

    sheet = load_workbook(io.BytesIO(write_xlsx(["Hub"], [table]))).active

    assert "Abell" in [row[0] for row in sheet.iter_rows(values_only=True)]


def test_withdrawn_edition_is_not_there(client, edition):
    edition.withdraw()

    for name, arguments in (("edition", [1]), ("edition-print", [1]), ("edition-file", [1, "csv"])):
        response = client.get(reverse(f"hub:{name}", args=["2026-q1", *arguments]))
        assert response.status_code == 404
        assert "Spoon" not in words(response)


def test_correction_is_dated_everywhere(client, edition):
    Tally.objects.filter(month=QUARTER.first, measure=Measure.VISITS).update(value=45)
    with time_machine.travel("2026-06-02 12:00 +0100", tick=False):
        second = publish()

    page = words(client.get(second.get_absolute_url()))
    rows = as_text(read_csv(client.get(reverse("hub:edition-file", args=["2026-q1", 2, "csv"]))))

    assert "Corrected on 2 June 2026: Visits, Jan–Mar 2026" in page
    assert ["Corrected on 2026-06-02: Visits, Jan 2026"] in rows
    assert "Correct" not in words(client.get(edition.get_absolute_url()))


def test_edition_says_the_threshold_it_used(client):
    a_month(MARCH.first)
    number = Edition.objects.create(first=MARCH.first, span=1, number=1, tables=[], threshold=9, step=10)

    text = words(client.get(number.get_absolute_url()))

    assert "From 1 to 9 we show a star (*). From 10 on, we round to the nearest 10." in text


def test_tables_add_up(edition):
    """Whoever adds up the months of a quarter gets what stands there, a star counting as 1 to 7."""
    for table in edition.tables[:-1]:
        for row in table["rows"]:
            whole, _before, _earlier, *parts = row["cells"]
            if row["kind"] == "count" and None not in (whole, *parts):
                ends = [(1, 7) if cell == "*" else cell if isinstance(cell, list) else (cell, cell) for cell in parts]
                low, high = (sum(side) for side in zip(*ends, strict=True))
                assert whole == (low if low == high else [low, high]), row["label"]


def test_charts_use_shown_figures_with_captions(edition):
    drawn = {picture.slug: picture for picture in build_charts(edition.tables)}

    assert drawn["trend"].sentence == "40 visits in Mar 2026. No month shown has more."
    assert len(drawn["trend"].rows) == 4
    assert drawn["given"].sentence == "What went out most: Spoon, 1,230."
    assert drawn["given"].rows == [("Spoon", "1,230"), ("Foil", "3–21")]
    assert 'class="chart-hidden"' in drawn["given"].svg


def test_a_name_of_any_number_makes_a_sentence():
    rows = [{"label": "Hot showers", "kind": "count", "sum": False, "cells": [25]}]
    (picture,) = build_charts(
        [{"slug": "missing", "title": "Missing", "columns": ["2026"], "rows": rows, "later": [], "put_right": []}]
    )

    assert picture.sentence == "Most often asked for and not here: Hot showers, 25 times."


@pytest.mark.parametrize(
    ("short", "people", "sentence"),
    [
        (0, 0, "All 12 shifts had as many people as they needed."),
        (3, 4, "3 of 12 shifts had too few people. 4 people were missing in all."),
        ("*", "*", "Some of 12 shifts had too few people. We cannot show how many."),
        (None, "*", "Some of 12 shifts had too few people. We cannot show how many."),
        (None, 0, "12 shifts."),
    ],
)
def test_rota_chart_says_how_often_short(short, people, sentence):
    numbers = (("Hours", 100), ("Shifts", 12), ("Shifts short", short), ("People short", people))
    rows = [{"label": label, "kind": "count", "sum": False, "cells": [n]} for label, n in numbers]
    (picture,) = build_charts(
        [{"slug": "volunteering", "title": "Rota", "columns": ["2026"], "rows": rows, "later": [], "put_right": []}]
    )

    assert picture.sentence == sentence
    assert [row[1] for row in picture.rows] == ["12", format_figure(short), format_figure(people)]


@pytest.mark.parametrize(("slug", "lines"), [("volunteering", 4), ("school", 2)])
def test_empty_rota_or_school_has_no_chart(slug, lines):
    rows = [{"label": "Anything", "kind": "count", "sum": False, "cells": [0]}] * lines
    assert (
        build_charts(
            [{"slug": slug, "title": "Nothing", "columns": ["2026"], "rows": rows, "later": [], "put_right": []}]
        )
        == []
    )


def test_headlines_leave_out_what_is_hidden(edition):
    assert build_headlines(edition.tables) == [
        ("Visits", "120", ""),
        ("People on these visits", "150", ""),
        ("Openings held", "3", ""),
    ]


@pytest.mark.parametrize("editions", [1, 3])
@pytest.mark.parametrize("name", ["numbers", "edition", "edition-print", "edition-file"])
def test_numbers_statements(client, editions, name, django_assert_num_queries):
    a_quarter(given={an_item("Spoon"): 9})
    for _ in range(editions):
        publish()
    arguments = {"numbers": [], "edition-file": ["2026-q1", 1, "csv"]}.get(name, ["2026-q1", 1])

    with django_assert_num_queries({"numbers": 2, "edition": 3, "edition-print": 3, "edition-file": 2}[name]):
        client.get(reverse(f"hub:{name}", args=arguments))
    assert Edition.objects.count() == editions

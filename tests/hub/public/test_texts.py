"""The hub's own words: starting texts, very little markup that is always safe, and changing them with nothing lost."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from hub.models import Hub, Text
from hub.public.default_texts import STARTING_TEXTS
from hub.public.markdown import as_html
from tests.look import axe, scrolls_sideways, small_targets
from tests.volunteers.threads import at_once
from volunteers.shared.refusals import NotAllowed

P = '<p dir="auto">'
MEAN = (
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "**<b onclick=x>**",
    "## <h1>",
    "- <svg/onload=alert(1)>",
    'https://x.example/"onmouseover="alert(1)',
    "https://x.example/<script>",
    "javascript:alert(1)",
    "http://x.example/",
)


@pytest.mark.parametrize(
    ("words", "html"),
    [
        ("", ""),
        ("One\r\n\r\nTwo", f"{P}One</p>\n{P}Two</p>"),
        ("One\ntwo", f"{P}One<br>two</p>"),
        (
            "Before\n- one\n- two\nafter",
            f'{P}Before</p>\n<ul><li dir="auto">one</li><li dir="auto">two</li></ul>\n{P}after</p>',
        ),
        ("## A heading\nWords", f'<h3 dir="auto">A heading</h3>\n{P}Words</p>'),
        ("**Bold**, ** not **", f"{P}<b>Bold</b>, ** not **</p>"),
        (
            "See https://x.example/a?b=1&c=2.",
            f'{P}See <a href="https://x.example/a?b=1&amp;c=2" rel="noreferrer">https://x.example/a?b=1&amp;c=2</a>.</p>',
        ),
        ("Tom & Jo <3", f"{P}Tom &amp; Jo &lt;3</p>"),
    ],
)
def test_markup_is_very_little(words, html):
    assert as_html(words) == html


@pytest.mark.parametrize("words", MEAN)
def test_markup_of_somebody_s_own_is_only_words(words):
    html = as_html(words)
    for wrong in ("<script", "<img", "<svg", "<h1", "onclick=x>", 'href="java', 'href="http:'):
        assert wrong not in html
    # Whatever attribute there is, we wrote it.
    assert html.count('"') == 2 * (html.count("dir=") + html.count("href=") + html.count("rel="))


@pytest.mark.parametrize("slug", STARTING_TEXTS)
def test_default_texts_show_until_replaced(client, db, slug):
    text = Text.starting(slug)

    page = client.get(text.get_absolute_url()).content.decode()

    assert text.html in page
    assert Text.objects.count() == 0


@pytest.mark.parametrize(
    ("address", "weather"), [("https://www.bbc.co.uk/weather", True), ("https://x.example/", False)]
)
def test_leaving_does_what_its_text_says(client, db, address, weather):
    Hub.objects.create(pk=1, name="The Arch", leave_to=address)
    assert ("a page about the weather instead" in client.get("/safe-online/").content.decode()) == weather


@time_machine.travel(dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC))
def test_changed_text_shows_day_without_name(demo, client, sign_in, coordinator):
    sign_in(client, coordinator)
    form = client.get("/front/words/meetings/").context["form"]
    new = {"title": "Meetings", "body": "First Sunday,\r\nat four.", "mark": form["mark"].value()}

    looked = client.post("/front/words/meetings/", new | {"look": "1"})
    assert (looked.status_code, Text.objects.count()) == (200, 0)
    assert f"{P}First Sunday,<br>at four.</p>" in looked.content.decode()
    assert client.post("/front/words/meetings/", new).headers["Location"] == "/why/"
    # A second press of the button, and somebody who saves what is there already.
    assert client.post("/front/words/meetings/", new).status_code == 302

    client.logout()
    page = client.get("/why/").content.decode()
    assert f"{P}First Sunday,<br>at four.</p>" in page
    assert "Last changed on 24 November 2026." in page
    assert coordinator.chosen_name not in page.split("<main")[1]


def test_two_who_change_it_at_once_lose_nothing(demo, client, sign_in, coordinator):
    sign_in(client, coordinator)
    mark = Text.starting("why").mark
    Text.write("why", title="Why", body="Theirs", instead_of=mark)

    answer = client.post("/front/words/why/", {"title": "Why", "body": "Mine", "mark": mark})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody has changed it since you opened it." in page
    assert ">\nMine</textarea>" in page
    assert f"{P}Theirs</p>" in page
    # Having read theirs, they may put their own there.
    new_mark = Text.objects.get(slug="why").mark
    assert f'name="mark" value="{new_mark}"' in page
    client.post("/front/words/why/", {"title": "Why", "body": "Mine", "mark": new_mark})
    assert Text.objects.get(slug="why").body == "Mine"


@pytest.mark.django_db(transaction=True)
def test_two_text_edits_at_once_tell_one():
    mark = Text.starting("why").mark
    answers = at_once(
        lambda: Text.write("why", title="Why", body="One", instead_of=mark),
        lambda: Text.write("why", title="Why", body="Two", instead_of=mark),
    )
    assert sorted(type(answer) is NotAllowed for answer in answers) == [False, True]


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": "", "body": "x"},
        {"title": "x", "body": "  "},
        {"title": "x" * 81, "body": "x"},
        {"title": "x", "body": "x" * 8001},
        {"title": "x\x00", "body": "x"},
    ],
)
def test_invalid_text_is_refused_and_kept(demo, client, sign_in, coordinator, wrong):
    sign_in(client, coordinator)

    answer = client.post("/front/words/why/", {"mark": Text.starting("why").mark} | wrong)

    assert (answer.status_code, Text.objects.count()) == (422, 0)
    assert answer.context["form"]["body"].value() == wrong["body"]


@pytest.mark.parametrize("slug", ["nothing", "why2"])
def test_there_are_no_other_texts(demo, client, sign_in, coordinator, slug):
    sign_in(client, coordinator)
    assert client.get(f"/front/words/{slug}/").status_code == 404


@pytest.mark.parametrize("empty", ["title", "body"])
def test_database_keeps_no_text_that_says_nothing(db, empty):
    with pytest.raises(IntegrityError), transaction.atomic():
        Text.objects.create(**{"slug": "why", "title": "x", "body": "x", empty: ""})


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_pages_of_words_look_right(demo, page_as, live_server, coordinator, console):
    Text.write(
        "why", title="Why", body="## A\n- **b**\n\nhttps://x.example/" + "y" * 300, instead_of=Text.starting("why").mark
    )
    page = page_as(coordinator)
    for scheme, width, path in (
        ("light", 320, "/why/"),
        ("dark", 1280, "/confidentiality/"),
        ("dark", 320, "/safe-online/"),
        ("light", 320, "/front/words/why/"),
        ("light", 320, "/front/"),
        ("dark", 1280, "/front/"),
    ):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        page.goto(live_server.url + path)
        assert (path, axe(page), small_targets(page), scrolls_sideways(page)) == (path, [], [], False)
    assert console.quiet
    assert timezone.localdate() == Text.objects.get(slug="why").changed_on

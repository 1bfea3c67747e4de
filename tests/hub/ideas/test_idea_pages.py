"""The idea pages: anybody says what they need, somebody who did the School looks, the answer is public."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hub.ideas.form_tokens import make_token
from hub.ideas.models import MAX_AWAITING_MODERATION
from hub.ideas.public_views import MAX_IDEAS_PER_HOUR, MAX_TAPS_PER_HOUR
from hub.models import Idea
from tests.look import axe, scrolls_sideways, small_targets
from tests.volunteers.rota_world import grant

SCRIPT = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


@pytest.fixture
def clock(db):
    with time_machine.travel("2026-05-21 18:30 +0100", tick=False) as traveller:
        yield traveller


@pytest.fixture
def send(clock, client):
    def say(words, *, token=None, wait=10, **more):
        token = token or make_token()
        clock.shift(dt.timedelta(seconds=wait))
        return client.post("/ideas/", {"words": words, "token": token} | more)

    return say


@pytest.fixture
def moderator(clock, client, sign_in, trainee):
    sign_in(client, grant(trainee, "school-done"))
    return client


@pytest.fixture
def answerer(demo, clock, client, sign_in, coordinator):
    sign_in(client, coordinator)
    return client


def heard(words="A hot shower", **about):
    return Idea.objects.create(words=words, **{"state": "heard"} | about)


def read(client, address="/ideas/"):
    return client.get(address).content.decode()


def test_idea_waits_for_moderation_and_leaves_no_trace(send, client):
    page = client.get("/ideas/")
    token = re.search(r'name="token" value="([^"]+)"', page.content.decode()).group(1)

    answer = send("  Socks\r\n\r\n\r\n\r\n\u202eplease\x07 ", token=token)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/ideas/thanks/")
    assert Idea.objects.get().words == "Socks\n\nplease"
    assert Idea.objects.get().state == "held"
    assert "Socks" not in read(client)
    assert not client.cookies
    assert "no-store" in page.headers["Cache-Control"]
    thanks = read(client, "/ideas/thanks/")
    assert str(Idea.objects.get().pk) not in thanks + answer.content.decode() + token


@pytest.mark.parametrize(
    ("words", "wait", "more"),
    [
        ("", 10, {}),
        ("x" * 501, 10, {}),
        ("x" * 1_000_000, 10, {}),
        ("So\x00cks", 10, {}),
        ("Socks", 0, {}),
        ("Socks", 13 * 3600, {}),
        ("Socks", 10, {"website": "https://buy.example"}),
        ("Socks", 10, {"token": "nonsense"}),
        ("Socks", 10, {"token": "\x00"}),
    ],
)
def test_invalid_idea_is_refused_and_kept(send, words, wait, more):
    answer = send(words, wait=wait, **more)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert words.strip().replace("\x00", "\x00") in page
    assert "Error:" in page
    assert (f"You wrote {len(words)} characters. Only 500 fit." in page) == (len(words) > 500)
    assert not re.search(r"<textarea[^>]*maxlength", page), "a browser would cut what is pasted without a word"
    assert "buy.example" not in page or 'value="https://buy.example"' in page
    assert Idea.objects.count() == 0


def test_stale_page_needs_one_more_tap(send, client, clock):
    page = send("Socks", wait=13 * 3600).content.decode()

    token = re.search(r'name="token" value="([^"]+)"', page).group(1)
    assert send("Socks", token=token).status_code == 302


def test_ten_megabytes_are_refused_whole(client, clock):
    assert client.post("/ideas/", {"words": "x" * 10_000_000, "token": make_token()}).status_code == 413


def test_five_hundred_characters_of_any_script_fit(send):
    assert send("ق" * 499 + "\r\n😀").status_code == 422
    assert send("ق" * 498 + "\r\n😀").status_code == 302


def test_a_double_tap_on_send_is_one_idea(send):
    token = make_token()
    assert [send("Socks", token=token).status_code for _ in range(2)] == [302, 302]
    assert Idea.objects.count() == 1


def test_flood_of_ideas_is_refused_without_loss(send, client, clock):
    for n in range(MAX_IDEAS_PER_HOUR):
        assert send(f"Idea {n}", wait=3).status_code == 302
    answer = send("Let me in")
    assert answer.status_code == 429
    assert "Let me in" in answer.content.decode()
    assert Idea.objects.count() == MAX_IDEAS_PER_HOUR
    clock.shift(dt.timedelta(hours=1))
    assert send("Let me in").status_code == 302

    Idea.objects.bulk_create(Idea(words="Flood") for _ in range(MAX_AWAITING_MODERATION))
    assert send("Let me in, too").status_code == 429
    assert "Please try again tomorrow, or tell us at the desk." in send("Let me in, too").content.decode()


def test_markup_is_read_as_it_was_written(client, clock):
    heard(SCRIPT, state="cant", answer=SCRIPT, answered_on="2026-05-21")

    page = read(client)

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert page.count("&lt;script&gt;") >= 2


def test_me_too_counts_once_without_cookie(client, clock):
    idea, held = heard(me_too=7), Idea.objects.create(words="Held")
    token = re.search(r'name="token" value="([^"]+)"', read(client)).group(1)

    answers = [client.post(f"/ideas/{idea.pk}/me-too/", {"token": token}) for _ in range(2)]
    fragment = client.post(f"/ideas/{idea.pk}/me-too/", {"token": make_token()}, headers={"HX-Request": "true"})

    idea.refresh_from_db()
    assert [answer.headers["Location"] for answer in answers] == ["/ideas/counted/"] * 2
    assert "Counted" in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    assert idea.me_too == 9
    assert not client.cookies
    assert client.post(f"/ideas/{held.pk}/me-too/", {"token": token}).status_code == 404
    assert client.post("/ideas/1/me-too/", {"token": token}).status_code == 404
    assert client.post(f"/ideas/{idea.pk}/me-too/", {"token": "old"}).status_code == 409
    assert Idea.objects.get(pk=idea.pk).me_too == 9


def test_many_taps_stop_counting_for_an_hour(client, clock, monkeypatch):
    monkeypatch.setattr("hub.ideas.public_views.MAX_TAPS_PER_HOUR", 2)
    assert MAX_TAPS_PER_HOUR > 100
    idea = heard()
    statuses = [client.post(f"/ideas/{idea.pk}/me-too/", {"token": make_token()}).status_code for _ in range(3)]
    assert statuses == [302, 302, 429]
    assert Idea.objects.get().me_too == 2


def test_ideas_filter_by_word_and_state(client, clock):
    heard("Socks, warm ones")
    heard("Beds", state="cant", answer="No room for socks", answered_on="2026-05-20")

    assert "20 May 2026" in read(client)
    assert ["Beds" in read(client, f"/ideas/?{asked}") for asked in ("words=SOCKS", "words=warm", "state=cant")] == [
        True,
        False,
        True,
    ]
    for asked in ("state=held", "state=%00", "words=%00", "words=" + "x" * 5000, "page=99999999999999999999", "page=x"):
        assert client.get(f"/ideas/?{asked}").status_code == 200
    assert "Nothing like that here" in read(client, "/ideas/?words=moon")


def test_ideas_page_takes_constant_statements(client, clock):
    counts = []
    for n in (1, 3, 60):
        Idea.objects.bulk_create(Idea(words=f"Idea {n}", state="heard") for _ in range(n))
        with CaptureQueriesContext(connection) as asked:
            client.get("/ideas/?page=1")
        counts.append(len(asked))
    assert counts == [3, 3, 3]


def test_idea_goes_from_submission_to_public_answer(moderator, client, sign_in, coordinator, demo):
    idea = Idea.objects.create(words="Ask Wren for a shower")

    assert "Ask Wren" in read(client, "/ideas/held/")
    assert client.post(f"/ideas/{idea.pk}/", {"words": "\x00"}).status_code == 422
    assert client.post(f"/ideas/{idea.pk}/", {"words": "A shower"}).headers["Location"] == "/ideas/held/"
    assert client.post(f"/ideas/{idea.pk}/answer/", {"state": "done", "answer": "x"}).status_code == 403
    assert client.post(f"/ideas/{idea.pk}/meeting/", {"take": "1"}).status_code == 302
    assert "A shower" in read(client, "/ideas/meeting/")
    sign_in(client, coordinator)
    for wrong in ({"state": "done", "answer": ""}, {"state": "held", "answer": "x"}, {}, {"state": "\x00"}):
        assert client.post(f"/ideas/{idea.pk}/answer/", wrong).status_code == 422
    client.post(f"/ideas/{idea.pk}/answer/", {"state": "done", "answer": "There is one now"})
    client.post("/ideas/meeting/clear/")
    client.logout()

    page = read(client)
    assert ["A shower" in page, "There is one now" in page, "21 May 2026" in page, "Wren" in page] == [True] * 3 + [
        False
    ]
    assert not Idea.objects.on_meeting_list().exists()


def test_only_ticked_held_ideas_are_deleted(moderator):
    keep, shown = Idea.objects.create(words="Keep"), heard()
    nonsense = [Idea.objects.create(words=f"Buy {n}") for n in range(3)]

    gone = moderator.post("/ideas/held/throw-away/", {"ideas": [*(str(idea.pk) for idea in nonsense), str(shown.pk)]})
    for wrong in ({}, {"ideas": ["1"]}, {"ideas": ["\x00"]}):
        assert moderator.post("/ideas/held/throw-away/", wrong).status_code == 302

    assert gone.headers["Location"] == "/ideas/held/"
    assert {*Idea.objects.all()} == {keep, shown}


def test_a_flood_goes_a_page_at_a_time(moderator):
    Idea.objects.bulk_create(Idea(words=f"Buy {n}") for n in range(52))
    page = moderator.get("/ideas/held/").content.decode()
    _ticks, flood = page.split("Is everything on this page nonsense?")

    moderator.post("/ideas/held/throw-away/", {"ideas": re.findall(r'name="ideas" value="([^"]+)"', flood)})

    assert "Delete all 50 on this page" in flood
    assert Idea.objects.awaiting_moderation().count() == 2
    assert "flood?" not in moderator.get("/ideas/held/").content.decode()


def test_duplicate_idea_counts_on_the_other(moderator):
    idea, other = Idea.objects.create(words="Shower"), heard()
    for wrong in ({}, {"other": "1"}, {"other": str(idea.pk)}):
        assert moderator.post(f"/ideas/{idea.pk}/same/", wrong).status_code == 422
    moderator.post(f"/ideas/{idea.pk}/same/", {"other": str(other.pk)})
    other.refresh_from_db()
    assert (other.me_too, Idea.objects.count()) == (1, 1)


def test_two_moderators_at_once_get_a_sentence(moderator):
    idea = Idea.objects.create(words="Socks")
    assert [moderator.post(f"/ideas/{idea.pk}/delete/").status_code for _ in range(2)] == [302, 302]
    assert moderator.get(f"/ideas/{idea.pk}/").status_code == 404
    other = heard()
    moderator.post(f"/ideas/{other.pk}/hold/")
    assert moderator.post(f"/ideas/{other.pk}/meeting/", {"take": "1"}, follow=True).context["messages"]
    assert "Somebody must read it first." in read(moderator, "/ideas/meeting/") or Idea.objects.get().state == "held"


def test_pages_of_those_who_look_take_few_statements(moderator):
    counts = {}
    for n in (1, 3):
        Idea.objects.bulk_create(Idea(words=f"Held {n}") for _ in range(n))
        idea = Idea.objects.first()
        for address in ("/ideas/held/", "/ideas/meeting/", f"/ideas/{idea.pk}/"):
            with CaptureQueriesContext(connection) as asked:
                moderator.get(address)
            counts.setdefault(address if str(idea.pk) not in address else "one", []).append(len(asked))
    assert counts == {"/ideas/held/": [5, 5], "/ideas/meeting/": [5, 5], "one": [5, 5]}


@pytest.mark.browser
def test_the_pages_look_right(page_as, live_server, console, trainee, db):
    heard("A hot shower", me_too=12)
    heard("Pipes", state="cant", answer="The law stops us.", answered_on="2026-05-20")
    held = Idea.objects.create(words="Unbroken" * 40)
    page = page_as(grant(trainee, "school-done"))
    for address, scheme, width in (
        ("/ideas/", "light", 320),
        ("/ideas/held/", "dark", 320),
        (f"/ideas/{held.pk}/", "light", 1280),
        ("/ideas/meeting/", "dark", 1280),
    ):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        page.goto(live_server.url + address)
        assert (address, axe(page), small_targets(page), scrolls_sideways(page)) == (address, [], [], False)
    assert console.quiet

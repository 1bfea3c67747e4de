"""What is held of oneself: all of it, in words and as files."""

import datetime as dt
import json
import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.urls import reverse

from hub.models import Feed
from hub.people.data_export import HoldingEvent, build_export
from hub.people.views.data_export import PAGE_SIZE
from supplies.models import Category, Item, Movement, Store
from tests.volunteers.rota_world import a_period, a_shift, at, post_of, says
from volunteers.models import Invitation, Letter, Qualification, User
from volunteers.models.people import LetterKind
from volunteers.shared.registries.personal_data import find_personal_data

DAY = dt.datetime(2026, 6, 5, 12, tzinfo=dt.UTC)


@pytest.fixture
def keys(db):
    return Qualification.objects.create(name="Keyholder", slug="keyholder")


def lines(person):
    return {part.key: list(part.lines) for part in build_export(User.objects.get(pk=person.pk))}


def test_every_part_named_is_there(volunteer):
    assert {entry.part for entry in find_personal_data()} <= set(lines(volunteer))


@time_machine.travel(DAY, tick=False)
def test_all_of_it_is_told(settings, client, sign_in, volunteer, coordinator, trainee, keys):
    settings.EMAIL_BACKEND = "tests.volunteers.broken_mail.Backend"
    User.objects.filter(pk=volunteer.pk).update(
        pronouns="they/them",
        email="ash@example.org",
        contact="07700 900123",
        access_needs="A chair",
        silenced=["offers"],
        last_here=dt.date(2026, 6, 1),
    )
    volunteer.refresh_from_db()
    EmailAddress.objects.create(user=volunteer, email="ash@example.org", verified=True, primary=True)
    Authenticator.objects.create(user=volunteer, type=Authenticator.Type.WEBAUTHN, data={"name": "My phone"})
    Invitation.renew(volunteer)
    volunteer.grant(keys, by=coordinator, reason="Knows the alarm")
    trainee.holdings.create(qualification=keys, granted_by=volunteer, reason="Seen")
    item = Item.objects.create(
        name="Foil", slug="foil", unit="sheet", units="sheets", category=Category.objects.create(name="A", slug="a")
    )
    Movement.objects.create(
        kind="counted", item=item, store=Store.objects.main(), quantity=-5, made_on=DAY.date(), by=volunteer
    )
    shift = a_shift(at("2026-06-09"))
    post_of(shift).put_on(volunteer)
    asked_about = a_shift(at("2026-06-10"), state="draft")
    says(volunteer, "if_needed", asked_about)
    volunteer.wishes.create(period=a_period(asked_about), wanted=3)
    post_of(asked_about).offers.create(to=volunteer, until=asked_about.starts_at)
    volunteer.hours.create(quarter=dt.date(2026, 1, 1), minutes=270, shifts=2, last_month=dt.date(2026, 2, 1))
    Feed.objects.renew(volunteer)
    # The database writes history by its own clock.
    HoldingEvent.objects.update(pgh_created_at=DAY)
    volunteer.tell(LetterKind.SHIFTS, "/today/")
    sign_in(client, volunteer)

    assert lines(volunteer) == {
        "you": [
            ("Chosen name", "Ash"),
            ("Pronouns", "they/them"),
            ("Sign-in name", "ash"),
            ("E-mail", "ash@example.org"),
            ("How to reach you", "07700 900123"),
            ("Access needs", "A chair"),
            ("On a break until", "no break"),
            ("Roles", "Volunteer"),
            ("No e-mails about", "Places I could take, and people who need cover"),
        ],
        "sign-in": [
            ("Password", "set"),
            ("E-mail you can sign in with", "ash@example.org"),
            ("Passkey My phone", "since 5 June 2026, last used never"),
            ("A link that lets you in, until", "12 June 2026"),
            ("Where you are signed in now", "1"),
            ("Month you were last here", "June 2026"),
        ],
        "holdings": [("Keyholder", "since 5 June 2026, granted by Mo. Knows the alarm")],
        "school": [],
        "shifts": [
            ("Tuesday 9 June, 6 pm to 9 pm", "Desk, confirmed"),
            ("Three months from January 2026", "4.5 hours on 2 shifts"),
            ("You said about Wednesday 10 June, 6 pm to 9 pm", "If needed"),
            ("Shifts you would like from 10 June 2026 on", "3"),
            ("Places you were offered", "1"),
            ("Places somebody may put you on", "0"),
            ("Address of your calendar", "made; we keep only a scrambled copy"),
        ],
        "deeds": [
            ("Qualifications you gave to people", "1"),
            ("Changes you made in the admin", "0"),
            ("Outcomes you wrote for others", "0"),
            ("Offers of others that you accepted", "0"),
            ("Deliveries you received", "0"),
            ("Payments you wrote down", "0"),
            ("Contributions you wrote down", "0"),
            ("Recalls you wrote down", "0"),
            ("Stocktakes you began or ended", "0"),
            ("Lines you counted", "0"),
            ("5 June 2026 · counted", "-5 Foil."),
        ],
        "history": [
            ("5 June 2026 · Keyholder", "since 5 June 2026, granted by Mo. Knows the alarm"),
            ("How often you changed something with a history", "0"),
        ],
        "letters": [("Waiting", "1")],
    }
    assert Letter.objects.count() == 1


def test_page_and_files_export_only_oneself(client, sign_in, volunteer, trainee):
    trainee.contact = "somebody else's number"
    trainee.save()
    sign_in(client, volunteer)
    page = client.get(reverse("hub:held"))
    text = client.get(reverse("hub:held-text"))
    data = client.get(reverse("hub:held-json"))

    assert text.headers["Content-Disposition"] == 'attachment; filename="mine.txt"'
    assert data.headers["Content-Disposition"] == 'attachment; filename="mine.json"'
    assert text.headers["Cache-Control"] == "no-store"
    export = json.loads(data.content)
    assert export["you"][0] == {"what": "Chosen name", "held": "Ash"}
    for part in build_export(volunteer):
        assert [(line["what"], line["held"]) for line in export[part.key]] == list(part.lines)
        assert part.title in page.content.decode()
        assert f"{part.title}\n---" in text.content.decode()
    for answer in (page, text, data):
        assert "somebody else" not in answer.content.decode()


def wrote(person, times):
    """So many lines of the ledger, each of one more than the one before."""
    item = Item.objects.create(
        name="Foil", slug="foil", unit="sheet", units="sheets", category=Category.objects.create(name="A", slug="a")
    )
    store = Store.objects.main()
    Movement.objects.bulk_create(
        Movement(kind="counted", item=item, store=store, quantity=number, made_on=DAY.date(), by=person)
        for number in range(1, times + 1)
    )


def test_ledger_is_paginated_on_page_only(client, sign_in, volunteer):
    wrote(volunteer, PAGE_SIZE + 1)
    sign_in(client, volunteer)
    address = reverse("hub:held")

    first, second = (client.get(address, {"page": number}).content.decode() for number in (1, 2))

    assert (first.count("Foil."), second.count("Foil.")) == (PAGE_SIZE, 1)
    assert sorted(map(int, re.findall(r"\+(\d+) Foil", first + second))) == [*range(1, PAGE_SIZE + 2)]
    assert "lines 1 to 100 of the 101" in first
    assert "Page 2 of 2" in second
    # Whatever is asked for, a page answers.
    assert client.get(address, {"page": "\0"}).content.decode().count("Foil.") == PAGE_SIZE
    assert client.get(reverse("hub:held-text")).content.decode().count("Foil.") == PAGE_SIZE + 1


@pytest.mark.parametrize("more", [1, 3])
def test_held_asks_a_constant_number_of_questions(
    client, sign_in, volunteer, coordinator, keys, more, django_assert_num_queries
):
    for number in range(more):
        what = Qualification.objects.create(name=f"Q{number}", slug=f"q{number}")
        volunteer.grant(what, by=coordinator, reason="Trained")
    wrote(volunteer, more)
    sign_in(client, volunteer)

    with django_assert_num_queries(12):
        client.get(reverse("hub:held"))

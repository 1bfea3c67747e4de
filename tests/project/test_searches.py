"""Every search finds a name however it is typed, and every entrance knows a name that is there already."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from hub.directory.models.services import Pathway, PathwayKind
from hub.ideas.models import Idea
from school.models import Cohort
from school.models.find_or_create_person import find_or_create_person
from school.person_lines import read_lines
from supplies.models import Item, Store
from tests.school.makers import DAY, a_course, a_session, enrol
from tests.supplies.makers import a_lot, an_item
from tests.volunteers.threads import at_once
from volunteers.models import Invitation, User
from volunteers.models.invitations import suggested_username
from volunteers.shared.refusals import NotAllowed

NAME = "Zoë’s Łódź Ñandú"
TYPED = ["zoe", "ZOE\u0308'S", "łodz", "nandu ｚｏｅ", "lo\u200bdz\u00a0zoe"]


def a_session_called(name):
    now = dt.datetime.now(dt.UTC)
    a_session(a_course(), starts_at=now + DAY, title=name)


def somebody_in_a_course(name):
    person = User.objects.create_user("somebody", chosen_name=name)
    enrol(a_session(a_course(), starts_at=dt.datetime.now(dt.UTC) + DAY), person)


def a_lot_of(name):
    a_lot(an_item(name, slug="zoe"), on_hand=3, number="A1")
    Store.objects.get_or_create(name="Bag", defaults={"order": 9})


def a_service(name):
    Pathway.objects.create(kind=PathwayKind.objects.create(name="Housing", slug="housing"), name=name)


SEARCHES = {
    "volunteers:people": lambda name: User.objects.create_user("somebody", chosen_name=name),
    "supplies:shelf": a_lot_of,
    "supplies:lots": a_lot_of,
    "supplies:moves": a_lot_of,
    "hub:ideas": lambda name: Idea.objects.create(words=f"Ask {name} for a shower", state="heard"),
    "hub:pathways": a_service,
    "school:sessions": a_session_called,
    "school:progress": somebody_in_a_course,
}


@pytest.mark.django_db
@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("address", SEARCHES)
def test_search_reads_names_as_people_do(client, sign_in, demo, admin, address, typed):
    SEARCHES[address](NAME)
    sign_in(client, admin)
    ways = dict(zip(("start", "end"), Store.objects.order_by("order").values_list("pk", flat=True), strict=False))

    assert "Łódź" in client.get(reverse(address), {"words": typed} | ways).content.decode()
    assert "Łódź" not in client.get(reverse(address), {"words": "zoet"} | ways).content.decode()


def test_no_code_compares_names_by_their_letters():
    """Lookups of Django's own know capitals of some alphabets and no accents. An e-mail is compared so."""
    by_letters = re.compile(r"(?<!email)__(?:icontains|iexact|istartswith|unaccent)\b")
    files = [
        path
        for app in ("hub", "school", "supplies", "volunteers")
        for path in Path(settings.BASE_DIR, app).rglob("*.py")
    ]
    assert [path.name for path in files if "migrations" not in path.parts and by_letters.search(path.read_text())] == []


# --- Entrances


@pytest.mark.django_db
@pytest.mark.parametrize("written", ["ZOË-1", "zoe\u0308-1", " ｚｏë-1 ", "zoë\u200b-1"])
def test_sign_in_name_is_known_however_written(client, written):
    zoe = User.objects.create_user("zoë-1", chosen_name="Zoë", password="a long password")
    client.post(reverse("account_login"), {"login": written, "password": "a long password"})

    assert client.session["_auth_user_id"] == str(zoe.pk)
    with pytest.raises(ValidationError, match="Somebody already signs in with that name"):
        User.objects.create_user(written, chosen_name="Another")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(username=written, chosen_name="Another")])


@pytest.mark.django_db
def test_suggested_sign_in_name_is_free(coordinator):
    User.objects.create_user("ZOË", chosen_name="Zoë")
    invitation = Invitation.objects.invite("Zoe\u0308", by=coordinator)

    assert suggested_username(invitation.person) == "zoë1"


@pytest.mark.django_db
@pytest.mark.parametrize("written", ["ASH GREY", "Ash\u00a0 Grey", "Ａsh Gr\u200bey"])
def test_person_is_found_however_written(written):
    ash = User.objects.create_user("ash", chosen_name="Ash Grey")
    (line,) = read_lines(written)

    assert find_or_create_person(line) == (ash, False)


@pytest.mark.django_db
@pytest.mark.parametrize("nothing", ["\u200b", "\u00a0\u2800", "\ufeff\u00ad"])
@pytest.mark.parametrize("address", ["volunteers:invite", "volunteers:me", "school:join"])
def test_name_that_cannot_be_seen_is_no_name(client, sign_in, demo, admin, address, nothing):
    if address != "school:join":
        sign_in(client, admin)
    answer = client.post(reverse(address), {"chosen_name": nothing, "name": nothing, "email": "ash@example.org"})

    assert answer.status_code == 422
    assert not User.objects.exclude(pk=admin.pk).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Cohort, Item])
def test_thing_is_there_once_however_written(model):
    make = an_item if model is Item else lambda name: Cohort.objects.create(name=name, course=a_course())
    make("Spoon Ａ")
    thing = model.objects.get()
    thing.pk, thing.name = None, "spoon\u00a0a"

    with pytest.raises(ValidationError) as problem:
        thing.full_clean()
    assert problem.value.message_dict["name"] == ["There is already one with that name."]


@pytest.mark.django_db(transaction=True)
def test_two_who_paste_one_list_make_nobody_twice():
    lines = read_lines("Ash\nZoë\nBo")
    again = read_lines("bo\nZOE\u0308\nASH")

    def paste(these):
        for line in these:
            find_or_create_person(line)

    assert at_once(lambda: paste(lines), lambda: paste(again)) == [None, None]
    assert sorted(User.objects.values_list("chosen_name__folded", flat=True)) == ["ash", "bo", "zoë"]


@pytest.mark.django_db
def test_two_of_one_name_are_asked_about():
    for number in range(2):
        User.objects.create_user(f"sam{number}", chosen_name="Sam")
    (line,) = read_lines("SAM")

    with pytest.raises(NotAllowed, match="We know more than one person called"):
        find_or_create_person(line)

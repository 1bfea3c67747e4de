"""Erasing a person: nothing anywhere in the database still says that they were here.

Here too: `hub/people/models/tombstones.py`; that no backup brings anybody back is in `operations/test_backups.py`.
"""

import datetime as dt
import json
import re
from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from pghistory.models import Context

from hub.people.erasure import erase_person
from school.models import JoinRequest
from supplies.models import Item, Movement, Store
from tests.conftest import PASSWORD
from tests.school.makers import a_course, a_session, enrol, states
from tests.volunteers.rota_world import a_shift, post_of
from tests.volunteers.threads import at_once
from volunteers.models import Hours, Invitation, Letter, Offer, Qualification, Signup, User
from volunteers.models.people import LetterKind
from volunteers.shared.letters import send_letter
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries.sealed import find_sealed_columns
from volunteers.shared.sealing import unseal

MARK = "zaphodbeeblebrox"
EMAIL = f"{MARK}@example.org"


def everything():
    """All the text of every table, and what is sealed in it, opened."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema()")
        tables = [name for (name,) in cursor.fetchall()]
        said = {}
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} t")  # noqa: S608 -- names of our own tables
            said[table] = " ".join(row for (row,) in cursor.fetchall())
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    said["open sessions"] = json.dumps([store.decode(row.session_data) for row in Session.objects.all()])
    said["open letters"] = " ".join(unseal(row.sealed, purpose="letter") for row in Letter.objects.all())
    return said


def where(mark):
    return sorted(name for name, text in everything().items() if mark.lower() in text.lower())


@pytest.fixture
def keys(db):
    return Qualification.objects.create(name="Keyholder", slug="keyholder")


@pytest.fixture
def no_post(settings):
    settings.EMAIL_BACKEND = "tests.volunteers.broken_mail.Backend"


@pytest.fixture
def marked(client, sign_in, demo, no_post, admin, coordinator, volunteer, keys, django_capture_on_commit_callbacks):
    """Somebody who has been everywhere one can be, always under the same mark."""
    person = User.objects.create_user(
        MARK,
        chosen_name=f"Z {MARK}",
        pronouns=MARK,
        email=EMAIL,
        contact=MARK,
        access_needs=MARK,
        password=PASSWORD,
        roles=["coordinator"],
    )
    EmailAddress.objects.create(user=person, email=EMAIL, verified=True, primary=True)
    Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data={"name": MARK})
    Invitation.renew(person, email=f"other-{EMAIL}")
    person.grant(keys, by=coordinator, reason=f"Taught by {MARK}").end(timezone.localdate())
    given = volunteer.grant(keys, by=person, reason="Knows the alarm")
    sign_in(client, admin)
    client.post(
        reverse("admin:volunteers_user_change", args=[person.pk]),
        {"chosen_name": f"Zed {MARK}", "pronouns": MARK, "username": MARK},
    )
    sign_in(client, person)
    client.post(reverse("volunteers:holding-end", args=[volunteer.pk, given.pk]))
    item = Item.objects.create(
        name="Foil", slug="foil", unit="sheet", units="sheets", category=_category(), tracks_lot=False
    )
    Movement.objects.create(
        kind="received", item=item, store=Store.objects.main(), quantity=5, made_on=dt.date(2026, 1, 1), by=person
    )
    person.tell(LetterKind.SHIFTS, "/today/")
    send_letter.configure().defer(letter=str(Letter.objects.get().pk))
    return User.objects.get(pk=person.pk)


def _category():
    from supplies.models import Category  # noqa: PLC0415

    return Category.objects.create(name="Smoking", slug="smoking")


def test_the_mark_is_where_it_was_planted(marked):
    """So that its absence means something."""
    assert where(MARK) == [
        "account_emailaddress",
        "django_admin_log",
        "mfa_authenticator",
        "open letters",
        "volunteers_holding",
        "volunteers_holdingevent",
        "volunteers_invitation",
        "volunteers_user",
    ]
    assert f'"_auth_user_id": "{marked.pk}"' in everything()["open sessions"]
    assert Context.objects.filter(metadata__user=str(marked.pk)).exists()


def test_erasing_leaves_no_mark_anywhere(marked, coordinator, admin):
    number = marked.pk
    erase_person(marked, by=admin)

    assert where(MARK) == []
    assert not Context.objects.filter(metadata__user=str(number)).exists()
    assert everything()["open sessions"] == "[]"
    assert everything()["procrastinate_jobs"] == ""
    assert Letter.objects.count() == 0


def test_what_others_need_stays_without_them(marked, admin, volunteer, keys):
    erase_person(marked, by=admin)

    (movement,) = Movement.objects.all()
    assert (movement.quantity, movement.by) == (5, None)
    (holding,) = volunteer.holdings.all()
    assert (holding.qualification, holding.granted_by) == (keys, None)


def test_others_keep_everything(client, sign_in, marked, admin, coordinator, volunteer):
    Letter.post(to="mo@example.org", text="Hello")
    theirs = type(client)()
    sign_in(theirs, volunteer)
    erase_person(marked, by=admin)

    assert set(User.objects.all()) == {admin, coordinator, volunteer}
    assert Letter.objects.count() == 1
    assert theirs.get("/people/me/").status_code == 200


def test_places_of_whoever_goes_are_offered_to_others(admin, coordinator, volunteer):
    shift = a_shift()
    post_of(shift).put_on(volunteer)
    past = a_shift(timezone.now() - dt.timedelta(days=3))
    post_of(past).put_on(volunteer)
    session = a_session(a_course(), starts_at=timezone.now() + dt.timedelta(days=3), places=1)
    enrol(session, volunteer)
    enrol(session, coordinator, "waiting")

    erase_person(volunteer, by=volunteer)

    assert Offer.objects.get().post.shift == shift
    assert Signup.objects.count() == 0
    assert list(Hours.objects.values_list("person", "minutes", "shifts")) == [(None, 180, 1)]
    assert states(session) == {"Mo": "offered"}


def test_erasing_twice_is_harmless(marked, admin):
    erase_person(marked, by=admin)
    erase_person(User(pk=10**6), by=admin)

    assert User.objects.count() == 3


@pytest.mark.parametrize(
    ("who", "by", "may"),
    [
        ("volunteer", "volunteer", True),
        ("trainee", "trainee", True),
        ("volunteer", "coordinator", True),
        ("coordinator", "admin", True),
        ("admin", "coordinator", False),
        ("volunteer", "trainer", False),
        ("trainee", "volunteer", False),
    ],
)
def test_who_may_erase_whom(request, who, by, may):
    person, by = request.getfixturevalue(who), request.getfixturevalue(by)
    if may:
        erase_person(person, by=by)
    else:
        with pytest.raises(NotAllowed, match="Ask an admin"):
            erase_person(person, by=by)

    assert User.objects.filter(username=person.username).exists() is not may


def test_last_admin_stays(admin):
    with pytest.raises(NotAllowed, match="the last admin"):
        erase_person(admin, by=admin)

    assert User.objects.filter(pk=admin.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_admins_leaving_at_once_leave_one(admin):
    other = User.objects.create_user("sasha", chosen_name="Sasha", password=PASSWORD, roles=["admin"])

    answers = at_once(lambda: erase_person(admin, by=admin), lambda: erase_person(other, by=other))

    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "NotAllowed"]
    assert User.objects.admins().count() == 1


# --- The pages


@pytest.fixture
def sure_it_is(client, sign_in, demo):
    """The client of somebody who has just typed their password again."""

    def go(person):
        sign_in(client, person)
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        return client

    return go


def test_leaving_asks_for_the_password_first(client, sign_in, volunteer):
    sign_in(client, volunteer)

    answer = client.get(reverse("hub:leave"))

    assert answer.headers["Location"] == "/accounts/reauthenticate/?next=%2Fpeople%2Fme%2Fleave%2F"
    assert client.post(reverse("hub:leave"), {"sure": "on"}).status_code == 302
    assert User.objects.filter(pk=volunteer.pk).exists()


def test_leaving_is_two_steps_and_then_done(sure_it_is, volunteer):
    signed_in = sure_it_is(volunteer)
    page = signed_in.get(reverse("hub:leave"))
    unsure = signed_in.post(reverse("hub:leave"))
    assert User.objects.filter(pk=volunteer.pk).exists()
    answer = signed_in.post(reverse("hub:leave"), {"sure": "on"}, follow=True)

    assert page.status_code == 200
    assert unsure.status_code == 422
    assert "Tick this, or go back: then nothing happens." in unsure.content.decode()
    assert answer.redirect_chain == [("/accounts/login/", 302)]
    assert "We have erased you here." in answer.content.decode()
    assert not User.objects.filter(pk=volunteer.pk).exists()


def test_last_admin_is_told_why_they_cannot_leave(sure_it_is, admin):
    answer = sure_it_is(admin).post(reverse("hub:leave"), {"sure": "on"})

    assert answer.status_code == 409
    assert "This is the last admin. Make somebody else an admin first." in answer.content.decode()


def test_coordinator_erases_somebody_who_asked(client, sign_in, demo, coordinator, volunteer, admin):
    sign_in(client, coordinator)
    unsure = client.post(reverse("hub:erase", args=[volunteer.pk]), {"sure": ""})
    above = client.post(reverse("hub:erase", args=[admin.pk]), {"sure": "on"})
    answer = client.post(reverse("hub:erase", args=[volunteer.pk]), {"sure": "on"})

    assert (unsure.status_code, above.status_code) == (422, 409)
    assert answer.headers["Location"] == "/people/"
    assert not User.objects.filter(pk=volunteer.pk).exists()
    assert client.post(reverse("hub:erase", args=[volunteer.pk]), {"sure": "on"}).status_code == 404


@pytest.mark.parametrize("who", ["trainer", "volunteer", "trainee"])
@pytest.mark.parametrize("name", ["hub:erase", "hub:merge"])
def test_erasing_and_merging_are_refused_to_everybody_else(client, sign_in, request, who, name, admin):
    sign_in(client, request.getfixturevalue(who))

    assert client.post(reverse(name, args=[admin.pk]), {"sure": "on"}).status_code == 403


# --- Addresses

NEW = f"new-{EMAIL}"
OLD = f"old-{EMAIL}"
INVITED = f"other-{EMAIL}"


@pytest.fixture
def everywhere(client, sign_in, marked, no_post):
    """Somebody whose addresses are everywhere an address can be: the e-mail they have, had, and are about to have."""
    own = type(client)()
    User.objects.filter(pk=marked.pk).update(email=OLD)
    EmailAddress.objects.filter(user=marked).update(email=OLD)
    sign_in(own, marked)
    own.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    own.post("/accounts/email/", {"email": EMAIL, "action_add": ""})
    # Confirmed: the old address is told, and known nowhere else any more.
    own.post(next(found.group() for text in letters() if (found := re.search(r"/accounts/email/[\w:-]+/", text))))
    own.post("/accounts/email/", {"email": NEW, "action_add": ""})
    for email in (EMAIL, NEW):
        stranger = type(client)()
        stranger.post("/school/join/", {"name": "Z", "email": email})
        stranger.post("/accounts/login/code/", {"email": email})
        stranger.post("/accounts/password/reset/", {"email": email})
    marked.invitation.send()
    Invitation.renew(marked, email=NEW)
    send_letter.configure().defer(letter=str(Letter.objects.first().pk))
    return User.objects.get(pk=marked.pk)


def letters():
    return [unseal(row.sealed, purpose="letter") for row in Letter.objects.all()]


def opened():
    """Every sealed text of every table, opened."""
    return " ".join(
        unseal(text, purpose=entry.purpose)
        for entry in find_sealed_columns()
        for _pk, value in entry.rows()
        for text in entry.texts(value)
    ).lower()


def test_addresses_are_where_they_were_planted(everywhere):
    assert everywhere.email == EMAIL
    assert {OLD, EMAIL, NEW, INVITED} <= {json.loads(text)["to"] for text in letters()}
    assert {EMAIL, NEW} <= set(EmailAddress.objects.values_list("email", flat=True))
    assert NEW in {request.email for request in JoinRequest.objects.all()}
    assert all(email in opened() for email in (OLD, EMAIL, NEW, INVITED))


def test_erasing_leaves_no_address_anywhere(everywhere, admin):
    erase_person(everywhere, by=admin)

    assert where(MARK) == []
    assert MARK not in opened(), "what is sealed, too"
    assert everything()["procrastinate_jobs"] == ""


def test_address_somebody_only_typed_stays_its_owners(admin, volunteer, trainee):
    """Nobody stops another's invitation or letters by giving their address as a new one and leaving."""
    Invitation.renew(trainee, email="jules@example.org").send()
    volunteer.emailaddress_set.create(email="jules@example.org")
    volunteer.emailaddress_set.create(email="robin@example.org")
    User.objects.filter(pk=admin.pk).update(email="robin@example.org")
    Letter.post(to="robin@example.org", text="Hello")

    erase_person(volunteer, by=volunteer)

    assert Invitation.objects.get().email == "jules@example.org"
    assert Letter.objects.count() == 2


def test_own_address_goes_from_another_records_invitation(admin, volunteer, trainee):
    Invitation.renew(trainee, email="ash@example.org")
    User.objects.filter(pk=volunteer.pk).update(email="Ash@example.org")

    erase_person(User.objects.get(pk=volunteer.pk), by=admin)

    assert Invitation.objects.get().email is None

"""A person's row that was read a moment ago: saving it undoes nothing that others did meanwhile."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from hub.people.erasure import erase_person
from hub.people.inactivity import ask_inactive_people, erase_silent_people
from tests.conftest import PASSWORD
from tests.school.makers import a_course, a_session, enrol, states
from tests.volunteers.sign_in_steps import with_mail
from tests.volunteers.threads import Meanwhile, at_once
from volunteers.models import Invitation, Letter, User
from volunteers.models.invitations import LinkIsDead

LONG_AGO = dt.date(2020, 1, 1)
SOON = f"{timezone.localdate() + dt.timedelta(days=20):%Y-%m-%d}"


def test_stale_row_does_not_undo_a_pause(admin, volunteer):
    stale = User.objects.get(pk=volunteer.pk)
    volunteer.pause(by=admin)
    stale.contact = "a handle"
    stale.save()

    now = User.objects.get(pk=volunteer.pk)
    assert (now.is_active, now.sessions_key, now.contact) == (False, volunteer.sessions_key, "a handle")


def test_stale_row_does_not_undo_a_password(volunteer):
    stale = User.objects.get(pk=volunteer.pk)
    volunteer.set_password("quite another one")
    volunteer.save()
    stale.pronouns = "they/them"
    stale.save()

    assert User.objects.get(pk=volunteer.pk).check_password("quite another one")
    assert User.objects.get(pk=volunteer.pk).pronouns == "they/them"


def test_stale_row_does_not_bring_back_the_erased(admin, volunteer):
    stale = User.objects.get(pk=volunteer.pk)
    erase_person(volunteer, by=admin)
    stale.contact = "a handle"

    with pytest.raises(DatabaseError), transaction.atomic():
        stale.save()
    assert not User.objects.filter(pk=stale.pk).exists()


def test_row_knows_what_was_changed_in_it(volunteer, django_assert_num_queries):
    fresh = User.objects.get(pk=volunteer.pk)
    with django_assert_num_queries(0):
        fresh.save()
    fresh.silenced.append("gaps")
    fresh.on_break_until = timezone.localdate()
    fresh.save()
    fresh.refresh_from_db(fields=["silenced"])
    fresh.on_break_until = None
    fresh.save()

    fresh = User.objects.defer("contact").get(pk=volunteer.pk)
    assert (fresh.silenced, fresh.on_break_until) == (["gaps"], None)
    fresh.save()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("volunteers:me", {"chosen_name": "Ash", "contact": "a handle"}),
        ("volunteers:me-letters", {"wanted": ["shifts"]}),
        ("rota:break", {"on_break_until": SOON}),
    ],
)
def test_own_pages_undo_no_pause(client, sign_in, admin, volunteer, name, typed):
    sign_in(client, volunteer)
    with transaction.atomic():
        User.objects.get(pk=volunteer.pk).pause(by=admin)
        saving = Meanwhile(lambda: client.post(reverse(name), typed))

    assert saving.answer.status_code == 302
    now = User.objects.get(pk=volunteer.pk)
    assert not now.is_active
    assert now.contact or now.on_break_until or now.silenced


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "name", ["volunteers:me", "volunteers:me-letters", "rota:break", "volunteers:sign-out-everywhere"]
)
def test_own_pages_bring_nobody_back(client, sign_in, admin, volunteer, name):
    sign_in(client, volunteer)
    typed = {"chosen_name": "Ash", "contact": "a handle", "on_break_until": SOON, "wanted": ["shifts"]}
    with transaction.atomic():
        erase_person(User.objects.get(pk=volunteer.pk), by=admin)
        saving = Meanwhile(lambda: client.post(reverse(name), typed))

    assert saving.answer.status_code in (302, 409)
    assert not User.objects.filter(pk=volunteer.pk).exists()


# --- A year of silence


@pytest.fixture
def quiet(volunteer):
    with_mail(volunteer)
    User.objects.filter(pk=volunteer.pk).update(last_here=LONG_AGO)
    return volunteer


@pytest.mark.django_db(transaction=True)
def test_whoever_comes_meanwhile_is_not_erased(admin, quiet):
    User.objects.filter(pk=quiet.pk).update(asked_on=LONG_AGO)
    session = a_session(a_course(), starts_at=timezone.now() + dt.timedelta(days=3))
    enrol(session, quiet)
    with transaction.atomic():
        User.objects.get(pk=quiet.pk).is_here()
        job = Meanwhile(erase_silent_people)

    assert job.answer == 0
    assert User.objects.get(pk=quiet.pk).asked_on is None
    assert states(session) == {"Ash": "enrolled"}


@pytest.mark.django_db(transaction=True)
def test_whoever_comes_meanwhile_is_not_asked(admin, quiet):
    with transaction.atomic():
        User.objects.get(pk=quiet.pk).is_here()
        job = Meanwhile(ask_inactive_people)

    assert job.answer == 0
    assert User.objects.get(pk=quiet.pk).asked_on is None
    assert not Letter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_jobs_ask_once(quiet):
    assert sorted(at_once(ask_inactive_people, ask_inactive_people)) == [0, 1]


@pytest.mark.django_db(transaction=True)
def test_being_here_while_erased_breaks_no_page(client, sign_in, admin, quiet):
    sign_in(client, quiet)
    with transaction.atomic():
        erase_person(User.objects.get(pk=quiet.pk), by=admin)
        looking = Meanwhile(lambda: client.get("/people/me/"))

    assert looking.answer.status_code in (200, 302)
    assert not User.objects.filter(pk=quiet.pk).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        (lambda person, admin: person.resume(by=admin), User.DoesNotExist),
        (lambda person, admin: person.reset_second_step(by=admin), User.DoesNotExist),
        (lambda person, _admin: person.end_sessions(), type(None)),
        (lambda person, _admin: person.silence(["gaps"]), type(None)),
    ],
)
def test_verbs_on_somebody_erased_change_nothing(admin, volunteer, verb, answer):
    stale = User.objects.get(pk=volunteer.pk)
    by = User.objects.get(pk=admin.pk)
    with transaction.atomic():
        erase_person(volunteer, by=admin)
        other = Meanwhile(lambda: verb(stale, by))

    assert type(other.answer) is answer
    assert not User.objects.filter(pk=stale.pk).exists()


# --- Coming in


@pytest.fixture
def accept(trainee):
    """Somebody comes in by their link."""
    token = Invitation.renew(trainee).link().split("/")[-2]
    typed = {"username": "jules", "chosen_name": "Jules", "pronouns": "", "password": PASSWORD}
    return lambda: Invitation.accept(token, **typed)


@pytest.mark.django_db(transaction=True)
def test_paused_meanwhile_nobody_comes_in(admin, trainee, accept):
    with transaction.atomic():
        User.objects.get(pk=trainee.pk).pause(by=admin)
        coming = Meanwhile(accept)

    assert isinstance(coming.answer, LinkIsDead)
    assert not User.objects.get(pk=trainee.pk).is_active


@pytest.mark.django_db(transaction=True)
def test_coming_in_and_erasing_do_not_deadlock(trainee, accept):
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=trainee.pk)
        coming = Meanwhile(accept)
        person.delete()

    assert isinstance(coming.answer, LinkIsDead)

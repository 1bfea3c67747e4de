"""Mail: written in the database, sealed, until it has left."""

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.mail.utils import DNS_NAME
from django.db import connection, transaction
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.volunteers.threads import Meanwhile, wait_for_the_post
from volunteers.jobs import send_waiting
from volunteers.models import Invitation, Letter, LetterKind, User
from volunteers.shared.letters import send_letter
from volunteers.shared.registries.retention import Every, delete_overdue
from volunteers.shared.sealing import seal
from volunteers.shared.workers import worker_is_alive

DOWN = "tests.volunteers.broken_mail.Backend"


@pytest.fixture
def mail_is_down(settings):
    settings.EMAIL_BACKEND = DOWN


@pytest.fixture
def a_worker(db):
    """A worker that said just now that it lives."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")


def post(to="ash@example.org", text="Something private"):
    return Letter.post(to=to, text=text)


def test_letter_leaves_and_its_row_is_gone(db):
    post().send()

    (sent,) = mail.outbox
    assert (sent.to, sent.body) == (["ash@example.org"], "Something private")
    assert not Letter.objects.exists()


def test_letter_is_undone_with_what_it_was_about(db):
    with transaction.atomic():
        post()
        transaction.set_rollback(True)

    assert not Letter.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_letter_is_unreadable_in_database(db, everything_written):
    post()

    text = everything_written()
    letter = Letter.objects.get()
    assert str(letter.pk) in text, "the search must be able to find something"
    for secret in ("ash", "example.org", "Something", "private"):
        assert secret not in text
    assert ProcrastinateJob.objects.get().args == {"letter": str(letter.pk)}


def test_letter_waits_while_mail_is_down(db, settings, mail_is_down):
    post()
    assert Letter.objects.send_waiting() == 0
    with pytest.raises(ConnectionRefusedError):
        send_letter(str(Letter.objects.get().pk))
    assert Letter.objects.count() == 1

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert Letter.objects.send_waiting() == 1
    assert not Letter.objects.exists()


def test_job_for_a_letter_already_sent_does_nothing(db):
    letter = post()
    letter.send()

    send_letter(str(letter.pk))

    assert len(mail.outbox) == 1


def test_unreadable_letter_blocks_no_other(db, settings):
    post()
    settings.SECRET_KEY = "another"
    settings.SECRET_KEY_FALLBACKS = []
    post(text="The second")

    assert Letter.objects.send_waiting() == 1
    assert mail.outbox[0].body == "The second"
    assert Letter.objects.count() == 1


def test_letter_opens_with_the_key_before_this_one(db, settings):
    post()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"

    assert Letter.objects.send_waiting() == 1


def test_one_round_sends_few_oldest_letters(db):
    for number in range(3):
        post(text=str(number))
    Letter.objects.filter(pk=Letter.objects.last().pk).update(unsent_since=dt.date(2020, 1, 1))

    assert Letter.objects.send_waiting(limit=1) == 1
    assert not Letter.objects.filter(unsent_since=dt.date(2020, 1, 1)).exists()
    assert Letter.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_letter_being_sent_is_not_sent_again(a_worker):
    letter = post()
    with transaction.atomic():
        letter.send()
        assert Meanwhile(letter.send).answer is None
        assert len(mail.outbox) == 1

    assert len(mail.outbox) == 1
    assert not Letter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_letter_leaves_after_commit_without_worker():
    with transaction.atomic():
        post()
        assert mail.outbox == []
    wait_for_the_post()

    assert len(mail.outbox) == 1
    assert not Letter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_page_answers_without_worker_or_mail(client, mail_is_down):
    User.objects.create_user("ash", chosen_name="Ash", email="ash@example.org")

    answer = client.post("/accounts/login/code/", {"email": "ash@example.org"})
    wait_for_the_post()

    assert answer.headers["Location"] == "/accounts/login/code/confirm/"
    assert Letter.objects.count() == 1
    assert ProcrastinateJob.objects.get().status == "todo"


@pytest.mark.django_db(transaction=True)
def test_living_worker_sends_the_letters(a_worker):
    post()
    wait_for_the_post()

    assert mail.outbox == []
    assert ProcrastinateJob.objects.count() == 1


def test_worker_is_dead_after_a_minute(a_worker):
    assert worker_is_alive()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '61 seconds'")
    assert not worker_is_alive()


def test_expired_rows_are_cleared(client, sign_in, coordinator):
    sign_in(client, coordinator)
    session = client.session
    old, new = post(text="old"), post(text="new")
    gone, live = (Invitation.objects.invite(name, by=coordinator) for name in ("Gone", "Live"))
    Letter.objects.filter(pk=old.pk).update(unsent_since=dt.date(2020, 1, 1))
    Invitation.objects.filter(pk=gone.pk).update(expires_on=dt.date(2020, 1, 1))
    ended = type(session)()
    ended.create()
    ended.model.objects.filter(pk=ended.session_key).update(expire_date=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))

    delete_overdue(Every.HOUR)

    assert list(Letter.objects.all()) == [new]
    assert list(Invitation.objects.all()) == [live]
    assert [row.pk for row in ended.model.objects.all()] == [session.session_key]
    assert User.objects.filter(chosen_name="Gone").exists(), "only the link goes"


def test_tidying_sends_what_still_waits(db):
    post()

    send_waiting(timestamp=0)

    assert len(mail.outbox) == 1


def test_letter_expires_after_a_week(db):
    post()
    today = dt.date.today()  # noqa: DTZ011 -- the tests' day is the day
    Letter.objects.update(unsent_since=today - dt.timedelta(days=7))
    delete_overdue(Every.HOUR)
    assert Letter.objects.count() == 1

    Letter.objects.update(unsent_since=today - dt.timedelta(days=8))
    delete_overdue(Every.HOUR)
    assert Letter.objects.count() == 0


def test_pointer_letter_is_neutral_and_leads_there(client, sign_in, db, volunteer):
    volunteer.email = "ash@example.org"
    volunteer.tell(LetterKind.SHIFTS, "/people/me/").send()

    (sent,) = mail.outbox
    (link,) = re.findall(r"http\S+", sent.body)
    path = urlsplit(link).path
    assert "people" not in sent.body
    assert sent.subject == "A message for you"
    assert client.get(path).headers["Location"] == f"/accounts/login/?next={path}"
    sign_in(client, volunteer)
    assert client.get(path).headers["Location"] == "/people/me/"


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_a_pointer_leads_nowhere_but_to_us(client, sign_in, volunteer, address):
    sign_in(client, volunteer)
    assert client.get(reverse("letter", args=[seal(address, purpose="link")])).status_code == 404


@pytest.mark.parametrize(
    "person",
    [
        {"email": None},
        {"email": "ash@example.org", "is_active": False},
        {"email": "ash@example.org", "silenced": [LetterKind.OFFERS]},
    ],
    ids=["no e-mail", "paused", "wants none"],
)
def test_unreachable_or_unwilling_people_get_nothing(volunteer, person):
    for name, value in person.items():
        setattr(volunteer, name, value)

    assert volunteer.tell(LetterKind.OFFERS, "/today/") is None
    assert not Letter.objects.exists()


def test_letter_names_no_machine(db, settings):
    """Nor does what we greet the mail server with, which it writes down in the letter."""
    post()
    Letter.objects.send_waiting()

    ours = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    assert mail.outbox[0].message()["Message-ID"].endswith(f"@{ours}>")
    assert DNS_NAME.get_fqdn() == ours

"""What fails is logged with where in the code, and never with whom, from where or with what."""

import datetime as dt
import io
import logging

import pytest
import time_machine
from django.contrib.auth.decorators import login_not_required
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.urls import include, path

from hub.core import embedded_postgres
from hub.web.logging import QuietFormatter
from volunteers.models import User

SECRET = "Marisol-1987"


@login_not_required
def break_down(request):
    name = request.GET["name"]
    raise ValueError(f"no such person: {name}")


@login_not_required
def fall_silent(request):
    raise OperationalError


urlpatterns = [
    path("away/", fall_silent),
    path("break/<str:name>/", login_not_required(lambda request, **_named: break_down(request))),
    path("", include("hub.urls")),
]


@pytest.fixture
def log(monkeypatch):
    """Everything the configured handlers write."""
    written = io.StringIO()
    loggers = [
        logging.getLogger(name) for name in ("", "django", "django.request", "django.security", "gunicorn.error")
    ]
    for logger in loggers:
        for handler in logger.handlers:
            if isinstance(handler.formatter, QuietFormatter):
                monkeypatch.setattr(handler, "stream", written)
    return written


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_broken_view_logs_line_without_values(client, log):
    client.raise_request_exception = False
    answer = client.get(f"/break/{SECRET}/", {"name": SECRET}, REMOTE_ADDR="203.0.113.9", HTTP_USER_AGENT="Teapot")
    assert answer.status_code == 500
    said = log.getvalue()
    assert "ERROR django.request" in said
    assert f"{__file__}:" in said
    assert "break_down" in said
    assert "builtins.ValueError" in said
    for value in (SECRET, "/break/", "203.0.113.9", "Teapot"):
        assert value not in said
        assert value not in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_requests_while_database_away_are_not_counted(client, log):
    """One line a minute: one for each of them would say when somebody came, and where to."""
    # Later than whatever else has been told in this run.
    now = dt.datetime.now(dt.UTC) + dt.timedelta(hours=5)
    for later in (0, 1, 59, 61, 62, -3600):
        with time_machine.travel(now + dt.timedelta(seconds=later), tick=False):
            assert client.get("/away/").status_code == 503
    assert log.getvalue() == "ERROR django.request: The database is away, or not ready.\n" * 3


@pytest.mark.django_db
def test_a_missing_page_is_not_logged(client, log):
    answer = client.get(f"/nobody/{SECRET}/", {"who": SECRET})
    assert answer.status_code in (302, 404)
    assert log.getvalue() == ""


@pytest.mark.django_db
def test_a_missing_page_repeats_nothing_of_its_address(client):
    assert SECRET not in client.get(f"/nobody/{SECRET}/", {"who": SECRET}).content.decode()


@pytest.mark.django_db
def test_a_wrong_host_is_logged_without_it(client, log):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    assert "DisallowedHost" in log.getvalue()
    assert "evil.example" not in log.getvalue()


def test_arguments_of_a_message_are_left_out(log):
    logging.getLogger("volunteers").error("could not send to %s", SECRET)
    assert log.getvalue() == "ERROR volunteers: could not send to %s\n"


def test_an_exception_as_a_message_is_left_out(log):
    logging.getLogger("volunteers").error(ValueError(SECRET))
    assert log.getvalue() == "ERROR volunteers\n"


@pytest.mark.django_db
def test_postgresql_writes_nothing_of_a_refused_insert():
    if connection.settings_dict["HOST"] != str(embedded_postgres.server().socket):
        pytest.skip("the log of another server is not ours to read")
    User.objects.create_user(SECRET, chosen_name=SECRET)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(username=SECRET, chosen_name=SECRET)])
    with pytest.raises(DataError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select %s::integer", [SECRET])
    said = (embedded_postgres.server().home / "postgres.log").read_text()
    assert SECRET not in said
    assert "ERROR" not in said
    assert "INSERT" not in said.upper()


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(embedded_postgres.QUIET))
def test_postgresql_runs_as_quietly_as_we_ask(name):
    if connection.settings_dict["HOST"] != str(embedded_postgres.server().socket):
        pytest.skip("another server is set up by whoever runs it")
    with connection.cursor() as cursor:
        cursor.execute("select current_setting(%s)", [name])
        assert cursor.fetchone() == (embedded_postgres.QUIET[name],)
